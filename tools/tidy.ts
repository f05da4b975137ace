/**
 * The conventions that a machine can check: file and function size, banned words, paths cited in
 * documents, names of files. Reads what git tracks or would track; prints one line per finding.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FILE_LINES = 400;
const FUNCTION_LINES = 70;

/**
 * Words of the glossary's "not" column that we do use, and why. The key is the word, or one identifier that holds it.
 */
const KEPT_WORDS: Readonly<Record<string, string>> = {
  message: "what an error, a log line or an HTTP exchange says",
  category: "a field of the document the product is built from",
  transaction: "the database's; the glossary says so",
  cycle: "a binary plan's pay per cycle is called so in the field; a close is never named so",
  payCycles: "see cycle",
  member: "one who shares in a pool",
  user: "a library's or a platform's own field",
  connectionCodeRoutes: "the one-time code that connects a shop is a connection code",
  makeConnectionCode: "see connectionCodeRoutes",
  insertConnectionCode: "see connectionCodeRoutes",
  takeConnectionCode: "see connectionCodeRoutes",
  connectionCodes: "see connectionCodeRoutes",
  ConnectionCode: "see connectionCodeRoutes",
  ConnectionCodeTest: "see connectionCodeRoutes",
};

/** word not to use → the glossary's word for it, read from GLOSSARY.md. */
const BANNED_WORDS = readBannedWords(readFileSync("GLOSSARY.md", "utf8"));

const BANNED_FILE_NAMES = /(^|\/)(utils?|helpers?|common|types|manager|service)\.(ts|tsx|php)$/;

const findings: string[] = [];
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((path) => path !== "" && existsSync(path));

for (const path of files) {
  if (/(^|\/)fixtures\//.test(path) || path.includes("/vendor/")) continue;
  if (/\.(ts|tsx|php)$/.test(path)) checkCode(path, readFileSync(path, "utf8"));
  if (path.endsWith(".md")) checkDocument(path, readFileSync(path, "utf8"));
}
for (const finding of findings) process.stdout.write(`${finding}\n`);
process.stdout.write(`tidy: ${files.length} files, ${findings.length} findings\n`);
process.exit(findings.length === 0 ? 0 : 1);

function checkCode(path: string, text: string): void {
  const lines = text.split("\n");
  const isTest = /\.test\.ts$|(^|\/)tests?\//i.test(path);
  // A language is one list of texts, however many there are.
  const isWords = /\/src\/words\//.test(path);
  if (!isTest && !isWords && lines.length > FILE_LINES) findings.push(`${path}: ${lines.length} lines, at most ${FILE_LINES}`);
  if (BANNED_FILE_NAMES.test(path)) findings.push(`${path}: name a file for the noun or verb it holds`);
  if (!isTest && path.endsWith(".ts")) checkFunctions(path, lines);
  if (path === "tools/tidy.ts") return;
  checkWords(path, text);
  lines.forEach((line, index) => {
    if (/from "node:(test|assert)\b/.test(line)) findings.push(`${path}:${index + 1}: tests are Vitest's: import from "vitest"`);
    if (/\b(TODO|FIXME|XXX)\b/.test(line)) findings.push(`${path}:${index + 1}: leftover marker`);
  });
}

/** The names that a file declares, as the glossary has them; a word is a part of a name, in the singular or the plural. */
function checkWords(path: string, text: string): void {
  const declared = path.endsWith(".php")
    ? /\b(?:const|function|class|interface|trait)\s+([A-Za-z_]\w*)|\$(\w+)\s*=[^=>]/g
    : /\b(?:const|let|function|class|interface|type|readonly)\s+#?([A-Za-z_$][\w$]*)/g;
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, " "));
  for (const match of code.matchAll(declared)) {
    const name = match[1] ?? match[2] ?? "";
    for (const part of name.split(/(?=[A-Z])|_/)) {
      const word = part.toLowerCase();
      const banned = [word, word.replace(/s$/, "")].find((form) => BANNED_WORDS.has(form));
      if (banned === undefined || banned in KEPT_WORDS || name in KEPT_WORDS) continue;
      const line = code.slice(0, match.index).split("\n").length;
      findings.push(`${path}:${line}: "${name}": the glossary says ${BANNED_WORDS.get(banned)}`);
    }
  }
}

function readBannedWords(glossary: string): ReadonlyMap<string, string> {
  const banned = new Map<string, string>();
  for (const line of glossary.split("\n")) {
    const [, word = "", , not = ""] = line.split("|").map((cell) => cell.trim());
    if (word === "" || word === "word" || word.startsWith("---")) continue;
    for (const entry of not.split(",")) {
      const plain = entry
        .replace(/\(.*\)/, "")
        .trim()
        .toLowerCase();
      if (/^[a-z]+$/.test(plain)) banned.set(plain, word);
    }
  }
  return banned;
}

/** Functions start at a line that ends with "{" and close at the same indentation: the formatter guarantees it. */
function checkFunctions(path: string, lines: readonly string[]): void {
  lines.forEach((line, start) => {
    if (!/^\s*(export )?(async )?function\b.*|^\s*(export )?const \w+ = (async )?\(.*=>\s*\{$/.test(line)) return;
    const indent = line.match(/^\s*/)?.[0] ?? "";
    const end = lines.findIndex(
      (other, at) => at > start && (other === `${indent}}` || other === `${indent}};` || other === `${indent}});`),
    );
    if (end > start && end - start + 1 > FUNCTION_LINES) {
      findings.push(`${path}:${start + 1}: function of ${end - start + 1} lines, at most ${FUNCTION_LINES}`);
    }
  });
}

/** A path cited in backticks must exist, so that documents cannot rot silently. */
function checkDocument(path: string, text: string): void {
  for (const [, cited] of text.matchAll(/`((?:packages|apps|connectors|docs|tools|\.ci)\/[\w./@-]+)`/g)) {
    if (cited && !existsSync(cited) && !existsSync(join(dirname(path), cited)))
      findings.push(`${path}: cites ${cited}, which does not exist`);
  }
}

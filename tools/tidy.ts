/**
 * The conventions that a machine can check: file and function size, banned words, paths cited in
 * documents, names of files. Reads what git tracks or would track; prints one line per finding.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FILE_LINES = 400;
const FUNCTION_LINES = 70;

/** The glossary's "not" column, as whole words in identifiers and prose of the code. */
const BANNED_WORDS: Readonly<Record<string, string>> = {
  affiliate: "distributor",
  tenant: "company",
  workspace: "company",
  signup: "enrolment",
  recruiter: "sponsor",
};

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
  if (!isTest && lines.length > FILE_LINES) findings.push(`${path}: ${lines.length} lines, at most ${FILE_LINES}`);
  if (BANNED_FILE_NAMES.test(path)) findings.push(`${path}: name a file for the noun or verb it holds`);
  if (!isTest && path.endsWith(".ts")) checkFunctions(path, lines);
  if (path === "tools/tidy.ts") return;
  lines.forEach((line, index) => {
    for (const [word, instead] of Object.entries(BANNED_WORDS)) {
      if (new RegExp(`\\b${word}s?\\b`, "i").test(line)) findings.push(`${path}:${index + 1}: "${word}": say ${instead}`);
    }
    if (/\b(TODO|FIXME|XXX)\b/.test(line)) findings.push(`${path}:${index + 1}: leftover marker`);
  });
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

import { spawn } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { NOTHING, type Tally } from "./summary.ts";

/** PHPUnit for every part in PHP whose path holds one of the words, and PHP_CodeSniffer as one check each; prints when all is known. */
export async function runPhpTests(words: readonly string[], { isAbsent }: { readonly isAbsent: boolean }): Promise<Tally[]> {
  const configs = globSync("connectors/*/{plugin,module}/phpunit.xml").filter(
    (path) => words.length === 0 || words.some((word) => path.includes(word)),
  );
  if (isAbsent) {
    for (const config of configs)
      process.stdout.write(`skipped: PHPUnit and PHP_CodeSniffer of ${dirname(config)}: php is absent\n`);
    return configs.map(() => ({ ...NOTHING, skipped: 2 }));
  }
  const results = await Promise.all(configs.flatMap((config) => [phpUnit(config), codeSniffer(config)]));
  for (const { output } of results) process.stdout.write(output);
  return results.map(({ tally }) => tally);
}

interface Result {
  readonly tally: Tally;
  readonly output: string;
}

async function phpUnit(config: string): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "upline-phpunit-"));
  try {
    const log = join(folder, "junit.xml");
    const { code, output } = await capture("phpunit", ["-c", config, "--log-junit", log]);
    const tally = existsSync(log) ? readJunit(readFileSync(log, "utf8")) : NOTHING;
    const isHidden = code !== 0 && tally.failed === 0;
    return { tally: isHidden ? { ...tally, failed: 1 } : tally, output: `\nPHPUnit ${config}\n${output}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The totals stand in the outermost suite, the first of the file. */
export function readJunit(xml: string): Tally {
  const [suite = ""] = xml.match(/<testsuite [^>]*>/) ?? [];
  const count = (name: string) => Number(suite.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  return { passed: count("tests") - failed - skipped, failed, skipped };
}

async function codeSniffer(config: string): Promise<Result> {
  const rules = config.replace("phpunit.xml", "phpcs.xml");
  if (!existsSync(rules)) return { tally: NOTHING, output: "" };
  const { code, output } = await capture("phpcs", [`--standard=${rules}`, dirname(config)]);
  const tally = code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
  return { tally, output: `\nPHP_CodeSniffer ${rules}: ${code === 0 ? "no findings" : "findings"}\n${output}` };
}

function capture(command: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CaseResult, runGoldenCase, tally } from "@upline/core/golden";
import type { Command } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { readJsonFile } from "./plan-file.ts";

/** `plan golden <dir>`: runs published or unseen cases against the engine. Needs no database. */
export function goldenCommand(plan: Command, terminal: Terminal): void {
  const golden = plan
    .command("golden <dir>")
    .description("Run every case of a folder (*.json, described in docs/golden-cases.md) and compare to the last unit")
    .option("--json", "each case as one line of JSON")
    .action(async (dir: string, options: { json?: boolean }) => {
      const results: CaseResult[] = [];
      for (const file of await caseFiles(dir)) {
        const found = await runFile(join(dir, file));
        for (const result of found) printCase(terminal, result, options.json === true);
        results.push(...found);
      }
      const counts = tally(results);
      terminal.out(`${JSON.stringify(counts)}\n`);
      if (counts.cases === 0) throw new Error(`${dir} holds no case: cases are files that end in .json.`);
      if (counts.failed > 0) throw new Error(`${counts.failed} of ${counts.cases} cases failed.`);
    });
  example(golden, "pnpm upline plan golden docs/golden");
}

async function caseFiles(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => name.endsWith(".json")).sort();
  } catch (cause) {
    throw new Error(`${dir} is no folder that can be read: check the path.`, { cause });
  }
}

async function runFile(file: string): Promise<CaseResult[]> {
  try {
    return runGoldenCase(await readJsonFile(file), (path) => JSON.parse(readFileSync(join(dirname(file), path), "utf8")));
  } catch (error) {
    return [{ id: file, outcome: "failed", reason: (error as Error).message, differences: [] }];
  }
}

function printCase(terminal: Terminal, result: CaseResult, json: boolean): void {
  if (json) {
    terminal.out(`${JSON.stringify(result)}\n`);
    return;
  }
  terminal.out(`${result.outcome.padEnd(12)}  ${result.id}${result.reason === null ? "" : `: ${result.reason}`}\n`);
  if (result.outcome === "passed") return;
  for (const { what, expected, actual } of result.differences)
    terminal.out(`${"".padEnd(12)}    ${what}: expected ${expected}, got ${actual}\n`);
}

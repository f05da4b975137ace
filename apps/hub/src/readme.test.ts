import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./program.ts";
import { openTestParts, type TestParts, testSettings } from "./testing/test-parts.ts";

const ROOT = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "upline-readme-"));
let hub: TestParts;
beforeAll(async () => {
  hub = await openTestParts();
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

/** Blocks of a document by language. */
function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].flatMap(([, kind, block = ""]) => (kind === language ? [block] : []));
}

/** The arguments of a line as a shell takes it apart; files of the trial lie in its folder, the repository's at its root. */
function argumentsOf(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  return words.map((word) => {
    if (word.startsWith("docs/")) return join(ROOT, word);
    return word.endsWith(".csv") ? join(folder, word) : word;
  });
}

test("README's own steps work as they are written", async () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const names = [...readme.matchAll(/`(\w+\.csv)`/g)].map(([, name]) => name ?? "");
  const files = blocksOf(readme, "csv");
  expect(names).toStrictEqual(["distributors.csv", "skus.csv"]);
  names.forEach((name, index) => void writeFileSync(join(folder, name), files[index] ?? ""));
  const steps = blocksOf(readme, "sh").find((block) => block.includes("upline company create")) ?? "";
  const lines = steps.split("\n").filter((line) => line.includes(" upline ") && !line.endsWith(" serve"));
  expect(lines.length).toBe(7);
  const said: string[] = [];
  for (const line of lines) {
    const err: string[] = [];
    const terminal = { env: testSettings(hub.db.url), out: (text: string) => void said.push(text), isTerminal: false };
    const code = await runCli(argumentsOf(line.split(" upline ")[1] ?? ""), { ...terminal, err: (text) => void err.push(text) });
    expect([code, line], err.join("")).toStrictEqual([0, line]);
  }
  expect(said.join("")).toMatch(/Enrolled 2, updated 0\.\nAdded 2, unchanged 0\./);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, assert, expect, test } from "vitest";
import { runCli } from "../program.ts";
import { TEST_PLAN } from "../testing/test-company.ts";

/** The commands on plans that need no database: an address nobody listens at proves that none is opened. */

const CASES = join(import.meta.dirname, "../../../../docs/golden");
const folder = mkdtempSync(join(tmpdir(), "upline-plan-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function upline(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCli(args, {
    env: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal: false,
  });
  return { code, out, err };
}

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split("\n").at(-1) as string);
const aCase = () => JSON.parse(readFileSync(join(CASES, "unilevel-4-levels-mlmforge.json"), "utf8"));

test("golden runs every published case and ends with one line of counts", async () => {
  const { code, out } = await upline("plan", "golden", CASES);
  const counts = lastLine(out) as { cases: number; passed: number; contradicted: number; failed: number };
  expect(code).toBe(0);
  expect(counts.failed).toBe(0);
  expect(counts.passed + counts.contradicted).toBe(counts.cases);
  assert.ok(counts.cases >= 32);
});

test("golden fails, and says what differs, for a wrong amount, a file that is no JSON and an empty folder", async () => {
  const dir = mkdtempSync(join(folder, "cases-"));
  const wrong = aCase();
  const claims = wrong.expected?.paid ?? wrong.scenarios[0].expected.paid;
  const right = claims[0].amount;
  claims[0].amount = "123456.78";
  writeFileSync(join(dir, "wrong.json"), JSON.stringify(wrong));
  writeFileSync(join(dir, "broken.json"), "{");
  const { code, out, err } = await upline("plan", "golden", dir);
  expect(code).toBe(1);
  expect(lastLine(out)).toStrictEqual({ cases: 2, passed: 0, contradicted: 0, refused: 0, failed: 2 });
  expect(out).toMatch(new RegExp(`expected 123456\\.78, got ${right}`));
  expect(out).toMatch(/broken\.json is no JSON/);
  expect(err).toMatch(/2 of 2 cases failed/);
  const empty = await upline("plan", "golden", mkdtempSync(join(folder, "empty-")));
  expect(empty.code).toBe(1);
  expect(empty.err).toMatch(/holds no case/);
  expect((await upline("plan", "golden", join(folder, "nowhere"))).code).toBe(1);
});

test("golden with --json prints each case as one line of JSON", async () => {
  const { out } = await upline("plan", "golden", CASES, "--json");
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.ok(lines.slice(0, -1).every((line) => ["passed", "contradicted"].includes(line.outcome)));
});

test("lint names every wrong path with what would be right, and starts no database", async () => {
  const plan = TEST_PLAN;
  const good = await upline("plan", "lint", write("good.json", plan));
  expect(good.code, good.err).toBe(0);
  const bad = { ...plan, rounding: "sometimes", bonuses: [{ ...plan.bonuses[0], rates: { "*": ["1.5"] } }] };
  const { code, err } = await upline("plan", "lint", write("bad.json", bad));
  expect(code).toBe(1);
  expect(err).toMatch(/rounding: is "sometimes"; right would be one of "half-up", "half-even", "down"/);
  expect(err).toMatch(/bonuses\[0\]\.rates\.\*\[0\]: is "1\.5"; right would be at most "1" \(100 %\)/);
  expect((await upline("plan", "lint", join(folder, "none.json"))).err).toMatch(/cannot be read/);
  expect((await upline("plan", "lint", write("text.json", "{"))).err).toMatch(/is no JSON/);
});

test("lint refuses pay on an enrolment fee and shows the ceiling; ceiling tells it bonus by bonus", async () => {
  const plan = TEST_PLAN;
  const fee = { ...plan, commissionClasses: [...plan.commissionClasses, { id: "kit", name: "Starter kit", enrolmentFee: true }] };
  const file = write("fee.json", fee);
  const { code, out, err } = await upline("plan", "lint", file);
  expect(code).toBe(1);
  expect(out).toMatch(/^error {4}commissionClasses\[2\]\.bonuses: lets "[\w-]+" pay on an enrolment fee/m);
  expect(err).toMatch(/cannot be published: 1 error\./);
  const json = JSON.parse((await upline("plan", "lint", file, "--json")).out);
  expect(json.publishable).toBe(false);
  const ceiling = await upline("plan", "ceiling", write("plain.json", plan), "--json");
  expect(ceiling.code).toBe(0);
  expect(JSON.parse(ceiling.out).ofCv).toMatch(/^\d+(\.\d+)? %$/);
});

test("diff says in plain words what changes, and nothing where nothing does", async () => {
  const older = write("older.json", TEST_PLAN);
  const [levels] = TEST_PLAN.bonuses;
  const rates = { ...levels.rates, "*": ["0.10", "0.06"] };
  const newer = write("newer.json", { ...TEST_PLAN, version: 2, bonuses: [{ ...levels, rates }] });
  const { code, out } = await upline("plan", "diff", older, newer);
  expect(code).toBe(0);
  expect(out).toMatch(/^~ .*level 2.*: 5% becomes 6%$/m);
  expect((await upline("plan", "diff", older, older)).out).toMatch(/say the same/);
  const json = JSON.parse((await upline("plan", "diff", older, newer, "--json")).out);
  assert.ok(json.some((one: { path: string }) => /rates/.test(one.path)));
});

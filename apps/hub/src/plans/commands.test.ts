import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runCli } from "../program.ts";
import { TEST_PLAN } from "../testing/test-company.ts";

/** The commands on plans that need no database: an address nobody listens at proves that none is opened. */

const CASES = join(import.meta.dirname, "../../../../docs/golden");
const folder = mkdtempSync(join(tmpdir(), "upline-plan-"));
after(() => rmSync(folder, { recursive: true, force: true }));

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
  assert.equal(code, 0);
  assert.equal(counts.failed, 0);
  assert.equal(counts.passed + counts.contradicted, counts.cases);
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
  assert.equal(code, 1);
  assert.deepEqual(lastLine(out), { cases: 2, passed: 0, contradicted: 0, failed: 2 });
  assert.match(out, new RegExp(`expected 123456\\.78, got ${right}`));
  assert.match(out, /broken\.json is no JSON/);
  assert.match(err, /2 of 2 cases failed/);
  const empty = await upline("plan", "golden", mkdtempSync(join(folder, "empty-")));
  assert.equal(empty.code, 1);
  assert.match(empty.err, /holds no case/);
  assert.equal((await upline("plan", "golden", join(folder, "nowhere"))).code, 1);
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
  assert.equal(good.code, 0, good.err);
  const bad = { ...plan, rounding: "sometimes", bonuses: [{ ...plan.bonuses[0], rates: { "*": ["1.5"] } }] };
  const { code, err } = await upline("plan", "lint", write("bad.json", bad));
  assert.equal(code, 1);
  assert.match(err, /rounding: is "sometimes"; right would be one of "half-up", "half-even", "down"/);
  assert.match(err, /bonuses\[0\]\.rates\.\*\[0\]: is "1\.5"; right would be at most "1" \(100 %\)/);
  assert.match((await upline("plan", "lint", join(folder, "none.json"))).err, /cannot be read/);
  assert.match((await upline("plan", "lint", write("text.json", "{"))).err, /is no JSON/);
});

test("lint refuses pay on an enrolment fee and shows the ceiling; ceiling tells it bonus by bonus", async () => {
  const plan = TEST_PLAN;
  const fee = { ...plan, commissionClasses: [...plan.commissionClasses, { id: "kit", name: "Starter kit", enrolmentFee: true }] };
  const file = write("fee.json", fee);
  const { code, out, err } = await upline("plan", "lint", file);
  assert.equal(code, 1);
  assert.match(out, /^error {4}commissionClasses\[2\]\.bonuses: lets "[\w-]+" pay on an enrolment fee/m);
  assert.match(err, /cannot be published: 1 error\./);
  const json = JSON.parse((await upline("plan", "lint", file, "--json")).out);
  assert.equal(json.publishable, false);
  const ceiling = await upline("plan", "ceiling", write("plain.json", plan), "--json");
  assert.equal(ceiling.code, 0);
  assert.match(JSON.parse(ceiling.out).ofCv, /^\d+(\.\d+)? %$/);
});

test("diff says in plain words what changes, and nothing where nothing does", async () => {
  const older = write("older.json", TEST_PLAN);
  const [levels] = TEST_PLAN.bonuses;
  const rates = { ...levels.rates, "*": ["0.10", "0.06"] };
  const newer = write("newer.json", { ...TEST_PLAN, version: 2, bonuses: [{ ...levels, rates }] });
  const { code, out } = await upline("plan", "diff", older, newer);
  assert.equal(code, 0);
  assert.match(out, /^~ .*level 2.*: 5% becomes 6%$/m);
  assert.match((await upline("plan", "diff", older, older)).out, /say the same/);
  const json = JSON.parse((await upline("plan", "diff", older, newer, "--json")).out);
  assert.ok(json.some((one: { path: string }) => /rates/.test(one.path)));
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../program.ts";
import { JUNE, type PeriodCompany, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** The way of a period at a terminal. Its figures are worked out in `periods/close.test.ts`. */

let hub: TestHub;
let company: PeriodCompany;
beforeAll(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
});
afterAll(() => hub.close());

const upline = (...args: string[]) => uplineWith({}, ...args);

async function uplineWith(
  settings: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCli([...args, "--company", company.slug], {
    env: { DATABASE_URL: hub.db.url, UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64"), ...settings },
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

async function keyOf(owner: string, scope = "admin"): Promise<string> {
  const made = await upline("key", "create", "--name", "console", "--scope", scope, "--owner", owner);
  expect(made.code, made.err).toBe(0);
  return made.out.trim();
}

test("open, preview, explain, close by one person, commit by another, run again, compare", async () => {
  expect((await upline("period", "preview", "2026-06")).err).toMatch(/There is no period "2026-06": none is open yet/);
  expect((await upline("period", "open", "2026-06")).err).toMatch(/needs a currency/);
  expect((await upline("period", "open", "2026-06", "--currency", "USD")).out).toMatch(/^Period 2026-06 of "stairs" is open/);

  const preview = await upline("period", "preview", "2026-06");
  expect(preview.code, preview.err).toBe(0);
  expect(preview.err).toMatch(/2026-06: booking volumes\n/);
  expect(preview.out).toMatch(/stairs +150\.58 USD +5 /);
  expect(preview.out).toMatch(/150\.58 USD in all, 15\.0005 % of CV; 5 of 7 active; /);

  const explained = await upline("period", "explain", "A3");
  expect(explained.out).toMatch(/^A3 in 2026-06 \(as it stands now\): active: 200 PV of 100 needed; paid as Silver/);
  expect(explained.out).toMatch(/for Gold: group volume: needs 700, had 533\.33: 166\.67 short/);
  expect(explained.out).toMatch(/stairs: 36\.66 USD/);
  const idle = await upline("period", "explain", "B2");
  expect(idle.out).toMatch(/not paid: not active: needs 100 PV, had 0: 100 PV short/);

  const ann = await keyOf("Ann Lee");
  const annToo = await keyOf(" ann  LEE ");
  const bob = await keyOf("Bob");
  expect((await upline("period", "close", "2026-06", "--key", ann)).out).toMatch(/waits for a second person/);
  for (const key of [ann, annToo]) {
    const alone = await upline("period", "commit", "2026-06", "--key", key);
    expect(
      [alone.code, /key:console \(Ann Lee\) proposed .* is the same person: a second person/.test(alone.err)],
      alone.err,
    ).toStrictEqual([1, true]);
  }
  expect((await uplineWith({ UPLINE_KEY: bob }, "period", "commit", "2026-06")).out).toMatch(/5 differences were posted/);

  expect((await uplineWith({ UPLINE_KEY: ann }, "period", "rerun", "2026-06")).code).toBe(0);
  expect((await upline("period", "commit", "2026-06", "--key", bob)).out).toMatch(/0 differences were posted/);
  const runs = JSON.parse((await upline("period", "list", "--runs", "--json")).out);
  expect(runs.map((run: { kind: string }) => run.kind)).toStrictEqual([
    "committed",
    "proposed",
    "committed",
    "proposed",
    "trial",
  ]);
  expect(runs[2].supersededBy).toBe(runs[0].run);
  const compared = await upline("period", "compare", runs[2].run, runs[0].run);
  expect(compared.out).toMatch(/come to the same, on .* inputs\.\nNo amount differs\./);
  expect((await upline("period", "list")).out).toMatch(/2026-06 .* closed/);
});

test("a close goes by a key that administers the company, not by a name", async () => {
  const refusal = async (...args: string[]) => {
    const { code, err } = await upline("period", "commit", "2026-06", ...args);
    expect(code).toBe(1);
    return err;
  };
  expect(await refusal()).toMatch(/set UPLINE_KEY, or give --key .*key create --name <name> --scope admin --owner <person>/);
  expect(await refusal("--as", "bob")).toMatch(/A name that is typed says nothing of who acts: .*UPLINE_KEY/);
  expect(await refusal("--key", "bob")).toMatch(/no valid key of this company/);
  expect(await refusal("--key", hub.company.keys.admin)).toMatch(/no valid key of this company/);
  expect(await refusal("--key", await keyOf("Eve", "read"))).toMatch(/may only read: .*the scope admin/);
  const revoked = await keyOf("Cyd");
  expect((await upline("key", "revoke", revoked.slice(0, 10))).code).toBe(0);
  expect(await refusal("--key", revoked)).toMatch(/no valid key of this company/);
});

test("explain follows one volume up, step by step, to whoever is asked about", async () => {
  const { out } = await upline("period", "explain", "A2", "--from", "A5");
  expect(out).toMatch(/A5: .*Gold has 15%, 10% was paid below: 5% of 333\.33 = 16\.67 USD/);
});

test("a rank by decision and volume by hand come with a reason, and show in the next look", async () => {
  expect((await upline("period", "direct", "A3", "gold", "--until", "2026-12-31")).err).toMatch(/--reason/);
  const decided = ["--from", "2026-06-01", "--until", "2026-12-31", "--reason", "promised"];
  expect((await upline("period", "direct", "A3", "diamond", ...decided)).err).toMatch(/it has bronze, silver, gold/);
  expect((await upline("period", "direct", "A3", "gold", ...decided)).code).toBe(0);
  expect((await upline("period", "open")).code).toBe(0);
  const adjusted = ["--class", "products", "--pv", "100.5", "--cv", "100.5", "--reason", "receipts on file"];
  expect((await upline("period", "adjust", "2026-06", "A3", ...adjusted)).err).toMatch(/is closed: adjust the next open one/);
  expect((await upline("period", "adjust", "2026-07", "A3", ...adjusted)).code).toBe(0);
  const { out } = await upline("period", "explain", "A3");
  expect(out).toMatch(
    /^A3 in 2026-07 .*active: 100\.5 PV of 100 needed; paid as Gold, .*Bronze \(an admin's override is in force\)/,
  );
  // 15.075 at gold's 15 %.
  expect(out).toMatch(/stairs: 15\.08 USD/);
});

test("publishing runs the linter: errors refuse with path and fix, warnings are shown", async () => {
  const folder = mkdtempSync(join(tmpdir(), "upline-publish-"));
  const file = join(folder, "plan.json");
  const plan = testPlan({ version: 2 });
  const fee = { id: "kit", name: "Starter kit", enrolmentFee: true };
  writeFileSync(file, JSON.stringify({ ...plan, commissionClasses: [...plan.commissionClasses, fee] }));
  const refused = await upline("plan", "publish", file);
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(
    /commissionClasses\[1\]\.bonuses lets .* pay on an enrolment fee.*; right would be \[\] for this class/,
  );
  const dear = { ...plan.bonuses[0], rates: { "*": ["0.50", "0.05"] } };
  writeFileSync(file, JSON.stringify({ ...plan, bonuses: [dear, plan.bonuses[1]] }));
  const warned = await upline("plan", "publish", file, "--from", "2027-01-01");
  expect([warned.code, /^warning {2}bonuses: can pay out 70 % of CV/m.test(warned.err)]).toStrictEqual([0, true]);
  rmSync(folder, { recursive: true });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runCli } from "../program.ts";
import { JUNE, type PeriodCompany, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** The way of a period at a terminal. Its figures are worked out in `periods/close.test.ts`. */

let hub: TestHub;
let company: PeriodCompany;
before(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
});
after(() => hub.close());

async function upline(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCli([...args, "--company", company.slug], {
    env: { DATABASE_URL: hub.db.url, UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64") },
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

test("open, preview, explain, close by one person, commit by another, run again, compare", async () => {
  assert.match((await upline("period", "preview", "2026-06")).err, /There is no period "2026-06": none is open yet/);
  assert.match((await upline("period", "open", "2026-06")).err, /needs a currency/);
  assert.match((await upline("period", "open", "2026-06", "--currency", "USD")).out, /^Period 2026-06 of "stairs" is open/);

  const preview = await upline("period", "preview", "2026-06");
  assert.equal(preview.code, 0, preview.err);
  assert.match(preview.err, /2026-06: booking volumes\n/);
  assert.match(preview.out, /stairs +150\.58 USD +5 /);
  assert.match(preview.out, /150\.58 USD in all, 15\.0005 % of CV; 5 of 7 active; /);

  const explained = await upline("period", "explain", "A3");
  assert.match(explained.out, /^A3 in 2026-06 \(as it stands now\): active: 200 PV of 100 needed; paid as Silver/);
  assert.match(explained.out, /for Gold: group volume: needs 700, had 533\.33: 166\.67 short/);
  assert.match(explained.out, /stairs: 36\.66 USD/);
  const idle = await upline("period", "explain", "B2");
  assert.match(idle.out, /not paid: not active: needs 100 PV, had 0: 100 PV short/);

  assert.match((await upline("period", "close", "2026-06", "--as", "ann")).out, /waits for a second person/);
  const alone = await upline("period", "commit", "2026-06", "--as", "ann");
  assert.deepEqual([alone.code, /second person/.test(alone.err)], [1, true]);
  assert.match((await upline("period", "commit", "2026-06", "--as", "bob")).out, /5 differences were posted/);

  assert.equal((await upline("period", "rerun", "2026-06", "--as", "ann")).code, 0);
  assert.match((await upline("period", "commit", "2026-06", "--as", "bob")).out, /0 differences were posted/);
  const runs = JSON.parse((await upline("period", "list", "--runs", "--json")).out);
  assert.deepEqual(
    runs.map((run: { kind: string }) => run.kind),
    ["committed", "proposed", "committed", "proposed", "trial"],
  );
  assert.equal(runs[2].supersededBy, runs[0].run);
  const compared = await upline("period", "compare", runs[2].run, runs[0].run);
  assert.match(compared.out, /come to the same, on .* inputs\.\nNo amount differs\./);
  assert.match((await upline("period", "list")).out, /2026-06 .* closed/);
});

test("explain follows one volume up, step by step, to whoever is asked about", async () => {
  const { out } = await upline("period", "explain", "A2", "--from", "A5");
  assert.match(out, /A5: .*Gold has 15%, 10% was paid below: 5% of 333\.33 = 16\.67 USD/);
});

test("a rank by decision and volume by hand come with a reason, and show in the next look", async () => {
  assert.match((await upline("period", "direct", "A3", "gold", "--until", "2026-12-31")).err, /--reason/);
  const decided = ["--from", "2026-06-01", "--until", "2026-12-31", "--reason", "promised"];
  assert.match((await upline("period", "direct", "A3", "diamond", ...decided)).err, /it has bronze, silver, gold/);
  assert.equal((await upline("period", "direct", "A3", "gold", ...decided)).code, 0);
  assert.equal((await upline("period", "open")).code, 0);
  const adjusted = ["--class", "products", "--pv", "100.5", "--cv", "100.5", "--reason", "receipts on file"];
  assert.match((await upline("period", "adjust", "2026-06", "A3", ...adjusted)).err, /is closed: adjust the next open one/);
  assert.equal((await upline("period", "adjust", "2026-07", "A3", ...adjusted)).code, 0);
  const { out } = await upline("period", "explain", "A3");
  assert.match(
    out,
    /^A3 in 2026-07 .*active: 100\.5 PV of 100 needed; paid as Gold, .*Bronze \(an admin's override is in force\)/,
  );
  // 15.075 at gold's 15 %.
  assert.match(out, /stairs: 15\.08 USD/);
});

test("publishing runs the linter: errors refuse with path and fix, warnings are shown", async () => {
  const folder = mkdtempSync(join(tmpdir(), "upline-publish-"));
  const file = join(folder, "plan.json");
  const plan = testPlan({ version: 2 });
  const fee = { id: "kit", name: "Starter kit", enrolmentFee: true };
  writeFileSync(file, JSON.stringify({ ...plan, commissionClasses: [...plan.commissionClasses, fee] }));
  const refused = await upline("plan", "publish", file);
  assert.equal(refused.code, 1);
  assert.match(
    refused.err,
    /commissionClasses\[1\]\.bonuses lets .* pay on an enrolment fee.*; right would be \[\] for this class/,
  );
  const dear = { ...plan.bonuses[0], rates: { "*": ["0.50", "0.05"] } };
  writeFileSync(file, JSON.stringify({ ...plan, bonuses: [dear, plan.bonuses[1]] }));
  const warned = await upline("plan", "publish", file, "--from", "2027-01-01");
  assert.deepEqual([warned.code, /^warning {2}bonuses: can pay out 70 % of CV/m.test(warned.err)], [0, true]);
  rmSync(folder, { recursive: true });
});

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { parsePlan } from "@upline/core";
import { closePeriod as computeClose } from "@upline/core/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { companyOf, fullPlan } from "../../../../packages/core/bench/network.ts";
import { type GoldenScenario, goldenCase } from "../../../../packages/core/src/golden/case.ts";
import { buildNetwork } from "../../../../packages/core/src/golden/network.ts";
import { playPeriods } from "../../../../packages/core/src/golden/play.ts";
import { asCompany } from "../db/connect.ts";
import { type DrawnCompany, drawCompany, drawVolumes, manyBonusesPlan } from "../testing/drawn-company.ts";
import { closeLedger, closeMonth, openMonth } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { commitClose, type PeriodRun, supersedeClose } from "./close.ts";
import { Fingerprint } from "./fingerprint.ts";

/**
 * What closes came to, to the byte, when this was written: how a close reads, computes and writes may change, its
 * answers and their hashes may not. A line of the pinned files changes only with a rule of the plan language.
 */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const FOLDERS = ["../../../../docs/golden/", "../../../../packages/core/src/golden/cases/"];

test("the golden closes come to the same bytes", async () => {
  const lines = FOLDERS.flatMap((folder) => {
    const url = new URL(folder, import.meta.url);
    const names = readdirSync(url).filter((name) => name.endsWith(".json"));
    return names.sort().flatMap((name) => goldenHashes(JSON.parse(readFileSync(new URL(name, url), "utf8"))));
  });
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("pinned-golden-closes.txt");
});

function goldenHashes(document: unknown): string[] {
  const golden = goldenCase.parse(document);
  const scenarios: readonly GoldenScenario[] = golden.scenarios ?? [{ name: "", expected: {} }];
  return scenarios.flatMap((scenario) => {
    const network = buildNetwork(scenario.distributors ?? golden.distributors, golden.spillover);
    const print = new Fingerprint(network.distributors.map((distributor) => distributor.id));
    const label = `${golden.id} ${scenario.name}`.trim();
    try {
      const plan = parsePlan({ ...(golden.plan as object), ...scenario.plan });
      const { closes } = playPeriods(plan, golden.currency, network, scenario.periods ?? golden.periods);
      return closes.map((close) => `${label} ${close.periodId}: ${print.ofOutput(close)} ${print.ofCarry(close)}`);
    } catch (error) {
      return `${label}: ${(error as Error).name}`;
    }
  });
}

test("a made-up company of three thousand comes to the same bytes", () => {
  const input = companyOf(fullPlan, 3_000, 15_000);
  const print = new Fingerprint(Array.from({ length: 3_000 }, (_, no) => `d${(no * 7919) % 3_001}`));
  const result = computeClose(input);
  expect([print.ofInput(input), print.ofOutput(result), print.ofCarry(result)]).toStrictEqual(PINNED);
});

const PINNED = [
  "48c0497d9ef78bcb1f4098108c454469729ef7c2cfc44ebbf874ccca3d732c7d",
  "3e2b60f56041883847fde6b7848ee44725e1ff27d8ded688bd78ed9453165fb0",
  "ea02918d6f671798db43a05109cbf95554d6a01e2025fc1d62cfcdc2592be275",
];

test.for(["charge", "carry", "forgive"] as const)(
  "closes from and to the database come to the same bytes and rows (%s)",
  async (rule, context) => {
    const seed = { charge: 11, carry: 12, forgive: 13 }[rule];
    const company = await drawCompany(hub, { seed, people: 300, plan: manyBonusesPlan(rule) });
    context.onTestFinished(() => company.owner.end());
    const lines: string[] = [];
    const note = async (name: string, { run }: PeriodRun) => {
      lines.push(`${name} input ${run.inputHash}`, `${name} output ${run.outputHash}`, `${name} carry ${run.carryHash}`);
      lines.push(`${name} rows ${await hashOfRows(company)}`);
    };
    const target = { ...company, slug: "", storeId: "" };
    const june = await openMonth(hub, target, "2026-06");
    const july = await openMonth(hub, target, "2026-07");
    const august = await openMonth(hub, target, "2026-08");
    await drawVolumes(company, { ...june, rows: 2_000 });
    await note("june", await closeMonth(hub, target, june));
    await drawVolumes(company, { ...july, rows: 1_500 });
    await note("july", await closeMonth(hub, target, july));
    await drawVolumes(company, { ...june, rows: 60, kind: "shadow" });
    for (const cause of ["refund", "rerun"] as const) {
      const act = { companyId: company.companyId, periodNo: june.periodNo };
      await supersedeClose(hub, { ...act, actor: "ann", person: "ann", cause });
      await note(`june ${cause}`, await commitClose(hub, { ...act, actor: "bob", person: "bob" }));
    }
    const again = { companyId: company.companyId, periodNo: july.periodNo };
    await supersedeClose(hub, { ...again, actor: "ann", person: "ann", cause: "rerun" });
    await note("july again", await commitClose(hub, { ...again, actor: "bob", person: "bob" }));
    await drawVolumes(company, { ...august, rows: 500 });
    await note("august", await closeMonth(hub, target, august));
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`pinned-closes-${rule}.txt`);
  },
);

/** Everything that closes have left of a company, whatever the numbers of its rows. */
async function hashOfRows(company: DrawnCompany): Promise<string> {
  const rows = await asCompany(hub.db, company.companyId, async (tx) => {
    const text = (table: string, columns: string) =>
      tx.unsafe<{ line: string }[]>(`select row(dense_rank() over (order by run_no), ${columns})::text as line from ${table}`);
    return [
      ...(await text(
        "run_results",
        `distributor_no, active, pv, own_volume, gv, personal_group_volume, retail_volume, active_legs, qualified_rank, rank, title, grace_used`,
      )),
      ...(await text("run_bonuses", "bonus_id, distributor_no, before_caps, amount")),
      ...(await text("run_pairs", "bonus_id, distributor_no, left_volume, right_volume, matched, used_left, used_right")),
      ...(await text("run_carry", "bonus_id, kind, age, distributor_no, amount")),
      ...(await tx<{ line: string }[]>`
        select row(distributor_no, status, rank, period_pv, valid_from)::text as line from standings`),
    ];
  });
  const ledger = Object.entries(await closeLedger(hub, { ...company, slug: "", storeId: "" })).map((entry) => entry.join(" "));
  const hash = createHash("sha256");
  for (const line of [...rows.map((row) => row.line), ...ledger].sort()) hash.update(`${line}\n`);
  return `${rows.length} ${ledger.length} ${hash.digest("hex")}`;
}

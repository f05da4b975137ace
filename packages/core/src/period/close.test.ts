import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePlan } from "../plan/parse.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { distributorOf, lineOf, orderOf, planOf, rankOf } from "../plan/testing.ts";
import { backTest, backTestCsv, backTestSummary } from "./backtest.ts";
import { closePeriod } from "./close.ts";
import { explainClose } from "./explain.ts";
import { explainSource, explainUpline } from "./explain-source.ts";
import { CloseInputError } from "./input.ts";
import { advancePeriod, compareRuns, type PeriodState, summarize } from "./runs.ts";
import { closeOf, networkOf } from "./testing.ts";

const pv = (units: number): number => units * 10_000;
const ladder: Partial<Plan> = {
  active: { statuses: ["active"], minimumPv: "50", beforeFirstClose: "active" },
  ranks: [
    { ...rankOf("bronze", "Bronze"), requires: { pv: "50" }, gracePeriods: 1 },
    {
      ...rankOf("silver", "Silver"),
      requires: { pv: "100", gv: { volume: "500", maxLeg: { mode: "cap-on-required", share: "0.5" } }, activeLegs: 2 },
      gracePeriods: 1,
    },
    {
      ...rankOf("gold", "Gold"),
      requires: { pv: "100", legsWithRank: [{ rank: "silver", legs: 1 }], heldBefore: { rank: "silver", periods: 1 } },
    },
  ],
};
const levels: Bonus = {
  id: "levels",
  kind: "unilevel",
  snapshot: "close",
  base: "cv",
  rates: { "*": ["0.10"] },
  levelOne: "owner",
  compression: "none",
  unqualifiedSource: "pay-in-place",
  unqualifiedEarner: "company",
};

test("ranks from a period's figures, with the max-leg rule, legs, and time in rank", () => {
  const network = networkOf([-1, 0, 0, 1], { recentRanks: [Int16Array.from([1, -1, -1, -1])] });
  const rows = [100, 300, 200, 60].map((volume, owner) => ({ owner, volume: pv(volume) }));
  const result = closePeriod(closeOf(ladder, network, rows));
  assert.deepEqual([...result.ranks.paidAs], [1, 0, 0, 0]);
  const deeper = closePeriod(
    closeOf(
      ladder,
      networkOf([-1, 0, 1, 1], { recentRanks: [Int16Array.from([1, -1, -1, -1])] }),
      rows.map((row) => ({ ...row, volume: row.volume * 3 })),
    ),
  );
  assert.deepEqual([...deeper.ranks.paidAs], [2, 1, 0, 0]);
  assert.deepEqual([...deeper.ranks.title], [2, 1, 0, 0]);
});

test("grace keeps a rank for a while, a constraint caps it, an override decides, and both expire", () => {
  const rows = [{ owner: 0, volume: pv(60) }];
  const held = { recentRanks: [Int16Array.from([1])], title: Int16Array.from([1]) };
  const rankOfRun = (network: Parameters<typeof networkOf>[1]): number =>
    closePeriod(closeOf(ladder, networkOf([-1], { ...held, ...network }), rows)).ranks.paidAs[0] as number;
  assert.equal(rankOfRun({}), 1);
  assert.equal(rankOfRun({ graceUsed: Uint8Array.from([1]) }), 0);
  assert.equal(rankOfRun({ directives: [{ no: 0, kind: "constraint", rankNo: 0, until: 10 }] }), 0);
  assert.equal(
    rankOfRun({
      directives: [
        { no: 0, kind: "constraint", rankNo: -1, until: 10 },
        { no: 0, kind: "override", rankNo: 2, until: 10 },
      ],
    }),
    2,
  );
  assert.equal(rankOfRun({ directives: [{ no: 0, kind: "override", rankNo: 2, until: -1 }] }), 1);
});

test("a distributor's close is explained with the numbers, and what the next rank lacks", () => {
  const network = networkOf([-1, 0, 0]);
  const input = closeOf({ ...ladder, bonuses: [levels] }, network, [
    { owner: 0, volume: pv(80) },
    { owner: 1, volume: pv(300) },
    { owner: 2, volume: pv(20) },
  ]);
  const told = explainClose(input, closePeriod(input, { details: true }), 0);
  assert.equal(told.activity, "active: 80 PV of 50 needed");
  assert.equal(told.rank, "paid as Bronze; highest title Bronze");
  assert.deepEqual(told.nextRank, [
    "for Silver:",
    "personal volume: needs 100, had 80: 20 short",
    "group volume counted under the max-leg rule: needs 500, had 350: 150 short",
    "active frontline: needs 2, had 1",
  ]);
  assert.deepEqual(told.bonuses, [{ bonusId: "levels", amount: "8.00 USD", lines: ["level 1 on d0000: 8.00 USD"] }]);
  const two = explainClose(input, closePeriod(input), 2);
  assert.equal(two.activity, "not active: 50 PV needed, had 20");
});

test("why an upline was not paid on somebody's volume, from the close's inputs alone", () => {
  const two: Bonus = { ...levels, rates: { bronze: ["0.10"], silver: ["0.10", "0.05"] }, compression: "standard" };
  const input = closeOf({ ...ladder, bonuses: [two] }, networkOf([-1, 0, 1]), [
    { owner: 0, volume: pv(60) },
    { owner: 1, volume: pv(30) },
    { owner: 2, volume: pv(80) },
  ]);
  const result = closePeriod(input);
  const told = explainSource(input, result, { bonusId: "levels", source: 2 });
  assert.deepEqual(
    told?.map((step) => `${step.distributorId}: ${step.text}`),
    [
      "d0002: level 1: Bronze earns 10% of 80.00 = 8.00 USD",
      "d0001: level 2: being active needs 50 PV, had 30: 20 PV short; skipped, the level goes to the next",
      "d0000: level 2: Bronze is not paid here, Silver is the lowest rank that is; not earned, the level is used",
      "null: level 2: nobody qualified for 5% of 80.00: 4.00 USD stay with the company",
    ],
  );
  assert.equal(explainUpline(input, result, { bonusId: "levels", source: 2, upline: 1 })?.length, 1);
});

test("broken input is named: a cycle, a stranger, a volume that is not whole", () => {
  const refused = (input: () => unknown, text: RegExp): void =>
    assert.throws(input, (error: Error) => error instanceof CloseInputError && text.test(error.message));
  refused(() => closePeriod(closeOf(ladder, networkOf([1, 0]), [])), /cycle: 2 distributors/);
  refused(() => closePeriod(closeOf(ladder, networkOf([-1]), [{ owner: 3, volume: 1 }])), /orders.owner\[0\] is no distributor/);
  refused(() => closePeriod(closeOf(ladder, networkOf([-1]), [{ owner: 0, volume: 0.5 }])), /not whole/);
});

test("a period is closed by two people and reopened only by superseding", () => {
  const open: PeriodState = { kind: "open" };
  const closing = advancePeriod(open, { act: "prepare", runId: "r1", by: "ann" });
  assert.ok(closing.kind === "done");
  assert.deepEqual(advancePeriod(closing.state, { act: "confirm", runId: "r1", by: "ann" }), {
    kind: "refused",
    reason: "same-person",
  });
  assert.deepEqual(advancePeriod(closing.state, { act: "confirm", runId: "r0", by: "bob" }), {
    kind: "refused",
    reason: "other-run",
  });
  const closed = advancePeriod(closing.state, { act: "confirm", runId: "r1", by: "bob" });
  assert.ok(closed.kind === "done" && closed.state.kind === "closed");
  assert.deepEqual(advancePeriod(closed.state, { act: "prepare", runId: "r2", by: "ann" }), {
    kind: "refused",
    reason: "not-open",
  });
  const again = advancePeriod(closed.state, { act: "supersede", runId: "r2", preparedBy: "ann", confirmedBy: "bob" });
  assert.ok(again.kind === "done" && again.state.kind === "closed" && again.state.supersedes === "r1");
  assert.equal(advancePeriod(closing.state, { act: "cancel", by: "ann" }).kind, "done");
});

test("a network that has grown closes on what a smaller one carried", () => {
  const pairs: Bonus = {
    id: "pairs",
    kind: "binary",
    snapshot: "close",
    tree: "b",
    pay: { mode: "percent", rates: { "*": "0.10" } },
    remainder: "carry",
    flushIfInactive: false,
    cappedVolume: "consumed",
  };
  const plan = parsePlan(planOf({ bonuses: [pairs] }));
  const tree = (parents: number[], legs: number[]) => ({
    placements: { b: { parent: Int32Array.from(parents), leg: Uint8Array.from(legs) } },
  });
  const first = closePeriod(closeOf(plan, networkOf([-1, 0], tree([-1, 0], [0, 0])), [{ owner: 1, volume: pv(100) }]));
  const second = closePeriod(
    closeOf(plan, networkOf([-1, 0, 0], tree([-1, 0, 0], [0, 0, 1])), [{ owner: 2, volume: pv(60) }], { carried: first.carried }),
  );
  assert.deepEqual([...(second.bonuses[0]?.amounts ?? [])], [600, 0, 0]);
  assert.deepEqual([...(second.carried.binary.pairs?.left[0] ?? [])], [pv(40), 0, 0]);
});

test("two runs are compared amount by amount and rank by rank", () => {
  const plan = { ...ladder, bonuses: [levels] };
  const run = (volume: number) => closePeriod(closeOf(plan, networkOf([-1, 0]), [{ owner: 1, volume: pv(volume) }]));
  const compared = compareRuns(run(40), run(100));
  assert.deepEqual(compared.amounts, [{ bonusId: "levels", no: 1, beforeMinor: 0, afterMinor: 1000 }]);
  assert.deepEqual(compared.ranks, [{ no: 1, before: -1, after: 0 }]);
  assert.deepEqual(summarize(run(40)), [{ bonusId: "levels", breakageMinor: 400, paidMinor: 0, payees: 0, cutMinor: 0 }]);
});

test("a back-test compares two plans over past periods, shows progress and writes nothing", () => {
  const retail: Bonus = {
    id: "retail",
    kind: "retail",
    pays: { mode: "percent", base: "net", rates: { "*": "0.10" } },
    ownerMustBeActive: false,
    unqualifiedEarner: "none",
  };
  const inForce = parsePlan(planOf({ ...ladder, bonuses: [levels, retail] }));
  const draft = parsePlan(planOf({ ...ladder, bonuses: [{ ...levels, rates: { "*": ["0.05", "0.10"] } }, retail] }));
  const {
    plan: _p,
    carried: _c,
    ...close
  } = closeOf(ladder, networkOf([-1, 0]), [
    { owner: 0, volume: pv(60) },
    { owner: 1, volume: pv(100) },
  ]);
  const { plan: _q, ...order } = orderOf(inForce, { upline: [distributorOf("d0001")], lines: [lineOf({ netMinor: 1000n })] });
  const run = backTest({ inForce, draft }, [
    { close, orders: [order] },
    { close: { ...close, periodId: "p2" }, orders: [] },
  ]);
  const steps: string[] = [];
  let next = run.next();
  for (; !next.done; next = run.next())
    steps.push(`${next.value.periodId} ${next.value.plan} ${next.value.done}/${next.value.of}`);
  assert.deepEqual(steps, ["p1 in force 0/4", "p1 draft 1/4", "p2 in force 2/4", "p2 draft 3/4"]);
  const test = next.value;
  assert.equal(
    backTestCsv(test, (no) => `=d${no}`),
    "distributor,in_force,draft,change,currency\n'=d0,12.00,26.00,14.00,USD\n'=d1,21.00,11.00,-10.00,USD\n",
  );
  const summary = backTestSummary(test);
  assert.deepEqual(
    [summary.inForcePaid, summary.draftPaid, summary.inForcePercentOfCv, summary.winners, summary.losers],
    ["33.00", "37.00", "10.31", 1, 1],
  );
});

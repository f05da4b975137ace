import { assert, expect, test } from "vitest";
import { parsePlan } from "../plan/parse.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { distributorOf, lineOf, orderOf, planOf, rankOf } from "../plan/testing.ts";
import { backTest, backTestSummary } from "./backtest.ts";
import { closePeriod } from "./close.ts";
import { explainClose } from "./explain.ts";
import { explainSources } from "./explain-source.ts";
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
  expect([...result.ranks.paidAs]).toStrictEqual([1, 0, 0, 0]);
  const deeper = closePeriod(
    closeOf(
      ladder,
      networkOf([-1, 0, 1, 1], { recentRanks: [Int16Array.from([1, -1, -1, -1])] }),
      rows.map((row) => ({ ...row, volume: row.volume * 3 })),
    ),
  );
  expect([...deeper.ranks.paidAs]).toStrictEqual([2, 1, 0, 0]);
  expect([...deeper.ranks.title]).toStrictEqual([2, 1, 0, 0]);
});

test("grace keeps a rank for a while, a constraint caps it, an override decides, and both expire", () => {
  const rows = [{ owner: 0, volume: pv(60) }];
  const held = { recentRanks: [Int16Array.from([1])], title: Int16Array.from([1]) };
  const rankOfRun = (network: Parameters<typeof networkOf>[1]): number =>
    closePeriod(closeOf(ladder, networkOf([-1], { ...held, ...network }), rows)).ranks.paidAs[0] as number;
  expect(rankOfRun({})).toBe(1);
  expect(rankOfRun({ graceUsed: Uint8Array.from([1]) })).toBe(0);
  expect(rankOfRun({ directives: [{ no: 0, kind: "constraint", rankNo: 0, until: 10 }] })).toBe(0);
  expect(
    rankOfRun({
      directives: [
        { no: 0, kind: "constraint", rankNo: -1, until: 10 },
        { no: 0, kind: "override", rankNo: 2, until: 10 },
      ],
    }),
  ).toBe(2);
  expect(rankOfRun({ directives: [{ no: 0, kind: "override", rankNo: 2, until: -1 }] })).toBe(1);
});

test("a distributor's close is explained with the numbers, and what the next rank lacks", () => {
  const network = networkOf([-1, 0, 0]);
  const input = closeOf({ ...ladder, bonuses: [levels] }, network, [
    { owner: 0, volume: pv(80) },
    { owner: 1, volume: pv(300) },
    { owner: 2, volume: pv(20) },
  ]);
  const told = explainClose(input, closePeriod(input, { details: true }), 0);
  expect(told.activity).toBe("active: 80 PV of 50 needed");
  expect(told.rank).toBe("paid as Bronze; highest title Bronze");
  expect(told.nextRank).toStrictEqual([
    "for Silver:",
    "personal volume: needs 100, had 80: 20 short",
    "group volume counted under the max-leg rule: needs 500, had 350: 150 short",
    "active frontline: needs 2, had 1",
  ]);
  expect(told.bonuses).toMatchObject([{ bonusId: "levels", amount: "8.00 USD", lines: ["level 1 on d0000: 8.00 USD"] }]);
  const two = explainClose(input, closePeriod(input), 2);
  expect(two.activity).toBe("not active: 50 PV needed, had 20");
});

test("why an upline was not paid on somebody's volume, from the close's inputs alone", () => {
  const two: Bonus = {
    ...levels,
    rates: { bronze: ["0.10"], silver: ["0.10", "0.05"] },
    snapshot: "close",
    compression: "standard",
  };
  const input = closeOf({ ...ladder, bonuses: [two] }, networkOf([-1, 0, 1]), [
    { owner: 0, volume: pv(60) },
    { owner: 1, volume: pv(30) },
    { owner: 2, volume: pv(80) },
  ]);
  const result = closePeriod(input);
  const told = explainSources(input, result, [2]);
  expect(told.map((step) => `${step.distributorId}: ${step.text}`)).toStrictEqual([
    "d0002: level 1: Bronze earns 10% of 80.00 = 8.00 USD",
    "d0001: level 2: being active needs 50 PV, had 30: 20 PV short; skipped, the level goes to the next",
    "d0000: level 2: Bronze is not paid here, Silver is the lowest rank that is; not earned, the level is used",
    "null: level 2: nobody qualified for 5% of 80.00: 4.00 USD stay with the company",
  ]);
});

test("volume is told market by market, and a bonus of one market tells of its own volume alone", () => {
  const german: Bonus = { ...levels, id: "german", appliesTo: { markets: ["DE"] } };
  const input = closeOf(
    { ...ladder, cvRates: { "*": "1", CH: "0.5" }, bonuses: [levels, german] },
    networkOf([-1, 0]),
    [60, 80, 100].map((units, index) => ({ owner: index === 0 ? 0 : 1, volume: pv(units) })),
  );
  const orders = { ...input.orders, markets: ["*", "DE", "CH"], marketNo: Uint16Array.of(0, 1, 2) };
  const told = explainSources({ ...input, orders }, closePeriod({ ...input, orders }), [1]);
  expect(told.map((step) => `${step.bonusId} ${step.distributorId}: ${step.text}`)).toStrictEqual([
    "levels d0001: level 1: Bronze earns 10% of 80.00 = 8.00 USD",
    "german d0001: level 1: Bronze earns 10% of 80.00 = 8.00 USD",
    "levels d0001: level 1: Bronze earns 10% of 50.00 = 5.00 USD",
  ]);
});

test("broken input is named: a cycle, a stranger, a volume that is not whole", () => {
  const refused = (input: () => unknown, text: RegExp): void =>
    expect(input).toThrow(expect.toSatisfy((error: Error) => error instanceof CloseInputError && text.test(error.message)));
  refused(() => closePeriod(closeOf(ladder, networkOf([1, 0]), [])), /cycle: 2 distributors/);
  refused(() => closePeriod(closeOf(ladder, networkOf([-1]), [{ owner: 3, volume: 1 }])), /orders.owner\[0\] is no distributor/);
  refused(() => closePeriod(closeOf(ladder, networkOf([-1]), [{ owner: 0, volume: 0.5 }])), /not whole/);
});

test("a period is closed by two people and reopened only by superseding", () => {
  const open: PeriodState = { kind: "open" };
  const closing = advancePeriod(open, { act: "prepare", runId: "r1", by: "ann" });
  assert.ok(closing.kind === "done");
  expect(advancePeriod(closing.state, { act: "confirm", runId: "r1", by: "ann" })).toStrictEqual({
    kind: "refused",
    reason: "same-person",
  });
  expect(advancePeriod(closing.state, { act: "confirm", runId: "r0", by: "bob" })).toStrictEqual({
    kind: "refused",
    reason: "other-run",
  });
  const closed = advancePeriod(closing.state, { act: "confirm", runId: "r1", by: "bob" });
  assert.ok(closed.kind === "done" && closed.state.kind === "closed");
  expect(advancePeriod(closed.state, { act: "prepare", runId: "r2", by: "ann" })).toStrictEqual({
    kind: "refused",
    reason: "not-open",
  });
  const again = advancePeriod(closed.state, { act: "supersede", runId: "r2", preparedBy: "ann", confirmedBy: "bob" });
  assert.ok(again.kind === "done" && again.state.kind === "closed" && again.state.supersedes === "r1");
  expect(advancePeriod(closing.state, { act: "cancel", by: "ann" }).kind).toBe("done");
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
  expect([...(second.bonuses[0]?.amounts ?? [])]).toStrictEqual([600, 0, 0]);
  expect([...(second.carried.binary.pairs?.left[0] ?? [])]).toStrictEqual([pv(40), 0, 0]);
});

test("two runs are compared amount by amount and rank by rank", () => {
  const plan = { ...ladder, bonuses: [levels] };
  const run = (volume: number) => closePeriod(closeOf(plan, networkOf([-1, 0]), [{ owner: 1, volume: pv(volume) }]));
  const compared = compareRuns(run(40), run(100));
  expect(compared.amounts).toStrictEqual([{ bonusId: "levels", no: 1, beforeMinor: 0, afterMinor: 1000 }]);
  expect(compared.ranks).toStrictEqual([{ no: 1, before: -1, after: 0 }]);
  expect(summarize(run(40))).toStrictEqual([{ bonusId: "levels", breakageMinor: 400, paidMinor: 0, payees: 0, cutMinor: 0 }]);
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
  const past = {
    ids: close.network.ids ?? [],
    currency: close.currency,
    orders: [{ ...order, placedAt: "1970-01-01T00:00:00.001Z" }],
    closes: [
      { periodId: "p1", startsAt: 0, endsAt: 10, input: () => ({ ...close, endsAt: 10 }) },
      { periodId: "p2", startsAt: 10, endsAt: 20, input: () => ({ ...close, periodId: "p2", endsAt: 20 }) },
    ],
  };
  const run = backTest({ inForce: { ...past, plan: inForce }, draft: { ...past, plan: draft } });
  const steps: string[] = [];
  let next = run.next();
  for (; !next.done; next = run.next())
    steps.push(`${next.value.periodId} ${next.value.plan} ${next.value.done}/${next.value.of}`);
  expect(steps).toStrictEqual(["p1 in force 0/4", "p2 in force 1/4", "p1 draft 2/4", "p2 draft 3/4"]);
  const test = next.value;
  expect([test.currency, test.winners, test.losers]).toStrictEqual([
    "USD",
    [{ no: 0, beforeMinor: 1200, afterMinor: 2600 }],
    [{ no: 1, beforeMinor: 2100, afterMinor: 1100 }],
  ]);
  const summary = backTestSummary(test);
  expect([summary.inForcePaid, summary.draftPaid, summary.inForcePercentOfCv, summary.winners, summary.losers]).toStrictEqual([
    "33.00",
    "37.00",
    "10.31",
    1,
    1,
  ]);
});

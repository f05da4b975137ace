import { expect, test } from "vitest";
import type { BinaryBonus } from "../plan/binary.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Bonus } from "../plan/schema.ts";
import { planOf, rankOf } from "../plan/testing.ts";
import { type CloseResult, closePeriod } from "./close.ts";
import { explainClose } from "./explain.ts";
import { type CloseNetwork, NOTHING_CARRIED } from "./input.ts";
import { pairSides, remainder } from "./pairing.ts";
import { closeOf, networkOf } from "./testing.ts";

const sides = (left: number, right: number, carriedLeft = 0, carriedRight = 0) => ({ left, right, carriedLeft, carriedRight });
const tenth = { num: 1, den: 10 };

test("each way of paying pairs, worked by hand", () => {
  const percent = { mode: "percent" as const, ...tenth };
  expect(pairSides(sides(300, 200), percent, null, "half-up")).toStrictEqual({
    usedLeft: 200,
    usedRight: 200,
    matched: 200,
    amountMinor: 20,
    cutMinor: 0,
  });
  const ratio = { mode: "ratio" as const, ...tenth };
  expect(pairSides(sides(400, 200), ratio, null, "half-up").amountMinor).toBe(10);
  const table = {
    mode: "table" as const,
    steps: [
      { weak: 100, paysMinor: 5 },
      { weak: 250, paysMinor: 20 },
    ],
  };
  expect(pairSides(sides(300, 240), table, null, "half-up")).toStrictEqual({
    usedLeft: 100,
    usedRight: 100,
    matched: 100,
    amountMinor: 5,
    cutMinor: 0,
  });
  const cycle = { mode: "cycle" as const, strong: 200, weak: 100, paysMinor: 14 };
  expect(pairSides(sides(500, 400), cycle, null, "half-up")).toStrictEqual({
    usedLeft: 500,
    usedRight: 400,
    matched: 3,
    amountMinor: 42,
    cutMinor: 0,
  });
});

test("a binding cap: capped-off volume is used up, or stays", () => {
  const percent = { mode: "percent" as const, ...tenth };
  expect(pairSides(sides(300, 200), percent, { atMostMinor: 15, volume: "consumed" }, "half-up")).toStrictEqual({
    usedLeft: 200,
    usedRight: 200,
    matched: 200,
    amountMinor: 15,
    cutMinor: 5,
  });
  expect(pairSides(sides(300, 200), percent, { atMostMinor: 15, volume: "kept" }, "half-up")).toStrictEqual({
    usedLeft: 150,
    usedRight: 150,
    matched: 150,
    amountMinor: 15,
    cutMinor: 5,
  });
  const cycle = { mode: "cycle" as const, strong: 100, weak: 100, paysMinor: 10 };
  expect(pairSides(sides(500, 500), cycle, { atMostMinor: 35, volume: "kept" }, "half-up").matched).toBe(3);
  expect([remainder("carry", 70, 30), remainder("net-off", 70, 30), remainder("flush", 70, 30)]).toStrictEqual([
    { left: 70, right: 30 },
    { left: 40, right: 0 },
    { left: 0, right: 0 },
  ]);
});

const bonus: BinaryBonus = {
  id: "pairs",
  kind: "binary",
  snapshot: "close",
  tree: "binary",
  pay: { mode: "percent", rates: { "*": "0.10" } },
  remainder: "carry",
  flushIfInactive: false,
  cappedVolume: "consumed",
};
const three = (overrides: Partial<CloseNetwork> = {}): CloseNetwork =>
  networkOf([-1, 0, 0], {
    placements: { binary: { parent: Int32Array.from([-1, 0, 0]), leg: Uint8Array.from([0, 0, 1]) } },
    ...overrides,
  });

function periods(more: Partial<BinaryBonus>, volumes: readonly (readonly [number, number])[], network = three()): CloseResult[] {
  const plan = parsePlan(planOf({ bonuses: [{ ...bonus, ...more }] }));
  const results: CloseResult[] = [];
  for (const [left, right] of volumes) {
    const rows = [
      { owner: 1, volume: left * 10_000 },
      { owner: 2, volume: right * 10_000 },
    ];
    results.push(closePeriod(closeOf(plan, network, rows, { carried: results.at(-1)?.carried ?? NOTHING_CARRIED })));
  }
  return results;
}

const paid = (results: readonly CloseResult[]): number[] => results.map((result) => result.bonuses[0]?.amounts[0] ?? 0);

test("carried volume expires after so many closes, the oldest first, and a cap limits it", () => {
  expect(
    paid(
      periods({}, [
        [100, 0],
        [0, 0],
        [0, 80],
      ]),
    ),
  ).toStrictEqual([0, 0, 800]);
  expect(
    paid(
      periods({ expiresAfterPeriods: 1 }, [
        [100, 0],
        [0, 0],
        [0, 80],
      ]),
    ),
  ).toStrictEqual([0, 0, 0]);
  expect(
    paid(
      periods({ expiresAfterPeriods: 2 }, [
        [100, 0],
        [50, 0],
        [0, 80],
      ]),
    ),
  ).toStrictEqual([0, 0, 800]);
  expect(
    paid(
      periods({ expiresAfterPeriods: 2 }, [
        [100, 0],
        [50, 0],
        [0, 80],
        [0, 100],
      ]),
    ),
  ).toStrictEqual([0, 0, 800, 500]);
  expect(
    paid(
      periods({ carryCap: "30" }, [
        [100, 0],
        [0, 80],
      ]),
    ),
  ).toStrictEqual([0, 300]);
  expect(
    paid(
      periods({ remainder: "flush", positionCap: { "*": "3.00" } }, [
        [100, 90],
        [0, 80],
      ]),
    ),
  ).toStrictEqual([300, 0]);
});

test("an inactive position keeps its volume, or loses it where the plan says so", () => {
  const idle = three({ earning: Uint8Array.from([0, 1, 1]) });
  expect(periods({}, [[100, 60]], idle)[0]?.carried.binary.pairs?.left[0]?.[0]).toBe(1_000_000);
  expect(periods({ flushIfInactive: true }, [[100, 60]], idle)[0]?.carried.binary.pairs?.left[0]?.[0]).toBe(0);
  expect(paid(periods({}, [[100, 60]], idle))).toStrictEqual([0]);
});

test("an active enrolment of one's own is needed on each side where the plan asks for it", () => {
  const foreign = three({ sponsor: Int32Array.from([-1, 0, 1]) });
  expect(paid(periods({ activeEnrolledEachSide: true }, [[100, 60]]))).toStrictEqual([600]);
  expect(paid(periods({ activeEnrolledEachSide: true }, [[100, 60]], foreign))).toStrictEqual([0]);
});

test("limits go by any table: what a side carries by a measure, and cycles by title", () => {
  const byOwn = {
    by: "measure",
    measure: "bought",
    applies: "whole",
    rows: [
      { from: "0", row: "30" },
      { from: "10", row: "60" },
    ],
  };
  const limited: BinaryBonus = {
    ...bonus,
    pay: { mode: "cycle", strong: "20", weak: "20", pays: { "*": "5.00" } },
    carryCap: byOwn as BinaryBonus["carryCap"],
    cycleCap: { by: "title", rows: { gold: 2, star: 1, none: 0 } },
  };
  const planWith = (pairs: BinaryBonus) =>
    planOf({
      ranks: [rankOf("star"), rankOf("gold")],
      measures: { bought: { what: "pv", from: "self" } },
      bonuses: [pairs],
    });
  const close = (bought: number, title: number) => {
    const rows = [
      { owner: 0, self: true, volume: bought * 10_000 },
      ...[100, 80].map((volume, i) => ({ owner: i + 1, volume: volume * 10_000 })),
    ];
    const input = closeOf(planWith(limited), three({ title: Int16Array.from([title, -1, -1]) }), rows);
    const { binary, bonuses } = closePeriod(input);
    return [bonuses[0]?.amounts[0], binary.pairs?.carry.left[0]?.[0], binary.pairs?.carry.right[0]?.[0]];
  };
  // Four cycles of 20 and 20 use 80 of both; paid are as many as the title lets be.
  expect([close(0, -1), close(9, 0), close(10, 1)]).toStrictEqual([
    [0, 200_000, 0],
    [500, 200_000, 0],
    [1000, 200_000, 0],
  ]);
  const kept = planWith({ ...limited, cappedVolume: "kept" });
  const rows = [
    { owner: 0, self: true, volume: 100_000 },
    { owner: 1, volume: 1_000_000 },
    { owner: 2, volume: 800_000 },
  ];
  const { binary } = closePeriod(closeOf(kept, three(), rows));
  // No cycle without a title: 100 and 80 stay, of which 60 are carried by who bought 10.
  expect([binary.pairs?.carry.left[0]?.[0], binary.pairs?.carry.right[0]?.[0]]).toStrictEqual([600_000, 600_000]);
});

test("what a cap cut off is what pairs would have paid without it, in percent and in cycles, whether volume is kept or not", () => {
  const match = {
    ...{ id: "match", kind: "matching", snapshot: "close", of: ["pairs"], amounts: "before-caps", cascade: false },
    ...{ rates: { "*": ["0.10"] }, by: { kind: "level", compression: "none" }, who: "everyone" },
  } as Bonus;
  const matched = (more: Partial<BinaryBonus>) => {
    const capped = { ...bonus, positionCap: { "*": "60.00" }, ...more };
    const plan = planOf({ bonuses: [capped, match] });
    // 0 above 1, with 2 and 3 on the sides of 1: 1,000 each.
    const network = networkOf([-1, 0, 1, 1], {
      placements: { binary: { parent: Int32Array.from([-1, 0, 1, 1]), leg: Uint8Array.from([0, 0, 0, 1]) } },
    });
    const rows = [2, 3].map((owner) => ({ owner, volume: 1_000 * 10_000 }));
    const { bonuses, binary } = closePeriod(closeOf(plan, network, rows));
    const ofMatch = bonuses.find(({ bonusId }) => bonusId === "match");
    return [bonuses[0]?.amounts[1], binary.pairs?.usedLeft[1], ofMatch?.amounts[0]];
  };
  // Ten cycles of 20.00 or 20 % of 1,000: 200.00, of which 60.00 are paid; the match is 10 % of 200.00.
  const cycle = { pay: { mode: "cycle" as const, strong: "100", weak: "100", pays: { "*": "20.00" } } };
  const percent = { pay: { mode: "percent" as const, rates: { "*": "0.20" } } };
  const kept = { cappedVolume: "kept" as const };
  expect([matched(cycle), matched({ ...cycle, ...kept }), matched(percent), matched({ ...percent, ...kept })]).toStrictEqual([
    [60_00, 10_000_000, 20_00],
    [60_00, 3_000_000, 20_00],
    [60_00, 10_000_000, 20_00],
    [60_00, 3_000_000, 20_00],
  ]);
  // Two rules: the first makes three cycles of ten, what it keeps the second pays on with what is left of the cap: nothing.
  const both = { ...cycle, ...kept, thenPays: [{ mode: "percent" as const, rates: { "*": "0.01" } }] };
  expect(matched(both)).toStrictEqual([60_00, 3_000_000, 20_00]);
});

test("the explanation names own volume on a side, what several rules used, and pairs that were used up unpaid", () => {
  const told = (more: Partial<BinaryBonus>, minimumPv = "0") => {
    const plan = planOf({
      active: { statuses: ["active"], minimumPv, beforeFirstClose: "active" },
      bonuses: [{ ...bonus, ...more }],
    });
    const rows = [
      { owner: 0, self: true, volume: 150 * 10_000 },
      { owner: 1, volume: 1_000_000 },
      { owner: 2, volume: 800_000 },
    ];
    const input = closeOf(plan, three(), rows);
    return explainClose(input, closePeriod(input, { details: true }), 0).bonuses[0]?.lines;
  };
  expect(told({ ownVolume: "weaker-side", aboveOnly: { from: "140" } })).toStrictEqual([
    "new volume left 100, right 90: 90 matched",
    "own volume in it: left 0, right 10",
  ]);
  expect(told({ ownVolume: "left", aboveOnly: { from: "150" } })?.[1]).toBe("no own volume takes a side");
  const cycle = { mode: "cycle" as const, strong: "60", weak: "30", pays: { "*": "1.00" } };
  expect(told({ pay: cycle, thenPays: [{ mode: "percent", rates: { "*": "0.1" } }] })).toStrictEqual([
    "new volume left 100, right 80: 1 cycles",
    "used by 2 rules in turn: left 100, right 70",
  ]);
  expect(told({ unqualifiedPairs: "used-up" }, "200")).toStrictEqual([
    "new volume left 100, right 80: 0 matched",
    "used up and not paid, because of not qualifying: left 80, right 80",
  ]);
});

import { expect, test } from "vitest";
import { expect as worthOf } from "./expected.ts";

/** Worked out by hand: 49.90 × 2 with 19 % in the price is 83.8655… net, 29.95 with 7 % is 27.9907. */
const ORDER = {
  id: 1,
  status: "processing",
  total: "134.65",
  lines: [
    { id: "11", total: "83.865546" },
    { id: "12", total: "27.990654" },
  ],
  refunds: [],
};

test("every level has its share of each line, rounded half up", () => {
  const { stage, owner, netMinor, earned } = worthOf(ORDER, "ANNA77");
  expect({ stage, owner, netMinor }).toStrictEqual({ stage: "earned", owner: "ANNA", netMinor: 111_86n });
  // 8.39 + 2.80, 4.19 + 1.40, 2.10 + 0.70
  expect([...earned]).toStrictEqual([
    ["1 ANNA", 11_19n],
    ["2 MID", 5_59n],
    ["3 TOP", 2_80n],
  ]);
});

test("a refund of a line is taken from that line alone, money that names none from what is left of all", () => {
  const line = { amount: "41.93", lines: [{ id: "11", total: "-41.93", tax: "0" }] };
  // Line 11 keeps 8.39 − 4.195 → 8.39 − 4.19; level 2: 4.19 − 2.09; level 3: 2.10 − 1.05.
  expect([...worthOf({ ...ORDER, refunds: [line] }, "BEN12").earned]).toStrictEqual([
    ["1 BEN", 7_00n],
    ["2 TOP", 3_50n],
  ]);
  const loose = { amount: "-10.00", lines: [] };
  // 111.86 × 10 ÷ 134.65 = 8.31: 6.23 of line 11 and 2.08 of line 12.
  const { refundedMinor, earned } = worthOf({ ...ORDER, refunds: [loose] }, "CARLA9");
  expect(refundedMinor).toBe(8_31n);
  expect([...earned]).toStrictEqual([
    ["1 CARLA", 10_36n],
    ["2 BEN", 5_18n],
    ["3 TOP", 2_59n],
  ]);
});

test("nothing is left of what was given back whole, is cancelled, not paid yet, or nobody's", () => {
  const whole = { ...ORDER, refunds: [{ amount: "134.65", lines: [] }] };
  expect([...worthOf(whole, "ANNA77").earned]).toStrictEqual([]);
  expect(worthOf({ ...ORDER, status: "cancelled" }, "ANNA77")).toMatchObject({ stage: "void", earned: new Map() });
  expect(worthOf({ ...ORDER, status: "on-hold" }, "ANNA77")).toMatchObject({ stage: "pending", earned: new Map() });
  expect(worthOf(ORDER, null)).toMatchObject({ stage: "earned", owner: null, earned: new Map() });
});

import { DEFAULT_STORE_SETTINGS, netOfLine, refundedNet } from "@upline/core";
import { expect, test } from "vitest";
import { platforms } from "../../platforms.ts";
import { demoDistributors } from "../company.ts";
import { MONTHS } from "./months.ts";
import { joinedIn, LATER_DISTRIBUTORS, MOVES } from "./network-life.ts";
import { deliveryOf, UNREADABLE } from "./shop-bodies.ts";
import { type SoldOrder, soldIn } from "./sold-orders.ts";

const sold = MONTHS.flatMap(soldIn);

test("three thousand orders of six months, each in its month, on three shops", () => {
  // 380 + 430 + 440 + 520 + 600 + 630.
  expect(sold).toHaveLength(3_000);
  expect(sold.map(({ index }) => index)).toStrictEqual(Array.from({ length: 3_000 }, (_, index) => index));
  for (const month of MONTHS) for (const { placedAt } of soldIn(month)) expect(placedAt.toISOString().slice(0, 7)).toBe(month);
  expect(new Set(sold.map(({ platform }) => platform)).size).toBe(3);
  expect(new Set(sold.map(({ fate }) => fate))).toStrictEqual(
    new Set(["kept", "line-back", "all-back", "cancelled", "paid-later"]),
  );
});

/** What the buyer paid for goods, from the drawn lines alone: a tenth off where a code gave it. */
function paidFor(order: SoldOrder, lines = order.lines): bigint {
  const gross = lines.reduce((sum, { unitMinor, quantity }) => sum + unitMinor * quantity, 0);
  return BigInt(order.isDiscounted ? (gross * 9) / 10 : gross);
}

const stateOf = (order: SoldOrder, told: "bought" | "changed") => {
  const { platform, topic, body } = deliveryOf(order, told);
  const said = platforms[platform].normalise({ topic, body, settings: DEFAULT_STORE_SETTINGS });
  if (said.kind !== "order") throw new Error(`${body} is no order`);
  return said.state;
};

test("each shop's bodies say what was sold, by whose code, and what became of it", () => {
  for (const order of sold) {
    const bought = stateOf(order, "bought");
    expect(bought.lines.reduce((sum, line) => sum + netOfLine(line), 0n)).toBe(paidFor(order));
    expect(bought.evidence.map(({ code }) => code)).toStrictEqual(order.code === null ? [] : [order.code]);
    expect(bought.placedAt.slice(0, 19)).toBe(order.placedAt.toISOString().slice(0, 19));
    expect(bought.refunds).toStrictEqual([]);
    if (order.changedAt === null) continue;
    const changed = stateOf(order, "changed");
    expect(changed.revision.at > bought.revision.at).toBe(true);
    const back = [...refundedNet(changed).values()].reduce((sum, minor) => sum + minor, 0n);
    const expected = { "line-back": paidFor(order, order.lines.slice(-1)), "all-back": paidFor(order) } as Record<string, bigint>;
    expect(back).toBe(expected[order.fate] ?? 0n);
    expect(changed.stage.kind).toBe(order.fate === "cancelled" ? "void" : "earned");
  }
});

test("what cannot be read is refused with the field", () => {
  const { platform, topic, body } = UNREADABLE;
  expect(() => platforms[platform].normalise({ topic, body, settings: DEFAULT_STORE_SETTINGS })).toThrow(
    /taxes_included|line_items/,
  );
});

test("whoever joins or moves stands under somebody who is there, and below nobody of their own", () => {
  const there = new Set(demoDistributors().map(({ distributorId }) => distributorId));
  const sponsors = new Set([...demoDistributors(), ...LATER_DISTRIBUTORS].map(({ sponsorId }) => sponsorId));
  expect(MONTHS.flatMap(joinedIn)).toStrictEqual(LATER_DISTRIBUTORS);
  for (const { sponsorId } of LATER_DISTRIBUTORS) expect(there).toContain(sponsorId);
  for (const { distributorId, sponsorId } of MOVES) {
    expect(there).toContain(distributorId);
    expect(there).toContain(sponsorId);
    expect(sponsors).not.toContain(distributorId);
  }
});

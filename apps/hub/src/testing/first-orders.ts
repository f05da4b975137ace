import fc from "fast-check";
import { holdings, type SimpleOrder } from "./simple-orders.ts";
import { TEST_PLAN } from "./test-company.ts";
import type { TestHub } from "./test-hub.ts";

/** Orders of few buyers in series, each with buyers and order numbers of its own, and what the ledger is to hold of them by definition. */

/** A fast start pays 30.00 on a buyer's first order in place of 10.00. */
export const FIRST_ORDER_PLAN = {
  ...TEST_PLAN,
  id: "first-orders",
  bonuses: [
    {
      ...{ id: "levels", kind: "unilevel", snapshot: "order", base: "cv", rates: { "*": ["0.10"] }, levelOne: "owner" },
      ...{ compression: "none", unqualifiedSource: "pay-in-place", unqualifiedEarner: "none" },
    },
    {
      ...{ id: "fast", kind: "fast-start", snapshot: "order", window: { kind: "first-order" }, base: "cv", replaces: ["levels"] },
      ...{ rates: { "*": ["0.30"] }, compression: "none", unqualifiedEarner: "none" },
    },
  ],
};

export const mailOf = (name: string, series: number) => `${name}${series}@example.net`;

export const orderOf = (order: Pick<SimpleOrder, "platform" | "id"> & { hour: number; series: number }): SimpleOrder => ({
  platform: order.platform,
  id: order.series * 1000 + order.id,
  placed: `2026-11-05T${String(order.hour).padStart(2, "0")}:00:00`,
  code: "BOB7",
});

/** What everyone holds of a series' orders. */
export async function heldOf(hub: TestHub, series: number): Promise<string[]> {
  const lines = await holdings(hub);
  return lines.flatMap((line) => {
    const [, platform, id, rest] = /^(\w+) (\d+) (.*)$/.exec(line) ?? [];
    return Math.floor(Number(id) / 1000) === series ? [`${platform} ${Number(id) % 1000} ${rest}`] : [];
  });
}

/** Few buyers who come as guests, with an account and by phone, so that orders are chained in many ways. */
export const lives = fc.array(
  fc.record({
    platform: fc.constantFrom("woocommerce" as const, "shopify" as const, "magento" as const),
    hour: fc.integer({ min: 8, max: 11 }),
    mailbox: fc.constantFrom(undefined, "a", "b", "c"),
    customerId: fc.constantFrom(undefined, 1, 2),
    phone: fc.constantFrom(undefined, "+49301234567", "+49301234568"),
    cancelled: fc.constantFrom(false, false, true),
    told: fc.integer({ min: 12, max: 13 }),
  }),
  { minLength: 4, maxLength: 9 },
);

type Drawn = typeof lives extends fc.Arbitrary<infer All> ? All : never;

/** The orders as they end, and what their shops tell of them: a cancelled one was a good one before, which may come later all the same. */
export function tellLives(drawn: Drawn, series: number) {
  const orders = drawn.map(({ mailbox, hour, told, phone, customerId, ...life }, id) => ({
    ...orderOf({ platform: life.platform, id, hour, series }),
    ...(mailbox === undefined ? {} : { email: mailOf(mailbox, series) }),
    ...(customerId === undefined ? {} : { customerId: customerId + series * 10 }),
    ...(phone === undefined ? {} : { phone: `${phone}${series}` }),
    told: `2026-11-05T${told}:00:00`,
    cancelled: life.cancelled,
  }));
  const deliveries: SimpleOrder[] = orders.flatMap((last) =>
    last.cancelled ? [last, { ...last, told: "2026-11-05T11:30:00", cancelled: false }] : [last],
  );
  return { orders, deliveries };
}

/** By the definition, with every order before every other: the expectation is not what the hub computes it by. */
export function firstsOf(orders: readonly (SimpleOrder & { cancelled: boolean })[]): string[] {
  const identities = ({ platform, email, customerId, phone }: SimpleOrder) =>
    [email && `e${email}`, customerId && `${platform}${customerId}`, phone && `p${phone}`].filter((text) => text !== undefined);
  const isBefore = (a: SimpleOrder, b: SimpleOrder) =>
    a.placed < b.placed || (a.placed === b.placed && (a.id < b.id || (a.id === b.id && a.platform < b.platform)));
  return orders.flatMap((one) => {
    const own = identities(one);
    const shares = (other: SimpleOrder) => identities(other).some((identity) => own.includes(identity));
    const older = orders.some((other) => !other.cancelled && isBefore(other, one) && shares(other));
    if (one.cancelled) return [];
    return [`${one.platform} ${one.id % 1000} ${own.length > 0 && !older ? "fast D09: 3000" : "levels D09: 1000"}`];
  });
}

import { type Path, pathsOf } from "@upline/testing/bodies";
import { expect, test } from "vitest";
import { acceptBySchema } from "./accept.ts";
import { isAcceptable } from "./accept-by-hand.ts";
import type { OrderState } from "./order.ts";

const NOW = new Date("2026-11-20T12:00:00Z");

const STATE: OrderState = {
  platform: "woocommerce",
  orderId: "31",
  orderName: "#31",
  revision: { at: "2026-11-02T10:15:00Z", tie: "b:1" },
  placedAt: "2026-11-02T10:15:00+01:00",
  stage: { kind: "void", reason: "cancelled" },
  platformStatus: "cancelled",
  currency: "EUR",
  totalMinor: 1_000n,
  worthMinor: 1_200n,
  lines: ["1", "2"].map((lineId) => ({
    ...{ lineId, kind: "product", variantId: "7", productId: null, sku: "KIT", name: "Kit", quantity: 1.5 },
    ...{ grossMinor: 600n, discountMinor: 100n, includedTaxMinor: 0n },
  })) as OrderState["lines"],
  refunds: ["r1", "r2"].map((refundId) => ({
    ...{
      refundId,
      at: "2026-11-03T10:15:00Z",
      amountMinor: 100n,
      lines: ["1", "2"].map((lineId) => ({ lineId, netMinor: 25n })),
      proratedMinor: 50n,
    },
    ...{ unlinked: [{ lineIds: ["1", "2"], netMinor: 10n, grossMinor: 12n }], namedMinor: 90n, detail: "full" },
  })) as OrderState["refunds"],
  refundsNotMade: ["r9"],
  buyer: "email:jane@example.com",
  buyerIdentities: [{ kind: "email", value: "jane@example.com" }],
  evidence: [{ source: "discount-code", code: "ANNA10", where: "coupon_lines" }],
  nobody: "shop",
};

const ODD: readonly unknown[] = [
  ...[
    undefined,
    null,
    true,
    0,
    -0,
    -1,
    0.1,
    10_000_000,
    10_000_001,
    Number.NaN,
    0n,
    -1n,
    10n ** 12n,
    10n ** 12n + 1n,
    [],
    {},
    [null],
    [[]],
  ],
  ...[
    "",
    "a",
    "1",
    "2",
    "r1",
    "r2",
    "EUR",
    "eur",
    "product",
    "full",
    "void",
    "pending",
    "earned",
    "shop",
    "magento",
    "manual",
    "phone",
  ],
  ...[
    "a".repeat(255),
    "a".repeat(256),
    "a".repeat(320),
    "a".repeat(321),
    "\u0000",
    "\ud800",
    "é",
    "jane@example.com",
    "jane＠example.com",
  ],
  ...[
    "2026-02-29T10:00:00Z",
    "2026-11-24T00:00:00Z",
    "2026-11-22T23:59:59Z",
    "1969-12-31T23:59:59Z",
    "2026-11-02",
    "2026-11-02T10:15:00",
  ],
];

/** The state with another value at a path, or beside it; without the member where the value is `GONE`. */
function changed(path: Path, name: string, value: unknown): OrderState {
  const copy = structuredClone(STATE);
  const parent = path.slice(0, -1).reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], copy);
  if (value === GONE && Array.isArray(parent)) parent.splice(Number(name), 1);
  else if (value === GONE) delete (parent as Record<string, unknown>)[name];
  else (parent as Record<string, unknown>)[name] = value;
  return copy;
}
const GONE = Symbol("gone");

function expectAgreement(state: OrderState, about: string): boolean {
  const byHand = isAcceptable(state, NOW);
  if (byHand) expect(acceptBySchema(state, NOW), about).toEqual(state);
  return byHand;
}

test("a state that is accepted by hand is what the schema makes of it, whatever stands in the place of any member", () => {
  expect(isAcceptable(STATE, NOW)).toBe(true);
  let accepted = 0;
  for (const path of pathsOf(STATE).slice(1)) {
    const name = path.at(-1) as string;
    for (const value of [...ODD, GONE])
      if (expectAgreement(changed(path, name, value), `${path.join(".")} ${String(value)}`)) accepted++;
    if (Number.isNaN(Number(name))) expectAgreement(changed(path, `${name}New`, 1), `${path.join(".")}New`);
  }
  expect(accepted).toBeGreaterThan(200);
});

test("lists beyond their bounds are not accepted by hand", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  const [line] = STATE.lines;
  const [refund] = STATE.refunds;
  const [evidence] = STATE.evidence;
  if (!line || !refund || !evidence) throw new Error("the state has all of them");
  const lines = (count: number) => ({ ...STATE, lines: many(count).map((lineId) => ({ ...line, lineId })) });
  const refunds = (count: number) => ({ ...STATE, refunds: many(count).map((refundId) => ({ ...refund, refundId })) });
  const codes = (count: number) => ({ ...STATE, evidence: many(count).map(() => evidence) });
  expect([lines(2_000), refunds(2_000), codes(200)].map((state) => isAcceptable(state, NOW))).toStrictEqual([true, true, true]);
  expect([lines(2_001), refunds(2_001), codes(201)].map((state) => isAcceptable(state, NOW))).toStrictEqual([
    false,
    false,
    false,
  ]);
});

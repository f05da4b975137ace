import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type Json } from "./json.ts";
import type { OrderState, Refund } from "./order.ts";
import { orderStateText } from "./order-text.ts";

const text = fc.string({ unit: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom('"', "\\", "\n", "~", "é", "\u2028")) });
const minor = fc.bigInt({ min: 0n, max: 10n ** 12n });
const orNull = <T>(drawn: fc.Arbitrary<T>) => fc.option(drawn, { nil: null });
const maybe = <T>(drawn: fc.Arbitrary<T>) => fc.option(drawn, { nil: undefined });

const line = fc.record({
  lineId: text,
  kind: fc.constantFrom("product" as const, "gift-card" as const),
  variantId: orNull(text),
  productId: orNull(text),
  sku: orNull(text),
  name: text,
  quantity: fc.double({ min: 0, max: 1e7, noNaN: true }),
  grossMinor: minor,
  discountMinor: minor,
  includedTaxMinor: minor,
});

const refund: fc.Arbitrary<Refund> = fc.record({
  refundId: text,
  at: text,
  amountMinor: minor,
  lines: fc.array(fc.record({ lineId: text, netMinor: minor }), { maxLength: 2 }),
  proratedMinor: minor,
  unlinked: maybe(
    fc.array(fc.record({ lineIds: fc.array(text, { maxLength: 2 }), netMinor: minor, grossMinor: minor }), { maxLength: 2 }),
  ),
  namedMinor: maybe(minor),
  detail: fc.constantFrom("full", "summary"),
});

const state: fc.Arbitrary<OrderState> = fc.record({
  platform: fc.constantFrom("shopify", "woocommerce", "magento"),
  orderId: text,
  orderName: text,
  revision: fc.record({ at: text, tie: text }),
  placedAt: text,
  stage: fc.constantFrom({ kind: "earned" }, { kind: "void", reason: "test" }),
  platformStatus: text,
  currency: fc.constantFrom("EUR", "JPY"),
  totalMinor: minor,
  worthMinor: maybe(minor),
  lines: fc.array(line, { maxLength: 3 }),
  refunds: fc.array(refund, { maxLength: 2 }),
  refundsNotMade: maybe(fc.array(text, { maxLength: 2 })),
  buyer: orNull(text),
  buyerIdentities: maybe(fc.array(fc.record({ kind: fc.constantFrom("email", "customer"), value: text }), { maxLength: 2 })),
  evidence: fc.array(fc.record({ source: fc.constantFrom("manual", "discount-code"), code: text, where: text }), {
    maxLength: 2,
  }),
  nobody: maybe(fc.constantFrom("buyer", "shop")),
  subscription: maybe(fc.constant(true as const)),
});

test("property: a state's text is its canonical JSON, with a revision and without", () => {
  fc.assert(
    fc.property(state, (drawn) => {
      expect(orderStateText(drawn)).toBe(canonicalJson(drawn as unknown as Json));
      const { revision: _, ...unrevised } = drawn;
      expect(orderStateText(unrevised)).toBe(canonicalJson(unrevised as unknown as Json));
    }),
  );
});

import { canonicalJson, type Json } from "@upline/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Locked, Snapshot } from "./snapshot.ts";
import { snapshotText } from "./snapshot-text.ts";

const text = fc.string({ unit: "binary" });
const minor = fc.bigInt({ min: 0n, max: 10n ** 12n });
const orNull = <T>(drawn: fc.Arbitrary<T>) => fc.option(drawn, { nil: null });
const maybe = <T>(drawn: fc.Arbitrary<T>) => fc.option(drawn, { nil: undefined });
const revision = fc.record({ at: text, tie: text });
const someOf = <T>(drawn: fc.Arbitrary<T>) => fc.array(drawn, { maxLength: 3 });

const attribution = fc.record({
  distributorId: orNull(text),
  candidates: someOf(
    fc.record({
      source: fc.constantFrom("manual" as const, "discount-code" as const),
      code: text,
      where: text,
      distributorId: orNull(text),
      outcome: fc.constantFrom("chosen" as const, "outranked" as const),
    }),
  ),
  unresolved: fc.boolean(),
});

const upline = someOf(
  fc.record({
    distributorId: text,
    status: text,
    rank: orNull(text),
    periodPv: orNull(minor),
    enrolledAt: text,
    country: orNull(text),
    enrolmentNumber: maybe(orNull(fc.nat())),
  }),
);

const locked = fc.record({
  attribution,
  attributedAt: orNull(revision),
  byEvidence: maybe(fc.record({ attribution, attributedAt: orNull(revision) })),
  byHub: maybe(fc.record({ distributorId: orNull(text), against: orNull(text), revision })),
  buyer: fc.constantFrom("customer" as const, "self" as const),
  buyerHash: orNull(text),
  buyerHashes: someOf(text),
  buyerNamed: orNull(text),
  firstOrder: fc.boolean(),
  planHash: orNull(text),
  upline,
  placements: fc.dictionary(text, upline, { maxKeys: 3 }),
  mappings: fc.dictionary(
    text,
    fc.record({ skuId: text, commissionClass: text, pv: text, qv: text, cv: text, retailMargin: orNull(text) }),
    { maxKeys: 3 },
  ),
}) as fc.Arbitrary<Locked>;

const snapshot = fc.record({
  format: fc.constant("upline-order/2" as const),
  entries: someOf(
    fc.record({ entryKey: text, bonusId: text, lineId: text, level: fc.nat(), earner: orNull(text), amountMinor: minor }),
  ),
  locked,
  state: fc.record({
    platform: fc.constant("shopify" as const),
    orderId: text,
    orderName: text,
    revision,
    placedAt: text,
    stage: fc.constant({ kind: "pending" as const }),
    platformStatus: text,
    currency: fc.constant("EUR"),
    totalMinor: minor,
    lines: fc.constant([]),
    refunds: fc.constant([]),
    buyer: fc.constant(null),
    evidence: fc.constant([]),
  }),
}) as fc.Arbitrary<Snapshot>;

test("property: a snapshot's text is its canonical JSON", () => {
  fc.assert(
    fc.property(snapshot, (drawn) => {
      expect(snapshotText(drawn)).toBe(canonicalJson(drawn as unknown as Json));
    }),
  );
});

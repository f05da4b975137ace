import { canonicalJson, entryKeyOf, type Json, type UplineDistributor } from "@upline/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Locked, readSnapshot, type Snapshot } from "./snapshot.ts";
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
    title: maybe(orNull(text)),
    measures: maybe(fc.dictionary(text, minor, { maxKeys: 2 })),
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
  above: maybe(fc.record({ count: fc.nat(), hash: text })),
  placements: fc.dictionary(text, upline, { maxKeys: 3 }),
  mappings: fc.dictionary(
    text,
    fc.record({ skuId: text, commissionClass: text, pv: text, qv: text, cv: text, retailMargin: orNull(text) }),
    { maxKeys: 3 },
  ),
}) as fc.Arbitrary<Locked>;

const snapshot = fc.record({
  format: fc.constant("upline-order/3" as const),
  entries: someOf(
    fc
      .record({ bonusId: text, lineId: text, level: fc.nat(), earner: orNull(text), amountMinor: minor })
      .map((place) => ({ entryKey: entryKeyOf(place), ...place })),
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

/** As it is stored, said by hand: people and entries as rows, what only some plans ask of people behind the rest. */
function storedOf({ entries, locked, ...rest }: Snapshot): unknown {
  const row = ({ distributorId, status, rank, periodPv, enrolledAt, country, ...more }: UplineDistributor) => [
    ...[distributorId, status, rank, periodPv, enrolledAt, country],
    ...(Object.values(more).some((value) => value !== undefined) ? [more] : []),
  ];
  return {
    ...rest,
    entries: entries.map(({ bonusId, lineId, level, earner, amountMinor }) => [bonusId, lineId, level, earner, amountMinor]),
    locked: {
      ...locked,
      upline: locked.upline.map(row),
      placements: Object.fromEntries(Object.entries(locked.placements).map(([tree, people]) => [tree, people.map(row)])),
    },
  };
}

test("property: a snapshot's text is the canonical JSON of what is stored, and reads back as it was", () => {
  fc.assert(
    fc.property(snapshot, (drawn) => {
      const written = snapshotText(drawn);
      expect(written).toBe(canonicalJson(storedOf(drawn) as Json));
      const { locked, entries } = readSnapshot(JSON.stringify({ ...JSON.parse(written), state: EMPTY_STATE }));
      expect(canonicalJson({ locked, entries } as unknown as Json)).toBe(
        canonicalJson({ locked: drawn.locked, entries: drawn.entries } as unknown as Json),
      );
    }),
  );
});

/** What an order says is read by the schema of orders, which has tests of its own. */
const EMPTY_STATE = {
  ...{ platform: "shopify", orderId: "1", orderName: "#1", placedAt: "2026-11-01T08:00:00Z", stage: { kind: "pending" } },
  ...{ platformStatus: "", currency: "EUR", totalMinor: "0", lines: [], refunds: [], buyer: null, evidence: [] },
  revision: { at: "2026-11-01T08:00:00Z", tie: "" },
};

import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type BookingPeriod, type Destination, destinationOf, type OrderVolume, volumeDifferences } from "./volume-booking.ts";

const day = (text: string): Date => new Date(`2026-${text}T00:00:00Z`);
const [JUNE, JULY, AUGUST] = [6, 7, 8];

/** Three months, of which each is open or closed. */
const months = (june: BookingPeriod["state"], july: BookingPeriod["state"], august: BookingPeriod["state"]): BookingPeriod[] => [
  { periodNo: JUNE, startsAt: day("06-01"), endsAt: day("07-01"), state: june },
  { periodNo: JULY, startsAt: day("07-01"), endsAt: day("08-01"), state: july },
  { periodNo: AUGUST, startsAt: day("08-01"), endsAt: day("09-01"), state: august },
];

const KIND = {
  distributorNo: 7,
  commissionClass: "products",
  market: "DE",
  selfPurchase: false,
  openFastStarts: "",
  currency: "EUR",
};
const volume = (units: bigint, over: Partial<OrderVolume> = {}): OrderVolume => ({
  ...KIND,
  ...{ pv: units, qv: units, cv: units, netMinor: units },
  ...over,
});

const placedAt = day("06-15");
const refund = [volume(-5n)];
const sale = [volume(5n)];

test("an order's own period takes everything while it is open; later facts go to the next open one", () => {
  const to = (periods: BookingPeriod[], differences = sale, policy: "write-off" | undefined = undefined) =>
    destinationOf({ placedAt, differences, lastPeriodNo: null, policy, periods });
  expect(to(months("open", "open", "open"))).toStrictEqual({ kind: "order", periodNo: JUNE });
  expect(to(months("open", "open", "open"), refund, "write-off")).toStrictEqual({ kind: "order", periodNo: JUNE });
  // Whether it is late, or a refund of what was paid, is known once the proposal is carried out or sent back.
  expect(to(months("closing", "open", "open"))).toBe(null);
  expect(to(months("closing", "open", "open"), refund, "write-off")).toBe(null);
  expect(to(months("closed", "closed", "open"))).toStrictEqual({ kind: "late", periodNo: AUGUST });
  expect(to(months("closed", "closed", "closed"))).toBe(null);
  // What a policy on refunds says is nothing to volume that comes.
  expect(to(months("closed", "open", "open"), sale, "write-off")).toStrictEqual({ kind: "late", periodNo: JULY });
  expect(
    to(months("closed", "open", "open"), [volume(-5n), volume(5n, { distributorNo: 8 })], "write-off"),
    "a new owner",
  ).toStrictEqual({ kind: "late", periodNo: JULY });
  expect(
    destinationOf({
      placedAt: day("09-01"),
      differences: sale,
      lastPeriodNo: null,
      policy: undefined,
      periods: months("open", "open", "open"),
    }),
  ).toBe(null);
});

test("a refund of a closed period goes where the plan says", () => {
  const cases: [
    policy: "reverse-delta" | "volume-only-next-period" | "write-off" | undefined,
    lastPeriodNo: number,
    expected: Destination | null,
  ][] = [
    [undefined, JUNE, { kind: "late", periodNo: JULY }],
    ["volume-only-next-period", JUNE, { kind: "late", periodNo: JULY }],
    ["reverse-delta", JUNE, { kind: "shadow", periodNo: JUNE }],
    ["write-off", JUNE, { kind: "written-off", periodNo: null }],
    // Volume that came late to July stands there, and July is open.
    ["reverse-delta", JULY, { kind: "late", periodNo: JULY }],
    ["write-off", JULY, { kind: "late", periodNo: JULY }],
  ];
  for (const [policy, lastPeriodNo, expected] of cases)
    expect(
      destinationOf({ placedAt, differences: refund, lastPeriodNo, policy, periods: months("closed", "open", "open") }),
      `${policy} ${lastPeriodNo}`,
    ).toStrictEqual(expected);
  const late = { placedAt, differences: refund, lastPeriodNo: JULY, periods: months("closed", "closed", "closed") };
  expect(destinationOf({ ...late, policy: "reverse-delta" })).toStrictEqual({ kind: "shadow", periodNo: JULY });
  expect(destinationOf({ ...late, policy: "volume-only-next-period" }), "it waits for a period").toBe(null);
  const closing = { ...late, periods: months("closed", "closing", "open") };
  expect(destinationOf({ ...closing, policy: "write-off" }), "it waits for the close of July").toBe(null);
});

test("refunds in any number of parts leave an order standing where one refund of the whole leaves it", () => {
  const parts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, fc.boolean(), (refunds, isWrittenOff) => {
      const whole = 250n;
      const policy = isWrittenOff ? "write-off" : "reverse-delta";
      const entries: { to: Destination; units: bigint }[] = [];
      let refunded = 0n;
      const book = (periods: BookingPeriod[]): void => {
        const booked = entries.map(({ units }) => volume(units));
        const [difference, ...others] = volumeDifferences([volume(whole - refunded)], booked);
        expect(others).toStrictEqual([]);
        if (difference === undefined) return;
        const lastPeriodNo = entries.findLast(({ units }) => units > 0n)?.to.periodNo ?? null;
        const to = destinationOf({ placedAt, differences: [difference], lastPeriodNo, policy, periods });
        if (to !== null) entries.push({ to, units: difference.pv });
      };
      book(months("open", "open", "open"));
      for (const part of refunds) {
        refunded += BigInt(part);
        book(months("closed", "open", "open"));
        book(months("closed", "open", "open"));
      }
      const total = BigInt(refunds.reduce((sum, part) => sum + part, 0));
      const inKind = (kind: Destination["kind"]): bigint =>
        entries.filter(({ to }) => to.kind === kind).reduce((sum, { units }) => sum + units, 0n);
      expect([inKind("order"), inKind(isWrittenOff ? "written-off" : "shadow")]).toStrictEqual([whole, -total]);
      expect(entries.length, "one entry for each refund").toBe(1 + refunds.length);
    }),
    runs(100),
  );
});

test("differences are by kind of volume, and what is right already makes none", () => {
  const booked = [volume(5n), volume(3n, { market: "AT" }), volume(-3n, { market: "AT" })];
  expect(volumeDifferences([volume(5n)], booked)).toStrictEqual([]);
  expect(volumeDifferences([volume(5n, { distributorNo: 8 })], booked)).toStrictEqual([
    volume(-5n),
    volume(5n, { distributorNo: 8 }),
  ]);
  expect(volumeDifferences([volume(5n, { netMinor: 4n })], booked)).toStrictEqual([
    { ...KIND, pv: 0n, qv: 0n, cv: 0n, netMinor: -1n },
  ]);
});

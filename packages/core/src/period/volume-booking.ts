import type { Plan } from "../plan/schema.ts";

/**
 * Where the volume of an order counts, and with it the plan's policy on refunds after a close. Volume is booked
 * as value is, by difference: what an order should stand at, less what is booked for it. So any split and order of
 * refunds ends where one refund of the whole ends. docs/periods.md tells it to people.
 */

/** What of an order's volume is one entry: everything that a close tells apart. */
export interface VolumeKey {
  readonly distributorNo: number;
  readonly commissionClass: string;
  readonly market: string;
  readonly selfPurchase: boolean;
  /** Ids of the fast starts that were open, with commas between. */
  readonly openFastStarts: string;
  readonly currency: string;
  /** What measures ask of orders besides volume; absent or null where the order's plan never asks. */
  readonly facts?: OrderFacts | null;
}

/** Of the order that a volume is of. */
export interface OrderFacts {
  readonly subscription: boolean;
  /** Whether it is its buyer's first. */
  readonly firstOrder: boolean;
  /** By what its buyer is told from others, with commas between: buyers who share any are the same. "" is a buyer nobody knows. */
  readonly buyer: string;
}

/** Ten-thousandths; net in minor units. */
export interface Volumes {
  readonly pv: bigint;
  readonly qv: bigint;
  readonly cv: bigint;
  readonly netMinor: bigint;
  /** Pieces sold, ten-thousandths; only where `facts` are asked for. */
  readonly items?: bigint;
  /** Goods before discounts, without tax, minor units; only where a close of the order's plan pays on them. */
  readonly retailMinor?: bigint;
  /** By close bonus what is taken off its base, minor units; only where the order's plan has such bonuses. */
  readonly lessMinor?: Readonly<Record<string, bigint>>;
}

export type OrderVolume = VolumeKey & Volumes;

/** What has to be booked so that what is booked becomes what should be: one difference per kind of volume, none of nothing. */
export function volumeDifferences(target: readonly OrderVolume[], booked: readonly OrderVolume[]): OrderVolume[] {
  const sums = new Map<string, OrderVolume>();
  const add = (volume: OrderVolume, sign: 1n | -1n): void => {
    const { distributorNo, commissionClass, market, selfPurchase, openFastStarts, currency, facts = null } = volume;
    const asked = facts === null ? [] : [facts.subscription, facts.firstOrder, facts.buyer];
    const key = [distributorNo, commissionClass, market, selfPurchase, openFastStarts, currency, ...asked].join("\n");
    const sum = sums.get(key);
    sums.set(key, {
      ...{ distributorNo, commissionClass, market, selfPurchase, openFastStarts, currency },
      ...(facts === null ? {} : { facts, items: (sum?.items ?? 0n) + sign * (volume.items ?? 0n) }),
      pv: (sum?.pv ?? 0n) + sign * volume.pv,
      qv: (sum?.qv ?? 0n) + sign * volume.qv,
      cv: (sum?.cv ?? 0n) + sign * volume.cv,
      netMinor: (sum?.netMinor ?? 0n) + sign * volume.netMinor,
      ...moreOf(sum, volume, sign),
    });
  };
  for (const volume of target) add(volume, 1n);
  for (const volume of booked) add(volume, -1n);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, sum]) => (isNothing(sum) ? [] : [sum]));
}

type More = Pick<Volumes, "retailMinor" | "lessMinor">;

/** A sum of what only some plans ask for; what neither has stays out. */
function moreOf(sum: More | undefined, volume: More, sign: 1n | -1n): More {
  const retail = [sum?.retailMinor, volume.retailMinor].some((minor) => minor !== undefined);
  const ids = Object.keys({ ...sum?.lessMinor, ...volume.lessMinor });
  const lessOf = (id: string): bigint => (sum?.lessMinor?.[id] ?? 0n) + sign * (volume.lessMinor?.[id] ?? 0n);
  return {
    ...(retail ? { retailMinor: (sum?.retailMinor ?? 0n) + sign * (volume.retailMinor ?? 0n) } : {}),
    ...(ids.length === 0 ? {} : { lessMinor: Object.fromEntries(ids.map((id) => [id, lessOf(id)])) }),
  };
}

export function isNothing({ pv, qv, cv, netMinor, items = 0n, retailMinor = 0n, lessMinor = {} }: Volumes): boolean {
  const columns = [pv, qv, cv, netMinor, items, retailMinor, ...Object.values(lessMinor)];
  return columns.every((value) => value === 0n);
}

/** Whether an order gave volume back in all, as a refund does; a new owner, or a line mapped late, does not. */
function givesBack(differences: readonly Volumes[]): boolean {
  return differences.reduce((sum, { pv, qv, cv, netMinor }) => sum + pv + qv + cv + netMinor, 0n) < 0n;
}

/**
 * `order`: the order's own period. `late`: a later one that is open. `shadow`: the next run of a closed one, which
 * posts the difference to what it paid. `written-off`: no period, so that nothing is taken back.
 */
export type Destination =
  | { readonly kind: "order" | "late" | "shadow"; readonly periodNo: number }
  | { readonly kind: "written-off"; readonly periodNo: null };

/** A period of the order's plan. */
export interface BookingPeriod {
  readonly periodNo: number;
  readonly startsAt: Date;
  /** The first instant after it. */
  readonly endsAt: Date;
  readonly state: "open" | "closing" | "closed";
}

export interface Booking {
  readonly placedAt: Date;
  /** From `volumeDifferences`, not empty. */
  readonly differences: readonly Volumes[];
  /** The period that took the order's newest volume, null where none has any: what came late is taken back from there. */
  readonly lastPeriodNo: number | null;
  /** Where the plan names none, refunds are volume of the next period. */
  readonly policy: Plan["refundAfterClose"];
  /** Of the order's plan, the oldest first. */
  readonly periods: readonly BookingPeriod[];
}

/**
 * Where a difference of an order goes; null leaves the order for later: no period is open for it yet, or the close of its own is
 * proposed, and may be sent back as well as carried out.
 */
export function destinationOf({ placedAt, differences, lastPeriodNo, policy, periods }: Booking): Destination | null {
  const home = periods.find((period) => period.startsAt <= placedAt && placedAt < period.endsAt);
  if (home === undefined) return null;
  if (home.state === "open") return { kind: "order", periodNo: home.periodNo };
  if (home.state === "closing") return null;
  const open = periods.find((period) => period.state === "open" && period.startsAt > home.startsAt);
  const late: Destination | null = open === undefined ? null : { kind: "late", periodNo: open.periodNo };
  if (!givesBack(differences)) return late;
  const standing = periods.find((period) => period.periodNo === lastPeriodNo) ?? home;
  if (standing.state === "open") return { kind: "late", periodNo: standing.periodNo };
  if (standing.state === "closing") return null;
  switch (policy ?? "volume-only-next-period") {
    case "volume-only-next-period":
      return late;
    case "reverse-delta":
      return { kind: "shadow", periodNo: standing.periodNo };
    case "write-off":
      return { kind: "written-off", periodNo: null };
  }
}

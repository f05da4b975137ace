import type { BinaryBonus } from "../plan/binary.ts";
import { volumeOf } from "../plan/parts.ts";
import { classFilter, takesOrder } from "../plan/takes.ts";
import type { CloseInput, PlacementColumns } from "./input.ts";
import { childrenOf } from "./tree.ts";

/**
 * Binary volume by source order. The close keeps two sums per position; because volume is always used
 * oldest first, the lots behind the sums follow from the orders. They are worked out for one position
 * when somebody asks: which orders fed which pairs, and what an order has left.
 */
export interface Lot {
  readonly orderKey: string;
  readonly period: string;
  readonly quantity: number;
}

/** One pairing: a whole period's match, or one cycle. */
export interface Bite {
  readonly left: number;
  readonly right: number;
}

export interface LotUse {
  readonly orderKey: string;
  readonly period: string;
  readonly quantity: number;
}

export interface PairTrace {
  readonly pairs: readonly { readonly left: readonly LotUse[]; readonly right: readonly LotUse[] }[];
  readonly leftRest: readonly Lot[];
  readonly rightRest: readonly Lot[];
}

/** Takes each bite from the oldest lots. Throws where a side holds less than a bite: a lot is never used twice. */
export function tracePairs(left: readonly Lot[], right: readonly Lot[], bites: readonly Bite[]): PairTrace {
  const leftQueue = new LotQueue(left);
  const rightQueue = new LotQueue(right);
  const pairs = bites.map((bite) => ({ left: leftQueue.take(bite.left), right: rightQueue.take(bite.right) }));
  return { pairs, leftRest: leftQueue.rest(), rightRest: rightQueue.rest() };
}

class LotQueue {
  readonly #lots: readonly Lot[];
  #at = 0;
  #used = 0;

  constructor(lots: readonly Lot[]) {
    this.#lots = lots;
  }

  take(quantity: number): LotUse[] {
    const uses: LotUse[] = [];
    for (let open = quantity; open > 0; ) {
      const lot = this.#lots[this.#at];
      if (lot === undefined) throw new RangeError(`${open} more volume was paired than there is`);
      const part = Math.min(open, lot.quantity - this.#used);
      if (part > 0) uses.push({ orderKey: lot.orderKey, period: lot.period, quantity: part });
      open -= part;
      this.#used += part;
      if (this.#used === lot.quantity) this.#next();
    }
    return uses;
  }

  #next(): void {
    this.#at++;
    this.#used = 0;
  }

  rest(): Lot[] {
    return this.#lots.slice(this.#at).flatMap((lot, i) => {
      const quantity = i === 0 ? lot.quantity - this.#used : lot.quantity;
      return quantity > 0 ? [{ ...lot, quantity }] : [];
    });
  }
}

/** The bites of one position in one close, from what the close says it used. */
export function bitesOf(
  bonus: BinaryBonus,
  used: { left: number; right: number; matched: number },
  sides: { left: number; right: number },
): Bite[] {
  if (bonus.pay.mode !== "cycle") return used.left + used.right === 0 ? [] : [{ left: used.left, right: used.right }];
  const strong = Number(volumeOf(bonus.pay.strong));
  const weak = Number(volumeOf(bonus.pay.weak));
  let { left, right } = sides;
  return Array.from({ length: used.matched }, () => {
    const bite = left >= right ? { left: strong, right: weak } : { left: weak, right: strong };
    left -= bite.left;
    right -= bite.right;
    return bite;
  });
}

/** The new lots of a period under one position, side by side, oldest first; ties by order key. */
export function lotsUnder(input: CloseInput, bonus: BinaryBonus, no: number): { left: Lot[]; right: Lot[] } {
  const placement = input.network.placements[bonus.tree] as PlacementColumns;
  const side = sidesBelow(placement, input.network.count, no);
  const takesClass = classFilter(bonus, input.plan);
  const { orders, plan } = input;
  const rows: { lot: Lot; at: number; leg: number }[] = [];
  for (let row = 0; row < orders.owner.length; row++) {
    const leg = side[orders.owner[row] as number] as number;
    const self = orders.self[row] === 1;
    const market = orders.markets[orders.marketNo[row] as number] ?? null;
    if (leg < 0 || !takesClass(plan.commissionClasses[orders.classNo[row] as number]?.id ?? "")) continue;
    if (
      !takesOrder(bonus.appliesTo, { market, buyer: self ? "self" : "customer" }) ||
      (self && plan.ownPurchase === "pays-nobody")
    )
      continue;
    const lot = {
      orderKey: orders.orderKeys?.[row] ?? String(row).padStart(10, "0"),
      period: input.periodId,
      quantity: orders.cv[row] as number,
    };
    rows.push({ lot, at: orders.placedAt?.[row] ?? 0, leg });
  }
  rows.sort((a, b) => a.at - b.at || (a.lot.orderKey < b.lot.orderKey ? -1 : 1));
  return {
    left: rows.filter((row) => row.leg === 0).map((row) => row.lot),
    right: rows.filter((row) => row.leg === 1).map((row) => row.lot),
  };
}

/** For everyone below a position the leg they hang under, -1 for everyone else. */
function sidesBelow(placement: PlacementColumns, count: number, no: number): Int8Array {
  const side = new Int8Array(count).fill(-1);
  const below = childrenOf(placement.parent, count);
  const open: number[] = [];
  const visit = (from: number, leg: (child: number) => number): void => {
    for (let i = below.start[from] as number; i < (below.start[from + 1] as number); i++) {
      const child = below.list[i] as number;
      side[child] = leg(child);
      open.push(child);
    }
  };
  visit(no, (child) => placement.leg[child] as number);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const leg = side[next] as number;
    visit(next, () => leg);
  }
  return side;
}

/** Every pair an order fed at one position: what a refund of it reaches. */
export function pairsFedBy(trace: PairTrace, orderKey: string): { pair: number; side: "left" | "right"; quantity: number }[] {
  return trace.pairs.flatMap(({ left, right }, pair) =>
    (["left", "right"] as const).flatMap((side) =>
      (side === "left" ? left : right)
        .filter((use) => use.orderKey === orderKey)
        .map((use) => ({ pair, side, quantity: use.quantity })),
    ),
  );
}

import { divideHalfUp } from "../money.ts";
import { type CloseResult, closePeriod } from "./close.ts";
import type { Carried, CloseInput, CloseOrders } from "./input.ts";

/**
 * What a refund does to closes that are already paid. The chain of closes from the refunded order's
 * period on is computed again in the shadow, with the row's volume cut by the share refunded *so far*;
 * only the difference to what has been posted is posted. So any split and order of refunds ends where a
 * full recompute ends. Commission-plans section 9.
 */
export type RefundPolicy = "reverse-delta" | "volume-only-next-period" | "write-off";

/** A row of a closed period and how much of it has been refunded in all, as a fraction. */
export interface RefundedRow {
  /** Position of the close in the chain. */
  readonly closeNo: number;
  readonly row: number;
  readonly refunded: { readonly num: bigint; readonly den: bigint };
}

/** What is posted for a chain so far: minor units by bonus and distributor, over all its closes. */
export type Posted = Readonly<Record<string, Float64Array>>;

export interface Adjustment {
  readonly bonusId: string;
  readonly no: number;
  /** Negative takes back. */
  readonly amountMinor: number;
}

export interface RefundOutcome {
  readonly policy: RefundPolicy;
  /** To be posted: nothing unless the policy is `reverse-delta`. */
  readonly adjustments: readonly Adjustment[];
  /** What reversing would have taken back, for `write-off` records and reports. */
  readonly foregoneMinor: number;
  /** What the next close starts from, where the shadow changed it; else null. */
  readonly carried: Carried | null;
  /** Rows to add to the next period, for `volume-only-next-period`. */
  readonly nextRows: readonly NextRow[];
}

export interface NextRow {
  readonly owner: number;
  readonly classNo: number;
  readonly marketNo: number;
  readonly self: number;
  readonly pv: number;
  readonly qv: number;
  readonly cv: number;
}

export interface RefundCase {
  readonly policy: RefundPolicy;
  /** Closes from the first refunded period to the last closed one, in order, as they were computed. */
  readonly chain: readonly CloseInput[];
  readonly refunds: readonly RefundedRow[];
  readonly posted: Posted;
  /** Whether ranks that were paid stand, which is usual, or are judged anew. */
  readonly ranks: "as-paid" | "judged-anew";
  /** Shares refunded before this call, for `volume-only-next-period`: their rows were sent already. */
  readonly alreadySent?: readonly RefundedRow[];
}

/** Answers what to post, carry or send to the next period. Pure; throws what `closePeriod` throws. */
export function refundAfterClose(refund: RefundCase): RefundOutcome {
  const { policy } = refund;
  if (policy === "volume-only-next-period") {
    return { policy, adjustments: [], foregoneMinor: 0, carried: null, nextRows: nextRows(refund) };
  }
  const shadow = shadowChain(refund);
  const adjustments = differences(shadow.posted, refund.posted);
  if (policy === "reverse-delta") return { policy, adjustments, foregoneMinor: 0, carried: shadow.carried, nextRows: [] };
  return {
    policy,
    adjustments: [],
    foregoneMinor: adjustments.reduce((sum, one) => sum - one.amountMinor, 0),
    carried: null,
    nextRows: [],
  };
}

/** Everything a chain of closes pays, as it would be posted. */
export function postedOf(results: readonly CloseResult[]): Record<string, Float64Array> {
  const posted: Record<string, Float64Array> = {};
  for (const result of results) {
    for (const { bonusId, amounts } of result.bonuses) {
      posted[bonusId] ??= new Float64Array(amounts.length);
      const sum = posted[bonusId];
      amounts.forEach((amount, no) => {
        sum[no] = (sum[no] as number) + amount;
      });
    }
  }
  return posted;
}

/** What is posted after an outcome, for the next refund of the same chain. */
export function postAdjustments(posted: Posted, adjustments: readonly Adjustment[]): Record<string, Float64Array> {
  const next = Object.fromEntries(Object.entries(posted).map(([id, amounts]) => [id, amounts.slice()]));
  for (const { bonusId, no, amountMinor } of adjustments) {
    const amounts = next[bonusId];
    if (amounts !== undefined) amounts[no] = (amounts[no] as number) + amountMinor;
  }
  return next;
}

/** The chain again with the refunded volumes, each close on what the shadow before it carried over. */
export function shadowChain(refund: Pick<RefundCase, "chain" | "refunds" | "ranks">): {
  posted: Record<string, Float64Array>;
  carried: Carried | null;
  results: CloseResult[];
} {
  const results: CloseResult[] = [];
  refund.chain.forEach((original, closeNo) => {
    const before = results.at(-1);
    const carried = before === undefined ? original.carried : { ...before.carried, earned: original.carried.earned };
    const orders = refundedOrders(
      original.orders,
      refund.refunds.filter((one) => one.closeNo === closeNo),
    );
    const ranks = refund.ranks === "as-paid" ? { fixedRanks: closePeriod(original).ranks.paidAs } : {};
    results.push(closePeriod({ ...original, carried, orders, ...ranks }));
  });
  return { posted: postedOf(results), carried: results.at(-1)?.carried ?? null, results };
}

function refundedOrders(orders: CloseOrders, refunds: readonly RefundedRow[]): CloseOrders {
  if (refunds.length === 0) return orders;
  const net = orders.netMinor === undefined ? {} : { netMinor: orders.netMinor.slice() };
  const cut = { ...orders, pv: orders.pv.slice(), qv: orders.qv.slice(), cv: orders.cv.slice(), ...net };
  for (const refund of refunds) {
    for (const column of [cut.pv, cut.qv, cut.cv, cut.netMinor]) {
      if (column !== undefined)
        column[refund.row] = (column[refund.row] as number) - partOf(column[refund.row] as number, refund);
    }
  }
  return cut;
}

function partOf(value: number, refund: RefundedRow): number {
  return Number(divideHalfUp(BigInt(value) * refund.refunded.num, refund.refunded.den));
}

function differences(shadow: Posted, posted: Posted): Adjustment[] {
  return Object.entries(shadow).flatMap(([bonusId, amounts]) => {
    const found: Adjustment[] = [];
    amounts.forEach((amount, no) => {
      const amountMinor = amount - (posted[bonusId]?.[no] ?? 0);
      if (amountMinor !== 0) found.push({ bonusId, no, amountMinor });
    });
    return found;
  });
}

/** Negative rows for what was refunded since the last call, so that the parts sum to the whole. */
function nextRows({ chain, refunds, alreadySent }: RefundCase): NextRow[] {
  return refunds.map((refund) => {
    const orders = (chain[refund.closeNo] as CloseInput).orders;
    const sent = alreadySent?.find((one) => one.closeNo === refund.closeNo && one.row === refund.row);
    const open = (value: number): number => (sent === undefined ? 0 : partOf(value, sent)) - partOf(value, refund);
    const { row } = refund;
    return {
      owner: orders.owner[row] as number,
      classNo: orders.classNo[row] as number,
      marketNo: orders.marketNo[row] as number,
      self: orders.self[row] as number,
      pv: open(orders.pv[row] as number),
      qv: open(orders.qv[row] as number),
      cv: open(orders.cv[row] as number),
    };
  });
}

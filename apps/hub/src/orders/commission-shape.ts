import { z } from "@hono/zod-openapi";
import { type CommissionEntry, divideHalfUp, explainCommission, inEnglish, type Ratio, type Reason, reason } from "@upline/core";
import { reasonShape } from "../http/reason-shape.ts";
import { amountText, currencyText, decimal, distributorText, idText } from "../http/shapes.ts";
import type { EntrySum } from "./commission-queries.ts";
import { recompute } from "./decide.ts";
import type { PlanBook } from "./directory.ts";
import type { Snapshot } from "./snapshot.ts";

/** One commission of an order, as the API shows it. */
export const commission = z
  .object({
    entry: z.string().openapi({ example: "level-pay:1:1:9012", description: "Names the commission within its order" }),
    order_id: idText,
    line_id: z.string().openapi({ example: "1" }),
    bonus: z.string().openapi({ example: "level-pay", description: "The bonus of the plan" }),
    level: z.int().openapi({ example: 1, description: "1 is the first to be paid, 2 the next one up; 0 is the owner's own" }),
    distributor_id: distributorText.nullable().openapi({ description: "Who earns it; null is the company: nobody qualified" }),
    rate: z.string().openapi({ example: "0.05" }),
    base: decimal.openapi({ example: "99.00", description: "What the rate applies to" }),
    original: decimal.openapi({ description: "What the order's newest state earns before refunds" }),
    amount: decimal.openapi({ description: "What stands in the ledger now" }),
    reversed: decimal.openapi({ example: "0.00", description: "What was taken back so far" }),
    currency: currencyText,
    explanation: z.string().openapi({ example: "level 1: Gold earns 5% of 99.00 = 4.95 USD" }),
    reason: reasonShape,
  })
  .openapi("Commission");
export type CommissionAnswer = z.infer<typeof commission>;

/** What a snapshot says of one entry: computed again from its stored inputs. */
export interface DescribedEntry extends CommissionEntry {
  readonly reason: Reason;
}

export function describeEntries(snapshot: Snapshot, plans: PlanBook): Map<string, DescribedEntry> {
  const computation = recompute(snapshot, plans);
  return new Map(computation.entries.map((entry) => [entry.entryKey, { ...entry, reason: reasonOf(computation, entry) }]));
}

function reasonOf(computation: ReturnType<typeof recompute>, entry: CommissionEntry): Reason {
  const last = explainCommission(computation, entry).at(-1);
  if (last === undefined) throw new Error("no step of the order's walk leads to its commission");
  return last.reason;
}

/** `sum` is null where nothing was booked: the order is pending, or the amount is expected only. */
export function commissionAnswer(args: {
  orderNo: bigint;
  currency: string;
  entry: DescribedEntry;
  sum: EntrySum | null;
  /** False for what the order's newest state no longer earns: after an edit, or for a former upline. */
  current: boolean;
}): CommissionAnswer {
  const { orderNo, currency, entry, sum, current } = args;
  const booked = sum?.bookedMinor ?? 0n;
  const reversed = sum?.reversedMinor ?? 0n;
  const told = current ? entry.reason : reason("no-longer-earned", {}, [entry.reason]);
  return {
    entry: entry.entryKey,
    order_id: String(orderNo),
    line_id: entry.lineId,
    bonus: entry.bonusId,
    level: entry.level,
    distributor_id: entry.earner,
    rate: rateText(entry.rate),
    base: amountText(divideHalfUp(entry.base.num, entry.base.den), currency),
    original: amountText(current ? entry.amountMinor : 0n, currency),
    amount: amountText(booked - reversed, currency),
    reversed: amountText(reversed, currency),
    currency,
    explanation: inEnglish(told),
    reason: told,
  };
}

/** An exact ratio as decimal text of at most eight decimals: 5/100 is "0.05". */
export function rateText(rate: Ratio): string {
  const units = divideHalfUp(rate.num * 100_000_000n, rate.den)
    .toString()
    .padStart(9, "0");
  const fraction = units.slice(-8).replace(/0+$/, "");
  return fraction === "" ? units.slice(0, -8) : `${units.slice(0, -8)}.${fraction}`;
}

import { exchangeOf, minorRate, moneyCurrency, type Plan, type Ratio } from "@upline/core";
import type { Directory } from "./directory.ts";
import type { Locked, LockedExchange } from "./snapshot.ts";

/**
 * The rate by which an order's money becomes its plan's: found once, by the day the order was placed, and then kept, so that
 * the order comes to the same again. Undefined where both are the same; a rate of null is missing, and is looked for again.
 */
export function lockExchange(
  order: { readonly currency: string; readonly at: number; readonly plan: Plan | null; readonly before: Locked | null },
  directory: Pick<Directory, "rates">,
): LockedExchange | undefined {
  const { currency, at, plan, before } = order;
  if (before?.exchange != null && before.exchange.rate !== null) return before.exchange;
  if (plan === null) return undefined;
  const found = exchangeOf(plan, { currency, at }, directory.rates);
  if (found.kind === "same") return undefined;
  return { from: found.from, to: found.to, rate: found.kind === "rate" ? found.rate : null };
}

/** The currency into which an order's money has no rate yet, or null: such an order waits. */
export function missingRate({ exchange }: Pick<Locked, "exchange">): string | null {
  return exchange?.rate === null ? exchange.to : null;
}

/** Minor units of the plan's currency for one of the order's, where they differ and there is a rate. */
export function lockedRate({ exchange }: Pick<Locked, "exchange">): { readonly rate: Ratio; readonly currency: string } | null {
  if (exchange === undefined || exchange.rate === null) return null;
  const { rate, from, to } = exchange;
  return { rate: minorRate({ rate, from, to }), currency: to };
}

/** The currency of an order's commissions. */
export function currencyOf(plan: Plan | null, orderCurrency: string): string {
  return moneyCurrency(plan, orderCurrency);
}

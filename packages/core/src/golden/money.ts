import { parseAmount } from "../money.ts";
import { convertMinor, type Exchange, exchangeOf, minorRate, RateTable } from "../plan/exchange.ts";
import type { Plan } from "../plan/schema.ts";
import type { GoldenOrder } from "./case.ts";

/** How an order of a case becomes the plan's money: by the plan's own rates, or at the order's where they are dated. */
export function exchangeOfOrder(plan: Plan, caseCurrency: string, order: GoldenOrder): Exchange {
  const currency = order.currency ?? plan.currency?.plan ?? caseCurrency;
  const to = plan.currency?.plan ?? caseCurrency;
  const rates = order.rate === undefined ? [] : [{ from: currency, to, validFrom: 0, rate: order.rate }];
  const exchange = exchangeOf(plan, { currency, at: 0 }, new RateTable(rates));
  if (exchange.kind === "missing") throw new Error(`the case has an order in ${currency} and no rate into ${to}`);
  return exchange;
}

/** Net of an order, or its price before discounts, in the currency of a close, in minor units. */
export function moneyAtClose(plan: Plan, caseCurrency: string, order: GoldenOrder, of: "net" | "retail"): bigint {
  const exchange = exchangeOfOrder(plan, caseCurrency, order);
  const net = parseAmount(
    (of === "retail" ? order.retail : undefined) ?? order.net ?? "0",
    exchange.kind === "rate" ? exchange.from : caseCurrency,
  );
  return exchange.kind === "rate" ? convertMinor(net, minorRate(exchange), plan) : net;
}

import { currencyExponent, multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import type { CommissionInput } from "../order-facts.ts";
import { reduceRatio } from "./parts.ts";
import { divideRounded } from "./rounding.ts";
import type { Plan } from "./schema.ts";

/** A rate as somebody entered it: of `to` for one of `from`, from a day on until a later one. */
export interface DatedRate {
  readonly from: string;
  readonly to: string;
  /** First instant, epoch milliseconds. */
  readonly validFrom: number;
  readonly rate: string;
}

/** Rates by date. Of one day the one entered last counts: a correction is a new entry. Nothing is inverted: bid and ask differ. */
export class RateTable {
  readonly #byPair = new Map<string, DatedRate[]>();

  /** In the order in which they were entered. */
  constructor(rates: readonly DatedRate[]) {
    for (const rate of rates) {
      const key = `${rate.from} ${rate.to}`;
      const list = this.#byPair.get(key) ?? [];
      list.splice(list.findLastIndex((other) => other.validFrom <= rate.validFrom) + 1, 0, rate);
      this.#byPair.set(key, list);
    }
  }

  find({ from, to, at }: { from: string; to: string; at: number }): DatedRate | null {
    return this.#byPair.get(`${from} ${to}`)?.findLast((rate) => rate.validFrom <= at) ?? null;
  }
}

/** How an order's money becomes the plan's: not at all, at a rate, or not yet because there is none. */
export type Exchange =
  | { readonly kind: "same" }
  | { readonly kind: "rate"; readonly rate: string; readonly from: string; readonly to: string }
  | { readonly kind: "missing"; readonly from: string; readonly to: string };

export function exchangeOf(plan: Plan, order: { currency: string; at: number }, table: RateTable): Exchange {
  const { currency } = plan;
  if (currency === undefined || currency.plan === order.currency) return { kind: "same" };
  const [from, to] = [order.currency, currency.plan];
  const rate = currency.orders.mode === "pegged" ? currency.orders.rates[from] : table.find({ from, to, at: order.at })?.rate;
  return rate === undefined ? { kind: "missing", from, to } : { kind: "rate", rate, from, to };
}

/** The currency in which an order's commissions are. */
export function moneyCurrency(plan: Plan | null, orderCurrency: string): string {
  return plan?.currency?.plan ?? orderCurrency;
}

/** "1.27151" or "1/1.33333" as an exact fraction of major units. */
export function parseRate(text: string): Ratio {
  if (!text.startsWith("1/")) return parseDecimal(text);
  const { num, den } = parseDecimal(text.slice(2));
  return { num: den, den: num };
}

/** Minor units of `to` for one minor unit of `from`. */
export function minorRate({ rate, from, to }: { rate: string; from: string; to: string }): Ratio {
  const scale = { num: 10n ** BigInt(currencyExponent(to)), den: 10n ** BigInt(currencyExponent(from)) };
  return reduceRatio(multiplyRatio(parseRate(rate), scale));
}

/** Money in another currency, rounded to its minor unit by the plan's rounding. */
export function convertMinor(minor: bigint, rate: Ratio, plan: Pick<Plan, "rounding">): bigint {
  return divideRounded(minor * rate.num, rate.den, plan.rounding);
}

export interface Payout {
  /** Minor units of the plan's currency. */
  readonly amountMinor: bigint;
  /** The earner's home market, and the volume (CV) by market that made the amount: for blended rates. */
  readonly home: string;
  readonly volumes: Readonly<Record<string, bigint>>;
}

/**
 * What an amount comes to at blended rates: at the home market's rate up to the volume of the home market, the rest at
 * the mean of the other markets' rates, weighted by their volume; all at the home rate where others made no more than
 * `othersAbove` of it. In minor units of the home currency, rounded once. Null where a market has no rate.
 * Source: USANA, "International Blended Exchange Rate".
 */
export function blendedPayout(plan: Plan, { amountMinor, home, volumes }: Payout): { minor: bigint; currency: string } | null {
  const { currency } = plan;
  if (currency?.payout?.mode !== "blended") return null;
  const { homes, othersAbove } = currency.payout;
  const own = homes[home];
  const homeRate = own?.rates[home];
  if (own === undefined || homeRate === undefined) return null;
  const others = Object.entries(volumes).filter(([market, volume]) => market !== home && volume > 0n);
  const homeVolume = volumes[home] ?? 0n;
  const elsewhere = others.reduce((sum, [, volume]) => sum + volume, 0n);
  const limit = parseDecimal(othersAbove);
  const perMinor = (text: string): Ratio => minorRate({ rate: text, from: currency.plan, to: own.currency });
  const blends = elsewhere * limit.den > (elsewhere + homeVolume) * limit.num;
  // Volume is in ten-thousandths of a unit, amounts in minor units of the plan's currency.
  const scale = 10n ** BigInt(currencyExponent(currency.plan));
  const atHome = blends ? lesser(amountMinor * 10_000n, homeVolume * scale) : amountMinor * 10_000n;
  const rest = amountMinor * 10_000n - atHome;
  if (others.some(([market]) => own.rates[market] === undefined)) return null;
  const weighted = others.reduce<Ratio>((sum, [market, volume]) => plus(sum, times(perMinor(own.rates[market] ?? "1"), volume)), {
    num: 0n,
    den: 1n,
  });
  const atRest = rest === 0n ? weighted : { num: weighted.num * rest, den: weighted.den * elsewhere };
  const sum = rest === 0n ? times(perMinor(homeRate), atHome) : plus(times(perMinor(homeRate), atHome), atRest);
  return { minor: divideRounded(sum.num, sum.den * 10_000n, plan.rounding), currency: own.currency };
}

const times = (ratio: Ratio, by: bigint): Ratio => ({ num: ratio.num * by, den: ratio.den });
const plus = (a: Ratio, b: Ratio): Ratio => reduceRatio({ num: a.num * b.den + b.num * a.den, den: a.den * b.den });
const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** What an amount comes to in another currency at one rate, by a plan's pegged payout rates or a table's; null where there is none. */
export function payoutAt(
  plan: Plan,
  payout: { readonly amountMinor: bigint; readonly currency: string; readonly at: number },
  table: RateTable,
): bigint | null {
  const { currency } = plan;
  if (currency === undefined || currency.plan === payout.currency) return payout.amountMinor;
  const [from, to] = [currency.plan, payout.currency];
  const rate = currency.payout?.mode === "pegged" ? currency.payout.rates[to] : table.find({ from, to, at: payout.at })?.rate;
  return rate === undefined ? null : convertMinor(payout.amountMinor, minorRate({ rate, from, to }), plan);
}

/** Minor units of a currency for one of the order's. An order without a rate must not come this far: it would be paid in the wrong money. */
export function exchangeInto(to: string, { currency: from, exchangeRate: rate, orderId }: CommissionInput): Ratio | null {
  if (from === to) return null;
  if (rate === undefined) throw new Error(`order ${orderId} is in ${from}, its plan in ${to}, and there is no rate`);
  return minorRate({ rate, from, to });
}

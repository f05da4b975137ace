import { PayloadError, parseAmount } from "@upline/core";
import type { MoneySet } from "./payloads.ts";

export interface ShopAmount {
  readonly set: MoneySet;
  /** The plain field beside the set: in the shop's currency too, and all that old API versions have. */
  readonly plain: string | null | undefined;
  readonly currency: string;
  readonly path: string;
}

/**
 * An amount in minor units of the shop's currency, never of the one the buyer saw. Null where the
 * body has neither form; throws where the set is in another currency than the order.
 */
export function shopAmountOrNull({ set, plain, currency, path }: ShopAmount): bigint | null {
  if (set) {
    if (set.shop_money.currency_code !== currency) throw new PayloadError(`${path}_set.shop_money`, `expected ${currency}`);
    return parseAmount(set.shop_money.amount, currency);
  }
  return plain === null || plain === undefined ? null : parseAmount(plain, currency);
}

/** As above, for an amount that must be there and not be negative. */
export function shopAmount(amount: ShopAmount): bigint {
  const minor = shopAmountOrNull(amount);
  if (minor === null) throw new PayloadError(amount.path, "the amount is missing");
  if (minor < 0n) throw new PayloadError(amount.path, "the amount is negative");
  return minor;
}

export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export const positive = (minor: bigint): bigint => (minor > 0n ? minor : 0n);

import { z } from "zod";
import { currencyExponent, multiplyRatio, parseAmount, parseDecimal, type Ratio } from "../money.ts";

/**
 * The parts a plan document is made of. Nothing here has a default: a plan says what it means, and
 * a later version of this language can add a field without changing the hash of a published plan.
 */

/** What the JSON Schema calls a part, and what an editor says of it. */
export const named = (id: string, description: string): { id: string; description: string } => ({ id, description });

/** Says what would be right; `plan/parse.ts` joins it to what was wrong. */
export function expected(right: string): { error: () => string } {
  return { error: () => right };
}

export const ident = z
  .string(expected('a short name such as "gold" or "level-pay"'))
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    expected("1 to 63 of a-z, 0-9, dot, dash or underscore, beginning with a letter or digit"),
  )
  .meta(named("ident", "A short name: 1 to 63 of a-z, 0-9, dot, dash or underscore"));

/** A non-negative decimal as text: "12.5". Text, because 0.1 is no exact number in JSON. */
export const decimal = z
  .string(expected('a decimal number as text, such as "0.05"'))
  .regex(/^\d{1,15}(\.\d{1,8})?$/, expected('a decimal number as text with at most 8 decimals, such as "0.05"'))
  .meta(named("decimal", 'A decimal number as text, such as "0.05"'));

/** A share of something, 0 to 1. */
export const share = decimal
  .refine((text) => !/^\d/.test(text) || Number(text) <= 1, expected('at most "1" (100 %); write 5 % as "0.05"'))
  // The refinement is code, which no schema can hold: for editors it is a pattern.
  .meta({
    ...named("share", 'A share as text: 5 % is "0.05", at most "1"'),
    pattern: "^(0{1,15}(\\.\\d{1,8})?|0{0,14}1(\\.0{1,8})?)$",
  });

/** A volume, at most four decimals, because volumes are kept in ten-thousandths. */
export const volume = z
  .string(expected('a volume as text, such as "100"'))
  .regex(/^\d{1,11}(\.\d{1,4})?$/, expected('a volume as text with at most 4 decimals, such as "100" or "12.5"'))
  .meta(named("volume", 'A volume as text with at most 4 decimals, such as "100" or "12.5"'));

export const currencyCode = z.string().regex(/^[A-Z]{3}$/, expected('an ISO 4217 code such as "EUR"'));

/** A fixed amount in major units: one for every currency, or one per currency. */
export const money = z
  .union(
    [decimal, z.record(currencyCode, decimal)],
    expected('an amount such as "20.00", or amounts by currency such as {"EUR": "20.00"}'),
  )
  .meta(named("money", 'An amount in major units, such as "20.00", or amounts by currency, such as {"EUR": "20.00"}'));
export type PlanMoney = z.infer<typeof money>;

/** A key of a table by rank: a rank's id, "none" for distributors without one, "*" for every rank not named and for none. */
export const rankKey = z.string().min(1).max(63);

export const calendarDate = z
  .string(expected('a date such as "2027-03-01"'))
  .regex(/^\d{4}-\d{2}-\d{2}$/, expected('a date such as "2027-03-01"'))
  .meta(named("calendarDate", 'A day in the plan\'s time zone, such as "2027-03-01"'));

/** One of the plan's ranks. */
export const rankId = ident;

/** For each rank the rates of level 1, 2, 3 … */
export const levelRates = z
  .record(rankKey, z.array(share).min(1).max(100))
  .meta(named("levelRates", 'By rank id, "none" or "*": the shares of level 1, 2, 3 and so on'));
export type LevelRates = z.infer<typeof levelRates>;

/** For each rank one rate. */
export const rankRates = z.record(rankKey, share).meta(named("rankRates", 'By rank id, "none" or "*": one share'));
export type RankRates = z.infer<typeof rankRates>;

/** A plan's volume text as ten-thousandths: "12.5" is 125000n. */
export function volumeOf(text: string): bigint {
  const value = parseDecimal(text);
  return (value.num * 10_000n) / value.den;
}

/** Ten-thousandths as people write volumes: 125000n is "12.5". */
export function formatVolume(volumeUnits: bigint): string {
  const sign = volumeUnits < 0n ? "-" : "";
  const units = volumeUnits < 0n ? -volumeUnits : volumeUnits;
  const rest = units % 10_000n;
  if (rest === 0n) return `${sign}${units / 10_000n}`;
  return `${sign}${units / 10_000n}.${rest.toString().padStart(4, "0").replace(/0+$/, "")}`;
}

/** A fixed amount in the currency's minor units, or null where the plan names other currencies only. */
export function moneyOf(amount: PlanMoney, currency: string): bigint | null {
  const text = typeof amount === "string" ? amount : amount[currency];
  return text === undefined ? null : parseAmount(text, currency);
}

/** Money per volume unit: minor units of the currency for one ten-thousandth of CV. */
export function minorPerVolumeUnit(cvRate: Ratio, currency: string): Ratio {
  return reduceRatio(multiplyRatio(cvRate, { num: 10n ** BigInt(currencyExponent(currency)), den: 10_000n }));
}

/** The same fraction with the smallest terms. */
export function reduceRatio(ratio: Ratio): Ratio {
  let a = ratio.num < 0n ? -ratio.num : ratio.num;
  let b = ratio.den;
  while (b !== 0n) [a, b] = [b, a % b];
  return a <= 1n ? ratio : { num: ratio.num / a, den: ratio.den / a };
}

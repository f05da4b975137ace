/** Amounts are minor units of a currency, as bigint; this is the stand-in's own arithmetic and shares nothing with the hub's. */

const EXPONENTS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, CLP: 0, KWD: 3, BHD: 3, JOD: 3 };

export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** "12.30" of 1230n: as REST-shaped bodies write it, with every decimal of the currency. */
export function decimal(minor: bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const text = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
  return minor < 0n ? `-${text}` : text;
}

/** "12.3" of 1230n: as GraphQL writes it, at least one decimal and no zeros behind it. */
export function graphDecimal(minor: bigint, currency: string): string {
  const [whole = "0", fraction = ""] = decimal(minor, currency).split(".");
  return `${whole}.${fraction.replace(/0+$/, "") || "0"}`;
}

/** 1230n of "12.30"; throws on more decimals than the currency has. */
export function minorOf(text: string, currency: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const exponent = exponentOf(currency);
  const fraction = (match?.[3] ?? "").replace(/0+$/, "");
  if (!match || fraction.length > exponent)
    throw new Error(`"${text}" is no amount of ${currency}, which has ${exponent} decimals`);
  const minor = BigInt(`${match[2]}${fraction.padEnd(exponent, "0")}`);
  return match[1] === "-" ? -minor : minor;
}

/** amount × numerator ÷ denominator, half away from zero; the denominator is positive. */
export function ratio(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  const product = amount * numerator;
  const size = product < 0n ? -product : product;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return product < 0n ? -rounded : rounded;
}

export const total = (amounts: Iterable<bigint>): bigint => {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
};

/** The currency a buyer sees: `rate` units of it are one of the shop's, as decimal text. */
export interface Presentment {
  readonly currency: string;
  readonly rate: string;
}

/** The shop's amount in the buyer's currency, rounded by itself as Shopify shows it. */
export function presented(minor: bigint, currency: string, presentment: Presentment): bigint {
  const [whole = "0", fraction = ""] = presentment.rate.split(".");
  const shift = exponentOf(presentment.currency) - exponentOf(currency);
  const up = shift > 0 ? 10n ** BigInt(shift) : 1n;
  const down = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  return ratio(minor, BigInt(whole + fraction) * up, 10n ** BigInt(fraction.length) * down);
}

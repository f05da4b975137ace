/**
 * Money is `bigint` minor units with an ISO 4217 currency; on the wire it is a decimal string.
 * Every division names its rounding, and every split sums to the whole.
 */

/** Currencies whose minor unit is not 1/100, by ISO 4217. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** ISO 4217, funds and bond units left out; and those withdrawn lately, in which orders are still refunded. */
const CURRENCIES: ReadonlySet<string> = new Set(
  (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE " +
    "CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES " +
    "KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR " +
    "NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND " +
    "TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG " +
    "ANG BGN CUC HRK SLL ZWL"
  ).split(" "),
);

/** Whether a text is the code of a currency that money comes in: "EUR", not "ZZZ" and not gold. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Whether an amount in major units is whole in the currency's minor unit: "49.90" EUR and "49.00" JPY are, "49.905" EUR is not. */
export function isWholeAmount(text: string, currency: string): boolean {
  const { num, den } = parseDecimal(text);
  return (num * 10n ** BigInt(currencyExponent(currency))) % den === 0n;
}

/** A money value that cannot be read. The message names the text, never a person's data. */
export class MoneyError extends Error {
  override name = "MoneyError";
}

/** Number of decimals of a currency's minor unit: EUR 2, JPY 0, KWD 3. Throws for anything but three capital letters. */
export function currencyExponent(currency: string): number {
  if (CURRENCIES.has(currency)) return EXPONENTS[currency] ?? 2;
  if (!/^[A-Z]{3}$/.test(currency)) throw new MoneyError(`"${currency}" is not an ISO 4217 currency code`);
  return EXPONENTS[currency] ?? 2;
}

/** num ÷ den to the nearest integer, halves away from zero, so that a reversal mirrors what it reverses. */
export function divideHalfUp(num: bigint, den: bigint): bigint {
  if (den === 0n) throw new MoneyError("division by zero");
  const negative = num < 0n !== den < 0n;
  const n = num < 0n ? -num : num;
  const d = den < 0n ? -den : den;
  const q = (2n * n + d) / (2n * d);
  return negative ? -q : q;
}

/** num ÷ den cut toward minus infinity. */
export function divideFloor(num: bigint, den: bigint): bigint {
  if (den === 0n) throw new MoneyError("division by zero");
  const q = num / den;
  return num % den !== 0n && num < 0n !== den < 0n ? q - 1n : q;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/;

/** A decimal text as an exact fraction: "0.05" is 5/100, "8e-2" is 8/100. */
export function parseDecimal(text: string): Ratio {
  const match = DECIMAL.exec(text.trim());
  if (!match) throw new MoneyError(`"${text.slice(0, 40)}" is not a decimal number`);
  const [, sign, whole, fraction = "", exponent = "0"] = match;
  const shift = BigInt(exponent);
  const digits = BigInt(`${whole}${fraction}`);
  const scale = BigInt(fraction.length) - shift;
  const num = scale < 0n ? digits * 10n ** -scale : digits;
  return { num: sign === "-" ? -num : num, den: scale < 0n ? 1n : 10n ** scale };
}

/**
 * A decimal text in major units as minor units of the currency. Platforms send more decimals than
 * the currency has ("49.9000" JPY, "83.3333" USD): these are rounded half up.
 */
export function parseAmount(text: string, currency: string): bigint {
  const exponent = currencyExponent(currency);
  if (isPlainAmount(text, exponent))
    return BigInt(Number(text.slice(0, -1 - exponent)) * 10 ** exponent + Number(text.slice(-exponent)));
  const value = parseDecimal(text);
  return divideHalfUp(value.num * 10n ** BigInt(exponent), value.den);
}

const POINT = 46;

/** Whether an amount is digits with a point before the currency's decimals, as nearly every one is: its digits are the minor units. */
function isPlainAmount(text: string, exponent: number): boolean {
  const point = text.length - 1 - exponent;
  // Fifteen digits are exact in a double.
  if (exponent === 0 || point < 1 || text.length > 15 || text.charCodeAt(point) !== POINT) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (index !== point && (code < 48 || code > 57)) return false;
  }
  return true;
}

/** Minor units as a decimal text: 5345n EUR is "53.45", 65n JPY is "65". */
export function formatAmount(minor: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const sign = minor < 0n ? "-" : "";
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** An exact fraction; `den` is positive. Rates, percentages and volumes are ratios until they become money. */
export interface Ratio {
  readonly num: bigint;
  readonly den: bigint;
}

/** a × b, exact. */
export function multiplyRatio(a: Ratio, b: Ratio): Ratio {
  return { num: a.num * b.num, den: a.den * b.den };
}

/** -1, 0 or 1 as a is below, equal to or above b. */
export function compareRatio(a: Ratio, b: Ratio): number {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * Splits `totalMinor` by non-negative weights so that the parts sum to it exactly: cut each share
 * down, then hand the spare units to the largest remainders, ties to the smaller key.
 * `keys` decide ties, so the split never depends on the order of the input. All weights zero: the first key takes all.
 */
export function allocate(totalMinor: bigint, parts: readonly { key: string; weight: bigint }[]): Map<string, bigint> {
  const sign = totalMinor < 0n ? -1n : 1n;
  const total = totalMinor * sign;
  const sum = parts.reduce((acc, part) => acc + part.weight, 0n);
  const shares = parts.map(({ key, weight }) => ({
    key,
    share: sum === 0n ? 0n : (total * weight) / sum,
    rest: sum === 0n ? 0n : (total * weight) % sum,
  }));
  let spare = total - shares.reduce((acc, s) => acc + s.share, 0n);
  shares.sort((a, b) => (a.rest === b.rest ? (a.key < b.key ? -1 : 1) : a.rest > b.rest ? -1 : 1));
  if (sum === 0n && shares[0]) {
    shares[0].share = spare;
    spare = 0n;
  }
  return new Map(
    shares.map(({ key, share }) => {
      const extra = spare > 0n ? 1n : 0n;
      spare -= extra;
      return [key, sign * (share + extra)];
    }),
  );
}

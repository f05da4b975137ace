/**
 * Amounts as the hub sends them: decimal texts. They are never made into numbers, which would lose what lies beyond 2^53,
 * and are shown with as many decimals as they came with.
 */

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** The minus that has the width of a figure. */
const MINUS = "−";

/** Grouped and with the language's own marks: `-1234.50` → `−1,234.50`. What is no decimal is shown as it is. */
export function formatDecimal(value: string, language: string): string {
  if (!DECIMAL.test(value)) return value;
  const isNegative = value.startsWith("-");
  const [whole = "0", fraction] = value.replace("-", "").split(".");
  const { group, decimal } = marksOf(language);
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, group);
  return `${isNegative ? MINUS : ""}${grouped}${fraction === undefined ? "" : decimal + fraction}`;
}

/** The exact sum, with as many decimals as the longest of the values; `0` of none. */
export function sumOf(values: Iterable<string>): string {
  const all = [...values];
  const decimals = Math.max(0, ...all.map((value) => value.split(".")[1]?.length ?? 0));
  return fromUnits(
    all.reduce((sum, value) => sum + unitsOf(value, decimals), 0n),
    decimals,
  );
}

/** `minuend - subtrahend`, exactly. */
export function differenceOf(minuend: string, subtrahend: string): string {
  return sumOf([minuend, negated(subtrahend)]);
}

export function negated(value: string): string {
  if (isZero(value)) return value.replace("-", "");
  return value.startsWith("-") ? value.slice(1) : `-${value}`;
}

export function isZero(value: string): boolean {
  return /^-?0+(?:\.0+)?$/.test(value);
}

/** A share in per cent with `decimals`, rounded half up; null where the whole is nothing. For the eye only. */
export function shareOf(part: string, whole: string, decimals = 2): string | null {
  const scale = Math.max(...[part, whole].map((value) => value.split(".")[1]?.length ?? 0));
  const divisor = unitsOf(whole, scale);
  if (divisor <= 0n) return null;
  const factor = 10n ** BigInt(decimals + 2);
  const doubled = (2n * unitsOf(part, scale) * factor) / divisor;
  return fromUnits((doubled + 1n) / 2n, decimals);
}

/** `41.6` → `41.6%`, `41,6 %` in German. */
export function sayPercent(value: string, language: string): string {
  const said = formatDecimal(value, language);
  return language === "de" ? `${said} %` : `${said}%`;
}

function unitsOf(value: string, decimals: number): bigint {
  const [whole = "0", fraction = ""] = value.replace("-", "").split(".");
  const units = BigInt(whole + fraction.padEnd(decimals, "0"));
  return value.startsWith("-") ? -units : units;
}

function fromUnits(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return units < 0n ? `-${text}` : text;
}

const marks = new Map<string, { group: string; decimal: string }>();

function marksOf(language: string): { group: string; decimal: string } {
  const known = marks.get(language);
  if (known) return known;
  const parts = new Intl.NumberFormat(language, { useGrouping: true }).formatToParts(1234567.8);
  const found = {
    group: parts.find(({ type }) => type === "group")?.value ?? "",
    decimal: parts.find(({ type }) => type === "decimal")?.value ?? ".",
  };
  marks.set(language, found);
  return found;
}

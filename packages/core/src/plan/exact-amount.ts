import { formatAmount, type Ratio } from "../money.ts";
import { divideRounded } from "./rounding.ts";

/** Minor units as exactly as people read them: "0.0495", at most eight decimals beyond the minor unit. */
export function exactAmount({ num, den }: Ratio, currency: string): string {
  const units = divideRounded(num * EXACT, den, "half-up");
  const decimals = String(units < 0n ? -units : units).padStart(9, "0");
  const rest = decimals.slice(-8).replace(/0+$/, "");
  const whole = formatAmount(units / EXACT, currency);
  if (rest === "") return whole;
  const sign = units < 0n && !whole.startsWith("-") ? "-" : "";
  return `${sign}${whole}${whole.includes(".") ? "" : "."}${rest}`;
}

const EXACT = 100_000_000n;

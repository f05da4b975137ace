import { parseDecimal, type Ratio } from "../money.ts";
import { type Base, type BaseKind, baseOf, isLess } from "./base.ts";
import type { Bonus } from "./schema.ts";

/** What a bonus is computed on; null for what is no share of sales, or of a base that its kind states by itself. */
export function bonusBase(bonus: Bonus): Base | null {
  if (bonus.kind === "retail") return bonus.pays.mode === "percent" ? bonus.pays.base : null;
  return "base" in bonus ? bonus.base : null;
}

/** The bonuses whose pay is taken off a bonus's base first. */
export function lessOf(bonus: Bonus): readonly string[] {
  const base = bonusBase(bonus);
  return isLess(base) ? base.less : [];
}

/** The volume or money that a bonus is a share of; null for none. */
export function soldAs(bonus: Bonus): BaseKind | null {
  if (bonus.kind === "pool") return bonus.size.by === "share" ? (bonus.size.of ?? "cv") : null;
  const base = bonusBase(bonus);
  return base === null ? null : baseOf(base);
}

const baseRates = new Map<string, Ratio>();

/** The share of the base a bonus is computed on, parsed once per text. */
export function baseRateOf(bonus: { baseRate?: string | undefined }): Ratio {
  const text = bonus.baseRate ?? "1";
  let ratio = baseRates.get(text);
  if (ratio === undefined) {
    ratio = parseDecimal(text);
    baseRates.set(text, ratio);
  }
  return ratio;
}

import { parseDecimal, type Ratio } from "../money.ts";
import type { CommissionableLine } from "../order-facts.ts";
import { itemAt } from "../typed.ts";
import { type Base, baseOf } from "./base.ts";
import type { DifferentialBonus } from "./differential.ts";
import type { FastStartBonus } from "./fast-start.ts";
import type { GenerationBonus } from "./generation.ts";
import type { InfinityBonus } from "./infinity.ts";
import type { MatrixBonus } from "./matrix.ts";
import { type Line, OrderTill, type OrderWalk } from "./order-walk.ts";
import type { PassUpBonus } from "./pass-up.ts";
import { compileLevelRates, compileRankRates, type RateTable } from "./rates.ts";
import type { RetailBonus } from "./retail.ts";
import { differentialRule, generationRule, infinityRule, levelRule } from "./rules.ts";
import type { Plan } from "./schema.ts";
import { mapRows } from "./tables.ts";
import type { UnilevelBonus } from "./unilevel.ts";
import { walkDifferential } from "./walks/differential.ts";
import { walkGenerations } from "./walks/generations.ts";
import { aboveOf, COMPANY, isActive, rankOf } from "./walks/ground.ts";
import { walkInfinity } from "./walks/infinity.ts";
import { walkLevels } from "./walks/levels.ts";
import { findPassUp } from "./walks/pass-up.ts";

/** Computes one bonus for one order line. One function per bonus, made when the plan is compiled. */
export type RunBonus = (order: OrderWalk, line: CommissionableLine) => void;

/** Level pay on the sponsor tree. */
export function runUnilevel(bonus: UnilevelBonus, plan: Plan): RunBonus {
  const rules = classRules(bonus, plan);
  return (order, line) => payLevels(bonus, rules(line.commissionClass), order, order.upline, line);
}

/** Level pay on the stored placement tree; the input's placement upline begins with the order's owner. */
export function runMatrix(bonus: MatrixBonus, plan: Plan): RunBonus {
  const whole = { ...bonus, levelOne: "sponsor" as const };
  const rule = levelRule(whole, compileLevelRates(trimmed(bonus), plan.ranks), plan);
  return (order, line) => payLevels(whole, rule, order, order.placement(bonus.tree), line);
}

/** No rank is paid deeper than the matrix. */
export function trimmed(bonus: MatrixBonus): MatrixBonus["rates"] {
  return mapRows<string[], MatrixBonus["rates"]>(bonus.rates, (row) => row.slice(0, bonus.depth));
}

type LevelRule = ReturnType<typeof levelRule>;
type LevelBonus = Pick<UnilevelBonus, "id" | "base" | "baseRate" | "levelOne" | "unqualifiedSource">;

function classRules(bonus: UnilevelBonus, plan: Plan): (commissionClass: string) => LevelRule {
  const usual = levelRule(bonus, compileLevelRates(bonus.rates, plan.ranks), plan);
  const own = Object.entries(bonus.classRates ?? {}).map(
    ([id, rates]) => [id, levelRule(bonus, compileLevelRates(rates, plan.ranks), plan)] as const,
  );
  const byClass = new Map(own);
  return (commissionClass) => byClass.get(commissionClass) ?? usual;
}

function payLevels(bonus: LevelBonus, rule: LevelRule, order: OrderWalk, upline: Line, line: CommissionableLine): void {
  const source = sourceOf(order, bonus, upline, line);
  if (source === null) return;
  const start = firstIsOwner(order, bonus.levelOne) ? source : aboveOf(upline.ground, source);
  const base = order.baseOf(line, baseOf(bonus.base), baseRateOf(bonus));
  walkLevels(
    rule,
    upline.ground,
    start,
    new OrderTill(order, { bonusId: bonus.id, lineId: line.lineId }, base, rule.table, upline),
  );
}

/** Whether the distributor an order belongs to is level 1 of it. */
function firstIsOwner(order: OrderWalk, levelOne: UnilevelBonus["levelOne"]): boolean {
  return order.input.buyer === "self" ? order.compiled.plan.ownPurchase === "pays-owner" : levelOne === "owner";
}

/**
 * Whose volume the line is: its owner's, or by the plan's policy the nearest active upline's where the
 * owner is not active. Null where the volume pays nobody.
 */
function sourceOf(order: OrderWalk, bonus: LevelBonus, upline: Line, line: CommissionableLine): number | null {
  const owner = upline.candidates[0];
  if (owner === undefined) return null;
  if (owner.inactive === null || bonus.unqualifiedSource === "pay-in-place") return 0;
  const facts = order.inactivityFacts(owner);
  const to = bonus.unqualifiedSource === "drop" ? -1 : upline.candidates.findIndex((candidate) => candidate.inactive === null);
  const toId = upline.candidates[to]?.distributor.distributorId;
  const outcome = toId === undefined ? "source-dropped" : "source-rolled-up";
  const at = { bonusId: bonus.id, lineId: line.lineId, level: 0 };
  order.step(
    at,
    owner.distributor.distributorId,
    `${outcome}-${owner.inactive}`,
    toId === undefined ? facts : { ...facts, to: toId },
  );
  return to < 0 ? null : to;
}

/** Fast start pays the enroller line; whether the window is open was decided before (`compile.ts`). */
export function runFastStart(bonus: FastStartBonus, plan: Plan): RunBonus {
  const whole = { ...bonus, levelOne: "owner" as const, unqualifiedSource: "pay-in-place" as const };
  const rule = levelRule(whole, compileLevelRates(bonus.rates, plan.ranks), plan);
  return (order, line) => payLevels(whole, rule, order, order.upline, line);
}

/** Stair-step by rank; the slab form needs a period's volumes and is paid at the close. */
export function runDifferential(bonus: DifferentialBonus, plan: Plan): RunBonus {
  const table = compileRankRates(bonus.percentage.by === "rank" ? bonus.percentage.rates : {}, plan.ranks);
  const rule = differentialRule(bonus, table, plan);
  return (order, line) => {
    const { ground } = order.upline;
    const start = order.input.buyer === "self" && !bonus.includesSource ? aboveOf(ground, 0) : 0;
    const till = tillFor(bonus, order, line, table);
    if (order.upline.candidates.length > 0)
      walkDifferential(rule, ground, start, (no) => table.units(rankOf(ground, no), 1), till);
  };
}

export function runGeneration(bonus: GenerationBonus, plan: Plan): RunBonus {
  const rule = generationRule(bonus.boundary, compileLevelRates(bonus.rates, plan.ranks), plan);
  return (order, line) => {
    if (order.upline.candidates.length > 0)
      walkGenerations(rule, order.upline.ground, 0, tillFor(bonus, order, line, rule.table));
  };
}

export function runInfinity(bonus: InfinityBonus, plan: Plan): RunBonus {
  const rule = infinityRule(bonus, plan);
  return (order, line) => {
    const start = firstIsOwner(order, bonus.levelOne ?? "owner") ? 0 : aboveOf(order.upline.ground, 0);
    if (order.upline.candidates.length > 0)
      walkInfinity(rule, order.upline.ground, start, tillFor(bonus, order, line, rule.table));
  };
}

export function runPassUp(bonus: PassUpBonus, plan: Plan): RunBonus {
  const table = compileRankRates(bonus.rates, plan.ranks);
  return (order, line) => {
    const { ground, candidates } = order.upline;
    const numbers = candidates.map((candidate) => candidate.distributor.enrolmentNumber ?? 0);
    const till = tillFor(bonus, order, line, table);
    const earner = candidates.length === 0 ? COMPANY : findPassUp(bonus, ground, 0, (no) => itemAt(numbers, no), till);
    if (earner === COMPANY) return;
    const units = isActive(ground, earner) ? table.units(rankOf(ground, earner), 1) : 0;
    if (units > 0) till.pay(earner, 1, units, COMPANY);
    else till.pass(earner, 1, "unearned", isActive(ground, earner) ? "rank" : "inactive");
  };
}

export function tillFor(
  bonus: { id: string; base: Base; baseRate?: string | undefined },
  order: OrderWalk,
  line: CommissionableLine,
  table: RateTable,
): OrderTill {
  const base = order.baseOf(line, baseOf(bonus.base), baseRateOf(bonus));
  return new OrderTill(order, { bonusId: bonus.id, lineId: line.lineId }, base, table, order.upline);
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

const WHOLE = { num: 1n, den: 1n };

/** Retail profit: the owner of a customer's order earns on it. Own purchases have none. */
export function runRetail(bonus: RetailBonus, plan: Plan): RunBonus {
  const table = bonus.pays.mode === "percent" ? compileRankRates(bonus.pays.rates, plan.ranks) : null;
  return (order, line) => {
    const owner = order.upline.candidates[0];
    if (owner === undefined || order.input.buyer === "self") return;
    const at = { bonusId: bonus.id, lineId: line.lineId, level: 0 };
    const id = owner.distributor.distributorId;
    const units = table === null ? 1 : table.units(owner.rankNo, 1);
    if (units === 0) return order.step(at, id, "unearned-rank", { rank: order.compiled.rankName(owner.rankNo) });
    const base = retailBase(bonus, order, line);
    if (base === null) return order.step(at, id, "no-margin", {});
    const { ratio: rate, text } = table === null ? { ratio: WHOLE, text: "1" } : table.rate(units);
    const entry = { ...at, amountMinor: order.round(base, rate), rate, base };
    if (owner.inactive === null || !bonus.ownerMustBeActive) return order.book(entry, owner, "paid", { rate: text });
    order.step(at, id, `unearned-${owner.inactive}`, order.inactivityFacts(owner));
    if (bonus.unqualifiedEarner === "company") order.book(entry, null, "breakage", { rate: text, passedFrom: id });
  };
}

/** The margin only where the SKU map knows one and it is not a loss. */
function retailBase(bonus: RetailBonus, order: OrderWalk, line: CommissionableLine): Ratio | null {
  if (bonus.pays.mode === "percent") return order.baseOf(line, baseOf(bonus.pays.base), WHOLE);
  const margin = line.retailMarginMinor;
  return margin === null || margin < 0n ? null : order.moneyOf(margin);
}

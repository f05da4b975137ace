import type { Ratio } from "../money.ts";
import type { CommissionableLine } from "../order-facts.ts";
import { itemAt } from "../typed.ts";
import type { DifferentialBonus } from "./differential.ts";
import type { FastStartBonus } from "./fast-start.ts";
import type { GenerationBonus } from "./generation.ts";
import type { InfinityBonus } from "./infinity.ts";
import type { MatrixBonus } from "./matrix.ts";
import { type BasedBonus, type Line, OrderTill, type OrderWalk } from "./order-walk.ts";
import { type BindRates, compileOwnRates } from "./own-rates.ts";
import type { PassUpBonus } from "./pass-up.ts";
import { compileLevelRates, compileRankRates, type RateTable } from "./rates.ts";
import type { RetailBonus } from "./retail.ts";
import { differentialRule, generationRule, infinityRule, levelRule } from "./rules.ts";
import type { Plan } from "./schema.ts";
import { type LevelTable, mapRows, type ShareTable } from "./tables.ts";
import type { UnilevelBonus } from "./unilevel.ts";
import { walkDifferential } from "./walks/differential.ts";
import { walkGenerations } from "./walks/generations.ts";
import { aboveOf, COMPANY, rankOf } from "./walks/ground.ts";
import { walkInfinity } from "./walks/infinity.ts";
import { walkLevels } from "./walks/levels.ts";
import { findPassUp } from "./walks/pass-up.ts";
import { type OwnRates, unitsAt, whyNone } from "./walks/rates.ts";

/** Computes one bonus for one order line. One function per bonus, made when the plan is compiled. */
export type RunBonus = (order: OrderWalk, line: CommissionableLine) => void;

/** Level pay on the tree that the bonus names. */
export function runUnilevel(bonus: UnilevelBonus, plan: Plan): RunBonus {
  const rules = classRules(bonus, plan);
  return (order, line) => payLevels(bonus, rules(line.commissionClass), order, order.line(bonus.tree), line);
}

/** Level pay on the stored placement tree; the input's placement upline begins with the order's owner. */
export function runMatrix(bonus: MatrixBonus, plan: Plan): RunBonus {
  const whole = { ...bonus, levelOne: "sponsor" as const };
  const rule = ratedRule(whole, trimmed(bonus), plan);
  return (order, line) => payLevels(whole, rule, order, order.line(bonus.tree), line);
}

/** No rank is paid deeper than the matrix. */
export function trimmed(bonus: MatrixBonus): MatrixBonus["rates"] {
  return mapRows<string[], MatrixBonus["rates"]>(bonus.rates, (row) => row.slice(0, bonus.depth));
}

/** A rule, and how its rates are bound to the people of an order where they do not go by rank alone. */
interface RatedRule {
  readonly rule: ReturnType<typeof levelRule>;
  readonly bind: BindRates | null;
}
type LevelBonus = Pick<UnilevelBonus, "id" | "base" | "baseRate" | "levelOne" | "unqualifiedSource">;

function ratedRule(
  bonus: Parameters<typeof levelRule>[0] & Pick<UnilevelBonus, "earnsIf" | "opens">,
  table: LevelTable,
  plan: Plan,
): RatedRule {
  const rates = compileLevelRates(table, plan.ranks);
  return { rule: levelRule(bonus, rates, plan), bind: compileOwnRates(bonus, table, { rates, plan }) };
}

/** Rates bound to an upline and this order; null where they go by rank alone. */
export function bound(bind: BindRates | null, order: OrderWalk, { people, ground }: Line, source = 0): OwnRates | null {
  if (bind === null) return null;
  const own = bind({ people, ground, orderSize: (of) => order.size(of) });
  own.begin(source);
  return own;
}

function classRules(bonus: UnilevelBonus, plan: Plan): (commissionClass: string) => RatedRule {
  const usual = ratedRule(bonus, bonus.rates, plan);
  const own = Object.entries(bonus.classRates ?? {}).map(([id, rates]) => [id, ratedRule(bonus, rates, plan)] as const);
  const byClass = new Map(own);
  return (commissionClass) => byClass.get(commissionClass) ?? usual;
}

function payLevels(bonus: LevelBonus, { rule, bind }: RatedRule, order: OrderWalk, upline: Line, line: CommissionableLine): void {
  const source = sourceOf(order, bonus, upline, line);
  if (source === null) return;
  const start = firstIsOwner(order, bonus.levelOne) ? source : aboveOf(upline.ground, source);
  const base = order.baseOf(line, bonus);
  walkLevels(
    { ...rule, own: bound(bind, order, upline) },
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
  const why = order.inactivityFacts(owner);
  const to = bonus.unqualifiedSource === "drop" ? -1 : upline.candidates.findIndex((candidate) => candidate.inactive === null);
  const toId = upline.candidates[to]?.distributor.distributorId;
  const outcome = toId === undefined ? "source-dropped" : "source-rolled-up";
  const at = { bonusId: bonus.id, lineId: line.lineId, level: 0 };
  const told = toId === undefined ? why : { ...why, facts: { ...why.facts, to: toId } };
  order.step(at, owner.distributor.distributorId, `${outcome}-${owner.inactive}`, told);
  return to < 0 ? null : to;
}

/** Fast start pays the enroller line; whether the window is open was decided before (`compile.ts`). */
export function runFastStart(bonus: FastStartBonus, plan: Plan): RunBonus {
  const whole = { ...bonus, levelOne: "owner" as const, unqualifiedSource: "pay-in-place" as const };
  const rule = ratedRule(whole, bonus.rates, plan);
  return (order, line) => payLevels(whole, rule, order, order.line(bonus.tree), line);
}

/** Stair-step by rank; the slab form needs a period's volumes and is paid at the close. */
export function runDifferential(bonus: DifferentialBonus, plan: Plan): RunBonus {
  const rates = bonus.percentage.by === "group-volume" ? {} : bonus.percentage.rates;
  const table = compileRankRates(rates, plan.ranks);
  const rule = differentialRule(bonus, table, plan);
  const bind = compileOwnRates(bonus, rates, { rates: table, plan });
  return (order, line) => {
    const upline = order.line(bonus.tree);
    const { ground } = upline;
    if (upline.candidates.length === 0) return;
    const start = order.input.buyer === "self" && !bonus.includesSource ? aboveOf(ground, 0) : 0;
    const till = tillFor(bonus, order, line, table);
    const own = bound(bind, order, upline);
    const shareOf = own === null ? (no: number) => table.units(rankOf(ground, no), 1) : (no: number) => own.units(no, 1);
    walkDifferential({ ...rule, own }, ground, start, shareOf, till);
  };
}

export function runGeneration(bonus: GenerationBonus, plan: Plan): RunBonus {
  const rates = compileLevelRates(bonus.rates, plan.ranks);
  const rule = generationRule(bonus.boundary, rates, plan);
  const bind = compileOwnRates(bonus, bonus.rates, { rates, plan });
  return (order, line) => {
    const upline = order.line(bonus.tree);
    if (upline.candidates.length === 0) return;
    const own = bound(bind, order, upline);
    walkGenerations({ ...rule, own }, upline.ground, 0, tillFor(bonus, order, line, rule.table));
  };
}

export function runInfinity(bonus: InfinityBonus, plan: Plan): RunBonus {
  const rule = infinityRule(bonus, plan);
  const bind = compileOwnRates(bonus, bonus.rates, { rates: rule.table, plan });
  return (order, line) => {
    const upline = order.line(bonus.tree);
    if (upline.candidates.length === 0) return;
    const start = firstIsOwner(order, bonus.levelOne ?? "owner") ? 0 : aboveOf(upline.ground, 0);
    const own = bound(bind, order, upline);
    walkInfinity({ ...rule, own }, upline.ground, start, tillFor(bonus, order, line, rule.table));
  };
}

export function runPassUp(bonus: PassUpBonus, plan: Plan): RunBonus {
  const table = compileRankRates(bonus.rates, plan.ranks);
  const bind = compileOwnRates(bonus, bonus.rates, { rates: table, plan });
  return (order, line) => {
    const { ground, candidates } = order.upline;
    const numbers = candidates.map((candidate) => candidate.distributor.enrolmentNumber ?? 0);
    const till = tillFor(bonus, order, line, table);
    const earner = candidates.length === 0 ? COMPANY : findPassUp(bonus, ground, 0, (no) => itemAt(numbers, no), till);
    if (earner === COMPANY) return;
    const rule = { table, own: bound(bind, order, order.upline) };
    const units = unitsAt(rule, ground, earner, 1);
    if (units > 0) till.pay(earner, 1, units, COMPANY);
    else till.pass(earner, 1, "unearned", whyNone(rule, ground, earner, 1));
  };
}

export function tillFor(
  bonus: BasedBonus & { tree?: string | undefined },
  order: OrderWalk,
  line: CommissionableLine,
  table: RateTable,
): OrderTill {
  const base = order.baseOf(line, bonus);
  return new OrderTill(order, { bonusId: bonus.id, lineId: line.lineId }, base, table, order.line(bonus.tree));
}

/** Retail profit: the owner of a customer's order earns on it. Own purchases have none. */
export function runRetail(bonus: RetailBonus, plan: Plan): RunBonus {
  const rates = retailRates(bonus);
  const table = compileRankRates(rates, plan.ranks);
  const bind = compileOwnRates(bonus, rates, { rates: table, plan });
  return (order, line) => {
    const owner = order.upline.candidates[0];
    if (owner === undefined || (order.input.buyer === "self" && bonus.ownPurchases !== true)) return;
    const at = { bonusId: bonus.id, lineId: line.lineId, level: 0 };
    const id = owner.distributor.distributorId;
    const own = bound(bind, order, order.upline);
    const units = own === null ? table.units(owner.rankNo, 1) : own.missed(0, 1);
    const why = own === null || own.units(0, 1) > 0 ? null : own.why(0, 1);
    if (units === 0 && why !== "condition") {
      if (why === "row") return order.tell(at, { people: order.upline.people, no: 0, id }, "unearned", why);
      return order.step(at, id, "unearned-rank", { facts: order.compiled.rankFact("rank", owner.rankNo), parts: [] });
    }
    const base = retailBase(bonus, order, line);
    if (base === null) return order.step(at, id, "no-margin");
    const { ratio: rate, text } = table.rate(units);
    const entry = { ...at, amountMinor: order.round(base, rate), rate, base };
    const inactive = bonus.ownerMustBeActive ? owner.inactive : null;
    if (inactive === null && why === null) return order.book(entry, owner, "paid", { rate: text });
    if (inactive !== null) order.step(at, id, `unearned-${inactive}`, order.inactivityFacts(owner));
    else order.tell(at, { people: order.upline.people, no: 0, id }, "unearned", "condition");
    if (bonus.unqualifiedEarner === "company") order.book(entry, null, "breakage", { rate: text, passedFrom: id });
  };
}

/** The whole of a margin, by every rank. */
export function retailRates({ pays }: RetailBonus): ShareTable {
  return pays.mode === "percent" ? pays.rates : { "*": "1" };
}

/** The margin only where the SKU map knows one and it is not a loss. */
function retailBase(bonus: RetailBonus, order: OrderWalk, line: CommissionableLine): Ratio | null {
  if (bonus.pays.mode === "percent") return order.baseOf(line, { id: bonus.id, base: bonus.pays.base });
  const margin = line.retailMarginMinor;
  return margin === null || margin < 0n ? null : order.moneyOf(margin);
}

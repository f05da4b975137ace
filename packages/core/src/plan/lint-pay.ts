import { type Reason, type ReasonKind, reason } from "../reasons/reason.ts";
import { baseOf, isMoney } from "./base.ts";
import type { BinaryBonus } from "./binary.ts";
import { soldAs } from "./bonus-base.ts";
import { bonusTables, cellTexts, poolUnits } from "./bonus-tables.ts";
import { type Finding, findingOf } from "./finding.ts";
import { treeOfThese } from "./lint-trees.ts";
import { trimmed } from "./order-bonuses.ts";
import type { PlanMoney } from "./parts.ts";
import type { Bonus, Plan } from "./schema.ts";
import { isKeyed, keyRows, rowsOf } from "./tables.ts";
import { classFilter } from "./takes.ts";

/** Bonuses that cannot pay, and orders that are paid on twice: a plan must do what it says. */

/** `trees` are the placement trees there are, where that is known. */
export function paysNobody(plan: Plan, trees?: readonly string[]): Finding[] {
  return plan.bonuses.flatMap((bonus, i) => {
    const why = whyNothing(bonus, plan) ?? (plan.trees === undefined ? whyNowhere(bonus, trees) : null);
    if (why === null) return [];
    const [field, wrong, right] = why;
    const reasons = { wrong: told(wrong), right: told(right) };
    return [findingOf("error", "pays-nobody", `bonuses[${i}]${field}`, reasons)];
  });
}

/** Of what has no figures the kind says it all. */
type Told = ReasonKind | Reason;
type Nothing = readonly [field: string, wrong: Told, right: Told];
const told = (one: Told): Reason => (typeof one === "string" ? reason(one) : one);

function whyNowhere(bonus: Bonus, trees: readonly string[] | undefined): Nothing | null {
  if (bonus.kind !== "matrix" || bonus.snapshot !== "order" || trees === undefined || trees.includes(bonus.tree)) return null;
  return [".tree", reason("nobody-without-tree", { tree: bonus.tree }), treeOfThese(trees)];
}

/** Why a bonus pays nothing to anybody in any network, or null. */
function whyNothing(bonus: Bonus, plan: Plan): Nothing | null {
  const takes = classFilter(bonus, plan);
  const onSales = paysOnSales(bonus);
  if (onSales && !plan.commissionClasses.some((commissionClass) => takes(commissionClass.id)))
    return ["", "nobody-without-class", "class-that-names-it"];
  if (onSales && onlySelf(bonus) && (plan.ownPurchase === "pays-nobody" || isCustomersOnly(bonus)))
    return [".appliesTo.buyers", "nobody-by-own", "customers-too"];
  if (onCv(bonus) && Object.values(plan.cvRates).every(isZero)) return ["", "nobody-without-cv", "cv-rate-above-0"];
  if ("baseRate" in bonus && bonus.baseRate !== undefined && isZero(bonus.baseRate))
    return [".baseRate", "nobody-on-nothing", "share-above-0"];
  if (ratesOf(bonus).every(isZero)) return [fieldOf(bonus), "nobody-at-0", "rate-above-0"];
  if (bonus.kind === "pool" && bonus.cutGoesTo !== "others" && limitTexts(bonus).every(isZero) && limitTexts(bonus).length > 0)
    return [".shareCap", "nobody-over-0", "share-or-amount-above-0"];
  if (bonus.kind === "matching" && bonus.of.every((id) => nothingOf(plan, id)))
    return [".of", "nobody-by-match", "bonus-that-pays"];
  return null;
}

const isCustomersOnly = (bonus: Bonus): boolean => bonus.kind === "retail" && bonus.ownPurchases !== true;

/** Whether a bonus is paid on orders at all. */
export function paysOnSales(bonus: Bonus): boolean {
  return (
    bonus.kind !== "matching" && bonus.kind !== "rank-advancement" && (bonus.kind !== "reward" || bonus.for.kind === "per-item")
  );
}

function nothingOf(plan: Plan, id: string): boolean {
  const matched = plan.bonuses.find((bonus) => bonus.id === id);
  return matched !== undefined && whyNothing(matched, plan) !== null;
}

const onlySelf = ({ appliesTo }: Bonus): boolean => appliesTo?.buyers?.every((buyer) => buyer === "self") === true;
const isZero = (text: string): boolean => Number(text) === 0;

function onCv(bonus: Bonus): boolean {
  if (bonus.kind === "breakaway") return true;
  if (bonus.kind === "binary") return payRules(bonus).every(({ mode }) => mode !== "cycle" && mode !== "table");
  const sold = soldAs(bonus);
  return sold !== null && !isMoney(sold) && (bonus.kind !== "matrix" || bonus.completion === undefined);
}

const payRules = (bonus: BinaryBonus): BinaryBonus["pay"][] => [bonus.pay, ...(bonus.thenPays ?? [])];

function fieldOf(bonus: Bonus): string {
  if (bonus.kind === "pool") return ".size";
  if (bonus.kind === "rank-advancement" || bonus.kind === "reward") return ".amounts";
  if (bonus.kind === "binary") return ".pay";
  if (bonus.kind === "breakaway") return ".override";
  return bonus.kind === "differential" ? ".percentage" : ".rates";
}

/** Every rate and amount a bonus can pay by, as texts. */
function ratesOf(bonus: Bonus): readonly string[] {
  const table = (bonus.kind === "matrix" ? [{ ...bonus, rates: trimmed(bonus) }] : [bonus])
    .flatMap(bonusTables)
    .filter(({ limits }) => !limits)
    .flatMap((own) => cellTexts(own.table));
  return [...table, ...otherRates(bonus, table)];
}

/** What stands outside of tables by rank. */
function otherRates(bonus: Bonus, table: readonly string[]): readonly string[] {
  if (bonus.kind === "retail") return bonus.pays.mode === "margin" ? ["1"] : [];
  if (bonus.kind === "matrix") return amountsOf(bonus.completion ?? "0");
  if (bonus.kind === "differential")
    return bonus.percentage.by === "group-volume" ? bonus.percentage.slabs.map((slab) => slab.rate) : [];
  if (bonus.kind === "breakaway") return bonus.override.mode === "guaranteed-minimum" ? [bonus.override.due.share] : [];
  if (bonus.kind === "binary")
    return payRules(bonus).flatMap((pay) => (pay.mode === "table" ? pay.steps.flatMap((step) => amountsOf(step.pays)) : []));
  return bonus.kind === "pool" ? poolSize(bonus, table) : [];
}

/** A pool pays where it has both a size and units. */
function poolSize(bonus: Bonus & { kind: "pool" }, units: readonly string[]): readonly string[] {
  const others = poolUnits(bonus).filter((unit) => unit.by !== "rank" && !(unit.by === "measure" && unit.each === 0));
  if (others.length === 0 && units.every(isZero)) return [];
  return bonus.size.by === "share" ? [bonus.size.share] : amountsOf(bonus.size.amount);
}

/** What a pool's shares are cut to, where it is the same for everybody. */
function limitTexts({ shareCap }: Bonus & { kind: "pool" }): readonly string[] {
  if (shareCap === undefined) return [];
  if ("share" in shareCap) return [shareCap.share];
  const everybody = shareCap.amount["*"];
  return everybody === undefined ? [] : Object.values(shareCap.amount).flatMap(amountsOf);
}

const amountsOf = (amount: PlanMoney): readonly string[] => (typeof amount === "string" ? [amount] : Object.values(amount));

/** An infinity bonus is to begin below the level pay: where both reach one upline, an order is paid there twice. */
export function paidTwice(plan: Plan): Finding[] {
  return plan.bonuses.flatMap((bonus, i) => {
    if (bonus.kind !== "infinity") return [];
    const first = bonus.belowLevel + (bonus.levelOne === "sponsor" ? 1 : 0);
    const levels = plan.bonuses.find(
      (other) =>
        other.kind === "unilevel" &&
        other.tree === bonus.tree &&
        baseOf(other.base) === baseOf(bonus.base) &&
        deepest(other) >= first,
    );
    if (levels === undefined || levels.kind !== "unilevel") return [];
    const facts = { first: String(first), bonus: levels.id, deepest: String(deepest(levels)) };
    const why = { wrong: reason("begins-too-low", facts), right: reason("begins-higher") };
    return [findingOf("warning", "paid-twice", `bonuses[${i}].belowLevel`, why)];
  });
}

/** How far above an order's owner level pay reaches. */
function deepest(bonus: Bonus & { kind: "unilevel" }): number {
  const levels = Math.max(
    ...[bonus.rates, ...Object.values(bonus.classRates ?? {})].flatMap((rates) => rowsOf(rates).map(([, row]) => row.length)),
  );
  return levels - (bonus.levelOne === "owner" ? 1 : 0);
}

/** Families that pay several people on one order or source. */
const SHARING: ReadonlySet<Bonus["kind"]> = new Set<Bonus["kind"]>([
  "unilevel",
  "fast-start",
  "matrix",
  "differential",
  "breakaway",
  "generation",
  "infinity",
  "matching",
]);

/** Rounding together what nobody shares is rounding by itself. */
export function nothingShared(plan: Plan): Finding[] {
  if (plan.rounding !== "largest-remainder" || plan.bonuses.length > 1) return [];
  if (plan.bonuses.some((bonus) => SHARING.has(bonus.kind))) return [];
  const why = { wrong: reason("rounds-what-nobody-shares"), right: reason("half-up") };
  return [findingOf("warning", "rounding", "rounding", why)];
}

/** A sponsor who keeps all passes nothing up. */
export function nothingPassedUp(plan: Plan): Finding[] {
  return plan.bonuses.flatMap((bonus, i) => {
    if (bonus.kind !== "pass-up" || bonus.kept === undefined) return [];
    const [rates, kept] = [keyRows(bonus.rates), keyRows(bonus.kept)];
    const sameKeys = (isKeyed(bonus.rates) ? bonus.rates.by : "rank") === (isKeyed(bonus.kept) ? bonus.kept.by : "rank");
    const keepsAll = Object.entries(rates).every(([key, rate]) => Number(kept[key] ?? kept["*"] ?? "0") >= Number(rate));
    if (!keepsAll || !sameKeys || Object.keys(rates).length === 0) return [];
    const why = { wrong: reason("keeps-all"), right: reason("less-than-rate") };
    return [findingOf("warning", "pass-up", `bonuses[${i}].kept`, why)];
  });
}

import type { CommissionableLine } from "../commission.ts";
import { parseDecimal, type Ratio } from "../money.ts";
import type { RunBonus } from "./compile.ts";
import type { Candidate, OrderWalk } from "./order-walk.ts";
import { compileLevelRates, type Rate, type RateTable } from "./rates.ts";
import type { Plan } from "./schema.ts";
import type { UnilevelBonus } from "./unilevel.ts";

/** What a walk by levels needs to know of its bonus. */
export interface LevelRule {
  readonly bonusId: string;
  readonly compression: UnilevelBonus["compression"];
  readonly unqualifiedEarner: UnilevelBonus["unqualifiedEarner"];
  readonly table: RateTable;
}

interface Walk {
  readonly order: OrderWalk;
  readonly rule: LevelRule;
  readonly lineId: string;
  readonly base: Ratio;
  readonly upline: readonly Candidate[];
}

/** Unilevel at order time, compiled: one function per bonus. */
export function runUnilevel(bonus: UnilevelBonus, plan: Plan): RunBonus {
  const rates = compileLevelRates(bonus.rates, plan.ranks);
  const classRates = new Map(
    Object.entries(bonus.classRates ?? {}).map(([id, table]) => [id, compileLevelRates(table, plan.ranks)]),
  );
  const baseRate = parseDecimal(bonus.baseRate ?? "1");
  return (order, line) => {
    const table = classRates.get(line.commissionClass) ?? rates;
    const rule: LevelRule = {
      bonusId: bonus.id,
      compression: bonus.compression,
      unqualifiedEarner: bonus.unqualifiedEarner,
      table,
    };
    const source = sourceOf(order, bonus, line);
    if (source === null) return;
    const start = source + (firstIsOwner(order, bonus.levelOne) ? 0 : 1);
    walkLevels(
      { order, rule, lineId: line.lineId, base: order.baseOf(line, bonus.base, baseRate), upline: order.candidates },
      start,
    );
  };
}

/** Whether the distributor an order belongs to is level 1 of it. */
export function firstIsOwner(order: OrderWalk, levelOne: UnilevelBonus["levelOne"]): boolean {
  return order.input.buyer === "self" ? order.compiled.plan.ownPurchase === "pays-owner" : levelOne === "owner";
}

/**
 * Whose volume the line is: its owner's, or by the plan's policy the nearest active upline's where
 * the owner is not active. Null where the volume pays nobody. The answer is an index into the upline.
 */
export function sourceOf(
  order: OrderWalk,
  bonus: Pick<UnilevelBonus, "id" | "unqualifiedSource">,
  line: CommissionableLine,
): number | null {
  const owner = order.candidates[0];
  if (owner === undefined) return null;
  if (owner.inactive === null || bonus.unqualifiedSource === "pay-in-place") return 0;
  const at = { bonusId: bonus.id, lineId: line.lineId, level: 0 };
  const facts = order.inactivityFacts(owner);
  const to = bonus.unqualifiedSource === "drop" ? -1 : order.candidates.findIndex((one) => one.inactive === null);
  const outcome = to < 0 ? "source-dropped" : "source-rolled-up";
  const toId = order.candidates[to]?.distributor.distributorId;
  order.step(
    at,
    owner.distributor.distributorId,
    `${outcome}-${owner.inactive}`,
    toId === undefined ? facts : { ...facts, to: toId },
  );
  return to < 0 ? null : to;
}

/** Walks up from `start`, one level at a time, until the table's levels or the upline are used up. */
export function walkLevels(walk: Walk, start: number): void {
  const { table, compression } = walk.rule;
  let level = 1;
  let index = start;
  for (; index < walk.upline.length && level <= table.levels; index++) {
    const candidate = walk.upline[index] as Candidate;
    const rate = candidate.inactive === null ? table.rate(candidate.rankNo, level) : null;
    if (rate !== null) {
      walk.order.pay({ bonusId: walk.rule.bonusId, lineId: walk.lineId, level, base: walk.base, rate }, candidate, "paid");
    } else if (compression === "dynamic" || (compression === "standard" && candidate.inactive !== null)) {
      passOver(walk, candidate, level, "skipped");
      continue;
    } else {
      passOver(walk, candidate, level, "unearned");
      giveUnearned(walk, index, level);
    }
    level++;
  }
  if (level <= table.levels) {
    const facts = { from: String(level), to: String(table.levels) };
    walk.order.step({ bonusId: walk.rule.bonusId, lineId: walk.lineId, level }, null, "end-of-upline", facts);
  }
}

/** Records why a distributor was not paid: `skipped` leaves the level to the next, `unearned` uses it up. */
function passOver(walk: Walk, candidate: Candidate, level: number, how: "skipped" | "unearned"): void {
  const { order, rule, lineId } = walk;
  const at = { bonusId: rule.bonusId, lineId, level };
  const id = candidate.distributor.distributorId;
  if (candidate.inactive !== null) {
    order.step(at, id, `${how}-${candidate.inactive}`, order.inactivityFacts(candidate));
    return;
  }
  const lowest = rule.table.lowest(level);
  const needed: Record<string, string> = lowest === null ? {} : { neededRank: order.compiled.rankName(lowest.rankNo) };
  order.step(at, id, `${how}-rank`, { ...order.rankFact(candidate), ...needed });
}

/** Hands on the share of a level whose distributor did not earn it, by the plan's policy. */
function giveUnearned(walk: Walk, index: number, level: number): void {
  const { order, rule, lineId, base, upline } = walk;
  if (rule.unqualifiedEarner === "none") return;
  const missed = upline[index] as Candidate;
  const rate = rule.table.rate(missed.rankNo, level) ?? rule.table.lowest(level)?.rate;
  if (rate === undefined) return;
  const payment = { bonusId: rule.bonusId, lineId, level, base, rate: rate satisfies Rate };
  const facts = { passedFrom: missed.distributor.distributorId };
  const next = rule.unqualifiedEarner === "company" ? undefined : nextQualified(walk, index, level);
  if (next === undefined) order.pay(payment, null, "breakage", facts);
  else order.pay(payment, next, "paid-passed-share", facts);
}

function nextQualified(walk: Walk, index: number, level: number): Candidate | undefined {
  for (let i = index + 1; i < walk.upline.length; i++) {
    const candidate = walk.upline[i] as Candidate;
    if (candidate.inactive === null && walk.rule.table.rate(candidate.rankNo, level) !== null) return candidate;
  }
  return undefined;
}

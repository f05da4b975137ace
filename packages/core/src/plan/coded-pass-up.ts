import type { CommissionableLine } from "../order-facts.ts";
import type { KnownNames } from "./known-names.ts";
import { type RunBonus, tillFor } from "./order-bonuses.ts";
import type { OrderWalk } from "./order-walk.ts";
import type { PassUpBonus } from "./pass-up.ts";
import { compileRankRates, type RateTable } from "./rates.ts";
import type { Plan } from "./schema.ts";
import { keyRows } from "./tables.ts";
import { aboveOf, COMPANY, isActive, rankOf } from "./walks/ground.ts";

/** Whether a pass-up keeps a share, counts sales, or pays the company: the classic form does none of it. */
export function isCoded(bonus: PassUpBonus): boolean {
  return bonus.kept !== undefined || bonus.to !== undefined || bonus.counts !== undefined || bonus.per !== undefined;
}

/**
 * Pass-up where the sponsor keeps a share of the first sales and the rest goes to the next upline or the company. Which
 * sale it is comes from the order's facts: counted by the time of placing, so that arrival cannot matter. Source: a 2-up
 * with a kept line, successunforgettable/Source-impact-mlm.
 */
export function runCodedPassUp(bonus: PassUpBonus, plan: Plan): RunBonus {
  const texts = [...Object.values(keyRows(bonus.rates)), ...Object.values(bonus.kept ?? {})];
  const rates = compileRankRates(bonus.rates, plan.ranks, texts);
  const kept = compileRankRates(bonus.kept ?? {}, plan.ranks, texts);
  return (order, line) => {
    const { ground, candidates } = order.upline;
    const sponsor = candidates.length === 0 ? COMPANY : aboveOf(ground, 0);
    if (sponsor === COMPANY) return;
    const number = numberOf(bonus, order, line);
    if (number === 0 || number > bonus.count) return pay(bonus, { order, line, rates }, sponsor);
    const keeps = kept.units(rankOf(ground, sponsor), 1);
    const at = { bonusId: bonus.id, lineId: line.lineId, level: 1 };
    const facts = { number: String(number), count: String(bonus.count), of: bonus.counts ?? "recruits" };
    order.step(at, candidates[sponsor]?.distributor.distributorId ?? null, "passed-up-coded", facts);
    if (keeps > 0) pay(bonus, { order, line, rates: kept }, sponsor);
    passOn(bonus, { order, line, rates }, sponsor, keeps);
  };
}

interface Paying {
  readonly order: OrderWalk;
  readonly line: CommissionableLine;
  readonly rates: RateTable;
}

function pay(bonus: PassUpBonus, { order, line, rates }: Paying, earner: number): void {
  const { ground } = order.upline;
  const till = tillFor(bonus, order, line, rates);
  const active = isActive(ground, earner);
  const units = active ? rates.units(rankOf(ground, earner), 1) : 0;
  if (units > 0) till.pay(earner, 1, units, COMPANY);
  else till.pass(earner, 1, "unearned", active ? "rank" : "inactive");
}

/** What the sponsor does not keep: the company's by the sponsor's rate, the next upline's by their own. */
function passOn(bonus: PassUpBonus, { order, line, rates }: Paying, sponsor: number, keeps: number): void {
  const { ground } = order.upline;
  const till = tillFor(bonus, order, line, rates);
  if (bonus.to === "company") {
    const units = rates.units(rankOf(ground, sponsor), 1);
    if (units > keeps) till.payBetween(COMPANY, 1, units, keeps);
    return;
  }
  const up = aboveOf(ground, sponsor);
  if (up < 0) return;
  const active = isActive(ground, up);
  const units = active ? rates.units(rankOf(ground, up), 1) : 0;
  if (units > keeps) till.payBetween(up, 1, units, keeps);
  else till.pass(up, 1, "unearned", !active ? "inactive" : units === 0 ? "rank" : "already-paid");
}

/** Which of the counted things this is, from 1; 0 for a recruit of unknown place, who is never passed up. */
function numberOf(bonus: PassUpBonus, order: OrderWalk, line: CommissionableLine): number {
  if (bonus.counts !== "sales") return order.input.upline[0]?.enrolmentNumber ?? 0;
  const number = order.input.saleNumbers?.[bonus.per === "class" ? line.commissionClass : "*"];
  if (number === undefined) throw new Error(`the bonus "${bonus.id}" counts sales, and nobody said which one this is`);
  return number;
}

/** What a coded pass-up says of itself and of the plan's ranks. */
export function passUpReferences(known: KnownNames, bonus: PassUpBonus, path: string): void {
  if (!isCoded(bonus)) return;
  if (bonus.cascades) known.add(`${path}.cascades`, "is true, but what is passed up here goes one step and no further", "false");
  if (bonus.per !== undefined && bonus.counts !== "sales")
    known.add(`${path}.per`, "counts each class anew, but recruits have no class", '"counts": "sales", or to leave it out');
  for (const [rank, share] of Object.entries(bonus.kept ?? {})) {
    if (rank !== "*" && rank !== "none" && !known.check("rank", rank, `${path}.kept.${rank}`)) continue;
    const rows = keyRows(bonus.rates);
    const rate = rows[rank] ?? rows["*"] ?? "0";
    if (Number(share) > Number(rate))
      known.add(`${path}.kept.${rank}`, `is "${share}", more than the rate of "${rate}" that it is kept of`, "at most that rate");
  }
}

import type { CommissionableLine } from "../order-facts.ts";
import type { KnownNames } from "./known-names.ts";
import { bound, type RunBonus, tillFor } from "./order-bonuses.ts";
import type { OrderWalk } from "./order-walk.ts";
import { compileOwnRates } from "./own-rates.ts";
import type { PassUpBonus } from "./pass-up.ts";
import { compileRankRates } from "./rates.ts";
import type { Plan } from "./schema.ts";
import { isKeyed, keyRows, rowsOf, type Table } from "./tables.ts";
import { aboveOf, COMPANY } from "./walks/ground.ts";
import { missedAt, type RateRule, unitsAt, whyNone } from "./walks/rates.ts";

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
  const texts = [bonus.rates, bonus.kept ?? {}].flatMap((table) => rowsOf<string>(table).map(([, share]) => share));
  const rates = compileRankRates(bonus.rates, plan.ranks, texts);
  const kept = compileRankRates(bonus.kept ?? {}, plan.ranks, texts);
  const bindRates = compileOwnRates(bonus, bonus.rates, { rates, plan });
  const bindKept = compileOwnRates(bonus, bonus.kept ?? {}, { rates: kept, plan });
  return (order, line) => {
    const { ground, candidates } = order.upline;
    const paying = { order, line, rule: { table: rates, own: bound(bindRates, order, order.upline) } };
    const sponsor = candidates.length === 0 ? COMPANY : aboveOf(ground, 0);
    if (sponsor === COMPANY) return;
    const number = numberOf(bonus, order, line);
    if (number === 0 || number > bonus.count) return pay(bonus, paying, sponsor);
    const keeping = { table: kept, own: bound(bindKept, order, order.upline) };
    // Never more than the sponsor's own rate: the two may go by different things.
    const keeps = Math.min(missedAt(keeping, ground, sponsor, 1), missedAt(paying.rule, ground, sponsor, 1));
    const at = { bonusId: bonus.id, lineId: line.lineId, level: 1 };
    const facts = { number: String(number), count: String(bonus.count), of: bonus.counts ?? "recruits" };
    order.step(at, candidates[sponsor]?.distributor.distributorId ?? null, "passed-up-coded", { facts });
    if (keeps > 0) pay(bonus, { ...paying, rule: keeping }, sponsor, keeps);
    passOn(bonus, paying, sponsor, keeps);
  };
}

interface Paying {
  readonly order: OrderWalk;
  readonly line: CommissionableLine;
  readonly rule: RateRule;
}

function pay(bonus: PassUpBonus, { order, line, rule }: Paying, earner: number, most = Number.POSITIVE_INFINITY): void {
  const { ground } = order.upline;
  const till = tillFor(bonus, order, line, rule.table);
  const units = Math.min(unitsAt(rule, ground, earner, 1), most);
  if (units > 0) till.pay(earner, 1, units, COMPANY);
  else till.pass(earner, 1, "unearned", whyNone(rule, ground, earner, 1));
}

/** What the sponsor does not keep: the company's by the sponsor's rate, qualified or not, the next upline's by their own. */
function passOn(bonus: PassUpBonus, { order, line, rule }: Paying, sponsor: number, keeps: number): void {
  const { ground } = order.upline;
  const till = tillFor(bonus, order, line, rule.table);
  if (bonus.to === "company") {
    const units = missedAt(rule, ground, sponsor, 1);
    if (units > keeps) till.payBetween(COMPANY, 1, units, keeps);
    return;
  }
  const up = aboveOf(ground, sponsor);
  if (up < 0) return;
  const units = unitsAt(rule, ground, up, 1);
  if (units > keeps) till.payBetween(up, 1, units, keeps);
  else till.pass(up, 1, "unearned", units === 0 ? whyNone(rule, ground, up, 1) : "already-paid");
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
  if (bonus.kept !== undefined && goesByRank(bonus.rates) && goesByRank(bonus.kept)) checkKept(known, bonus, bonus.kept, path);
}

const goesByRank = (table: Table<string>): boolean => !isKeyed(table) || table.by === "rank";

/** Row by row where both go by rank; elsewhere nobody keeps more than their own rate when it is paid. */
function checkKept(known: KnownNames, bonus: PassUpBonus, kept: Table<string>, path: string): void {
  const [rates, shares] = [keyRows(bonus.rates), keyRows(kept)];
  const at = isKeyed(kept) ? `${path}.kept.rows` : `${path}.kept`;
  const whose = ["none", ...known.plan.ranks.map(({ id }) => id)];
  for (const [key, share] of Object.entries(shares)) {
    const meant = key === "*" ? whose.filter((rank) => shares[rank] === undefined) : [key];
    const rate = Math.min(...meant.map((rank) => Number(rates[rank] ?? rates["*"] ?? "0")));
    if (Number(share) > rate)
      known.add(
        `${at}.${key}`,
        `is "${share}", more than the rate of "${rateText(rates, meant, rate)}" that it is kept of`,
        "at most that rate",
      );
  }
}

const rateText = (rates: Readonly<Record<string, string>>, meant: readonly string[], rate: number): string =>
  meant.map((rank) => rates[rank] ?? rates["*"] ?? "0").find((text) => Number(text) === rate) ?? "0";

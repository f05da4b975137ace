import { formatAmount } from "../money.ts";
import { baseOf, isLess, isMoney } from "../plan/base.ts";
import { bonusBase } from "../plan/bonus-base.ts";
import { ranksOfCalendar } from "../plan/closing-calendars.ts";
import { shortOf } from "../plan/condition-text.ts";
import { formatVolume } from "../plan/parts.ts";
import { promotionsAt, promotionTouches } from "../plan/promoted.ts";
import { float64At, int16At, uint8At } from "../typed.ts";
import type { CloseResult } from "./close.ts";
import { binaryLines } from "./explain-binary.ts";
import { cutLines } from "./explain-cut.ts";
import { dueLines } from "./explain-due.ts";
import { poolLines } from "./explain-pool.ts";
import { type CloseInput, underDates } from "./input.ts";
import { rankConditions } from "./rank-conditions.ts";

/** A distributor's close in plain words, from the inputs of the close alone. */
export interface CloseExplanation {
  readonly activity: string;
  readonly rank: string;
  /** What is missing for the next rank, one sentence per condition; empty at the top. */
  readonly nextRank: readonly string[];
  readonly bonuses: readonly { readonly bonusId: string; readonly amount: string; readonly lines: readonly string[] }[];
}

/** `details` must have been asked for at the close, or each bonus shows its sum only. */
export function explainClose(given: CloseInput, result: CloseResult, no: number): CloseExplanation {
  const input = underDates(given);
  const { ranks } = input.plan;
  const paidAs = int16At(result.ranks.paidAs, no);
  const name = (rankNo: number): string => ranks[rankNo]?.name ?? "no rank";
  const qualified = int16At(result.ranks.qualified, no);
  const judges = ranksOfCalendar(input.plan, input.calendar) !== "last-closed";
  const left = judges ? "" : `, as the last close of "${input.plan.rankCalendar}" left it`;
  const set =
    paidAs === qualified || !judges
      ? left
      : `, though the period's figures give ${name(qualified)} (${keptWhy(input, result, no)})`;
  return {
    activity: activityText(input, result, no),
    rank: `paid as ${name(paidAs)}${set}; highest title ${name(int16At(result.ranks.title, no))}${rankTreeText(input)}`,
    nextRank:
      judges && qualified + 1 < ranks.length ? [`for ${name(qualified + 1)}:`, ...missing(input, result, no, qualified + 1)] : [],
    bonuses: result.bonuses.map((bonus) => ({
      bonusId: bonus.bonusId,
      amount: `${formatAmount(BigInt(float64At(bonus.amounts, no)), result.currency)} ${result.currency}`,
      lines: [
        ...promotionLines(given, bonus.bonusId),
        ...treeLine(input, bonus.bonusId),
        ...bonusLines(input, result, bonus.bonusId, no),
        ...cutLines({ input, result }, bonus.bonusId, no),
      ],
    })),
  };
}

/** The promotions that a bonus of this close is computed under. */
function promotionLines({ plan, startsAt }: CloseInput, bonusId: string): string[] {
  const bonus = plan.bonuses.find(({ id }) => id === bonusId);
  if (bonus === undefined || startsAt === undefined) return [];
  return promotionsAt(plan, "period-start", startsAt)
    .filter((promotion) => promotionTouches(promotion, bonus))
    .map(({ id, name }) => `the promotion "${name ?? id}" runs: what it sets counts in place of the plan's own`);
}

/** Which tree a bonus goes by, in a plan that has several. */
function treeLine({ plan }: CloseInput, bonusId: string): string[] {
  const bonus = plan.bonuses.find(({ id }) => id === bonusId);
  if (plan.trees === undefined || bonus === undefined || !("tree" in bonus) || bonus.tree === undefined) return [];
  return [`goes by the tree "${bonus.tree}"`];
}

function rankTreeText({ plan: { rankTree } }: CloseInput): string {
  return rankTree === undefined ? "" : `; legs and groups are those of the tree "${rankTree}"`;
}

function keptWhy(input: CloseInput, result: CloseResult, no: number): string {
  const directive = input.network.directives.find((directive) => directive.no === no && directive.until >= input.endsAt);
  if (directive !== undefined) return `an admin's ${directive.kind} is in force`;
  return uint8At(result.ranks.graceUsed, no) > 0
    ? `kept by grace, ${result.ranks.graceUsed[no]} of the periods allowed`
    : "taken as already paid";
}

function activityText(input: CloseInput, result: CloseResult, no: number): string {
  const counted = float64At(input.lastClosed?.pv ?? result.judgedBy.pv, no);
  const pv = formatVolume(BigInt(Math.max(0, counted)));
  if (input.network.earning[no] !== 1) return "not active: the status does not earn";
  const needed = input.plan.active.minimumPv;
  if (result.facts.active[no] === 1) return `active: ${pv} PV of ${needed} needed`;
  const { condition } = input.plan.active;
  const short = condition === undefined ? "" : shortOf(condition, input.plan, result.people, no);
  return short === "" ? `not active: ${needed} PV needed, had ${pv}` : `not active: ${short}`;
}

/** The conditions of a rank that do not hold, with what is short. */
export function missing(input: CloseInput, result: CloseResult, no: number, rankNo: number): string[] {
  return rankConditions(input, result, no, rankNo)
    .filter(({ isMet }) => !isMet)
    .map(({ short }) => short);
}

const volumeText = (units: number): string => formatVolume(BigInt(units));

const MOST_LINES = 50;

/** Where a bonus came from: each source with its level, or both sides of a binary. */
function bonusLines(input: CloseInput, result: CloseResult, bonusId: string, no: number): string[] {
  const name = (source: number): string => input.network.ids?.[source] ?? `#${source}`;
  const binary = result.binary[bonusId];
  const bonus = input.plan.bonuses.find(({ id }) => id === bonusId);
  if (binary !== undefined && bonus?.kind === "binary")
    return [...unqualifiedLine(input, result, bonusId, no), ...binaryLines(bonus, binary, no)];
  if (bonus?.kind === "breakaway" && bonus.override.mode === "guaranteed-minimum" && result.entries !== null)
    return [...dueLines({ input, result }, bonus, bonus.override, no), ...deficitLine(input, result, bonusId, no)];
  const unqualified = unqualifiedLine(input, result, bonusId, no);
  const shared = bonus?.kind === "pool" ? poolLines({ input, result }, bonus, no) : [];
  const own = (result.entries ?? []).filter((entry) => entry.bonusId === bonusId && entry.earner === no);
  const lines = own.slice(0, MOST_LINES).map((entry) => {
    const from = entry.source < 0 ? "" : ` on ${name(entry.source)}`;
    return `level ${entry.level}${from}: ${formatAmount(BigInt(entry.amountMinor), result.currency)} ${result.currency}`;
  });
  const all = own.length > MOST_LINES ? [...lines, `and ${own.length - MOST_LINES} more`] : lines;
  return [...unqualified, ...shared, ...all, ...deficitLine(input, result, bonusId, no)];
}

/** What somebody misses of the bonus's own condition. */
function unqualifiedLine({ plan }: CloseInput, result: CloseResult, bonusId: string, no: number): string[] {
  const bonus = plan.bonuses.find(({ id }) => id === bonusId);
  const asked = bonus?.kind === "reward" && "when" in bonus.for ? [bonus.earnsIf, bonus.for.when] : [bonus?.earnsIf];
  return asked.flatMap((condition) => {
    const short = condition === undefined ? "" : shortOf(condition, plan, result.people, no);
    return short === "" ? [] : [`does not qualify: ${short}`];
  });
}

/** What of a distributor's returned goods waits to be taken off their later volume. */
function deficitLine(input: CloseInput, result: CloseResult, bonusId: string, no: number): string[] {
  const waits = result.carried.deficits?.[bonusId]?.[no] ?? 0;
  if (waits === 0) return [];
  const bonus = input.plan.bonuses.find((bonus) => bonus.id === bonusId);
  const base = bonus === undefined ? null : bonusBase(bonus);
  const inMoney = bonus?.kind === "matching" || (base !== null && (isLess(base) || isMoney(baseOf(base))));
  const volume = base === null ? "CV" : baseOf(base).toUpperCase();
  const what = inMoney ? `${formatAmount(BigInt(waits), result.currency)} ${result.currency}` : `${volumeText(waits)} ${volume}`;
  return [`${what} of returned goods wait and are taken off what comes next`];
}

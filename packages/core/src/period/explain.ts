import { formatAmount } from "../money.ts";
import { baseOf, isLess, isMoney } from "../plan/base.ts";
import { bonusBase } from "../plan/bonus-base.ts";
import { ranksOfCalendar } from "../plan/closing-calendars.ts";
import { shortOf } from "../plan/condition-reasons.ts";
import { formatVolume } from "../plan/parts.ts";
import { promotionsAt, promotionTouches } from "../plan/promoted.ts";
import { inEnglish } from "../reasons/in-english.ts";
import { type Reason, reason } from "../reasons/reason.ts";
import { float64At, int16At, uint8At } from "../typed.ts";
import type { CloseResult } from "./close.ts";
import { binaryReasons } from "./explain-binary.ts";
import { cutReasons } from "./explain-cut.ts";
import { dueReasons } from "./explain-due.ts";
import { poolReasons } from "./explain-pool.ts";
import { type CloseInput, underDates } from "./input.ts";
import { rankConditions } from "./rank-conditions.ts";

/** A distributor's close in plain words, from the inputs of the close alone, and the reasons that the words are of. */
export interface CloseExplanation {
  readonly activity: string;
  readonly rank: string;
  /** What is missing for the next rank, one sentence per condition; empty at the top. */
  readonly nextRank: readonly string[];
  readonly bonuses: readonly ExplainedBonus[];
  readonly reasons: {
    readonly activity: Reason;
    readonly rank: Reason;
    readonly nextRank: readonly Reason[];
  };
}

export interface ExplainedBonus {
  readonly bonusId: string;
  readonly amount: string;
  readonly lines: readonly string[];
  /** The amount and each line before any language. */
  readonly reasons: { readonly amount: Reason; readonly lines: readonly Reason[] };
}

/** `details` must have been asked for at the close, or each bonus shows its sum only. */
export function explainClose(given: CloseInput, result: CloseResult, no: number): CloseExplanation {
  const input = underDates(given);
  const reasons = {
    activity: activityReason(input, result, no),
    rank: rankReason(input, result, no),
    nextRank: nextRankReasons(input, result, no),
  };
  return {
    activity: inEnglish(reasons.activity),
    rank: inEnglish(reasons.rank),
    nextRank: reasons.nextRank.map(inEnglish),
    bonuses: result.bonuses.map((bonus) => {
      const amount = reason("money", money(float64At(bonus.amounts, no), result));
      const lines = [
        ...promotions(given, bonus.bonusId),
        ...treeOf(input, bonus.bonusId),
        ...bonusReasons(input, result, bonus.bonusId, no),
        ...cutReasons({ input, result }, bonus.bonusId, no),
      ];
      return { bonusId: bonus.bonusId, amount: inEnglish(amount), lines: lines.map(inEnglish), reasons: { amount, lines } };
    }),
    reasons,
  };
}

const money = (minor: number, { currency }: Pick<CloseResult, "currency">) => ({
  amount: formatAmount(BigInt(minor), currency),
  currency,
});

/** Whether the ranks of a close are its own, and not what another calendar's last close left. */
const judgesRanks = ({ plan, calendar }: CloseInput): boolean => ranksOfCalendar(plan, calendar) !== "last-closed";

function rankReason(input: CloseInput, result: CloseResult, no: number): Reason {
  const { ranks, rankCalendar, rankTree } = input.plan;
  const paidAs = int16At(result.ranks.paidAs, no);
  const qualified = int16At(result.ranks.qualified, no);
  const name = (rankNo: number): string | undefined => ranks[rankNo]?.name;
  const judges = judgesRanks(input);
  const given = () => reason("figures-give", { rank: name(qualified) }, [keptWhy(input, result, no)]);
  const how = judges ? (paidAs === qualified ? [] : [given()]) : [reason("left-by-close", { calendar: `${rankCalendar}` })];
  return reason("paid-as", { rank: name(paidAs), title: name(int16At(result.ranks.title, no)), tree: rankTree }, how);
}

function nextRankReasons(input: CloseInput, result: CloseResult, no: number): Reason[] {
  const { ranks } = input.plan;
  const next = int16At(result.ranks.qualified, no) + 1;
  if (!judgesRanks(input) || next >= ranks.length) return [];
  return [reason("for-rank", { rank: ranks[next]?.name }), ...missing(input, result, no, next)];
}

/** The promotions that a bonus of this close is computed under. */
function promotions({ plan, startsAt }: CloseInput, bonusId: string): Reason[] {
  const bonus = plan.bonuses.find(({ id }) => id === bonusId);
  if (bonus === undefined || startsAt === undefined) return [];
  return promotionsAt(plan, "period-start", startsAt)
    .filter((promotion) => promotionTouches(promotion, bonus))
    .map(({ id, name }) => reason("promotion", { promotion: name ?? id }));
}

/** Which tree a bonus goes by, in a plan that has several. */
function treeOf({ plan }: CloseInput, bonusId: string): Reason[] {
  const bonus = plan.bonuses.find(({ id }) => id === bonusId);
  if (plan.trees === undefined || bonus === undefined || !("tree" in bonus) || bonus.tree === undefined) return [];
  return [reason("tree", { tree: bonus.tree })];
}

function keptWhy(input: CloseInput, result: CloseResult, no: number): Reason {
  const directive = input.network.directives.find((directive) => directive.no === no && directive.until >= input.endsAt);
  if (directive !== undefined) return reason("directive-in-force", { directive: directive.kind });
  return uint8At(result.ranks.graceUsed, no) > 0
    ? reason("kept-by-grace", { used: String(result.ranks.graceUsed[no]) })
    : reason("taken-as-paid");
}

function activityReason(input: CloseInput, result: CloseResult, no: number): Reason {
  const counted = float64At(input.lastClosed?.pv ?? result.judgedBy.pv, no);
  const pv = volumeText(Math.max(0, counted));
  if (input.network.earning[no] !== 1) return reason("status-not-earning");
  const needed = input.plan.active.minimumPv;
  if (result.facts.active[no] === 1) return reason("active", { pv, needed });
  const { condition } = input.plan.active;
  const short = condition === undefined ? null : shortOf(condition, input.plan, result.people, no);
  return short === null ? reason("pv-needed", { needed, had: pv }) : reason("not-active", {}, [short]);
}

/** The conditions of a rank that do not hold, with what is short. */
export function missing(input: CloseInput, result: CloseResult, no: number, rankNo: number): Reason[] {
  return rankConditions(input, result, no, rankNo).flatMap(({ short }) => (short === null ? [] : [short]));
}

const volumeText = (units: number): string => formatVolume(BigInt(units));

const MOST_LINES = 50;

/** Where a bonus came from: each source with its level, or both sides of a binary. */
function bonusReasons(input: CloseInput, result: CloseResult, bonusId: string, no: number): Reason[] {
  const binary = result.binary[bonusId];
  const bonus = input.plan.bonuses.find(({ id }) => id === bonusId);
  if (binary !== undefined && bonus?.kind === "binary")
    return [...unqualified(input, result, bonusId, no), ...binaryReasons(bonus, binary, no)];
  if (bonus?.kind === "breakaway" && bonus.override.mode === "guaranteed-minimum" && result.entries !== null)
    return [...dueReasons({ input, result }, bonus, bonus.override, no), ...deficit(input, result, bonusId, no)];
  const shared = bonus?.kind === "pool" ? poolReasons({ input, result }, bonus, no) : [];
  const own = (result.entries ?? []).filter((entry) => entry.bonusId === bonusId && entry.earner === no);
  const name = (source: number): string | undefined => (source < 0 ? undefined : (input.network.ids?.[source] ?? `#${source}`));
  const paid = own.slice(0, MOST_LINES).map((entry) => {
    const from = { level: String(entry.level), source: name(entry.source) };
    return reason("level-paid", { ...from, ...money(entry.amountMinor, result) });
  });
  const more = own.length > MOST_LINES ? [reason("and-more", { count: String(own.length - MOST_LINES) })] : [];
  return [...unqualified(input, result, bonusId, no), ...shared, ...paid, ...more, ...deficit(input, result, bonusId, no)];
}

/** What somebody misses of the bonus's own condition. */
function unqualified({ plan }: CloseInput, result: CloseResult, bonusId: string, no: number): Reason[] {
  const bonus = plan.bonuses.find(({ id }) => id === bonusId);
  const asked = bonus?.kind === "reward" && "when" in bonus.for ? [bonus.earnsIf, bonus.for.when] : [bonus?.earnsIf];
  return asked.flatMap((condition) => {
    const short = condition === undefined ? null : shortOf(condition, plan, result.people, no);
    return short === null ? [] : [reason("does-not-qualify", {}, [short])];
  });
}

/** What of a distributor's returned goods waits to be taken off their later volume. */
function deficit(input: CloseInput, result: CloseResult, bonusId: string, no: number): Reason[] {
  const waits = result.carried.deficits?.[bonusId]?.[no] ?? 0;
  if (waits === 0) return [];
  const bonus = input.plan.bonuses.find((bonus) => bonus.id === bonusId);
  const base = bonus === undefined ? null : bonusBase(bonus);
  const inMoney = bonus?.kind === "matching" || (base !== null && (isLess(base) || isMoney(baseOf(base))));
  if (inMoney) return [reason("returns-wait", money(waits, result))];
  return [reason("returns-wait", { volume: volumeText(waits), of: base === null ? "CV" : baseOf(base).toUpperCase() })];
}

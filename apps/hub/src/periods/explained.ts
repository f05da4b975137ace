import { formatVolume, inEnglish, type Plan, type Reason, reason, volumeOf } from "@upline/core";
import {
  type CloseExplanation,
  type CloseInput,
  type CloseResult,
  shortOf as conditionShort,
  explainClose,
  explainSources,
  isCloseBonus,
  missing,
} from "@upline/core/engine";
import type { StoredExplanation } from "../db/schema/close-runs.ts";
import type { NewExplanation } from "./explanation-queries.ts";
import { largeDownlines, MOST_OF_A_PART } from "./large-downlines.ts";

/** A computed close in words: what was paid to somebody, and what was not. */

type Told = CloseExplanation["bonuses"][number];
type ToldReasons = CloseExplanation["reasons"];

/** The reasons are null where a run of an earlier version wrote down words alone. */
export interface Explained extends Omit<CloseExplanation, "bonuses" | "reasons"> {
  readonly reasons: ToldReasons | null;
  readonly bonuses: readonly (Omit<Told, "reasons"> & { readonly reasons: Told["reasons"] | null })[];
  /** For each bonus what is not earned and what is short of it. */
  readonly notPaid: readonly NotPaid[];
}

export interface NotPaid {
  readonly bonusId: string;
  readonly lines: readonly string[];
  readonly reasons: readonly Reason[] | null;
}

/** Reasons beside the same in English. */
const toldAs = (reasons: readonly Reason[]) => ({ lines: reasons.map(inEnglish), reasons });

/** `source`: only what came, or did not come, of one person's volume. */
export function explained(input: CloseInput, result: CloseResult, no: number, source: number | null): Explained {
  return { ...explainClose(input, result, no), notPaid: notPaid(input, result, no, source) };
}

/** What a run writes down, of everybody whose part is too large for a request. */
export function* explanationsOf(input: CloseInput, result: CloseResult, most = MOST_OF_A_PART): Generator<NewExplanation> {
  for (const no of largeDownlines(input, most)) {
    const told = explainClose(input, result, no);
    const shortBy = new Map(
      input.plan.bonuses.filter(isCloseBonus).map((bonus) => [bonus.id, shortOf(input, result, bonus, no)] as const),
    );
    const explained: StoredExplanation = {
      ...told,
      bonuses: told.bonuses.map(({ bonusId, amount, reasons }) => {
        const { lines, reasons: whys } = toldAs([
          ...reasons.lines,
          ...(isPaidOnMany(input, bonusId) ? [reason("of-many-below")] : []),
        ]);
        const short = toldAs(shortBy.get(bonusId) ?? []);
        const before = { amount: reasons.amount, lines: whys, notPaid: short.reasons };
        return { bonusId, amount, lines, notPaid: short.lines, reasons: before };
      }),
    };
    yield { distributorNo: no + 1, explained };
  }
}

/** Whether a bonus is a sum over people below, which this leaves out. */
function isPaidOnMany({ plan }: CloseInput, bonusId: string): boolean {
  const kind = plan.bonuses.find(({ id }) => id === bonusId)?.kind;
  return kind !== undefined && kind !== "pool" && kind !== "binary" && kind !== "rank-advancement" && kind !== "reward";
}

/** Sources whose volume passed by without paying: at most so many are looked at, the largest first. */
const MOST_SOURCES = 50;
const MOST_LINES = 20;

function notPaid(input: CloseInput, result: CloseResult, no: number, source: number | null): Explained["notPaid"] {
  const sources = source === null ? sourcesBelow(input, result, no) : [source];
  const ids = input.network.ids ?? [];
  const steps = explainSources(input, result, sources).filter((step) => step.distributorId === ids[no]);
  return input.plan.bonuses.filter(isCloseBonus).map((bonus) => {
    const passed = steps
      .filter((step) => step.bonusId === bonus.id && (source !== null || !step.outcome.startsWith("paid")))
      .map((step) => reason("of-source", { source: ids[step.source] }, [step.reason]));
    const more = passed.length > MOST_LINES ? [reason("and-more", { count: String(passed.length - MOST_LINES) })] : [];
    const whys = [...shortOf(input, result, bonus, no), ...passed.slice(0, MOST_LINES), ...more];
    return { bonusId: bonus.id, ...toldAs(whys) };
  });
}

/** What is short of being active, and of each level or rate that a higher rank would have. */
function shortOf(input: CloseInput, result: CloseResult, bonus: Plan["bonuses"][number], no: number): Reason[] {
  const { plan } = input;
  if (result.facts.active[no] !== 1) {
    const needed = Number(volumeOf(plan.active.minimumPv));
    const had = result.facts.pv[no] as number;
    const { condition } = plan.active;
    const short = condition === undefined ? null : conditionShort(condition, plan, result.people, no);
    if (had >= needed && short !== null) return [reason("not-active", {}, [short])];
    return had < needed
      ? [reason("pv-short", { needed: plan.active.minimumPv, had: volume(had), short: volume(needed - had) })]
      : [reason("status-not-earning")];
  }
  if (!("rates" in bonus)) return [];
  const rates = bonus.rates as Readonly<Record<string, string | readonly string[]>>;
  const rowOf = (rankNo: number) => {
    const row = rates[plan.ranks[rankNo]?.id ?? "none"] ?? rates["*"] ?? [];
    return typeof row === "string" ? [row] : row;
  };
  const own = result.ranks.paidAs[no] as number;
  const pays = (rankNo: number, level: number) => Number(rowOf(rankNo)[level - 1] ?? "0") > 0;
  const deepest = Math.max(0, ...plan.ranks.map((_, rankNo) => rowOf(rankNo).length));
  const lines: Reason[] = [];
  for (let level = 1; level <= deepest; level++) {
    if (pays(own, level)) continue;
    const first = plan.ranks.findIndex((_, rankNo) => rankNo > own && pays(rankNo, level));
    if (first < 0) continue;
    const short = missing(input, result, no, first);
    lines.push(reason("level-from-rank", { level: String(level), rank: plan.ranks[first]?.name }, short));
  }
  return lines;
}

const volume = (units: number): string => formatVolume(BigInt(units));

/** Everyone below with volume, the largest first. */
function sourcesBelow({ network }: CloseInput, { facts }: CloseResult, no: number): number[] {
  const found: number[] = [];
  for (let member = 0; member < network.count; member++) {
    if ((facts.pv[member] as number) <= 0 || member === no) continue;
    let up = network.sponsor[member] as number;
    while (up >= 0 && up !== no) up = network.sponsor[up] as number;
    if (up === no) found.push(member);
  }
  return found.sort((a, b) => (facts.pv[b] as number) - (facts.pv[a] as number) || a - b).slice(0, MOST_SOURCES);
}

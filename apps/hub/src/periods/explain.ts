import { formatVolume, type Plan, volumeOf } from "@upline/core";
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
import { asCompanyAtLength } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type PeriodAct, type PeriodParts, previewInput } from "./close.ts";
import { recomputeRun } from "./compare.ts";
import { standingRun, waitingProposal } from "./queries.ts";
import { computeRun } from "./run.ts";

/** Why somebody was paid what they were, and why not more: from what a run locked, or as a close would see it now. */
export interface ExplainedClose extends CloseExplanation {
  readonly distributorId: string;
  readonly period: string;
  /** Null: nothing is locked yet, so this is how it stands now. */
  readonly runNo: bigint | null;
  /** For each bonus what is not earned and what is short of it. */
  readonly notPaid: readonly { readonly bonusId: string; readonly lines: readonly string[] }[];
}

export async function explainPeriod(
  parts: PeriodParts,
  args: PeriodAct & { distributorId: string; from?: string | undefined },
): Promise<ExplainedClose> {
  const { companyId, distributorId } = args;
  const stored = await asCompanyAtLength(parts.db, companyId, async (tx) => {
    const run = (await standingRun(tx, args)) ?? (await waitingProposal(tx, args));
    return run === null ? null : { run, computed: await recomputeRun(tx, companyId, run, { details: true }) };
  });
  const { input, result } = stored?.computed ?? computeRun(await previewInput(parts, args), { details: true });
  const ids = input.network.ids ?? [];
  const no = numberOf(ids, distributorId);
  const source = args.from === undefined ? null : numberOf(ids, args.from);
  return {
    ...explainClose(input, result, no),
    distributorId,
    period: input.periodId,
    runNo: stored?.run.runNo ?? null,
    notPaid: notPaid(input, result, no, source),
  };
}

function numberOf(ids: readonly string[], distributorId: string): number {
  const no = ids.indexOf(distributorId);
  if (no < 0) throw new HubError("not-found", `There is no distributor "${distributorId}" in this close.`);
  return no;
}

/** Sources whose volume passed by without paying: at most so many are looked at, the largest first. */
const MOST_SOURCES = 200;
const MOST_LINES = 20;

function notPaid(input: CloseInput, result: CloseResult, no: number, source: number | null): ExplainedClose["notPaid"] {
  const sources = source === null ? sourcesBelow(input, result, no) : [source];
  const ids = input.network.ids ?? [];
  const steps = explainSources(input, result, sources).filter((step) => step.distributorId === ids[no]);
  return input.plan.bonuses.filter(isCloseBonus).map((bonus) => {
    const passed = steps
      .filter((step) => step.bonusId === bonus.id && (source !== null || !step.outcome.startsWith("paid")))
      .map((step) => `${ids[step.source]}: ${step.text}`);
    const more = passed.length > MOST_LINES ? [`and ${passed.length - MOST_LINES} more`] : [];
    return { bonusId: bonus.id, lines: [...shortOf(input, result, bonus, no), ...passed.slice(0, MOST_LINES), ...more] };
  });
}

/** What is short of being active, and of each level or rate that a higher rank would have. */
function shortOf(input: CloseInput, result: CloseResult, bonus: Plan["bonuses"][number], no: number): string[] {
  const { plan } = input;
  if (result.facts.active[no] !== 1) {
    const needed = Number(volumeOf(plan.active.minimumPv));
    const had = result.facts.pv[no] as number;
    const { condition } = plan.active;
    const short = condition === undefined ? "" : conditionShort(condition, plan, result.people, no);
    if (had >= needed && short !== "") return [`not active: ${short}`];
    return had < needed
      ? [`not active: needs ${plan.active.minimumPv} PV, had ${volume(had)}: ${volume(needed - had)} PV short`]
      : ["not active: the status does not earn"];
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
  const lines: string[] = [];
  for (let level = 1; level <= deepest; level++) {
    if (pays(own, level)) continue;
    const first = plan.ranks.findIndex((_, rankNo) => rankNo > own && pays(rankNo, level));
    if (first < 0) continue;
    const short = missing(input, result, no, first);
    lines.push(
      `level ${level} is paid from ${plan.ranks[first]?.name}: ${short.join("; ") || "qualified, but paid as another rank"}`,
    );
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

import { float64At } from "../typed.ts";
import type { CloseResult } from "./close.ts";

/**
 * The life of a period: open, closing, closed. Trials are computed and thrown away; a close is prepared
 * by one person and confirmed by another; a closed period is never edited, only superseded by a new run
 * whose differences are posted.
 */
export type PeriodState =
  | { readonly kind: "open" }
  | { readonly kind: "closing"; readonly runId: string; readonly preparedBy: string }
  | {
      readonly kind: "closed";
      readonly runId: string;
      readonly preparedBy: string;
      readonly confirmedBy: string;
      readonly supersedes: string | null;
    };

export type PeriodAct =
  | { readonly act: "prepare"; readonly runId: string; readonly by: string }
  | { readonly act: "cancel"; readonly by: string }
  | { readonly act: "confirm"; readonly runId: string; readonly by: string }
  | { readonly act: "supersede"; readonly runId: string; readonly preparedBy: string; readonly confirmedBy: string };

export type PeriodOutcome =
  | { readonly kind: "done"; readonly state: PeriodState }
  | { readonly kind: "refused"; readonly reason: "not-open" | "not-closing" | "not-closed" | "other-run" | "same-person" };

/** The next state of a period, or why not. */
export function advancePeriod(state: PeriodState, act: PeriodAct): PeriodOutcome {
  switch (act.act) {
    case "prepare":
      return state.kind === "open" ? done({ kind: "closing", runId: act.runId, preparedBy: act.by }) : refused("not-open");
    case "cancel":
      return state.kind === "closing" ? done({ kind: "open" }) : refused("not-closing");
    case "confirm":
      if (state.kind !== "closing") return refused("not-closing");
      if (state.runId !== act.runId) return refused("other-run");
      if (state.preparedBy === act.by) return refused("same-person");
      return done({ kind: "closed", runId: act.runId, preparedBy: state.preparedBy, confirmedBy: act.by, supersedes: null });
    case "supersede":
      if (state.kind !== "closed") return refused("not-closed");
      if (act.preparedBy === act.confirmedBy) return refused("same-person");
      return done({
        kind: "closed",
        runId: act.runId,
        preparedBy: act.preparedBy,
        confirmedBy: act.confirmedBy,
        supersedes: state.runId,
      });
  }
}

const done = (state: PeriodState): PeriodOutcome => ({ kind: "done", state });

function refused(reason: (PeriodOutcome & { kind: "refused" })["reason"]): PeriodOutcome {
  return { kind: "refused", reason };
}

export interface AmountChange {
  readonly bonusId: string;
  readonly no: number;
  readonly beforeMinor: number;
  readonly afterMinor: number;
}

export interface RankChange {
  readonly no: number;
  readonly before: number;
  readonly after: number;
}

/** Where two runs of a period differ; of a superseding run these are the amounts to post. */
export interface RunComparison {
  readonly amounts: readonly AmountChange[];
  readonly ranks: readonly RankChange[];
  readonly beforeMinor: number;
  readonly afterMinor: number;
}

export function compareRuns(before: CloseResult, after: CloseResult): RunComparison {
  const ids = [...new Set([...before.bonuses, ...after.bonuses].map((bonus) => bonus.bonusId))];
  const amounts = ids.flatMap((bonusId) => changes(bonusId, amountsOf(before, bonusId), amountsOf(after, bonusId)));
  const ranks: RankChange[] = [];
  after.ranks.paidAs.forEach((rank, no) => {
    const previous = before.ranks.paidAs[no] ?? -1;
    if (rank !== previous) ranks.push({ no, before: previous, after: rank });
  });
  return { amounts, ranks, beforeMinor: paidMinor(before), afterMinor: paidMinor(after) };
}

function amountsOf(result: CloseResult, bonusId: string): Float64Array {
  return result.bonuses.find((bonus) => bonus.bonusId === bonusId)?.amounts ?? new Float64Array(0);
}

function changes(bonusId: string, before: Float64Array, after: Float64Array): AmountChange[] {
  const found: AmountChange[] = [];
  for (let no = 0; no < Math.max(before.length, after.length); no++) {
    const beforeMinor = before[no] ?? 0;
    const afterMinor = after[no] ?? 0;
    if (beforeMinor !== afterMinor) found.push({ bonusId, no, beforeMinor, afterMinor });
  }
  return found;
}

/** Everything a close pays to distributors, minor units. */
export function paidMinor(result: CloseResult): number {
  let total = 0;
  for (const { amounts } of result.bonuses) for (const amount of amounts) total += amount;
  return total;
}

export interface BonusSummary {
  readonly bonusId: string;
  readonly paidMinor: number;
  readonly payees: number;
  readonly breakageMinor: number;
  /** What caps took off. */
  readonly cutMinor: number;
}

/** A close in a few lines, for a preview or the close desk. */
export function summarize(result: CloseResult): BonusSummary[] {
  return result.bonuses.map(({ bonusId, amounts, beforeCaps, breakageMinor }) => {
    const summary = { paidMinor: 0, payees: 0, cutMinor: result.binary[bonusId]?.cutMinor ?? 0 };
    amounts.forEach((amount, no) => {
      summary.paidMinor += amount;
      if (amount !== 0) summary.payees++;
      summary.cutMinor += float64At(beforeCaps, no) - amount;
    });
    return { bonusId, breakageMinor, ...summary };
  });
}

/** One amount to post, in the order of bonus and number: the same close gives the same rows. */
export interface CloseRow {
  readonly bonusId: string;
  readonly no: number;
  readonly amountMinor: number;
}

/** Every non-zero amount of a close; `no` -1 is breakage. */
export function* closeRows(result: CloseResult): Generator<CloseRow> {
  for (const { bonusId, amounts, breakageMinor } of result.bonuses) {
    for (let no = 0; no < amounts.length; no++) if (amounts[no] !== 0) yield { bonusId, no, amountMinor: float64At(amounts, no) };
    if (breakageMinor !== 0) yield { bonusId, no: -1, amountMinor: breakageMinor };
  }
}

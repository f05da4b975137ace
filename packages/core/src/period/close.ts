import { closeOrder } from "../plan/dependencies.ts";
import { planHash } from "../plan/hash.ts";
import type { Bonus } from "../plan/schema.ts";
import { assertComputed } from "../plan/uncomputed.ts";
import { itemAt } from "../typed.ts";
import { type BinaryOutcome, closeBinary } from "./binary-close.ts";
import { type CapHit, enforceCaps } from "./caps-close.ts";
import { CloseContext } from "./context.ts";
import type { RankFacts } from "./facts.ts";
import { assertCloseInput, type Carried, type CloseInput } from "./input.ts";
import { closeMatching } from "./matching-close.ts";
import { closeCompletion } from "./matrix-completion.ts";
import { closePool, closeRankAdvancement } from "./pools.ts";
import type { RankOutcome } from "./ranks.ts";
import { BonusSum, type CloseEntry } from "./till.ts";
import { closeBreakaway, closeDifferential, closeGeneration, closeInfinity, closeMatrix, closeUnilevel } from "./walk-bonuses.ts";

/** One bonus of a close: minor units by distributor number, before and after the plan's caps. */
export interface ClosedBonus {
  readonly bonusId: string;
  readonly beforeCaps: Float64Array;
  readonly amounts: Float64Array;
  /** What nobody qualified for. */
  readonly breakageMinor: number;
}

export interface CloseResult {
  readonly planHash: string;
  readonly periodId: string;
  readonly currency: string;
  readonly facts: RankFacts;
  readonly ranks: RankOutcome;
  readonly bonuses: readonly ClosedBonus[];
  readonly binary: Readonly<Record<string, BinaryOutcome>>;
  readonly caps: readonly CapHit[];
  /** What the next close starts from. */
  readonly carried: Carried;
  /** The period's CV of all rows in minor units. */
  readonly cvMinor: bigint;
  /** Every single amount, where `details` asked for it; before the plan's caps. */
  readonly entries: readonly CloseEntry[] | null;
}

/**
 * Computes the close of one period: volumes, activity, ranks, then every close bonus in the order of
 * their dependencies, then caps. Pure: a trial is a close whose result is thrown away. The same facts
 * give the same result whatever order rows come in. Throws `CloseInputError` for broken input.
 */
export function closePeriod(input: CloseInput, options: { readonly details?: boolean } = {}): CloseResult {
  assertCloseInput(input);
  assertComputed(input.plan);
  const context = new CloseContext(input);
  const entries: CloseEntry[] | null = options.details === true ? [] : null;
  const state: CloseState = { context, sums: [], binary: {}, pools: {}, completed: {} };
  for (const bonus of closeOrder(input.plan)) {
    const sum = new BonusSum(bonus.id, input.network.count, entries);
    closeBonus(bonus, state, sum);
    context.earned.set(bonus.id, sum.amounts);
    state.sums.push(sum);
  }
  for (const sum of state.sums) sum.assertExact();
  const before = state.sums.map((sum) => (input.plan.caps === undefined ? sum.amounts : sum.amounts.slice()));
  const caps = enforceCaps(context, state.sums);
  const bonuses = state.sums.map((sum, i) => ({
    bonusId: sum.bonusId,
    beforeCaps: itemAt(before, i),
    amounts: sum.amounts,
    breakageMinor: sum.breakageMinor,
  }));
  const carriedBinary = Object.fromEntries(Object.entries(state.binary).map(([id, out]) => [id, out.carry]));
  return {
    planHash: planHash(input.plan),
    periodId: input.periodId,
    currency: input.currency,
    facts: context.facts,
    ranks: context.ranks,
    bonuses,
    binary: state.binary,
    caps,
    carried: {
      binary: carriedBinary,
      pools: state.pools,
      completed: state.completed,
      earned: {},
      deficits: context.volumes.deficits,
    },
    cvMinor: context.cvMinor(),
    entries,
  };
}

interface CloseState {
  readonly context: CloseContext;
  readonly sums: BonusSum[];
  readonly binary: Record<string, BinaryOutcome>;
  readonly pools: Record<string, number>;
  readonly completed: Record<string, Uint8Array>;
}

function closeBonus(bonus: Bonus, state: CloseState, sum: BonusSum): void {
  const { context } = state;
  if (bonus.kind === "binary") state.binary[bonus.id] = closeBinary(bonus, context, sum);
  else if (bonus.kind === "matching") closeMatching(bonus, context, sum);
  else if (bonus.kind === "pool") state.pools[bonus.id] = closePool(bonus, context, sum);
  else if (bonus.kind === "rank-advancement") closeRankAdvancement(bonus, context, sum);
  else if (bonus.kind === "matrix" && bonus.completion !== undefined)
    state.completed[bonus.id] = closeCompletion(bonus, context, sum);
  if (bonus.snapshot === "close") closeWalk(bonus, context, sum);
}

/** The families that walk up a tree. */
function closeWalk(bonus: Bonus, context: CloseContext, sum: BonusSum): void {
  if (bonus.kind === "unilevel") closeUnilevel(bonus, context, sum);
  else if (bonus.kind === "matrix") closeMatrix(bonus, context, sum);
  else if (bonus.kind === "differential") closeDifferential(bonus, context, sum);
  else if (bonus.kind === "breakaway") closeBreakaway(bonus, context, sum);
  else if (bonus.kind === "generation") closeGeneration(bonus, context, sum);
  else if (bonus.kind === "infinity") closeInfinity(bonus, context, sum);
}

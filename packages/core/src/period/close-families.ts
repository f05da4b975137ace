import type { Bonus, BonusKind } from "../plan/schema.ts";
import { type BinaryOutcome, closeBinary } from "./binary-close.ts";
import type { CloseContext } from "./context.ts";
import { closeMatching } from "./matching-close.ts";
import { closeCompletion } from "./matrix-completion.ts";
import { closePool, closeRankAdvancement } from "./pools.ts";
import { closeRetail } from "./retail-close.ts";
import { closeReward } from "./reward-close.ts";
import type { BonusSum } from "./till.ts";
import { closeBreakaway, closeDifferential, closeGeneration, closeInfinity, closeMatrix, closeUnilevel } from "./walk-bonuses.ts";

/** A close on its way: what its bonuses share, and what they leave for the next close. */
export interface CloseState {
  readonly context: CloseContext;
  readonly sums: BonusSum[];
  readonly binary: Record<string, BinaryOutcome>;
  readonly pools: Record<string, number>;
  readonly completed: Record<string, Uint8Array>;
  readonly rewards: Record<string, readonly Float64Array[]>;
}

/** How each kind of bonus is computed at the close; null for kinds that are decided at order time only. */
type CloseFamilies = {
  readonly [Kind in BonusKind]: ((bonus: Extract<Bonus, { kind: Kind }>, state: CloseState, sum: BonusSum) => void) | null;
};

const FAMILIES: CloseFamilies = {
  retail: (bonus, { context }, sum) => closeRetail(bonus, context, sum),
  unilevel: (bonus, { context }, sum) => closeUnilevel(bonus, context, sum),
  "fast-start": null,
  matrix: (bonus, { context, completed }, sum) => {
    if (bonus.completion !== undefined) completed[bonus.id] = closeCompletion(bonus, context, sum);
    if (bonus.snapshot === "close") closeMatrix(bonus, context, sum);
  },
  differential: (bonus, { context }, sum) => closeDifferential(bonus, context, sum),
  breakaway: (bonus, { context }, sum) => closeBreakaway(bonus, context, sum),
  generation: (bonus, { context }, sum) => closeGeneration(bonus, context, sum),
  infinity: (bonus, { context }, sum) => closeInfinity(bonus, context, sum),
  "pass-up": null,
  binary: (bonus, { context, binary }, sum) => {
    binary[bonus.id] = closeBinary(bonus, context, sum);
  },
  matching: (bonus, { context }, sum) => closeMatching(bonus, context, sum),
  pool: (bonus, { context, pools }, sum) => {
    pools[bonus.id] = closePool(bonus, context, sum);
  },
  "rank-advancement": (bonus, { context }, sum) => closeRankAdvancement(bonus, context, sum),
  reward: (bonus, { context, rewards }, sum) => {
    const kept = closeReward(bonus, context, sum);
    if (kept.length > 0) rewards[bonus.id] = kept;
  },
};

export function closeBonus(bonus: Bonus, state: CloseState, sum: BonusSum): void {
  const close = FAMILIES[bonus.kind] as ((bonus: Bonus, state: CloseState, sum: BonusSum) => void) | null;
  close?.(bonus, state, sum);
}

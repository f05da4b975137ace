import { isCoded, runCodedPassUp } from "./coded-pass-up.ts";
import {
  type RunBonus,
  runDifferential,
  runFastStart,
  runGeneration,
  runInfinity,
  runMatrix,
  runPassUp,
  runRetail,
  runUnilevel,
} from "./order-bonuses.ts";
import { runReward } from "./reward-order.ts";
import type { Bonus, BonusKind, Plan } from "./schema.ts";

/** How each kind of bonus is computed for one order line; null for kinds that are decided at the close only. */
type OrderFamilies = {
  readonly [Kind in BonusKind]: ((bonus: Extract<Bonus, { kind: Kind }>, plan: Plan) => RunBonus) | null;
};

const FAMILIES: OrderFamilies = {
  retail: runRetail,
  unilevel: runUnilevel,
  "fast-start": runFastStart,
  matrix: runMatrix,
  differential: runDifferential,
  breakaway: null,
  generation: runGeneration,
  infinity: runInfinity,
  "pass-up": (bonus, plan) => (isCoded(bonus) ? runCodedPassUp(bonus, plan) : runPassUp(bonus, plan)),
  binary: null,
  matching: null,
  pool: null,
  "rank-advancement": null,
  reward: runReward,
};

/** How a bonus is computed at order time; null for what is decided at the close. */
export function orderFamily(bonus: Bonus, plan: Plan): RunBonus | null {
  const compile = FAMILIES[bonus.kind] as ((bonus: Bonus, plan: Plan) => RunBonus) | null;
  return bonus.snapshot === "close" || compile === null ? null : compile(bonus, plan);
}

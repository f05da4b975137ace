import { lookupsOf, type PlanLookups } from "./lookups.ts";
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
import type { Bonus, Plan } from "./schema.ts";
import { classFilter } from "./takes.ts";
import { assertComputed } from "./uncomputed.ts";

export interface CompiledBonus {
  readonly bonus: Bonus;
  readonly run: RunBonus;
  /** Whether the bonus looks at this class at all. */
  readonly takesClass: (commissionClass: string) => boolean;
}

/** A plan made ready for orders; made once per plan object. */
export interface CompiledPlan extends PlanLookups {
  readonly orderBonuses: readonly CompiledBonus[];
}

const compiledPlans = new WeakMap<Plan, CompiledPlan>();

/** Compiles a plan, or returns what was compiled before: plans are immutable. */
export function compilePlan(plan: Plan): CompiledPlan {
  const known = compiledPlans.get(plan);
  if (known !== undefined) return known;
  const compiled = compile(plan);
  compiledPlans.set(plan, compiled);
  return compiled;
}

function compile(plan: Plan): CompiledPlan {
  assertComputed(plan);
  return { ...lookupsOf(plan), orderBonuses: plan.bonuses.flatMap((bonus) => compileOrderBonus(bonus, plan)) };
}

function compileOrderBonus(bonus: Bonus, plan: Plan): CompiledBonus[] {
  const run = runOf(bonus, plan);
  return run === null ? [] : [{ bonus, run, takesClass: classFilter(bonus, plan) }];
}

/** How a bonus is computed at order time; null for what is decided at the close. */
function runOf(bonus: Bonus, plan: Plan): RunBonus | null {
  if (bonus.snapshot === "close") return null;
  switch (bonus.kind) {
    case "retail":
      return runRetail(bonus, plan);
    case "unilevel":
      return runUnilevel(bonus, plan);
    case "fast-start":
      return runFastStart(bonus, plan);
    case "matrix":
      return runMatrix(bonus, plan);
    case "differential":
      return runDifferential(bonus, plan);
    case "generation":
      return runGeneration(bonus, plan);
    case "infinity":
      return runInfinity(bonus, plan);
    case "pass-up":
      return runPassUp(bonus, plan);
    case "reward":
      return null;
  }
}

import { isLess, type LessBase } from "./base.ts";
import { bonusBase, lessOf } from "./bonus-base.ts";
import { inDependencyOrder } from "./dependencies.ts";
import { lookupsOf, type PlanLookups } from "./lookups.ts";
import type { RunBonus } from "./order-bonuses.ts";
import { orderFamily } from "./order-families.ts";
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
  /** As the plan lists them, each after those whose pay is taken off its base. */
  readonly orderBonuses: readonly CompiledBonus[];
  /** Bonuses of the close that take off what orders paid. */
  readonly closeDeducts: readonly { readonly id: string; readonly base: LessBase }[];
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
  return {
    ...lookupsOf(plan),
    orderBonuses: inDependencyOrder(plan.bonuses, lessOf).flatMap((bonus) => compileOrderBonus(bonus, plan)),
    closeDeducts: plan.bonuses.flatMap((bonus) => {
      const base = bonusBase(bonus);
      return isLess(base) && bonus.snapshot === "close" ? [{ id: bonus.id, base }] : [];
    }),
  };
}

function compileOrderBonus(bonus: Bonus, plan: Plan): CompiledBonus[] {
  const run = orderFamily(bonus, plan);
  return run === null ? [] : [{ bonus, run, takesClass: classFilter(bonus, plan) }];
}

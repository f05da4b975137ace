import type { CommissionInput } from "../order-facts.ts";
import type { FastStartBonus } from "./fast-start.ts";
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
import type { AppliesTo } from "./parts.ts";
import type { Bonus, Plan } from "./schema.ts";

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
  return { ...lookupsOf(plan), orderBonuses: plan.bonuses.flatMap((bonus) => compileOrderBonus(bonus, plan)) };
}

function compileOrderBonus(bonus: Bonus, plan: Plan): CompiledBonus[] {
  const run = runOf(bonus, plan);
  return run === null ? [] : [{ bonus, run, takesClass: classFilter(bonus, plan) }];
}

/** How a bonus is computed at order time; null for what is decided at the close. */
function runOf(bonus: Bonus, plan: Plan): RunBonus | null {
  if (bonus.kind === "retail") return runRetail(bonus, plan);
  if (bonus.snapshot === "close") return null;
  switch (bonus.kind) {
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
  }
}

const DAY_MS = 86_400_000;

/** Whether an order falls into a fast start's window: a first order, or soon after its owner enrolled. */
export function windowIsOpen(bonus: FastStartBonus, input: CommissionInput): boolean {
  if (bonus.window.kind === "first-order") return input.firstOrder;
  const owner = input.upline[0];
  if (owner === undefined) return false;
  return Date.parse(input.placedAt) < Date.parse(owner.enrolledAt) + bonus.window.days * DAY_MS;
}

/** The bonuses that an open fast start replaces on this order, by id, with the fast start's id. */
export function replacedBonuses(compiled: CompiledPlan, input: CommissionInput): ReadonlyMap<string, string> {
  const replaced = new Map<string, string>();
  for (const { bonus } of compiled.orderBonuses) {
    if (bonus.kind !== "fast-start" || !takesOrder(bonus.appliesTo, input) || !windowIsOpen(bonus, input)) continue;
    for (const id of bonus.replaces) replaced.set(id, bonus.id);
  }
  return replaced;
}

/** A class takes part in a bonus when neither the class nor the bonus leaves the other out. */
export function classFilter(
  bonus: { id: string; appliesTo?: AppliesTo | undefined },
  plan: Plan,
): (commissionClass: string) => boolean {
  const taken = plan.commissionClasses.filter(
    (one) =>
      (one.bonuses === undefined || one.bonuses.includes(bonus.id)) &&
      (bonus.appliesTo?.classes === undefined || bonus.appliesTo.classes.includes(one.id)),
  );
  const ids = new Set(taken.map((one) => one.id));
  return (commissionClass) => ids.has(commissionClass);
}

/** Whether a bonus looks at orders of this market and buyer. */
export function takesOrder(appliesTo: AppliesTo | undefined, input: Pick<CommissionInput, "market" | "buyer">): boolean {
  if (appliesTo === undefined) return true;
  if (appliesTo.buyers !== undefined && !appliesTo.buyers.includes(input.buyer)) return false;
  return appliesTo.markets === undefined || (input.market !== null && appliesTo.markets.includes(input.market));
}

import type { CommissionableLine, CommissionInput, UplineDistributor } from "../commission.ts";
import { parseDecimal, type Ratio } from "../money.ts";
import { planHash } from "./hash.ts";
import { runUnilevel } from "./level-walk.ts";
import type { Candidate, OrderWalk } from "./order-walk.ts";
import { type AppliesTo, volumeOf } from "./parts.ts";
import { runRetail } from "./retail-pay.ts";
import type { Bonus, Plan } from "./schema.ts";

/** Computes one bonus for one order line. */
export type RunBonus = (order: OrderWalk, line: CommissionableLine) => void;

export interface CompiledBonus {
  readonly bonus: Bonus;
  readonly run: RunBonus;
  /** Whether the bonus looks at this class at all. */
  readonly takesClass: (commissionClass: string) => boolean;
}

/** A plan with its texts turned into numbers and its lists into lookups; made once per plan object. */
export interface CompiledPlan {
  readonly plan: Plan;
  readonly hash: string;
  readonly minimumPv: bigint;
  readonly orderBonuses: readonly CompiledBonus[];
  judge(distributor: UplineDistributor): Candidate;
  rankName(rankNo: number): string;
  cvRate(market: string | null): Ratio;
  /** The class's factor on CV, or null for 1. */
  cvFactor(commissionClass: string): Ratio | null;
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
  const rankNos = new Map(plan.ranks.map((rank, i) => [rank.id, i]));
  const statuses = new Set(plan.active.statuses);
  const minimumPv = volumeOf(plan.active.minimumPv);
  const newcomersActive = plan.active.beforeFirstClose === "active" || minimumPv === 0n;
  const cvRates = new Map(Object.entries(plan.cvRates).map(([market, rate]) => [market, parseDecimal(rate)]));
  const cvFactors = new Map(
    plan.commissionClasses.map((one) => [one.id, one.factors?.cv === undefined ? null : parseDecimal(one.factors.cv)]),
  );
  const inactive = (distributor: UplineDistributor): Candidate["inactive"] => {
    if (!statuses.has(distributor.status)) return "status";
    if (distributor.periodPv === null) return newcomersActive ? null : "pv";
    return distributor.periodPv >= minimumPv ? null : "pv";
  };
  return {
    plan,
    hash: planHash(plan),
    minimumPv,
    orderBonuses: plan.bonuses.flatMap((bonus) => compileOrderBonus(bonus, plan)),
    judge: (distributor) => ({ distributor, rankNo: rankNos.get(distributor.rank ?? "") ?? -1, inactive: inactive(distributor) }),
    rankName: (rankNo) => plan.ranks[rankNo]?.name ?? "no rank",
    cvRate: (market) => cvRates.get(market ?? "*") ?? cvRates.get("*") ?? { num: 0n, den: 1n },
    cvFactor: (commissionClass) => cvFactors.get(commissionClass) ?? null,
  };
}

function compileOrderBonus(bonus: Bonus, plan: Plan): CompiledBonus[] {
  const takesClass = classFilter(bonus, plan);
  switch (bonus.kind) {
    case "retail":
      return [{ bonus, run: runRetail(bonus, plan), takesClass }];
    case "unilevel":
      return bonus.snapshot === "order" ? [{ bonus, run: runUnilevel(bonus, plan), takesClass }] : [];
  }
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

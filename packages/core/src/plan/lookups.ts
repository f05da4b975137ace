import { parseDecimal, type Ratio } from "../money.ts";
import type { UplineDistributor } from "../order-facts.ts";
import { volumeOf } from "./parts.ts";
import { publishedHash } from "./promoted.ts";
import type { Plan } from "./schema.ts";

/** Why a distributor cannot earn now: not in an earning status, or short of the period's personal volume. */
export type Inactivity = "status" | "pv";

/** A distributor of the upline with what the plan makes of them. */
export interface Candidate {
  readonly distributor: UplineDistributor;
  readonly rankNo: number;
  readonly inactive: Inactivity | null;
}

/** A plan with its texts turned into numbers and its lists into lookups. */
export interface PlanLookups {
  readonly plan: Plan;
  readonly hash: string;
  readonly minimumPv: bigint;
  judge(distributor: UplineDistributor): Candidate;
  rankName(rankNo: number): string;
  cvRate(market: string | null): Ratio;
  /** The class's factor on CV, or null for 1. */
  cvFactor(commissionClass: string): Ratio | null;
}

export function lookupsOf(plan: Plan): PlanLookups {
  const rankNos = new Map(plan.ranks.map((rank, i) => [rank.id, i]));
  const statuses = new Set(plan.active.statuses);
  const minimumPv = volumeOf(plan.active.minimumPv);
  const newcomersActive = plan.active.beforeFirstClose === "active" || minimumPv === 0n;
  const cvRates = new Map(Object.entries(plan.cvRates).map(([market, rate]) => [market, parseDecimal(rate)]));
  const cvFactors = new Map(
    plan.commissionClasses.map((commissionClass) => [
      commissionClass.id,
      commissionClass.factors?.cv === undefined ? null : parseDecimal(commissionClass.factors.cv),
    ]),
  );
  const inactive = (distributor: UplineDistributor): Candidate["inactive"] => {
    if (!statuses.has(distributor.status)) return "status";
    if (distributor.periodPv === null) return newcomersActive ? null : "pv";
    return distributor.periodPv >= minimumPv ? null : "pv";
  };
  return {
    plan,
    hash: publishedHash(plan),
    minimumPv,
    judge: (distributor) => ({ distributor, rankNo: rankNos.get(distributor.rank ?? "") ?? -1, inactive: inactive(distributor) }),
    rankName: (rankNo) => plan.ranks[rankNo]?.name ?? "no rank",
    cvRate: (market) => cvRates.get(market ?? "*") ?? cvRates.get("*") ?? { num: 0n, den: 1n },
    cvFactor: (commissionClass) => cvFactors.get(commissionClass) ?? null,
  };
}

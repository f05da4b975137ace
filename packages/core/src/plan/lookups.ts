import { parseDecimal, type Ratio } from "../money.ts";
import type { UplineDistributor } from "../order-facts.ts";
import type { Candidate } from "./candidate.ts";
import { LinePeople } from "./line-people.ts";
import { volumeOf } from "./parts.ts";
import { compileCondition } from "./people.ts";
import { publishedHash } from "./promoted.ts";
import type { Plan } from "./schema.ts";

/** A plan with its texts turned into numbers and its lists into lookups. */
export interface PlanLookups {
  readonly plan: Plan;
  readonly hash: string;
  readonly minimumPv: bigint;
  judge(distributor: UplineDistributor): Candidate;
  /** A rank's name by `key`; nothing for none. */
  rankFact(key: string, rankNo: number): Readonly<Record<string, string>>;
  /** A rank's number, -1 for none. */
  rankNo(rank: string | null): number;
  cvRate(market: string | null): Ratio;
  /** The class's factor on a volume, or null for 1. */
  factor(commissionClass: string, volume: "pv" | "qv" | "cv"): Ratio | null;
}

export function lookupsOf(plan: Plan): PlanLookups {
  const rankNos = new Map(plan.ranks.map((rank, i) => [rank.id, i]));
  const statuses = new Set(plan.active.statuses);
  const minimumPv = volumeOf(plan.active.minimumPv);
  const newcomersActive = plan.active.beforeFirstClose === "active" || minimumPv === 0n;
  const cvRates = new Map(Object.entries(plan.cvRates).map(([market, rate]) => [market, parseDecimal(rate)]));
  const factors = { pv: factorsOn(plan, "pv"), qv: factorsOn(plan, "qv"), cv: factorsOn(plan, "cv") };
  const rankNo = (rank: string | null): number => rankNos.get(rank ?? "") ?? -1;
  const condition = plan.active.condition === undefined ? null : compileCondition(plan.active.condition, plan);
  const inactive = (distributor: UplineDistributor): Candidate["inactive"] => {
    if (!statuses.has(distributor.status)) return "status";
    if (distributor.periodPv === null) return newcomersActive ? null : "pv";
    if (distributor.periodPv < minimumPv) return "pv";
    return condition === null ||
      condition(new LinePeople([{ distributor, rankNo: rankNo(distributor.rank), inactive: null }], rankNo), 0)
      ? null
      : "condition";
  };
  return {
    plan,
    hash: publishedHash(plan),
    minimumPv,
    judge: (distributor) => ({ distributor, rankNo: rankNo(distributor.rank), inactive: inactive(distributor) }),
    rankNo,
    rankFact: (key, rankNo) => {
      const name = plan.ranks[rankNo]?.name;
      return name === undefined ? {} : { [key]: name };
    },
    cvRate: (market) => cvRates.get(market ?? "*") ?? cvRates.get("*") ?? { num: 0n, den: 1n },
    factor: (commissionClass, volume) => factors[volume].get(commissionClass) ?? null,
  };
}

function factorsOn(plan: Plan, volume: "pv" | "qv" | "cv"): Map<string, Ratio> {
  return new Map(
    plan.commissionClasses.flatMap(({ id, factors }) => {
      const factor = factors?.[volume];
      return factor === undefined ? [] : [[id, parseDecimal(factor)] as const];
    }),
  );
}

import { allocate, parseDecimal } from "../money.ts";
import { VOLUME_SCALE } from "../order-facts.ts";
import { poolUnits } from "../plan/bonus-tables.ts";
import type { People } from "../plan/people.ts";
import { compileCondition } from "../plan/people.ts";
import type { PoolBonus, PoolUnits } from "../plan/pool.ts";
import { byRank } from "../plan/rates.ts";
import type { Plan } from "../plan/schema.ts";
import { exactFact, type RankFacts } from "./facts.ts";
import { amountIn } from "./input.ts";

/** Who shares a pool, by how many units, and how a limit for each share changes what everyone gets. */

/** How everybody stood at the close. */
export interface PoolStanding {
  readonly plan: Plan;
  readonly facts: RankFacts;
  readonly people: People;
}

/** Units by distributor number, in ten-thousandths of one; nothing for whoever is no member. */
export function poolUnitsOf(bonus: PoolBonus, standing: PoolStanding): (no: number) => bigint {
  const { plan, people } = standing;
  const sources = unitSources(bonus, standing);
  const earns = bonus.earnsIf === undefined ? null : compileCondition(bonus.earnsIf, plan);
  return (no) => {
    if (!people.isActive(no) || (earns !== null && !earns(people, no))) return 0n;
    return sources.reduce((sum, { units }) => sum + units(no), 0n);
  };
}

/** Each source of a pool's units, in ten-thousandths of one. */
export function unitSources(bonus: PoolBonus, standing: PoolStanding): { source: PoolUnits; units: (no: number) => bigint }[] {
  return poolUnits(bonus).map((source) => ({ source, units: unitsFrom(source, standing) }));
}

function unitsFrom(source: PoolUnits, { plan, facts, people }: PoolStanding): (no: number) => bigint {
  if (source.by === "volume") return (no) => exactFact(facts, source.volume, no);
  if (source.by === "rank") {
    const byRankNo = byRank(source.units, plan.ranks);
    return (no) => BigInt(byRankNo(people.rankNo(no)) ?? 0) * VOLUME_SCALE;
  }
  const each = BigInt(source.each ?? 1) * VOLUME_SCALE;
  return (no) => {
    const whole = BigInt(people.measure(source.measure, no)) / VOLUME_SCALE;
    return whole > 0n ? whole * each : 0n;
  };
}

/** The most that each member gets, minor units; null where nothing is cut. */
export function shareLimits(
  { shareCap }: PoolBonus,
  { plan, people, sizeMinor, currency }: Pick<PoolStanding, "plan" | "people"> & { sizeMinor: bigint; currency: string },
): (no: number) => bigint | null {
  if (shareCap === undefined) return () => null;
  if ("share" in shareCap) {
    const { num, den } = parseDecimal(shareCap.share);
    const most = (sizeMinor * num) / den;
    return () => most;
  }
  const amountOf = byRank(shareCap.amount, plan.ranks);
  return (no) => {
    const amount = amountOf(people.rankNo(no));
    return amount === undefined ? null : BigInt(amountIn(amount, currency));
  };
}

export interface PoolMember {
  /** Breaks ties. */
  readonly key: string;
  readonly weight: bigint;
  /** The most they get; null is no limit. */
  readonly atMost: bigint | null;
}

/**
 * Shares a sum by weight, spare units by largest remainder. What a limit cuts off is left, or is shared among `others` by their
 * weights as long as somebody is below their limit: whoever would get more than the limit has it, whatever the rest get.
 */
export function sharePool(
  totalMinor: bigint,
  members: readonly PoolMember[],
  others: boolean,
): { shares: Map<string, bigint>; leftMinor: bigint } {
  const shares = new Map<string, bigint>();
  let left = totalMinor;
  let open = members;
  for (let full = others ? above(left, open) : []; full.length > 0; full = above(left, open)) {
    const keys = new Set(full.map(({ key }) => key));
    for (const { key, atMost } of full) {
      shares.set(key, atMost as bigint);
      left -= atMost as bigint;
    }
    open = open.filter(({ key }) => !keys.has(key));
  }
  const limits = new Map(open.map(({ key, atMost }) => [key, atMost]));
  for (const [key, share] of open.length === 0 ? [] : allocate(left, open)) {
    const atMost = limits.get(key) ?? null;
    shares.set(key, atMost !== null && share > atMost ? atMost : share);
  }
  const paid = [...shares.values()].reduce((sum, share) => sum + share, 0n);
  return { shares, leftMinor: totalMinor - paid };
}

/** Whoever's exact share is above their limit. */
function above(totalMinor: bigint, members: readonly PoolMember[]): PoolMember[] {
  const weights = members.reduce((sum, { weight }) => sum + weight, 0n);
  return members.filter(({ weight, atMost }) => atMost !== null && totalMinor * weight > atMost * weights);
}

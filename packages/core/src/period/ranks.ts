import { parseDecimal } from "../money.ts";
import { reduceRatio, volumeOf } from "../plan/parts.ts";
import type { RankRequirement } from "../plan/ranks.ts";
import { breakawayRankNo, rankNoOf } from "../plan/rules.ts";
import type { Plan } from "../plan/schema.ts";
import type { CloseTrees } from "./close-trees.ts";
import type { RankFacts } from "./facts.ts";
import type { CloseInput, CloseNetwork } from "./input.ts";
import { cappedTotal } from "./leg-totals.ts";
import type { CloseMeasures } from "./measures.ts";
import { type Below, childrenOf } from "./tree.ts";

/** A plan's rank conditions as numbers. */
export interface RankRule {
  readonly pv: number;
  readonly gv: number;
  readonly maxLeg: { readonly mode: "cap-on-required" | "cap-on-total"; readonly num: number; readonly den: number } | null;
  readonly personalGroupVolume: number;
  readonly activeLegs: number;
  readonly legsWithRank: readonly { readonly rankNo: number; readonly legs: number }[];
  readonly retailVolume: number;
  readonly heldBefore: { readonly rankNo: number; readonly periods: number } | null;
  readonly gracePeriods: number;
}

export function compileRanks(plan: Plan): RankRule[] {
  return plan.ranks.map((rank) => compileRank(rank.requires, rank.gracePeriods ?? 0, plan));
}

function compileRank(requires: RankRequirement, gracePeriods: number, plan: Plan): RankRule {
  const maxLeg = requires.gv?.maxLeg;
  const held = requires.heldBefore;
  return {
    pv: units(requires.pv),
    gv: units(requires.gv?.volume),
    maxLeg: maxLeg === undefined ? null : { mode: maxLeg.mode, ...plainShare(maxLeg.share) },
    personalGroupVolume: units(requires.personalGroupVolume),
    activeLegs: requires.activeLegs ?? 0,
    legsWithRank: (requires.legsWithRank ?? []).map(({ rank, legs }) => ({ rankNo: rankNoOf(plan, rank), legs })),
    retailVolume: units(requires.retailVolume),
    heldBefore: held === undefined ? null : { rankNo: rankNoOf(plan, held.rank), periods: held.periods },
    gracePeriods,
  };
}

/** A share has at most eight decimals: both numbers are small. */
function plainShare(share: string): { num: number; den: number } {
  const { num, den } = reduceRatio(parseDecimal(share));
  return { num: Number(num), den: Number(den) };
}

const units = (text: string | undefined): number => (text === undefined ? 0 : Number(volumeOf(text)));

export interface RankOutcome {
  /** What the period's figures alone give. */
  readonly qualified: Int16Array;
  /** What is paid: qualified, kept by grace, or set by a directive. */
  readonly paidAs: Int16Array;
  readonly title: Int16Array;
  readonly graceUsed: Uint8Array;
  /** Highest paid-as rank in each distributor's group, themselves included; groups and legs are those of the tree of ranks. */
  readonly highestBelow: Int16Array;
  readonly personalGroupVolume: Float64Array;
  readonly below: Below;
}

/** What everyone is judged by, and what has come out so far. */
interface Judging {
  readonly rules: readonly RankRule[];
  /** Each rank's condition, or null. */
  readonly asked: readonly (((no: number) => boolean) | null)[];
  readonly network: CloseNetwork;
  readonly facts: RankFacts;
  readonly out: RankOutcome;
}

/**
 * Judges everyone by the plan's tree of ranks, downline before upline, so that ranks in a leg are known when its upline is
 * judged. Section 2.
 */
export function judgeRanks(input: CloseInput, facts: RankFacts, trees: CloseTrees, people: CloseMeasures): RankOutcome {
  const { network, plan } = input;
  const { above } = trees.ofRanks;
  const rules = compileRanks(plan);
  const out: RankOutcome = {
    qualified: new Int16Array(network.count).fill(-1),
    paidAs: new Int16Array(network.count).fill(-1),
    title: network.title.slice(),
    graceUsed: new Uint8Array(network.count),
    highestBelow: new Int16Array(network.count).fill(-1),
    personalGroupVolume: facts.own.slice(),
    below: childrenOf(above, network.count),
  };
  const conditions = plan.ranks.map(({ requires }) => requires.condition);
  const asked = conditions.map((condition) => (condition === undefined ? null : people.holds(condition)));
  const judging: Judging = { rules, asked, network, facts, out };
  const counted = people.beginRanks(
    out.paidAs,
    conditions.flatMap((condition) => (condition === undefined ? [] : [condition])),
  );
  const order = trees.together([trees.ofRanks, ...counted]);
  const directives = directivesInForce(network, input.endsAt);
  const breakaway = breakawayRankNo(plan);
  const fixed = input.fixedRanks ?? input.lastClosed?.rank;
  for (let index = order.length - 1; index >= 0; index--) {
    const no = order[index] as number;
    const qualified = qualifiedRank(judging, no);
    out.qualified[no] = qualified;
    if (fixed === undefined) settleRank(judging, no, qualified, directives.get(no));
    else out.paidAs[no] = fixed[no] as number;
    handUp(above, out, no, breakaway);
    people.ranked(no);
  }
  people.endRanks();
  return out;
}

function handUp(above: Int32Array, out: RankOutcome, no: number, breakaway: number): void {
  const paidAs = out.paidAs[no] as number;
  if (paidAs > (out.title[no] as number)) out.title[no] = paidAs;
  if (paidAs > (out.highestBelow[no] as number)) out.highestBelow[no] = paidAs;
  const up = above[no] as number;
  if (up < 0) return;
  if ((out.highestBelow[no] as number) > (out.highestBelow[up] as number)) out.highestBelow[up] = out.highestBelow[no] as number;
  if (paidAs < breakaway)
    out.personalGroupVolume[up] = (out.personalGroupVolume[up] as number) + (out.personalGroupVolume[no] as number);
}

function directivesInForce(
  network: CloseNetwork,
  endsAt: number,
): Map<number, { override: number | null; constraint: number | null }> {
  const found = new Map<number, { override: number | null; constraint: number | null }>();
  for (const directive of network.directives) {
    if (directive.until < endsAt) continue;
    const own = found.get(directive.no) ?? { override: null, constraint: null };
    found.set(
      directive.no,
      directive.kind === "override" ? { ...own, override: directive.rankNo } : { ...own, constraint: directive.rankNo },
    );
  }
  return found;
}

/** An override decides alone; a constraint caps; grace keeps the last rank for a while; else what was qualified counts. */
function settleRank(
  { rules, network, out }: Judging,
  no: number,
  qualified: number,
  directive: { override: number | null; constraint: number | null } | undefined,
): void {
  let rank = qualified;
  const last = network.recentRanks[0]?.[no] ?? -1;
  const used = network.graceUsed[no] as number;
  if (last > qualified && used < (rules[last]?.gracePeriods ?? 0)) {
    rank = last;
    out.graceUsed[no] = used + 1;
  }
  if (directive?.constraint !== null && directive !== undefined) rank = Math.min(rank, directive.constraint);
  out.paidAs[no] = directive?.override ?? rank;
}

/** The highest rank all of whose conditions hold; a lower rank need not hold for a higher one to count. */
function qualifiedRank(judging: Judging, no: number): number {
  const { rules, asked } = judging;
  for (let rank = rules.length - 1; rank >= 0; rank--)
    if (holds(rules[rank] as RankRule, judging, no) && (asked[rank]?.(no) ?? true)) return rank;
  return -1;
}

function holds(rule: RankRule, { network, facts, out }: Judging, no: number): boolean {
  if (network.earning[no] !== 1) return false;
  if (
    (facts.own[no] as number) < rule.pv ||
    (facts.gv[no] as number) < rule.gv ||
    (facts.retail[no] as number) < rule.retailVolume
  )
    return false;
  if ((out.personalGroupVolume[no] as number) < rule.personalGroupVolume) return false;
  if (rule.heldBefore !== null && !heldBefore(rule.heldBefore, network, no)) return false;
  if (rule.activeLegs > 0 && countLegs(out.below, no, (leg) => facts.active[leg] === 1) < rule.activeLegs) return false;
  if (
    rule.legsWithRank.some(
      (need) => countLegs(out.below, no, (leg) => (out.highestBelow[leg] as number) >= need.rankNo) < need.legs,
    )
  )
    return false;
  return rule.maxLeg === null || qualifyingVolume(rule, facts, out.below, no) >= rule.gv;
}

function heldBefore(held: { rankNo: number; periods: number }, network: CloseNetwork, no: number): boolean {
  for (let i = 0; i < held.periods; i++) if ((network.recentRanks[i]?.[no] ?? -1) < held.rankNo) return false;
  return true;
}

export function countLegs(below: Below, no: number, counts: (leg: number) => boolean): number {
  let legs = 0;
  for (let i = below.start[no] as number; i < (below.start[no + 1] as number); i++) if (counts(below.list[i] as number)) legs++;
  return legs;
}

/**
 * Group volume under the max-leg rule. `cap-on-required`: at most share × required from each leg.
 * `cap-on-total`: the largest total T in which no leg counts more than share × T (own PV is no leg).
 */
export function qualifyingVolume(
  rule: Pick<RankRule, "gv" | "maxLeg">,
  facts: Pick<RankFacts, "own" | "gv">,
  below: Below,
  no: number,
): number {
  const own = facts.own[no] as number;
  const legs: number[] = [];
  for (let i = below.start[no] as number; i < (below.start[no + 1] as number); i++)
    legs.push(facts.gv[below.list[i] as number] as number);
  const { num, den, mode } = rule.maxLeg ?? { num: 1, den: 1, mode: "cap-on-required" };
  if (mode === "cap-on-total") return cappedTotal(own, legs, num, den);
  const whole = legs.reduce((sum, leg) => sum + leg, own);
  const plain = Math.max(whole, rule.gv) * den <= Number.MAX_SAFE_INTEGER;
  if (plain) return Math.floor(legs.reduce((sum, leg) => sum + Math.min(leg * den, rule.gv * num), own * den) / den);
  const cap = BigInt(rule.gv) * BigInt(num);
  const counted = (leg: number): bigint => (BigInt(leg) * BigInt(den) < cap ? BigInt(leg) * BigInt(den) : cap);
  return Number(legs.reduce((sum, leg) => sum + counted(leg), BigInt(own) * BigInt(den)) / BigInt(den));
}

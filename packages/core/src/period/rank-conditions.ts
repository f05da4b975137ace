import { shortOf } from "../plan/condition-text.ts";
import { formatVolume } from "../plan/parts.ts";
import { float64At, int16At, itemAt } from "../typed.ts";
import type { CloseResult } from "./close.ts";
import type { CloseInput } from "./input.ts";
import { compileRanks, countLegs, qualifyingVolume, type RankRule } from "./ranks.ts";

/** One thing that a rank asks for, what is needed of it and what is there. */
export interface RankCondition {
  readonly kind:
    | "pv"
    | "gv"
    | "gv-under-max-leg"
    | "personal-group-volume"
    | "retail-volume"
    | "active-legs"
    | "legs-with-rank"
    | "held-before"
    | "condition";
  /** Volumes in ten-thousandths, legs and periods as counts; both are 0 for a condition of the plan's own. */
  readonly needed: number;
  readonly had: number;
  readonly isMet: boolean;
  /** The rank that legs, or periods before, have to have. */
  readonly rankNo: number | null;
  /** What is short, in words; empty where nothing is. */
  readonly short: string;
}

const VOLUMES = {
  pv: "personal volume",
  gv: "group volume",
  "gv-under-max-leg": "group volume counted under the max-leg rule",
  "personal-group-volume": "personal group volume",
  "retail-volume": "volume of own customers",
} as const;

/** Everything that a rank asks of somebody in a close. */
export function rankConditions(input: CloseInput, result: CloseResult, no: number, rankNo: number): RankCondition[] {
  const rule = itemAt(compileRanks(input.plan), rankNo);
  const { condition } = itemAt(input.plan.ranks, rankNo).requires;
  const own = condition === undefined ? null : shortOf(condition, input.plan, result.people, no);
  const asked: RankCondition[] = own === null ? [] : [{ ...of("condition", 0, 0), isMet: own === "", short: own }];
  return [...volumesOf(rule, result, no), ...legsOf(input, rule, result, no), ...asked, ...heldOf(input, rule, no)];
}

function volumesOf(rule: RankRule, { judgedBy: facts, ranks }: CloseResult, no: number): RankCondition[] {
  const group = rule.maxLeg === null ? float64At(facts.gv, no) : qualifyingVolume(rule, facts, ranks.below, no);
  return [
    volume("pv", rule.pv, float64At(facts.own, no)),
    volume(rule.maxLeg === null ? "gv" : "gv-under-max-leg", rule.gv, group),
    volume("personal-group-volume", rule.personalGroupVolume, float64At(ranks.personalGroupVolume, no)),
    volume("retail-volume", rule.retailVolume, float64At(facts.retail, no)),
  ].filter(({ needed }) => needed > 0);
}

function legsOf(input: CloseInput, rule: RankRule, { judgedBy: facts, ranks }: CloseResult, no: number): RankCondition[] {
  const active = countLegs(ranks.below, no, (leg) => facts.active[leg] === 1);
  const found = rule.activeLegs === 0 ? [] : [counted("active-legs", rule.activeLegs, active, null, "active frontline")];
  for (const need of rule.legsWithRank) {
    const had = countLegs(ranks.below, no, (leg) => int16At(ranks.highestBelow, leg) >= need.rankNo);
    const what = `legs with ${input.plan.ranks[need.rankNo]?.name} or higher`;
    found.push(counted("legs-with-rank", need.legs, had, need.rankNo, what));
  }
  return found;
}

function heldOf({ network, plan }: CloseInput, { heldBefore }: RankRule, no: number): RankCondition[] {
  if (heldBefore === null) return [];
  const held = network.recentRanks.findIndex((ranksThen) => int16At(ranksThen, no) < heldBefore.rankNo);
  const had = held < 0 ? network.recentRanks.length : held;
  const base = of("held-before", heldBefore.periods, had, heldBefore.rankNo);
  if (base.isMet) return [base];
  const short = `${plan.ranks[heldBefore.rankNo]?.name} held in the ${heldBefore.periods} periods before: had ${had}`;
  return [{ ...base, short }];
}

function of(kind: RankCondition["kind"], needed: number, had: number, rankNo: number | null = null): RankCondition {
  return { kind, needed, had, isMet: had >= needed, rankNo, short: "" };
}

function volume(kind: keyof typeof VOLUMES, needed: number, had: number): RankCondition {
  const base = of(kind, needed, had);
  if (base.isMet) return base;
  const short = `${VOLUMES[kind]}: needs ${volumeText(needed)}, had ${volumeText(had)}: ${volumeText(needed - had)} short`;
  return { ...base, short };
}

function counted(kind: RankCondition["kind"], needed: number, had: number, rankNo: number | null, what: string): RankCondition {
  const base = of(kind, needed, had, rankNo);
  return base.isMet ? base : { ...base, short: `${what}: needs ${needed}, had ${had}` };
}

const volumeText = (units: number): string => formatVolume(BigInt(units));

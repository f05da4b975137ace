import { shortOf } from "../plan/condition-reasons.ts";
import { formatVolume } from "../plan/parts.ts";
import { type Reason, reason } from "../reasons/reason.ts";
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
  /** What is short; null where nothing is. */
  readonly short: Reason | null;
}

/** Everything that a rank asks of somebody in a close. */
export function rankConditions(input: CloseInput, result: CloseResult, no: number, rankNo: number): RankCondition[] {
  const rule = itemAt(compileRanks(input.plan), rankNo);
  const { condition } = itemAt(input.plan.ranks, rankNo).requires;
  const asked = condition === undefined ? [] : [askedOf(shortOf(condition, input.plan, result.people, no))];
  return [...volumesOf(rule, result, no), ...legsOf(input, rule, result, no), ...asked, ...heldOf(input, rule, no)];
}

function askedOf(short: Reason | null): RankCondition {
  return { ...of("condition", 0, 0), isMet: short === null, short };
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
  const found = rule.activeLegs === 0 ? [] : [counted("active-legs", rule.activeLegs, active)];
  for (const need of rule.legsWithRank) {
    const had = countLegs(ranks.below, no, (leg) => int16At(ranks.highestBelow, leg) >= need.rankNo);
    found.push(counted("legs-with-rank", need.legs, had, { no: need.rankNo, name: input.plan.ranks[need.rankNo]?.name }));
  }
  return found;
}

function heldOf({ network, plan }: CloseInput, { heldBefore }: RankRule, no: number): RankCondition[] {
  if (heldBefore === null) return [];
  const held = network.recentRanks.findIndex((ranksThen) => int16At(ranksThen, no) < heldBefore.rankNo);
  const had = held < 0 ? network.recentRanks.length : held;
  return [counted("held-before", heldBefore.periods, had, { no: heldBefore.rankNo, name: plan.ranks[heldBefore.rankNo]?.name })];
}

function of(kind: RankCondition["kind"], needed: number, had: number, rankNo: number | null = null): RankCondition {
  return { kind, needed, had, isMet: had >= needed, rankNo, short: null };
}

type VolumeKind = "pv" | "gv" | "gv-under-max-leg" | "personal-group-volume" | "retail-volume";

function volume(kind: VolumeKind, needed: number, had: number): RankCondition {
  const base = of(kind, needed, had);
  if (base.isMet) return base;
  const figures = { needed: volumeText(needed), had: volumeText(had), short: volumeText(needed - had) };
  return { ...base, short: reason("volume-short", { of: kind, ...figures }) };
}

const SHORT = {
  "active-legs": "active-legs-short",
  "legs-with-rank": "legs-with-rank-short",
  "held-before": "held-short",
} as const;

interface CountedRank {
  readonly no: number;
  readonly name: string | undefined;
}

function counted(kind: keyof typeof SHORT, needed: number, had: number, rank: CountedRank | null = null): RankCondition {
  const base = of(kind, needed, had, rank?.no ?? null);
  const figures = { rank: rank?.name, needed: String(needed), had: String(had) };
  return base.isMet ? base : { ...base, short: reason(SHORT[kind], figures) };
}

const volumeText = (units: number): string => formatVolume(BigInt(units));

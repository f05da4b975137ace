import type { BreakawayBonus } from "../plan/breakaway.ts";
import type { DifferentialBonus } from "../plan/differential.ts";
import type { GenerationBonus } from "../plan/generation.ts";
import type { InfinityBonus } from "../plan/infinity.ts";
import type { MatrixBonus } from "../plan/matrix.ts";
import { trimmed } from "../plan/order-bonuses.ts";
import { volumeOf } from "../plan/parts.ts";
import { compileLevelRates, compileRankRates, RateTable, unitsOf } from "../plan/rates.ts";
import { breakawayRankNo, differentialRule, generationRule, infinityRule, levelRule } from "../plan/rules.ts";
import type { LevelTable } from "../plan/tables.ts";
import type { UnilevelBonus } from "../plan/unilevel.ts";
import { walkBreakaway } from "../plan/walks/breakaway.ts";
import { walkDifferential } from "../plan/walks/differential.ts";
import { walkGenerations } from "../plan/walks/generations.ts";
import { aboveOf, type Ground, isActive } from "../plan/walks/ground.ts";
import { walkInfinity } from "../plan/walks/infinity.ts";
import { type LevelRule, walkLevels } from "../plan/walks/levels.ts";
import type { OwnRates } from "../plan/walks/rates.ts";
import { closeBreakawayDue, type GuaranteedOverride } from "./breakaway-due.ts";
import type { CloseContext } from "./context.ts";
import { type BonusSum, CloseTill } from "./till.ts";
import { sumUp } from "./tree.ts";
import { merged, type SourceVolumes, type VolumeGroup } from "./volumes.ts";

/** The families that walk up a tree, paid at the close on each source distributor's volume of the period. */

export function closeUnilevel(bonus: UnilevelBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const ownerFirst = (group: VolumeGroup): boolean =>
    group.self ? plan.ownPurchase === "pays-owner" : bonus.levelOne === "owner";
  const volumes = merged(
    context.volumes.counted(bonus, Object.keys(bonus.classRates ?? {})),
    (a, b) => a.table === b.table && ownerFirst(a) === ownerFirst(b),
  );
  const ground = context.ground(bonus.tree);
  const rules = volumes.groups.map(({ table }) =>
    ratedLevels(bonus, table === "" ? bonus.rates : (bonus.classRates?.[table] ?? {}), { context, ground }),
  );
  payLevels(bonus, { context, sum, ground, volumes, rules, ownerFirst: volumes.groups.map(ownerFirst) });
}

/** The rule of a table on a tree, with rates of its own where they do not go by rank alone. */
function ratedLevels(
  bonus: Parameters<typeof levelRule>[0] & Pick<UnilevelBonus, "earnsIf" | "opens">,
  table: LevelTable,
  { context, ground }: { context: CloseContext; ground: Ground },
): LevelRule {
  const { plan } = context.input;
  const rates = compileLevelRates(table, plan.ranks);
  return { ...levelRule(bonus, rates, plan), own: context.ownRates(bonus, table, rates, ground) };
}

interface LevelPay {
  readonly context: CloseContext;
  readonly sum: BonusSum;
  readonly ground: Ground;
  readonly volumes: SourceVolumes;
  /** The rule and the first level of each group. */
  readonly rules: readonly LevelRule[];
  readonly ownerFirst: readonly boolean[];
}

/** Level pay of every source on a tree. */
function payLevels(bonus: Pick<UnilevelBonus, "unqualifiedSource" | "unqualifiedEarner">, pay: LevelPay): void {
  const { context, sum, ground, volumes, rules, ownerFirst } = pay;
  const paying = {
    context,
    ground,
    sum,
    volumes,
    tables: rules.map((rule) => rule.table),
    meetsTwice: bonus.unqualifiedEarner === "next-qualified",
  };
  eachSource(paying, (no, index, till, returned) => {
    // What is returned is taken back where it was paid, though its seller may not be active without it.
    const source = returned ? no : sourceOf(bonus.unqualifiedSource, ground, no);
    if (source < 0) return;
    const rule = rules[index] as LevelRule;
    rule.own?.begin(no);
    walkLevels(rule, ground, ownerFirst[index] === true ? source : aboveOf(ground, source), till);
  });
}

export function closeMatrix(bonus: MatrixBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const ground = context.ground(bonus.tree);
  const rule = ratedLevels(bonus, trimmed(bonus), { context, ground });
  const ownerFirst = (group: VolumeGroup): boolean => group.self && plan.ownPurchase === "pays-owner";
  const volumes = merged(context.volumes.counted(bonus), (a, b) => ownerFirst(a) === ownerFirst(b));
  const rules = volumes.groups.map(() => rule);
  payLevels(bonus, {
    ...{ context, sum, volumes, rules },
    ground,
    ownerFirst: volumes.groups.map(ownerFirst),
  });
}

/** The source itself, or by policy nobody (-1) or the nearest active upline. */
function sourceOf(policy: UnilevelBonus["unqualifiedSource"], ground: Ground, no: number): number {
  if (policy === "pay-in-place" || isActive(ground, no)) return no;
  if (policy === "drop") return -1;
  let up = aboveOf(ground, no);
  while (up >= 0 && !isActive(ground, up)) up = aboveOf(ground, up);
  return up;
}

export function closeDifferential(bonus: DifferentialBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const table =
    bonus.percentage.by !== "group-volume"
      ? compileRankRates(bonus.percentage.rates, plan.ranks)
      : new RateTable([bonus.percentage.slabs.map((slab) => slab.rate)]);
  const shares = bonus.percentage.by !== "group-volume" ? sharesByRank(table, context) : sharesBySlab(bonus, table, context);
  const own = differentialRates(bonus, table, context);
  const rule = { ...differentialRule(bonus, table, plan), own };
  const volumes = merged(context.volumes.counted(bonus), (a, b) => bonus.includesSource || a.self === b.self);
  const ground = context.ground(bonus.tree);
  const shareOf = (member: number): number => (own === null ? (shares[member] as number) : own.units(member, 1));
  eachSource({ context, sum, ground, volumes, tables: volumes.groups.map(() => table) }, (no, index, till) => {
    const start = volumes.groups[index]?.self && !bonus.includesSource ? aboveOf(ground, no) : no;
    own?.begin(no);
    walkDifferential(rule, ground, start, shareOf, till);
  });
}

/** Shares by something else than rank; slabs of group volume under a condition are a table of their own rows. */
function differentialRates(bonus: DifferentialBonus, table: RateTable, context: CloseContext): OwnRates | null {
  const { percentage } = bonus;
  if (percentage.by !== "group-volume") return context.ownRates(bonus, percentage.rates, table, context.ground(bonus.tree));
  if (bonus.earnsIf === undefined) return null;
  const shares = sharesBySlab(bonus, table, context);
  const holds = context.people.holds(bonus.earnsIf);
  return {
    begin: () => {},
    units: (no) => (holds(no) ? (shares[no] as number) : 0),
    missed: (no) => shares[no] as number,
    why: (no) => (holds(no) ? "already-paid" : "condition"),
  };
}

function sharesByRank(table: RateTable, context: CloseContext): Int32Array {
  const { rank } = context;
  const shares = new Int32Array(rank.length);
  for (let no = 0; no < shares.length; no++) shares[no] = table.units(rank[no] as number, 1);
  return shares;
}

/** The slab of everyone's group volume: the personal group where broken-away groups leave it. */
function sharesBySlab(bonus: DifferentialBonus, table: RateTable, context: CloseContext): Int32Array {
  if (bonus.percentage.by !== "group-volume") return new Int32Array(0);
  const slabs = bonus.percentage.slabs.map((slab) => ({
    from: Number(volumeOf(slab.from)),
    units: unitsOf(slab.rate, table.denominator),
  }));
  slabs.sort((a, b) => b.from - a.from);
  const volume = context.groupVolume(bonus.tree, bonus.stopsAtBreakaway ? "personal" : "whole");
  return Int32Array.from(volume, (value) => slabs.find((slab) => value >= slab.from)?.units ?? 0);
}

export function closeGeneration(bonus: GenerationBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const rates = compileLevelRates(bonus.rates, plan.ranks);
  const ground = context.ground(bonus.tree);
  const own = context.ownRates(bonus, bonus.rates, rates, ground);
  const rule = { ...generationRule(bonus.boundary, rates, plan), own };
  const volumes = merged(context.volumes.counted(bonus), () => true);
  const paying = { context, sum, ground, volumes, tables: volumes.groups.map(() => rule.table) };
  eachSource(paying, (no, _, till) => {
    own?.begin(no);
    walkGenerations(rule, ground, no, till);
  });
}

export function closeInfinity(bonus: InfinityBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const ground = context.ground(bonus.tree);
  const plain = infinityRule(bonus, plan);
  const own = context.ownRates(bonus, bonus.rates, plain.table, ground);
  const rule = { ...plain, own };
  const startsAtOwner = (group: VolumeGroup): boolean =>
    group.self ? plan.ownPurchase === "pays-owner" : (bonus.levelOne ?? "owner") === "owner";
  const volumes = merged(context.volumes.counted(bonus), (a, b) => startsAtOwner(a) === startsAtOwner(b));
  const ownerFirst = volumes.groups.map(startsAtOwner);
  eachSource({ context, sum, ground, volumes, tables: volumes.groups.map(() => rule.table) }, (no, index, till) => {
    own?.begin(no);
    walkInfinity(rule, ground, ownerFirst[index] === true ? no : aboveOf(ground, no), till);
  });
}

/** Overrides on each broken-away group: the leader's volume and that of everyone below who has not broken away. */
export function closeBreakaway(bonus: BreakawayBonus, context: CloseContext, sum: BonusSum): void {
  const { override } = bonus;
  const groups = brokenAwayGroups(bonus, context);
  if (override.mode === "guaranteed-minimum") closeBreakawayDue(override, bonus, { context, groups, sum });
  else walkOverrides(bonus, override, { context, groups, sum });
}

type WalkedOverride = Exclude<BreakawayBonus["override"], GuaranteedOverride>;

function walkOverrides(
  bonus: BreakawayBonus,
  override: WalkedOverride,
  { context, groups, sum }: { context: CloseContext; groups: SourceVolumes; sum: BonusSum },
): void {
  const { plan } = context.input;
  const threshold = breakawayRankNo(plan);
  const byGeneration = override.mode === "fixed-per-generation";
  const table = byGeneration
    ? compileLevelRates(override.rates, plan.ranks)
    : compileRankRates(override.rates, plan.ranks, [override.floor]);
  const ground = context.ground(bonus.tree);
  const own = context.ownRates(bonus, override.rates, table, ground);
  const rule = { table, own, threshold, floor: byGeneration ? null : unitsOf(override.floor, table.denominator) };
  const paying = { context, sum, ground, volumes: groups, tables: groups.groups.map(() => table) };
  eachSource(paying, (no, _, till) => {
    if ((context.rank[no] as number) < threshold) return;
    own?.begin(no);
    walkBreakaway(rule, ground, no, till);
  });
}

/** The volume of each broken-away group, by its leader. */
function brokenAwayGroups(bonus: BreakawayBonus, context: CloseContext): SourceVolumes {
  const threshold = breakawayRankNo(context.input.plan);
  const { above, order } = context.trees.named(bonus.tree);
  const isLeader = (no: number): boolean => (context.rank[no] as number) >= threshold;
  const own = merged(context.volumes.counted({ ...bonus, base: "cv" }), () => true);
  const summed = own.groups.map((group) => ({ ...group, volume: sumUp(group.volume, above, order, isLeader) }));
  return { ...own, groups: summed, settled: leaderSettled(own, summed, above, isLeader) };
}

/** The exact worth of groups in which some member's volume is settled, by the leader; null where there is none. */
function leaderSettled(
  own: SourceVolumes,
  summed: readonly VolumeGroup[],
  above: Int32Array,
  isLeader: (no: number) => boolean,
): SourceVolumes["settled"] {
  if (own.settled === null) return null;
  const found = new Map<number, bigint[]>();
  for (const [member, worths] of own.settled) {
    let leader = member;
    while (leader >= 0 && !isLeader(leader)) leader = above[leader] as number;
    if (leader < 0) continue;
    const sums =
      found.get(leader) ??
      summed.map(
        ({ volume, minorPerUnit }) => (BigInt(volume[leader] as number) * minorPerUnit.num * own.den) / minorPerUnit.den,
      );
    found.set(
      leader,
      sums.map((sum, i) => sum + (worths[i] as bigint)),
    );
  }
  for (const leader of found.keys()) for (const group of summed) group.volume[leader] = 0;
  return found;
}

interface PayingSources {
  readonly context: CloseContext;
  readonly sum: BonusSum;
  readonly volumes: SourceVolumes;
  /** The rates of each group. */
  readonly tables: readonly RateTable[];
  /** What the walks stand on. */
  readonly ground: Ground;
  /** Whether one walk may pay somebody at two levels. */
  readonly meetsTwice?: boolean;
}

type Walk = (no: number, group: number, till: CloseTill, returned: boolean) => void;

/** Walks from every source with volume; all groups of one source in turn, while its upline is still in the cache. */
function eachSource({ context, sum, ground, volumes, tables, meetsTwice }: PayingSources, walk: Walk): void {
  const { groups, settled } = volumes;
  const { network } = context.input;
  const shares = tables.map((table) => table.denominator);
  const till = new CloseTill(sum, volumes, shares, context.shareRounding);
  const columns = groups.map((group) => group.volume);
  for (let no = 0; no < network.count; no++) {
    let kinds = 0;
    for (let index = 0; index < columns.length; index++) if ((columns[index] as Float64Array)[no] !== 0) kinds++;
    if (kinds === 0) continue;
    if (kinds === 1 && meetsTwice !== true) till.begin(no, true);
    else till.beginPlain(no, worthOf(columns, no, till));
    for (let index = 0; index < columns.length; index++) {
      const value = (columns[index] as Float64Array)[no] as number;
      if (value === 0) continue;
      till.take(index, value);
      walk(no, index, till, false);
    }
    till.finish();
  }
  for (const [no, worths] of settled ?? []) {
    till.begin(no, false);
    worths.forEach((worth, index) => {
      if (worth === 0n) return;
      till.takeWorth(index, worth);
      const standing = ground.links[no * 2 + 1] as number;
      // Without what came back its seller may fall short of being active, and owes it all the same.
      if (worth < 0n) ground.links[no * 2 + 1] = standing | 1;
      walk(no, index, till, worth < 0n);
      ground.links[no * 2 + 1] = standing;
    });
    till.finish();
  }
}

/** A bound on what all of a source's volumes are worth. */
function worthOf(columns: readonly Float64Array[], no: number, till: CloseTill): number {
  let worth = 0;
  for (let index = 0; index < columns.length; index++)
    worth += Math.abs(till.worthOf(index, (columns[index] as Float64Array)[no] as number));
  return worth;
}

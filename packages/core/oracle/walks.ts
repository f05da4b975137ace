import type { DifferentialBonus } from "../src/plan/differential.ts";
import type { GenerationBonus, GenerationBoundary } from "../src/plan/generation.ts";
import type { InfinityBonus } from "../src/plan/infinity.ts";
import { type LevelTable, rowsOf, type ShareTable } from "../src/plan/tables.ts";
import type { UnilevelBonus } from "../src/plan/unilevel.ts";
import type { Due } from "./due.ts";
import { Fraction, greatest, lesser } from "./fraction.ts";
import type { Standing } from "./standing.ts";
import type { Terms } from "./terms.ts";
import { type Person, type Sale, uplineOf, type World } from "./world.ts";
import { takes, worthOf } from "./worth.ts";

/** Bonuses on the upline of each sale, each said as: who of the people above this sale is owed which share of it? */
export interface Scene {
  readonly world: World;
  readonly standing: Standing;
  readonly due: Due;
  readonly terms: Terms;
  /** The one sale of an order; absent is every sale of the period. */
  readonly only?: Sale;
}

/** Each sale that a bonus takes with its seller and what it is worth. */
function eachSale(
  { world, only }: Scene,
  bonus: Parameters<typeof worthOf>[1],
  pay: (seller: Person, sale: Sale, worth: Fraction) => void,
): void {
  for (const seller of world.people)
    for (const sale of seller.sold)
      if ((only === undefined || sale === only) && takes(world.plan, bonus, sale))
        pay(seller, sale, worthOf(world.plan, bonus, sale));
}

/** The share that somebody has of a source's volume; nothing for whoever is not active or does not meet what the bonus asks. */
const shareOfTable = ({ standing, terms }: Scene, table: ShareTable, person: Person, source: Person): Fraction =>
  standing.active(person) && terms.qualifies(person) ? Fraction.read(terms.row(table, { person, source }) ?? "0") : Fraction.ZERO;

export interface LevelTerms {
  readonly rates: LevelTable;
  readonly compression: UnilevelBonus["compression"];
  readonly unqualifiedEarner: UnilevelBonus["unqualifiedEarner"];
  /** The first of this rank or higher is the last of the line. */
  readonly lastRank: number;
}

/** Level pay on a line of people, who stands first is level 1. */
export function payLine(scene: Scene, terms: LevelTerms, at: { line: readonly Person[]; source: Person; worth: Fraction }): void {
  const { standing, due } = scene;
  const named = (person: Person, level: number): Fraction =>
    Fraction.read(scene.terms.row<readonly string[]>(terms.rates, { person, source: at.source })?.[level - 1] ?? "0");
  const lastOne = at.line.findIndex((person) => standing.rank(person) >= terms.lastRank);
  const line = lastOne < 0 ? at.line : at.line.slice(0, lastOne + 1);
  const rate = (person: Person, level: number): Fraction =>
    standing.active(person) && scene.terms.qualifies(person) && level <= scene.terms.open(person)
      ? named(person, level)
      : Fraction.ZERO;
  const levels = Math.max(0, ...rowsOf<readonly string[]>(terms.rates).map(([, row]) => row.length));
  let level = 1;
  line.forEach((person, place) => {
    if (level > levels) return;
    const passedOver =
      (terms.compression === "standard" && !standing.active(person)) ||
      (terms.compression === "dynamic" && rate(person, level).isZero);
    if (passedOver) return;
    const own = rate(person, level);
    if (!own.isZero) due.owe(person, at.source, { level, upTo: at.worth.times(own) });
    else if (terms.unqualifiedEarner !== "none") {
      const missed = named(person, level).isZero ? scene.terms.lowestAt(terms.rates, level) : named(person, level);
      const here = level;
      const next = line.slice(place + 1).find((other) => !rate(other, here).isZero);
      const payee = terms.unqualifiedEarner === "company" ? "company" : (next ?? "company");
      if (!missed.isZero) due.owe(payee, at.source, { level, upTo: at.worth.times(missed) });
    }
    level++;
  });
}

export function payUnilevel(scene: Scene, bonus: UnilevelBonus): void {
  const { plan } = scene.world;
  const { standing } = scene;
  const lastRank =
    bonus.stopsAtBreakaway === true ? plan.ranks.findIndex(({ id }) => id === plan.breakawayRank) : Number.POSITIVE_INFINITY;
  eachSale(scene, bonus, (seller, sale, worth) => {
    const whole = [seller, ...uplineOf(plan, seller, bonus.tree)];
    const from = bonus.unqualifiedSource === "pay-in-place" ? 0 : whole.findIndex((person) => standing.active(person));
    if (from < 0 || (bonus.unqualifiedSource === "drop" && from > 0)) return;
    const startsAtSelf = sale.own ? plan.ownPurchase === "pays-owner" : bonus.levelOne === "owner";
    const rates = bonus.classRates?.[sale.commissionClass] ?? bonus.rates;
    payLine(scene, { ...bonus, rates, lastRank }, { line: whole.slice(startsAtSelf ? from : from + 1), source: seller, worth });
  });
}

/** The higher share of a line is owed to whoever has it, less the highest share below them. */
function paySteps(
  scene: Scene,
  at: { line: readonly Person[]; source: Person; worth: Fraction },
  shareOf: (person: Person) => Fraction,
): void {
  at.line.forEach((person, place) => {
    const below = greatest(at.line.slice(0, place).map(shareOf));
    if (shareOf(person).isMoreThan(below))
      scene.due.owe(person, at.source, { level: place + 1, upTo: at.worth.times(shareOf(person)), less: at.worth.times(below) });
  });
}

export function payDifferential(scene: Scene, bonus: DifferentialBonus): void {
  const { standing } = scene;
  const { plan } = scene.world;
  const { percentage } = bonus;
  const shareOf = (person: Person, source: Person): Fraction => {
    if (percentage.by !== "group-volume") return shareOfTable(scene, percentage.rates, person, source);
    if (!standing.active(person) || !scene.terms.qualifies(person)) return Fraction.ZERO;
    const volume = bonus.stopsAtBreakaway ? standing.personalGroup(person, bonus.tree) : standing.group(person, bonus.tree);
    const reached = percentage.slabs.filter((slab) => volume.isAtLeast(Fraction.read(slab.from)));
    const highest = greatest(reached.map((slab) => Fraction.read(slab.from)));
    return Fraction.read(reached.find((slab) => Fraction.read(slab.from).against(highest) === 0n)?.rate ?? "0");
  };
  eachSale(scene, bonus, (seller, sale, worth) => {
    const upline = uplineOf(plan, seller, bonus.tree);
    const whole = sale.own && !bonus.includesSource ? upline : [seller, ...upline];
    const leader = bonus.stopsAtBreakaway ? whole.findIndex((person) => standing.breaksAway(person)) : -1;
    paySteps(scene, { line: leader < 0 ? whole : whole.slice(0, leader + 1), source: seller, worth }, (person) =>
      shareOf(person, seller),
    );
  });
}

/** Which generation a person of this line is in for one further up: 1 and each leader between who closes one. */
export function generationOf(scene: Scene, boundary: GenerationBoundary, between: readonly Person[], earner: Person): number {
  const { standing } = scene;
  const { plan } = scene.world;
  const least = boundary.kind === "own-rank" ? standing.rank(earner) : plan.ranks.findIndex(({ id }) => id === boundary.rank);
  if (least < 0) return 1;
  const leads = (person: Person): boolean =>
    standing.rank(person) >= least && (boundary.inactiveLeaderBounds || standing.active(person));
  // A leader whose next above is a leader too, or the earner, closes a generation that holds nobody else.
  const closes = (person: Person, place: number): boolean => {
    const above = between[place + 1];
    return leads(person) && (boundary.emptyGenerationCounts || !(above === undefined || leads(above)));
  };
  return 1 + between.filter(closes).length;
}

export function payGenerations(scene: Scene, bonus: GenerationBonus): void {
  eachSale(scene, bonus, (seller, _, worth) => payLeaders(scene, bonus, { source: seller, worth }));
}

export function payLeaders(
  scene: Scene,
  bonus: Pick<GenerationBonus, "boundary" | "rates" | "tree">,
  { source, worth }: { source: Person; worth: Fraction },
): void {
  const line = uplineOf(scene.world.plan, source, bonus.tree);
  line.forEach((earner, place) => {
    if (!scene.standing.active(earner)) return;
    const generation = generationOf(scene, bonus.boundary, line.slice(0, place), earner);
    const row = scene.terms.row<readonly string[]>(bonus.rates, { person: earner, source });
    const rate = Fraction.read(row?.[generation - 1] ?? "0");
    if (!rate.isZero && scene.terms.qualifies(earner))
      scene.due.owe(earner, source, { level: generation, upTo: worth.times(rate) });
  });
}

export function payInfinity(scene: Scene, bonus: InfinityBonus): void {
  const { plan } = scene.world;
  const { standing } = scene;
  const { pay } = bonus;
  eachSale(scene, bonus, (seller, sale, worth) => {
    const shareOf = (person: Person): Fraction => shareOfTable(scene, bonus.rates, person, seller);
    const startsAtSelf = sale.own ? plan.ownPurchase === "pays-owner" : (bonus.levelOne ?? "owner") === "owner";
    const upline = uplineOf(plan, seller, bonus.tree);
    const line = startsAtSelf ? [seller, ...upline] : upline;
    if (pay.mode === "differential") paySteps(scene, { line: line.slice(bonus.belowLevel), source: seller, worth }, shareOf);
    else if (pay.mode === "blocked")
      line.forEach((earner, place) => {
        const blocked = line.slice(pay.levelsUnder, place).some((other) => standing.rank(other) >= standing.rank(earner));
        if (place >= bonus.belowLevel && !blocked && !shareOf(earner).isZero)
          scene.due.owe(earner, seller, { level: place + 1, upTo: worth.times(shareOf(earner)) });
      });
    else
      payBudget(
        scene,
        { line: line.slice(Math.max(1, bonus.belowLevel)), source: seller, worth },
        { budget: pay.budget, shareOf },
      );
  });
}

/** Shares of ever higher ranks add up to the budget. */
function payBudget(
  { standing, due }: Scene,
  at: { line: readonly Person[]; source: Person; worth: Fraction },
  { budget, shareOf }: { budget: string; shareOf: (person: Person) => Fraction },
): void {
  const rising = at.line.filter(
    (person, place) =>
      !shareOf(person).isZero &&
      at.line.slice(0, place).every((other) => shareOf(other).isZero || standing.rank(other) < standing.rank(person)),
  );
  let spent = Fraction.ZERO;
  for (const person of rising) {
    const upTo = lesser(spent.plus(shareOf(person)), Fraction.read(budget));
    const level = at.line.indexOf(person) + 1;
    if (upTo.isMoreThan(spent)) due.owe(person, at.source, { level, upTo: at.worth.times(upTo), less: at.worth.times(spent) });
    spent = upTo;
  }
}

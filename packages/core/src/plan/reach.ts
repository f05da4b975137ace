import type { UplineDistributor } from "../order-facts.ts";
import { itemAt } from "../typed.ts";
import { isCoded } from "./coded-pass-up.ts";
import { compilePlan } from "./compile.ts";
import type { FastStartBonus } from "./fast-start.ts";
import type { GenerationBonus } from "./generation.ts";
import { type Line, lineOfUpline } from "./order-walk.ts";
import { compileOwnRates } from "./own-rates.ts";
import type { PassUpBonus } from "./pass-up.ts";
import { compileLevelRates } from "./rates.ts";
import { generationRule, levelRule } from "./rules.ts";
import type { Bonus, Plan } from "./schema.ts";
import { placementNamed } from "./trees.ts";
import type { UnilevelBonus } from "./unilevel.ts";
import { walkGenerations } from "./walks/generations.ts";
import { aboveOf, type Till } from "./walks/ground.ts";
import { walkLevels } from "./walks/levels.ts";
import { findPassUp } from "./walks/pass-up.ts";

/**
 * How far up an order's computations can read. An order's lines, buyer and refunds may still change, its upline does not any
 * more: so what counts is the plan and these people, with every class and whoever buys.
 */

/** Of one upline, how many a bonus can read, the owner among them; more than there are means that even its end is read. */
type Reach = (upline: Line) => number;

const WHOLE: Reach = () => Number.POSITIVE_INFINITY;
const OWNER: Reach = () => 1;

/**
 * How many of an upline, from the owner on, a plan's order-time bonuses can read: on so many everything is computed and told
 * as on all of them. All of them wherever that is not known beforehand. Placement trees have uplines of their own.
 */
export function readableUpline(plan: Plan, upline: readonly UplineDistributor[]): number {
  let reach = reaches.get(plan);
  if (reach === undefined) {
    reach = compileReach(plan);
    reaches.set(plan, reach);
  }
  if (reach === WHOLE) return upline.length;
  return Math.min(upline.length, reach(lineOfUpline(upline, compilePlan(plan))));
}

/** A plan never changes, and this is on every order's way. */
const reaches = new WeakMap<Plan, Reach>();

function compileReach(plan: Plan): Reach {
  // What runs while an order's time lies in a promotion may read further, and the time may be corrected.
  if (plan.promotions !== undefined) return WHOLE;
  const each = compilePlan(plan).orderBonuses.map(({ bonus }) => reachOf(bonus, plan));
  if (each.includes(WHOLE)) return WHOLE;
  return (upline) => each.reduce((most, reach) => Math.max(most, reach(upline)), 1);
}

function reachOf(bonus: Bonus, plan: Plan): Reach {
  if ("tree" in bonus && placementNamed(plan, bonus.tree) !== null) return OWNER;
  switch (bonus.kind) {
    case "unilevel":
      return levelReach(bonus, plan);
    case "fast-start":
      return levelReach({ ...bonus, unqualifiedSource: "pay-in-place" }, plan);
    case "generation":
      return generationReach(bonus, plan);
    case "pass-up":
      return passUpReach(bonus);
    case "retail":
      return OWNER;
    default:
      return WHOLE;
  }
}

type LevelBonus = (UnilevelBonus | FastStartBonus) & Pick<UnilevelBonus, "unqualifiedSource" | "classRates">;

/** Level 1 may be the owner or their sponsor: it depends on the buyer, and who that is may be learnt later. */
function levelReach(bonus: LevelBonus, plan: Plan): Reach {
  const tables = [bonus.rates, ...Object.values(bonus.classRates ?? {})];
  const compiled = tables.map((table) => ({ table, rates: compileLevelRates(table, plan.ranks) }));
  if (compiled.some(({ table, rates }) => compileOwnRates(bonus, table, { rates, plan }) !== null)) return WHOLE;
  const rules = compiled.map(({ rates }) => levelRule(bonus, rates, plan));
  return (upline) => {
    const source = sourceOf(bonus.unqualifiedSource, upline);
    if (source === null) return 1;
    if (source < 0) return Number.POSITIVE_INFINITY;
    const { ground } = upline;
    return rules.reduce((most, rule) => {
      const seen = new Seen(rule.unqualifiedEarner === "next-qualified");
      for (const start of [source, aboveOf(ground, source)]) walkLevels(rule, ground, start, seen);
      return Math.max(most, seen.count);
    }, source + 1);
  };
}

/** Null where the volume pays nobody, and -1 where nobody is found for it up to the root. */
function sourceOf(policy: UnilevelBonus["unqualifiedSource"], { candidates }: Line): number | null {
  const [owner] = candidates;
  if (owner === undefined || owner.inactive === null || policy === "pay-in-place") return 0;
  return policy === "drop" ? null : candidates.findIndex(({ inactive }) => inactive === null);
}

/** With a boundary of each earner's own rank everybody up to the root may be in time. */
function generationReach(bonus: GenerationBonus, plan: Plan): Reach {
  const rates = compileLevelRates(bonus.rates, plan.ranks);
  const rule = generationRule(bonus.boundary, rates, plan);
  if (rule.boundaryRank === null || compileOwnRates(bonus, bonus.rates, { rates, plan }) !== null) return WHOLE;
  return ({ ground, candidates }) => {
    if (candidates.length === 0) return 1;
    const seen = new Seen(false);
    walkGenerations(rule, ground, 0, seen);
    return seen.count;
  };
}

function passUpReach(bonus: PassUpBonus): Reach {
  // The owner, the sponsor, and the one above.
  if (isCoded(bonus)) return () => 3;
  if (bonus.earnsIf !== undefined) return WHOLE;
  return ({ ground, candidates }) => {
    if (candidates.length === 0) return 1;
    const numberOf = (no: number) => itemAt(candidates, no).distributor.enrolmentNumber ?? 0;
    const earner = findPassUp(bonus, ground, 0, numberOf, new Seen(false));
    return earner < 0 ? Number.POSITIVE_INFINITY : earner + 1;
  };
}

/** Watches how far a walk goes: it tells of everybody it looks at, but of those whom it passes on the way to the next who qualifies. */
class Seen implements Till {
  readonly #passesOn: boolean;
  count = 1;

  constructor(passesOn: boolean) {
    this.#passesOn = passesOn;
  }

  pay(no: number, _level: number, _units: number, from: number): void {
    this.#see(this.#passesOn && from >= 0 ? Number.POSITIVE_INFINITY : Math.max(no, from));
  }

  payBetween(): void {
    this.end();
  }

  pass(no: number): void {
    this.#see(no);
  }

  end(): void {
    this.#see(Number.POSITIVE_INFINITY);
  }

  #see(no: number): void {
    this.count = Math.max(this.count, no + 1);
  }
}

import type { BinaryBonus } from "../src/plan/binary.ts";
import { Fraction, lesser } from "./fraction.ts";
import type { Scene } from "./walks.ts";
import type { Person } from "./world.ts";
import { cvMoney, minorOf } from "./worth.ts";

/** Volume of the two sides of a position. */
export interface Held {
  readonly left: Fraction;
  readonly right: Fraction;
}
export interface Position extends Held {
  readonly person: Person;
}

/** What rules used of both sides, paid and had cut off. */
export interface Used extends Held {
  readonly minor: bigint;
  readonly cut: bigint;
  readonly cycles: bigint;
}

export const NOTHING_HELD: Held = { left: Fraction.ZERO, right: Fraction.ZERO };
const UNIT = Fraction.whole(10_000);

type Rule = BinaryBonus["pay"];

/** What rules pay under caps, and what they would have paid without them: where volume is kept, the pairs beyond were not made. */
export function payInTurn(scene: Scene, bonus: BinaryBonus, at: Position): Used {
  const used = payUnderCaps(scene, bonus, at);
  if (bonus.cappedVolume === "consumed") return used;
  const { positionCap: _, cycleCap: __, ...uncapped } = bonus;
  return { ...used, cut: positive(payUnderCaps(scene, uncapped, at).minor - used.minor) };
}

/** The rules one after the other, each on what those before it left, within what caps leave of money and cycles. */
function payUnderCaps(scene: Scene, bonus: BinaryBonus, at: Position): Used {
  const { terms } = scene;
  const own = { person: at.person, source: at.person };
  const position = bonus.positionCap === undefined ? undefined : terms.row(bonus.positionCap, own);
  const { cycleCap } = bonus;
  const cycleRow = typeof cycleCap === "object" ? terms.row(cycleCap, own) : cycleCap;
  const most = {
    minor: position === undefined ? null : minorOf(position),
    cycles: cycleRow === undefined ? null : BigInt(cycleRow),
  };
  const isTheirs = (rule: Rule): boolean =>
    rule.mode === "table" || terms.row<unknown>(rule.mode === "cycle" ? rule.pays : rule.rates, own) !== undefined;
  const rules = bonus.thenPays === undefined ? [bonus.pay] : [bonus.pay, ...bonus.thenPays].filter(isTheirs);
  return rules.reduce<Used>(
    (all, rule) => {
      const left = { person: at.person, left: at.left.minus(all.left), right: at.right.minus(all.right) };
      const open = {
        minor: most.minor === null ? null : most.minor - all.minor,
        cycles: most.cycles === null ? null : positive(most.cycles - all.cycles),
      };
      const used = rule.mode === "cycle" ? payCycles(scene, bonus, rule, left, open) : payMatched(scene, bonus, rule, left, open);
      return {
        left: all.left.plus(used.left),
        right: all.right.plus(used.right),
        minor: all.minor + used.minor,
        cut: all.cut + used.cut,
        cycles: all.cycles + used.cycles,
      };
    },
    { ...NOTHING_HELD, minor: 0n, cut: 0n, cycles: 0n },
  );
}

/** What caps leave; null is no limit. */
interface Open {
  readonly minor: bigint | null;
  readonly cycles: bigint | null;
}

const positive = (value: bigint): bigint => (value > 0n ? value : 0n);
const within = (value: bigint, most: bigint | null): bigint => (most === null || value < most ? value : most);

/** One cycle after the other, the stronger side decided anew before each; where caps keep volume, only those that are paid whole. */
function payCycles({ terms }: Scene, bonus: BinaryBonus, rule: Rule & { mode: "cycle" }, at: Position, open: Open): Used {
  const each = minorOf(terms.row(rule.pays, { person: at.person, source: at.person }) ?? "0");
  let { left, right } = at;
  let cycles = 0n;
  const [takesMore, takesLess] = [Fraction.read(rule.strong), Fraction.read(rule.weak)];
  for (;;) {
    const leftIsMore = left.isAtLeast(right);
    const [more, less] = leftIsMore ? [left, right] : [right, left];
    const isPaid = within((cycles + 1n) * each, open.minor) === (cycles + 1n) * each && within(cycles + 1n, open.cycles) > cycles;
    if (!more.isAtLeast(takesMore) || !less.isAtLeast(takesLess) || (bonus.cappedVolume === "kept" && !isPaid)) break;
    [left, right] = leftIsMore
      ? [left.minus(takesMore), right.minus(takesLess)]
      : [left.minus(takesLess), right.minus(takesMore)];
    cycles++;
  }
  const minor = within(within(cycles, open.cycles) * each, open.minor);
  return { left: at.left.minus(left), right: at.right.minus(right), minor, cut: cycles * each - minor, cycles };
}

/** Rules that match the weaker side, or a step of it, and the one that pays what the stronger has more. */
function payMatched(scene: Scene, bonus: BinaryBonus, rule: Exclude<Rule, { mode: "cycle" }>, at: Position, open: Open): Used {
  const { matched, full } = matchOf(scene, bonus, rule, at);
  const minor = within(full, open.minor);
  const isCut = minor < full && bonus.cappedVolume === "kept";
  const paidPart = Fraction.whole(minor).over(Fraction.whole(full === 0n ? 1n : full));
  const used = isCut ? Fraction.whole(matched.times(UNIT).times(paidPart).floor()).over(UNIT) : matched;
  return { left: used, right: used, minor, cut: full - minor, cycles: 0n };
}

function matchOf(
  { world, terms }: Scene,
  bonus: BinaryBonus,
  rule: Exclude<Rule, { mode: "cycle" }>,
  { person, left, right }: Position,
): { matched: Fraction; full: bigint } {
  const { plan } = world;
  const weak = lesser(left, right);
  const strong = left.isMoreThan(right) ? left : right;
  if (rule.mode === "table") {
    const reached = rule.steps.filter((step) => weak.isAtLeast(Fraction.read(step.weak)));
    const best = reached.reduce<(typeof reached)[number] | null>(
      (most, step) => (most === null || Fraction.read(step.weak).isAtLeast(Fraction.read(most.weak)) ? step : most),
      null,
    );
    return best === null ? { matched: Fraction.ZERO, full: 0n } : { matched: Fraction.read(best.weak), full: minorOf(best.pays) };
  }
  const money = cvMoney(plan, "*")
    .times(Fraction.read(bonus.baseRate ?? "1"))
    .times(Fraction.read(terms.row(rule.rates, { person, source: person }) ?? "0"));
  const exact =
    rule.mode === "strong-minus-weak"
      ? strong.minus(weak)
      : rule.mode === "percent" || strong.isZero
        ? weak
        : weak.times(weak).over(strong);
  return { matched: weak, full: exact.times(money).rounded(plan.rounding) };
}

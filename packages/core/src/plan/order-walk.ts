import { entryKeyOf } from "../entry-key.ts";
import { formatAmount, multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import type { CommissionableLine, CommissionEntry, CommissionInput, UplineDistributor, WalkStep } from "../order-facts.ts";
import type { StepOutcome } from "../reasons/outcome.ts";
import { reason } from "../reasons/reason.ts";
import { itemAt } from "../typed.ts";
import { type Base, type BaseKind, isMoney, type LessBase } from "./base.ts";
import { baseRateOf } from "./bonus-base.ts";
import type { Candidate } from "./candidate.ts";
import { exactAmount } from "./exact-amount.ts";
import { convertMinor, exchangeInto, moneyCurrency } from "./exchange.ts";
import { standingFastStarts } from "./fast-start-windows.ts";
import { compareNames, shareByRemainder } from "./largest-remainder.ts";
import { LinePeople } from "./line-people.ts";
import type { PlanLookups } from "./lookups.ts";
import { minorPerVolumeUnit } from "./parts.ts";
import type { People } from "./people.ts";
import type { RateTable } from "./rates.ts";
import { divideRounded } from "./rounding.ts";
import type { Bonus, Plan } from "./schema.ts";
import { placementNamed } from "./trees.ts";
import type { Ground, How, Till, Why } from "./walks/ground.ts";
import { inactivityOf, type StepFacts, whyFacts } from "./why-facts.ts";

/** An upline as ground for the walks: number 0 is the owner, the next upline is the next number. */
export interface Line {
  readonly candidates: readonly Candidate[];
  readonly people: People;
  readonly ground: Ground;
}

type Facts = Readonly<Record<string, string>>;
type Booked = Omit<CommissionEntry, "entryKey" | "earner">;

/** An amount of an order before it is rounded. */
interface Share {
  readonly entry: Booked;
  readonly earner: Candidate | null;
  readonly exact: Ratio;
  readonly outcome: StepOutcome;
  readonly more: Facts;
  readonly stepNo: number;
}

/** Of equal remainders: the bonus the plan lists first, then the lower line id, the nearer level, the lower distributor id. */
function shareOrder(plan: Plan): (a: Share, b: Share) => number {
  const places = new Map(plan.bonuses.map((bonus, i) => [bonus.id, i]));
  const placeOf = (share: Share): number => places.get(share.entry.bonusId) ?? 0;
  const idOf = (share: Share): string | null => share.earner?.distributor.distributorId ?? null;
  return (a, b) =>
    placeOf(a) - placeOf(b) ||
    compareNames(a.entry.lineId, b.entry.lineId) ||
    a.entry.level - b.entry.level ||
    compareNames(idOf(a), idOf(b));
}

/** What a bonus is computed on, as its document says. */
export interface BasedBonus {
  readonly id: string;
  readonly base: Base;
  readonly baseRate?: string | undefined;
}

type Paid = readonly (readonly [bonusId: string, minor: bigint])[];

/** What was paid, but no more than something is worth; goods that come back take back no more than they were worth either. */
function atMost(minor: bigint, worth: Ratio): Ratio {
  const isMore = worth.num < 0n ? minor * worth.den < worth.num : minor * worth.den > worth.num;
  return isMore ? worth : { num: minor, den: 1n };
}

const paidIn = (paid: Paid): bigint => paid.reduce((sum, [, minor]) => sum + minor, 0n);

interface FoundBase {
  readonly of: BaseKind;
  readonly whole: Ratio;
  readonly paid: Paid;
  readonly rest: Ratio;
  readonly window: { readonly window: string; readonly share: string } | null;
  readonly part: Ratio;
}

interface StepPlace {
  readonly bonusId: string;
  readonly lineId: string;
  readonly level: number;
}

/** One order on its way through the bonuses: collects entries and steps. */
export class OrderWalk {
  readonly input: CommissionInput;
  readonly compiled: PlanLookups;
  readonly entries: CommissionEntry[] = [];
  readonly steps: WalkStep[] = [];
  readonly upline: Line;
  /** The currency of every amount: the plan's, or without one the order's. */
  readonly currency: string;
  /** Minor units of it for one of the order's; null where they are the same. */
  readonly #exchange: Ratio | null;
  readonly #perVolumeUnit: Ratio;
  /** Amounts that are rounded together once the order is whole; null where each is rounded by itself. */
  readonly #shares: Share[] | null;
  readonly #placements = new Map<string, Line>();
  readonly #explains: boolean;
  /** The fast starts whose windows are open. */
  readonly #open: readonly string[];

  constructor(input: CommissionInput, compiled: PlanLookups, open: readonly string[]) {
    this.input = input;
    this.#open = open;
    this.compiled = compiled;
    this.#explains = input.explain !== false;
    this.upline = lineOfUpline(input.upline, compiled);
    this.currency = moneyCurrency(compiled.plan, input.currency);
    this.#exchange = exchangeInto(this.currency, input);
    this.#perVolumeUnit = minorPerVolumeUnit(compiled.cvRate(input.market), this.currency);
    this.#shares = compiled.plan.rounding === "largest-remainder" ? [] : null;
  }

  /** The upline in one of the plan's trees, without a name that of who enrolled whom; empty where the input has none. */
  line(named: string | undefined): Line {
    const tree = placementNamed(this.compiled.plan, named);
    if (tree === null) return this.upline;
    let line = this.#placements.get(tree);
    if (line === undefined) {
      line = lineOfUpline(this.input.placements?.[tree] ?? [], this.compiled);
      this.#placements.set(tree, line);
    }
    return line;
  }

  /** What a bonus is computed on for a line, in minor units, exact: `baseRate` of its volume in money or of its own money, deductions taken off. */
  baseOf(line: CommissionableLine, bonus: BasedBonus): Ratio {
    const { base } = bonus;
    const whole = typeof base === "string" ? this.#worth(line, base) : this.#partOf(line, bonus.id, base);
    return multiplyRatio(whole, baseRateOf(bonus));
  }

  #worth(line: CommissionableLine, kind: BaseKind): Ratio {
    if (isMoney(kind)) return this.moneyOf(kind === "net" ? line.netMinor : (line.retailMinor ?? line.netMinor));
    const factor = this.compiled.factor(line.commissionClass, kind);
    const money = { num: line[kind] * this.#perVolumeUnit.num, den: this.#perVolumeUnit.den };
    return factor === null ? money : multiplyRatio(money, factor);
  }

  /** A base less what was paid on the line, of which a part counts while a fast start runs. */
  #partOf(line: CommissionableLine, bonusId: string, base: Exclude<Base, string>): Ratio {
    const known = line.bases?.[bonusId];
    const whole = this.#worth(line, base.of);
    if (known !== undefined) {
      const facts = { of: base.of, whole: exactAmount(whole, this.currency), base: exactAmount(known, this.currency) };
      this.step({ bonusId, lineId: line.lineId, level: 0 }, null, "base-left", {
        facts: { ...facts, currency: this.currency },
      });
      return known;
    }
    const paid = (base.less ?? []).map((id) => [id, this.#paidOn(line.lineId, id)] as const);
    const off = atMost(paidIn(paid), whole);
    const rest = { num: whole.num - off.num * (whole.den / off.den), den: whole.den };
    const window = base.partOf !== undefined && this.#runs(base.partOf.window, line.commissionClass) ? base.partOf : null;
    const part = window === null ? rest : multiplyRatio(rest, parseDecimal(window.share));
    this.#tellBase({ bonusId, lineId: line.lineId }, { of: base.of, whole, paid, rest, window, part });
    return part;
  }

  /** What a close takes off the base of a line: what was paid on it, but no more than the whole units that it is worth. */
  deductionOf(line: CommissionableLine, base: LessBase): bigint {
    const whole = this.#worth(line, base.of);
    const paid = paidIn(base.less.map((id) => [id, this.#paidOn(line.lineId, id)] as const));
    const { num, den } = atMost(paid, whole);
    return num / den;
  }

  /** What a bonus paid distributors on a line. */
  #paidOn(lineId: string, bonusId: string): bigint {
    return this.entries.reduce(
      (sum, entry) =>
        entry.bonusId === bonusId && entry.lineId === lineId && entry.earner !== null ? sum + entry.amountMinor : sum,
      0n,
    );
  }

  #runs(fastStart: string, commissionClass: string): boolean {
    return standingFastStarts(this.compiled.plan, this.#open, commissionClass).some(({ id }) => id === fastStart);
  }

  #tellBase(at: { bonusId: string; lineId: string }, found: FoundBase): void {
    const { of, whole, paid, rest, window, part } = found;
    if (!this.#explains) return;
    const money = (ratio: Ratio): string => exactAmount(ratio, this.currency);
    const less = paid
      .filter(([, minor]) => minor !== 0n)
      .map(([bonus, minor]) => reason("less-paid", { amount: formatAmount(minor, this.currency), bonus }));
    const facts = { of, whole: money(whole), currency: this.currency, rest: money(rest) };
    const shared: Facts = window === null ? {} : { window: window.window, share: window.share, base: money(part) };
    this.step({ ...at, level: 0 }, null, "base", { facts: { ...facts, ...shared }, parts: less });
  }

  /** The order's money in the currency of the amounts: rounded to its minor unit where the plan rounds each step, else exact. */
  moneyOf(minor: bigint): Ratio {
    const { plan } = this.compiled;
    if (this.#exchange === null) return { num: minor, den: 1n };
    if (plan.currency?.rounds === "each-step") return { num: convertMinor(minor, this.#exchange, plan), den: 1n };
    return { num: minor * this.#exchange.num, den: this.#exchange.den };
  }

  /** Tells which tree a bonus goes by, in a plan that has several. */
  tellTree(bonus: Bonus): void {
    if (this.compiled.plan.trees === undefined || !("tree" in bonus) || bonus.tree === undefined) return;
    this.step({ bonusId: bonus.id, lineId: "*", level: 0 }, null, "tree", { facts: { tree: bonus.tree } });
  }

  /** Tells that a line's money was converted. */
  tellExchange(bonusId: string, { lineId, netMinor, retailMinor }: CommissionableLine, kind: "net" | "retail"): void {
    const { currency: from, exchangeRate: rate = "" } = this.input;
    if (this.#exchange === null) return;
    const minor = kind === "net" ? netMinor : (retailMinor ?? netMinor);
    const { num, den } = this.moneyOf(minor);
    const facts = { net: formatAmount(minor, from), from, rate, to: this.currency };
    this.step({ bonusId, lineId, level: 0 }, null, "converted", {
      facts: { ...facts, converted: exactAmount({ num, den }, this.currency) },
    });
  }

  /** `part` of the base in whole minor units, by the plan's rounding. */
  round(base: Ratio, part: Ratio): bigint {
    return divideRounded(base.num * part.num, base.den * part.den, this.compiled.plan.rounding);
  }

  /** Books an amount, or breakage where `earner` is null. Zero leaves a step and no entry. */
  book(entry: Booked, earner: Candidate | null, outcome: StepOutcome, more: Facts): void {
    if (this.#shares === null) {
      this.#write(entry, earner, outcome, more);
      return;
    }
    const { bonusId, lineId, level, rate, base } = entry;
    const exact = multiplyRatio(base, rate);
    this.#shares.push({ entry, earner, exact, outcome, more, stepNo: this.steps.length });
    // Takes the step's place until its amount is known.
    this.step({ bonusId, lineId, level }, earner?.distributor.distributorId ?? null, outcome);
  }

  /** Ends an order: shares that are rounded together get their amounts. */
  settle(): void {
    if (this.#shares === null) return;
    const amounts = shareByRemainder(this.#shares, shareOrder(this.compiled.plan));
    const after = this.steps.splice(0);
    this.#shares.forEach(({ entry, earner, exact, outcome, more, stepNo }, i) => {
      const amountMinor = itemAt(amounts, i);
      const facts = { ...more, exact: exactAmount(exact, this.currency) };
      this.#write({ ...entry, amountMinor }, earner, outcome, facts);
      if (this.#explains) after[stepNo] = this.steps.pop() as WalkStep;
    });
    this.steps.push(...after);
  }

  #write(entry: Booked, earner: Candidate | null, outcome: StepOutcome, more: Facts): void {
    const { bonusId, lineId, level, amountMinor } = entry;
    const earnerId = earner?.distributor.distributorId ?? null;
    if (this.#explains) this.#explain(entry, earner, outcome, more);
    if (amountMinor === 0n) return;
    const entryKey = entryKeyOf({ bonusId, lineId, level, earner: earnerId });
    this.entries.push({ entryKey, earner: earnerId, ...entry });
  }

  #explain(entry: Booked, earner: Candidate | null, outcome: StepOutcome, more: Facts): void {
    const { amountMinor, base } = entry;
    const { currency } = this;
    const baseText = formatAmount(divideRounded(base.num, base.den, "half-up"), currency);
    const rank = earner === null ? {} : this.compiled.rankFact("rank", earner.rankNo);
    const facts = { amount: formatAmount(amountMinor, currency), currency, base: baseText, ...more, ...rank };
    this.step(entry, earner?.distributor.distributorId ?? null, amountMinor === 0n ? "rounded-to-zero" : outcome, { facts });
  }

  step(
    at: StepPlace,
    distributorId: string | null,
    outcome: StepOutcome,
    { facts = {}, parts = [] }: Partial<StepFacts> = {},
  ): void {
    if (!this.#explains) return;
    const step = { bonusId: at.bonusId, lineId: at.lineId, distributorId, level: at.level, outcome, facts };
    this.steps.push(parts.length === 0 ? step : { ...step, parts });
  }

  /** Tells why a condition, `opens` or a table other than by rank gives somebody nothing. */
  tell(at: StepPlace, who: { people: People; no: number; id: string }, how: How, why: "condition" | "closed" | "row"): void {
    const { plan } = this.compiled;
    const bonus = plan.bonuses.find(({ id }) => id === at.bonusId);
    if (bonus !== undefined) this.step(at, who.id, `${how}-${why}`, whyFacts({ ...who, bonus, plan, level: at.level, why }));
  }

  /** The volume of the whole order by the factors of its classes, ten-thousandths. */
  size(of: "pv" | "qv" | "cv"): number {
    const { commissionClasses } = this.compiled.plan;
    const volume = (line: CommissionableLine): bigint => {
      const factor = commissionClasses.find(({ id }) => id === line.commissionClass)?.factors?.[of];
      if (factor === undefined) return line[of];
      const { num, den } = parseDecimal(factor);
      return divideRounded(line[of] * num, den, "down");
    };
    return Number(this.input.lines.reduce((sum, line) => sum + volume(line), 0n));
  }

  /** The numbers behind a distributor's inactivity. */
  inactivityFacts(candidate: Candidate): StepFacts {
    return inactivityOf(candidate, this.compiled);
  }
}

export function lineOfUpline(upline: readonly UplineDistributor[], compiled: PlanLookups): Line {
  const candidates = upline.map((distributor) => compiled.judge(distributor));
  const count = candidates.length;
  const links = new Int32Array(count * 2);
  for (let no = 0; no < count; no++) {
    const candidate = itemAt(candidates, no);
    links[no * 2] = no + 1 < count ? no + 1 : -1;
    links[no * 2 + 1] = candidate.rankNo * 2 + (candidate.inactive === null ? 1 : 0);
  }
  return { candidates, people: new LinePeople(candidates, compiled.rankNo), ground: { links } };
}

/** Turns what a walk decides into entries and steps of one order line. */
export class OrderTill implements Till {
  readonly #order: OrderWalk;
  readonly #at: { readonly bonusId: string; readonly lineId: string };
  readonly #base: Ratio;
  readonly #table: RateTable;
  readonly #candidates: readonly Candidate[];
  readonly #people: People;
  /** Units each earner has of this line so far: whoever is met at two levels is rounded once. */
  readonly #units = new Map<number, number>();

  constructor(order: OrderWalk, at: { bonusId: string; lineId: string }, base: Ratio, table: RateTable, line: Line) {
    this.#order = order;
    this.#at = at;
    this.#base = base;
    this.#table = table;
    this.#candidates = line.candidates;
    this.#people = line.people;
  }

  pay(no: number, level: number, units: number, from: number): void {
    const { ratio, text } = this.#table.rate(units);
    const entry = { ...this.#at, level, amountMinor: this.#amount(no, units), rate: ratio, base: this.#base };
    const outcome = no < 0 ? "breakage" : from < 0 ? "paid" : "paid-passed-share";
    const facts: Facts =
      from < 0 ? { rate: text } : { rate: text, passedFrom: itemAt(this.#candidates, from).distributor.distributorId };
    this.#order.book(entry, this.#candidates[no] ?? null, outcome, facts);
  }

  #amount(no: number, units: number): bigint {
    const before = no < 0 ? 0 : (this.#units.get(no) ?? 0);
    if (no >= 0) this.#units.set(no, before + units);
    const upTo = this.#order.round(this.#base, this.#table.rate(before + units).ratio);
    return before === 0 ? upTo : upTo - this.#order.round(this.#base, this.#table.rate(before).ratio);
  }

  payBetween(no: number, level: number, upTo: number, before: number): void {
    const { ratio, text } = this.#table.rate(upTo - before);
    const high = this.#table.rate(upTo);
    const low = this.#table.rate(before);
    const amountMinor = this.#order.round(this.#base, high.ratio) - this.#order.round(this.#base, low.ratio);
    const facts = { rate: text, own: high.text, paidBelow: low.text };
    this.#order.book(
      { ...this.#at, level, amountMinor, rate: ratio, base: this.#base },
      this.#candidates[no] ?? null,
      no < 0 ? "paid-to-company" : "paid-difference",
      facts,
    );
  }

  pass(no: number, level: number, how: How, why: Why): void {
    const candidate = itemAt(this.#candidates, no);
    const id = candidate.distributor.distributorId;
    const at = { ...this.#at, level };
    if (why === "inactive") {
      this.#order.step(at, id, `${how}-${candidate.inactive ?? "status"}`, this.#order.inactivityFacts(candidate));
      return;
    }
    if (why === "condition" || why === "closed" || why === "row") {
      this.#order.tell(at, { people: this.#people, no, id }, how, why);
      return;
    }
    const { compiled } = this.#order;
    const lowest = this.#table.lowestRank(level);
    const needed = why === "rank" && lowest >= -1 ? { lowest: String(lowest), ...compiled.rankFact("neededRank", lowest) } : {};
    this.#order.step(at, id, `${how}-${why}`, { facts: { ...compiled.rankFact("rank", candidate.rankNo), ...needed } });
  }

  end(level: number): void {
    this.#order.step({ ...this.#at, level }, null, "end-of-upline", {
      facts: { from: String(level), to: String(this.#table.levels) },
    });
  }
}

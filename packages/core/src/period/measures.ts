import { currencyExponent } from "../money.ts";
import { ranksOfCalendar } from "../plan/closing-calendars.ts";
import { needsOf } from "../plan/condition-leaves.ts";
import type { Condition } from "../plan/conditions.ts";
import { isGiven, keptOf, measureNeeds } from "../plan/measure-needs.ts";
import type { Measure } from "../plan/measures.ts";
import { compileCondition, type Holds, type People } from "../plan/people.ts";
import { breakawayRankNo } from "../plan/rules.ts";
import type { CloseTree, CloseTrees } from "./close-trees.ts";
import { type Counter, groupCounter, legCounter, levelCounter, ONE } from "./counters.ts";
import { type CloseInput, CloseInputError } from "./input.ts";
import { legColumn, levelsColumn, limitedColumn, ownColumn } from "./measure-volumes.ts";

const DAY_MS = 86_400_000;

/** What a close found of each measure: to be kept for later closes, and to be asked at order time. In ten-thousandths. */
export interface MeasureCounts {
  /** By measure what this close counted alone, of measures over several periods. */
  readonly kept: Readonly<Record<string, Float64Array>>;
  /** By measure its value, of measures that orders ask for. */
  readonly atOrders: Readonly<Record<string, Float64Array>>;
}

/** Every measure of a close by person, each computed when it is first asked for. */
export class CloseMeasures implements People {
  readonly #input: CloseInput;
  readonly #trees: CloseTrees;
  readonly #columns = new Map<string, Float64Array>();
  readonly #alone = new Map<string, Float64Array>();
  readonly #before = new Map<string, Float64Array>();
  /** Numbers that ranks ask for while they are judged, counted on the way. */
  readonly #counting = new Map<string, { counter: Counter; meets: (no: number) => boolean }>();
  /** Conditions held in this period that ask for ranks below: looked at whenever a rank asks, as everyone below is done. */
  readonly #held = new Map<string, (no: number) => number>();
  #active: Uint8Array | null = null;
  #rank: Int16Array | null = null;
  #judged = false;
  #earned: ((bonusIds: readonly string[]) => Float64Array) | null = null;

  constructor(input: CloseInput, trees: CloseTrees) {
    this.#input = input;
    this.#trees = trees;
  }

  measure(id: string, no: number): number {
    const soFar = this.#counting.has(id) || this.#held.has(id);
    if (this.#judged || this.#input.lastClosed !== undefined || !soFar) return this.column(id)[no] as number;
    return this.#soFar(id, no);
  }

  /** A number that is still being counted, of a person below whom everyone is done. */
  #soFar(id: string, no: number): number {
    const measure = this.#input.plan.measures?.[id] as Measure;
    const counted = leavesOut(measure) === 0 && this.#inFirstDays(measure, no);
    const alone = counted ? (this.#held.get(id)?.(no) ?? this.#alone.get(id)?.[no] ?? 0) : 0;
    return alone + (this.#earlier(id, measure)?.[no] ?? 0);
  }

  /** What of a measure came in this period; all of it where it is of this period only. */
  ofPeriod(id: string, no: number): number {
    const measure = this.#input.plan.measures?.[id];
    const whole = measure === undefined || isGiven(measure) || this.#input.lastClosed !== undefined;
    return whole ? this.measure(id, no) : (this.#ofPeriod(id, measure)[no] as number);
  }

  rankNo(no: number): number {
    return (this.#rank as Int16Array)[no] as number;
  }

  titleNo(no: number): number {
    return this.#input.network.title[no] as number;
  }

  isActive(no: number): boolean {
    return (this.#active as Uint8Array)[no] === 1;
  }

  country(no: number): string | null {
    const { country } = this.#input.network;
    if (country === undefined) throw new CloseInputError("the plan asks for people's country, which the input does not have");
    return country.codes[country.of[no] as number] ?? null;
  }

  enrolledAt(no: number): number {
    const { enrolledAt } = this.#input.network;
    if (enrolledAt === undefined) throw new CloseInputError("the plan asks when people enrolled, which the input does not have");
    return enrolledAt[no] as number;
  }

  /** A condition of the plan, to be asked of numbers. */
  holds(condition: Condition): (no: number) => boolean {
    const holds: Holds = compileCondition(condition, this.#input.plan);
    return (no) => holds(this, no);
  }

  setActive(active: Uint8Array): void {
    this.#active = active;
  }

  /** What the close's bonuses have paid so far, by their ids. */
  setEarned(earned: (bonusIds: readonly string[]) => Float64Array): void {
    this.#earned = earned;
  }

  /**
   * Begins the judging of ranks, which fills `rank` from the leaves upward; `asked` are the conditions ranks have. Answers the
   * trees below whose people must be judged before a person's own rank is.
   */
  beginRanks(rank: Int16Array, asked: readonly Condition[]): CloseTree[] {
    this.#rank = rank;
    const { plan } = this.#input;
    for (const condition of asked)
      for (const id of needsOf(plan, condition).measures) {
        const measure = plan.measures?.[id];
        if (measure !== undefined && this.#needsRanks(measure) && !this.#counting.has(id)) this.#count(id, measure);
      }
    return [...this.#counting.keys()].map((id) => this.#treeOf(plan.measures?.[id] as Measure));
  }

  /** One person's rank is known. */
  ranked(no: number): void {
    for (const { counter, meets } of this.#counting.values()) counter.add(no, meets(no));
  }

  endRanks(): void {
    this.#judged = true;
    for (const [id, { counter }] of this.#counting) this.#alone.set(id, this.#withinFirstDays(id, counter.column));
  }

  /** Nothing for whoever's first days this period does not lie in. */
  #withinFirstDays(id: string, column: Float64Array): Float64Array {
    const measure = this.#input.plan.measures?.[id] as Measure;
    return column.map((value, no) => (this.#inFirstDays(measure, no) ? value : 0));
  }

  #count(id: string, measure: Measure): void {
    if (measure.what === "periods") {
      const holds = this.holds(measure.meeting);
      this.#held.set(id, (no) => (holds(no) ? ONE : 0));
    }
    const counting = this.#counterOf(measure);
    if (counting === null) return;
    this.#counting.set(id, counting);
    this.#alone.set(id, counting.counter.column);
  }

  #needsRanks(measure: Measure): boolean {
    if (measure.what === "pgv") return true;
    if (!("meeting" in measure) || measure.meeting === undefined) return false;
    const needs = needsOf(this.#input.plan, measure.meeting);
    return needs.ownRank || needs.ranksBelow;
  }

  /** A measure by person over its whole time, in ten-thousandths. */
  column(id: string): Float64Array {
    let column = this.#columns.get(id);
    if (column === undefined) {
      const measure = this.#input.plan.measures?.[id];
      if (measure === undefined) throw new CloseInputError(`the plan has no measure "${id}"`);
      column = this.#stored(id) ?? (isGiven(measure) ? this.#given(id) : this.#overTime(id, measure));
      this.#columns.set(id, column);
    }
    return column;
  }

  /** What the last close stored of it, where that is what counts. */
  #stored(id: string): Float64Array | null {
    const { lastClosed, network } = this.#input;
    return lastClosed === undefined ? null : (lastClosed.measures[id] ?? new Float64Array(network.count));
  }

  #given(id: string): Float64Array {
    const column = this.#input.measured?.given[id];
    if (column === undefined) throw new CloseInputError(`the input does not have the measure "${id}", which volumes do not tell`);
    return column;
  }

  #overTime(id: string, measure: Measure): Float64Array {
    const earlier = this.#earlier(id, measure);
    if (earlier === null) return this.#ofPeriod(id, measure);
    if (leavesOut(measure) > 0) return earlier;
    return this.#ofPeriod(id, measure).map((value, no) => value + (earlier[no] as number));
  }

  /** What the closes before counted of it; null where none is asked for. */
  #earlier(id: string, measure: Measure): Float64Array | null {
    const kept = keptOf(measure);
    if (kept === null) return null;
    let sum = this.#before.get(id);
    if (sum !== undefined) return sum;
    const columns = this.#input.measured?.kept[id] ?? [];
    sum = new Float64Array(this.#input.network.count);
    for (const column of kept === "sum" ? columns : columns.slice(Math.max(0, leavesOut(measure) - 1), kept.periods))
      for (let no = 0; no < sum.length; no++) sum[no] = (sum[no] as number) + (column[no] ?? 0);
    this.#before.set(id, sum);
    return sum;
  }

  /** What this close counts of a measure by itself. */
  #ofPeriod(id: string, measure: Measure): Float64Array {
    let alone = this.#alone.get(id);
    if (alone === undefined) {
      alone = this.#withinFirstDays(id, this.#compute(measure));
      this.#alone.set(id, alone);
    }
    return alone;
  }

  /** Group numbers of somebody's first days are those of the periods that end within them. */
  #inFirstDays(measure: Measure, no: number): boolean {
    if (!("over" in measure) || measure.over === undefined || !("daysAfterEnrolment" in measure.over)) return true;
    if (measure.what === "count" && measure.of === "enrolled") return true;
    return this.#input.endsAt <= this.enrolledAt(no) + measure.over.daysAfterEnrolment * DAY_MS;
  }

  #compute(measure: Measure): Float64Array {
    const { plan, network, endsAt } = this.#input;
    switch (measure.what) {
      case "pv":
      case "qv":
      case "cv":
        return ownColumn(this.#input, measure.what, measure);
      case "gv":
        return this.#group(measure);
      case "leg-gv": {
        const tree = this.#treeOf(measure);
        return legColumn(levelsColumn(this.#volume(measure), tree, { from: 0 }), tree, measure);
      }
      case "pgv":
      case "count": {
        const { counter, meets } = this.#counterOf(measure) as { counter: Counter; meets: (no: number) => boolean };
        const { order } = this.#treeOf(measure);
        for (let place = order.length - 1; place >= 0; place--)
          counter.add(order[place] as number, meets(order[place] as number));
        return counter.column;
      }
      case "periods": {
        const holds = compileCondition(measure.meeting, plan);
        return Float64Array.from({ length: network.count }, (_, no) => (holds(this, no) ? ONE : 0));
      }
      case "days-enrolled":
        return Float64Array.from(
          { length: network.count },
          (_, no) => Math.max(0, Math.floor((endsAt - this.enrolledAt(no)) / DAY_MS)) * ONE,
        );
      case "earned":
        return this.#earnedColumn(measure.bonuses);
      default:
        throw new CloseInputError(`"${measure.what}" is not told by volumes`);
    }
  }

  #earnedColumn(bonuses: readonly string[]): Float64Array {
    if (this.#earned === null) return new Float64Array(this.#input.network.count);
    const perMajor = 10 ** currencyExponent(this.#input.currency);
    return this.#earned(bonuses).map((minor) => (minor * ONE) / perMajor);
  }

  #volume(measure: { volume?: "pv" | "qv" | "cv" | undefined }): Float64Array {
    return ownColumn(this.#input, measure.volume ?? this.#input.plan.rankVolume ?? "pv", {});
  }

  #group(measure: Extract<Measure, { what: "gv" | "pgv" }>): Float64Array {
    const tree = this.#treeOf(measure);
    const own = this.#volume(measure);
    const span = measure.levels ?? { from: 0 };
    const limit = measure.atMostFromOneLeg;
    if (limit === undefined) return levelsColumn(own, tree, span);
    const legSpan = { from: Math.max(0, span.from - 1), ...(span.to === undefined ? {} : { to: span.to - 1 }) };
    const self = span.from === 0 ? own : new Float64Array(own.length);
    return limitedColumn(self, levelsColumn(own, tree, legSpan), tree, limit);
  }

  #counterOf(measure: Measure): { counter: Counter; meets: (no: number) => boolean } | null {
    const { plan } = this.#input;
    if (measure.what === "pgv") {
      const threshold = breakawayRankNo(plan);
      return {
        counter: groupCounter(this.#treeOf(measure).above, this.#volume(measure)),
        meets: (no) => this.rankNo(no) >= threshold,
      };
    }
    if (measure.what !== "count") return null;
    const holds = measure.meeting === undefined ? null : compileCondition(measure.meeting, plan);
    const joined = measure.of === "enrolled" ? this.#enrolledInTime(measure) : null;
    const onSide = this.#onSide(measure) ?? (() => true);
    const { above } = this.#treeOf(measure);
    const met = (no: number): boolean => (holds?.(this, no) ?? true) && (joined?.(no) ?? true);
    if (measure.of === "legs")
      return { counter: legCounter(above, measure.levels?.to ?? Number.POSITIVE_INFINITY, onSide), meets: met };
    const meets = (no: number): boolean => onSide(no) && met(no);
    return { counter: levelCounter(above, measure.of === "levels" ? (measure.levels ?? ONE_LEVEL) : ONE_LEVEL), meets };
  }

  /** Whether somebody enrolled within the time that is asked for, of the person who enrolled them. */
  #enrolledInTime({ over }: Extract<Measure, { what: "count" }>): ((no: number) => boolean) | null {
    if (over === undefined || "lifetime" in over) return null;
    const { sponsor } = this.#input.network;
    if ("daysAfterEnrolment" in over) {
      const span = over.daysAfterEnrolment * DAY_MS;
      return (no) => (sponsor[no] as number) >= 0 && this.enrolledAt(no) < this.enrolledAt(sponsor[no] as number) + span;
    }
    const { periodStarts } = this.#input;
    if (periodStarts === undefined)
      throw new CloseInputError("the plan counts enrolments by period, and the input does not say when periods began");
    const before = over.before ?? 0;
    const from = periodStarts[before + over.periods - 1] ?? Number.NEGATIVE_INFINITY;
    const until = before === 0 ? this.#input.endsAt : (periodStarts[before - 1] ?? Number.NEGATIVE_INFINITY);
    return (no) => this.enrolledAt(no) >= from && this.enrolledAt(no) < until;
  }

  /** Whether somebody stands on a side of the person they are counted for: the head of their leg below that person. */
  #onSide(measure: Extract<Measure, { what: "count" }>): ((no: number) => boolean) | null {
    if (measure.side === undefined) return null;
    const side = measure.side === "left" ? 0 : 1;
    const tree = this.#trees.named(measure.tree);
    const { sponsor } = this.#input.network;
    if (measure.of !== "enrolled") return (no) => tree.leg?.[no] === side;
    return (no) => {
      let position = no;
      while (position >= 0 && tree.above[position] !== sponsor[no]) position = tree.above[position] as number;
      return position >= 0 && tree.leg?.[position] === side;
    };
  }

  /** The tree a measure counts people of; whom somebody enrolled, it counts by who enrolled whom, whatever side it asks for. */
  #treeOf(measure: Measure): CloseTree {
    const enrolled = measure.what === "count" && measure.of === "enrolled";
    return this.#trees.named(enrolled || !("tree" in measure) ? undefined : measure.tree);
  }

  /** What is kept of this close. */
  counts(): MeasureCounts {
    const { plan } = this.#input;
    const needs = measureNeeds(plan);
    // What is kept of people is what the rank calendar counts.
    if (ranksOfCalendar(plan, this.#input.calendar) !== "own") return { kept: {}, atOrders: {} };
    const kept = [...needs.kept.keys()].map((id) => {
      const measure = plan.measures?.[id] as Measure;
      // Pay is kept as it was paid, after caps.
      return [id, measure.what === "earned" ? this.#earnedColumn(measure.bonuses) : this.#ofPeriod(id, measure)] as const;
    });
    const atOrders = needs.atOrders.map((id) => [id, this.column(id)] as const);
    return { kept: Object.fromEntries(kept), atOrders: Object.fromEntries(atOrders) };
  }
}

const ONE_LEVEL = { from: 1, to: 1 };

/** How many of the latest periods a measure leaves out. */
function leavesOut(measure: Measure): number {
  return "over" in measure && measure.over !== undefined && "before" in measure.over ? (measure.over.before ?? 0) : 0;
}

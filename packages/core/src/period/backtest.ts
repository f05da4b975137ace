import { computeCommissions } from "../commission.ts";
import { formatAmount } from "../money.ts";
import type { CommissionInput, Computation, UplineDistributor } from "../order-facts.ts";
import { judgedBefore, ranksOfCalendar, shorterCalendars } from "../plan/closing-calendars.ts";
import { measureNeeds } from "../plan/measure-needs.ts";
import type { Plan } from "../plan/schema.ts";
import { float64At } from "../typed.ts";
import { rowsBefore } from "./before.ts";
import { type CloseResult, closePeriod } from "./close.ts";
import { type Carried, type CloseInput, type CloseOrders, type LastClosed, NOTHING_CARRIED } from "./input.ts";
import { MeasureHistory } from "./measure-history.ts";

/** By order what closes take off the bases of their bonuses, as `computeCommissions` tells it. */
export type PastDeductions = ReadonlyMap<string, NonNullable<Computation["deductions"]>>;

/** A past period of one plan, and what its close needs. */
export interface PastClose {
  readonly periodId: string;
  /** The first instant, and the first after it, epoch milliseconds. */
  readonly startsAt: number;
  readonly endsAt: number;
  /**
   * The columns of the close, once its orders have been played. Of measures it holds what is given, of the period itself or of
   * the one whose ranks run; what closes before counted, left and paid is added here.
   */
  readonly input: (deductions: PastDeductions) => Omit<CloseInput, "plan" | "carried">;
}

/** What one plan is tried on. */
export interface PlanTrial {
  readonly plan: Plan;
  /** Everybody's ids by number, the same in all closes. */
  readonly ids: readonly string[];
  readonly currency: string;
  readonly orders: readonly Omit<CommissionInput, "plan">[];
  /** By their end, and of those that end together the shorter first. */
  readonly closes: readonly PastClose[];
}

/** What one plan makes of the past, minor units. */
export interface PlanPast {
  readonly paidMinor: number;
  readonly cvMinor: number;
  readonly breakageMinor: number;
  readonly cutMinor: number;
  readonly byBonus: Readonly<Record<string, number>>;
  /** By distributor number. */
  readonly byDistributor: Float64Array;
  /** Paid-as ranks at the end. */
  readonly ranks: Int16Array;
}

export interface BackTest {
  readonly currency: string;
  readonly periods: number;
  readonly inForce: PlanPast;
  readonly draft: PlanPast;
  readonly winners: readonly Mover[];
  readonly losers: readonly Mover[];
  readonly rankMoves: readonly { readonly no: number; readonly before: number; readonly after: number }[];
}

export interface Mover {
  readonly no: number;
  readonly beforeMinor: number;
  readonly afterMinor: number;
}

export interface BackTestProgress {
  readonly periodId: string;
  readonly plan: "in force" | "draft";
  readonly done: number;
  readonly of: number;
}

/**
 * Runs a draft plan and the one in force over the past without writing. A generator, so that the caller shows progress: it
 * yields before every close and returns the comparison. Throws RangeError where there is no period, or the two compute in
 * different currencies.
 */
export function* backTest(trials: { inForce: PlanTrial; draft: PlanTrial }): Generator<BackTestProgress, BackTest> {
  const { inForce, draft } = trials;
  if (inForce.closes.length === 0 || draft.closes.length === 0)
    throw new RangeError("a back-test needs at least one past period");
  if (inForce.currency !== draft.currency)
    throw new RangeError(`amounts in ${inForce.currency} and in ${draft.currency} cannot be compared`);
  const of = inForce.closes.length + draft.closes.length;
  const played = [];
  let done = 0;
  for (const [name, trial] of [["in force", inForce] as const, ["draft", draft] as const]) {
    const past = new PastOfPlan(trial);
    for (const close of trial.closes) {
      yield { periodId: close.periodId, plan: name, done: done++, of };
      past.play(close);
    }
    played.push(past.result());
  }
  const [before, after] = played as [PlanPast, PlanPast];
  return compare(inForce, before, after);
}

type Earned = Record<string, Float64Array>;

/** A close that was played: of those by the rank calendar people are judged. */
interface Played {
  readonly calendar: string | undefined;
  readonly endsAt: number;
  readonly result: CloseResult;
}

class PastOfPlan {
  readonly #trial: PlanTrial;
  readonly #numbers: ReadonlyMap<string, number>;
  /** By the time they were placed. */
  readonly #orders: readonly Omit<CommissionInput, "plan">[];
  #next = 0;
  readonly #deductions = new Map<string, NonNullable<Computation["deductions"]>>();
  /** What orders paid, by the closes in whose period they were placed. */
  readonly #earned = new Map<PastClose, Earned>();
  readonly #played: Played[] = [];
  readonly #carried = new Map<string | undefined, Carried>();
  readonly #sold = new Map<string | undefined, CloseOrders[]>();
  readonly #history: MeasureHistory;
  readonly #asksJudgements: boolean;
  readonly #sum = { paidMinor: 0, cvMinor: 0, breakageMinor: 0, cutMinor: 0 };
  readonly #byBonus: Record<string, number> = {};
  readonly #byDistributor: Float64Array;

  constructor(trial: PlanTrial) {
    this.#trial = trial;
    this.#numbers = new Map(trial.ids.map((id, no) => [id, no]));
    const placed = (order: { placedAt: string }): number => Date.parse(order.placedAt);
    this.#orders = [...trial.orders].sort((a, b) => placed(a) - placed(b));
    this.#history = new MeasureHistory(trial.plan);
    const { atOrders, titlesAtOrders } = measureNeeds(trial.plan);
    this.#asksJudgements = atOrders.length > 0 || titlesAtOrders;
    this.#byDistributor = new Float64Array(trial.ids.length);
  }

  play(close: PastClose): void {
    const { plan } = this.#trial;
    this.#playOrders(close.endsAt);
    const input = close.input(this.#deductions);
    const { calendar, network } = input;
    const ranksOf = ranksOfCalendar(plan, calendar);
    const judged = this.#judgedBefore(close.endsAt, calendar);
    const sold = this.#sold.get(calendar) ?? [];
    const before = rowsBefore(sold, input.orders);
    this.#sold.set(calendar, [...sold, input.orders]);
    const last = judged.at(-1)?.result.ranks;
    const result = closePeriod({
      ...input,
      ...(before === undefined ? {} : { before }),
      plan,
      ...this.#measured(input),
      ...(ranksOf === "last-closed" ? { lastClosed: this.#lastClosed(input, judged.at(-1)?.result) } : {}),
      network:
        last === undefined
          ? network
          : {
              ...network,
              title: last.title,
              recentRanks: judged.map(({ result: { ranks } }) => ranks.paidAs).reverse(),
              graceUsed: last.graceUsed,
            },
      carried: { ...(this.#carried.get(calendar) ?? NOTHING_CARRIED), earned: this.#earnedIn(close, calendar) },
    });
    if (ranksOf === "own") this.#history.add(result.counts);
    this.#book(result, ranksOf === "own");
    this.#carried.set(calendar, result.carried);
    this.#played.push({ calendar, endsAt: close.endsAt, result });
  }

  /** What closes before counted, beside what is given. */
  #measured({ measured, running }: Omit<CloseInput, "plan" | "carried">): Pick<CloseInput, "measured" | "running"> {
    const kept = this.#history.kept();
    return {
      measured: { given: measured?.given ?? {}, kept },
      ...(running === undefined ? {} : { running: { ...running, measured: { given: running.measured?.given ?? {}, kept } } }),
    };
  }

  /** The closes that judged people before a close of a calendar, or before an order; in a plan without calendars all there were. */
  #judgedBefore(endsAt: number, calendar?: string): Played[] {
    const { plan } = this.#trial;
    const isBefore = judgedBefore(plan, calendar);
    return this.#played.filter((played) => played.calendar === plan.rankCalendar && isBefore(played.endsAt, endsAt));
  }

  #lastClosed({ network }: Pick<CloseInput, "network">, last: CloseResult | undefined): LastClosed {
    if (last === undefined) return { rank: network.title, pv: new Float64Array(network.count).fill(-1), measures: {} };
    return { rank: last.ranks.paidAs, pv: last.facts.pv, measures: last.counts.atOrders };
  }

  /** What orders of the period paid, and closes of shorter calendars that ended in it. */
  #earnedIn(close: PastClose, calendar: string | undefined): Earned {
    const earned = this.#earned.get(close) ?? {};
    if (calendar === undefined) return earned;
    const shorter = shorterCalendars(this.#trial.plan, calendar);
    for (const played of this.#played) {
      const inside = played.endsAt > close.startsAt && played.endsAt <= close.endsAt;
      if (!inside || played.calendar === undefined || !shorter.includes(played.calendar)) continue;
      for (const { bonusId, amounts } of played.result.bonuses)
        amounts.forEach((amount, no) => {
          if (amount !== 0) this.#addTo(earned, { bonusId, no, amountMinor: amount });
        });
    }
    return earned;
  }

  #playOrders(until: number): void {
    for (; this.#next < this.#orders.length; this.#next++) {
      const order = this.#orders[this.#next] as Omit<CommissionInput, "plan">;
      const placedAt = Date.parse(order.placedAt);
      if (placedAt >= until) return;
      const { entries, deductions } = computeCommissions({ ...this.#judged(order), plan: this.#trial.plan, explain: false });
      if (deductions !== undefined) this.#deductions.set(order.orderId, deductions);
      const closes = this.#trial.closes.filter(({ startsAt, endsAt }) => startsAt <= placedAt && placedAt < endsAt);
      for (const { bonusId, earner, amountMinor } of entries) {
        const no = earner === null ? undefined : this.#numbers.get(earner);
        if (no === undefined) {
          this.#sum.breakageMinor += Number(amountMinor);
          continue;
        }
        const paid = { bonusId, no, amountMinor: Number(amountMinor) };
        for (const close of closes) {
          const earned = this.#earned.get(close) ?? {};
          this.#earned.set(close, earned);
          this.#addTo(earned, paid);
        }
        this.#add(paid);
      }
    }
  }

  /** Ranks are as they really stood; titles and measures, which this plan may be the first to ask for, as its own closes found them. */
  #judged(order: Omit<CommissionInput, "plan">): Omit<CommissionInput, "plan"> {
    if (!this.#asksJudgements) return order;
    const last = this.#judgedBefore(Number.POSITIVE_INFINITY).at(-1)?.result;
    const judge = (line: readonly UplineDistributor[]): UplineDistributor[] =>
      line.map((distributor) => ({ ...distributor, ...this.#judgementOf(distributor.distributorId, last) }));
    const placements = Object.entries(order.placements ?? {}).map(([tree, line]) => [tree, judge(line)] as const);
    return { ...order, upline: judge(order.upline), placements: Object.fromEntries(placements) };
  }

  #judgementOf(distributorId: string, last: CloseResult | undefined): Pick<UplineDistributor, "title" | "measures"> {
    const no = this.#numbers.get(distributorId);
    if (last === undefined || no === undefined) return { title: null, measures: {} };
    const { ranks } = this.#trial.plan;
    const measures = Object.entries(last.counts.atOrders).map(([id, column]) => [id, BigInt(float64At(column, no))] as const);
    return { title: ranks[last.ranks.title[no] ?? -1]?.id ?? null, measures: Object.fromEntries(measures) };
  }

  #addTo(earned: Earned, { bonusId, no, amountMinor }: PaidAmount): void {
    earned[bonusId] ??= new Float64Array(this.#trial.ids.length);
    const column = earned[bonusId];
    column[no] = float64At(column, no) + amountMinor;
  }

  /** Every sale is in one period of the rank calendar: CV of others would count it again. */
  #book(result: CloseResult, isRankClose: boolean): void {
    if (isRankClose) this.#sum.cvMinor += Number(result.cvMinor);
    for (const { bonusId, amounts, beforeCaps, breakageMinor } of result.bonuses) {
      this.#sum.breakageMinor += breakageMinor;
      this.#sum.cutMinor += result.binary[bonusId]?.cutMinor ?? 0;
      amounts.forEach((amountMinor, no) => {
        this.#sum.cutMinor += float64At(beforeCaps, no) - amountMinor;
        if (amountMinor !== 0) this.#add({ bonusId, no, amountMinor });
      });
    }
  }

  #add({ bonusId, no, amountMinor }: PaidAmount): void {
    this.#sum.paidMinor += amountMinor;
    this.#byBonus[bonusId] = (this.#byBonus[bonusId] ?? 0) + amountMinor;
    this.#byDistributor[no] = float64At(this.#byDistributor, no) + amountMinor;
  }

  result(): PlanPast {
    return {
      ...this.#sum,
      byBonus: this.#byBonus,
      byDistributor: this.#byDistributor,
      ranks: this.#judgedBefore(Number.POSITIVE_INFINITY).at(-1)?.result.ranks.paidAs ?? new Int16Array(0),
    };
  }
}

interface PaidAmount {
  readonly bonusId: string;
  readonly no: number;
  readonly amountMinor: number;
}

function compare(trial: PlanTrial, inForce: PlanPast, draft: PlanPast): BackTest {
  const movers: Mover[] = [];
  const rankMoves: { no: number; before: number; after: number }[] = [];
  for (let no = 0; no < Math.max(inForce.byDistributor.length, draft.byDistributor.length); no++) {
    const beforeMinor = inForce.byDistributor[no] ?? 0;
    const afterMinor = draft.byDistributor[no] ?? 0;
    if (beforeMinor !== afterMinor) movers.push({ no, beforeMinor, afterMinor });
    const before = inForce.ranks[no] ?? -1;
    const after = draft.ranks[no] ?? -1;
    if (before !== after) rankMoves.push({ no, before, after });
  }
  const gain = (mover: Mover): number => mover.afterMinor - mover.beforeMinor;
  const byGain = [...movers].sort((a, b) => gain(b) - gain(a) || a.no - b.no);
  return {
    currency: trial.currency,
    periods: trial.closes.length,
    inForce,
    draft,
    winners: byGain.filter((mover) => gain(mover) > 0),
    losers: byGain.filter((mover) => gain(mover) < 0).reverse(),
    rankMoves,
  };
}

/** The comparison in a few figures, for people and for JSON. */
export function backTestSummary(test: BackTest): Record<string, string | number> {
  const money = (minor: number): string => formatAmount(BigInt(minor), test.currency);
  const shareOf = (past: PlanPast): string => (past.cvMinor === 0 ? "0" : ((100 * past.paidMinor) / past.cvMinor).toFixed(2));
  return {
    periods: test.periods,
    currency: test.currency,
    inForcePaid: money(test.inForce.paidMinor),
    draftPaid: money(test.draft.paidMinor),
    inForcePercentOfCv: shareOf(test.inForce),
    draftPercentOfCv: shareOf(test.draft),
    inForceBreakage: money(test.inForce.breakageMinor),
    draftBreakage: money(test.draft.breakageMinor),
    inForceCutByCaps: money(test.inForce.cutMinor),
    draftCutByCaps: money(test.draft.cutMinor),
    winners: test.winners.length,
    losers: test.losers.length,
    rankMoves: test.rankMoves.length,
  };
}

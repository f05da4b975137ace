import { computeCommissions } from "../commission.ts";
import { formatAmount } from "../money.ts";
import type { CommissionInput } from "../order-facts.ts";
import type { Plan } from "../plan/schema.ts";
import { float64At, itemAt } from "../typed.ts";
import { rowsBefore } from "./before.ts";
import { type CloseResult, closePeriod } from "./close.ts";
import { type Carried, type CloseInput, type CloseOrders, NOTHING_CARRIED } from "./input.ts";
import { MeasureHistory } from "./measure-history.ts";

/** A past period to run plans over: its orders as they stood, and what its close needs. */
export interface PastPeriod {
  readonly close: Omit<CloseInput, "plan" | "carried">;
  /** The same columns as one plan numbers its classes and ranks; absent where both plans number them alike. */
  readonly closeFor?: (plan: Plan) => Omit<CloseInput, "plan" | "carried">;
  readonly orders: Iterable<Omit<CommissionInput, "plan">>;
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
 * Runs a draft plan and the one in force over past periods without writing. A generator, so that the
 * caller shows progress: it yields before every close and returns the comparison. Throws RangeError
 * where there is no period.
 */
export function* backTest(
  plans: { inForce: Plan; draft: Plan },
  periods: readonly PastPeriod[],
): Generator<BackTestProgress, BackTest> {
  if (periods.length === 0) throw new RangeError("a back-test needs at least one past period");
  const inForce = new PastOfPlan(plans.inForce);
  const draft = new PastOfPlan(plans.draft);
  const total = periods.length * 2;
  for (const [i, period] of periods.entries()) {
    const { periodId } = period.close;
    yield { periodId, plan: "in force", done: i * 2, of: total };
    inForce.play(period);
    yield { periodId, plan: "draft", done: i * 2 + 1, of: total };
    draft.play(period);
  }
  return compare(periods, inForce.result(), draft.result());
}

class PastOfPlan {
  readonly #plan: Plan;
  #carried: Carried = NOTHING_CARRIED;
  #last: CloseResult | null = null;
  readonly #ranks: Int16Array[] = [];
  readonly #sold: CloseOrders[] = [];
  readonly #history: MeasureHistory;
  readonly #sum = { paidMinor: 0, cvMinor: 0, breakageMinor: 0, cutMinor: 0 };
  readonly #byBonus: Record<string, number> = {};
  #byDistributor = new Float64Array(0);

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#history = new MeasureHistory(plan);
  }

  play(period: PastPeriod): void {
    const close = period.closeFor?.(this.#plan) ?? period.close;
    const { network } = close;
    if (this.#byDistributor.length < network.count) this.#byDistributor = widened(this.#byDistributor, network.count);
    const earned = this.#playOrders(period);
    const last = this.#last;
    const history =
      last === null
        ? {}
        : {
            title: widenedRanks(last.ranks.title, network.count),
            recentRanks: this.#ranks,
            graceUsed: widenedGrace(last.ranks.graceUsed, network.count),
          };
    const before = rowsBefore(this.#sold, close.orders);
    this.#sold.push(close.orders);
    const result = closePeriod({
      ...close,
      ...(before === undefined ? {} : { before }),
      plan: this.#plan,
      measured: { given: close.measured?.given ?? {}, kept: this.#history.kept() },
      network: { ...network, ...history },
      carried: { ...this.#carried, earned },
    });
    this.#history.add(result.counts);
    this.#book(result);
    this.#carried = result.carried;
    this.#last = result;
    this.#ranks.unshift(result.ranks.paidAs);
  }

  #playOrders(period: PastPeriod): Record<string, Float64Array> {
    const numbers = new Map((period.close.network.ids ?? []).map((id, no) => [id, no]));
    const earned: Record<string, Float64Array> = {};
    for (const order of period.orders) {
      for (const { bonusId, earner, amountMinor } of computeCommissions({ ...order, plan: this.#plan }).entries) {
        const no = earner === null ? undefined : numbers.get(earner);
        if (no === undefined) {
          this.#sum.breakageMinor += Number(amountMinor);
          continue;
        }
        earned[bonusId] ??= new Float64Array(period.close.network.count);
        const column = earned[bonusId];
        column[no] = float64At(column, no) + Number(amountMinor);
        this.#add(bonusId, no, Number(amountMinor));
      }
    }
    return earned;
  }

  #book(result: CloseResult): void {
    this.#sum.cvMinor += Number(result.cvMinor);
    for (const { bonusId, amounts, beforeCaps, breakageMinor } of result.bonuses) {
      this.#sum.breakageMinor += breakageMinor;
      this.#sum.cutMinor += result.binary[bonusId]?.cutMinor ?? 0;
      amounts.forEach((amount, no) => {
        this.#sum.cutMinor += float64At(beforeCaps, no) - amount;
        if (amount !== 0) this.#add(bonusId, no, amount);
      });
    }
  }

  #add(bonusId: string, no: number, amountMinor: number): void {
    this.#sum.paidMinor += amountMinor;
    this.#byBonus[bonusId] = (this.#byBonus[bonusId] ?? 0) + amountMinor;
    this.#byDistributor[no] = float64At(this.#byDistributor, no) + amountMinor;
  }

  result(): PlanPast {
    return {
      ...this.#sum,
      byBonus: this.#byBonus,
      byDistributor: this.#byDistributor,
      ranks: this.#last?.ranks.paidAs ?? new Int16Array(0),
    };
  }
}

function widened(amounts: Float64Array, count: number): Float64Array<ArrayBuffer> {
  const wide = new Float64Array(count);
  wide.set(amounts);
  return wide;
}

/** Newcomers of a later period hold no rank yet. */
function widenedRanks(ranks: Int16Array, count: number): Int16Array {
  const wide = new Int16Array(count).fill(-1);
  wide.set(ranks.subarray(0, count));
  return wide;
}

function widenedGrace(grace: Uint8Array, count: number): Uint8Array {
  const wide = new Uint8Array(count);
  wide.set(grace.subarray(0, count));
  return wide;
}

function compare(periods: readonly PastPeriod[], inForce: PlanPast, draft: PlanPast): BackTest {
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
    currency: itemAt(periods, 0).close.currency,
    periods: periods.length,
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

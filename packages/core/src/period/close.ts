import { cappedShorterBonuses, ranksOfCalendar } from "../plan/closing-calendars.ts";
import { closeOrder } from "../plan/dependencies.ts";
import type { People } from "../plan/people.ts";
import { publishedHash } from "../plan/promoted.ts";
import { cappedOrderBonuses } from "../plan/running-totals.ts";
import type { Bonus } from "../plan/schema.ts";
import { assertComputed } from "../plan/uncomputed.ts";
import { itemAt } from "../typed.ts";
import type { BinaryOutcome } from "./binary-close.ts";
import { type CapHit, enforceCaps } from "./caps-close.ts";
import { type CloseState, closeBonus } from "./close-families.ts";
import { CloseContext } from "./context.ts";
import type { RankFacts } from "./facts.ts";
import { assertCloseInput, type Carried, type CloseInput, underDates } from "./input.ts";
import type { MeasureCounts } from "./measures.ts";
import type { RankOutcome } from "./ranks.ts";
import { BonusSum, type CloseEntry } from "./till.ts";

/** One bonus of a close: minor units by distributor number, before and after the plan's caps. */
export interface ClosedBonus {
  readonly bonusId: string;
  readonly beforeCaps: Float64Array;
  readonly amounts: Float64Array;
  /** What nobody qualified for. */
  readonly breakageMinor: number;
}

export interface CloseResult {
  readonly planHash: string;
  readonly periodId: string;
  readonly currency: string;
  /** Volumes of the period, and who was active. */
  readonly facts: RankFacts;
  /** What activity and ranks were judged by: the same, but where ranks run in another calendar's period. */
  readonly judgedBy: RankFacts;
  readonly ranks: RankOutcome;
  /** Whether this close judged ranks itself, and later ones go on from them: those of other calendars do not. */
  readonly ranksOf: ReturnType<typeof ranksOfCalendar>;
  readonly bonuses: readonly ClosedBonus[];
  readonly binary: Readonly<Record<string, BinaryOutcome>>;
  readonly caps: readonly CapHit[];
  /** What the next close starts from. */
  readonly carried: Carried;
  /** The period's CV of all rows in minor units. */
  readonly cvMinor: bigint;
  /** What the plan's measures came to: for later closes, and for orders. */
  readonly counts: MeasureCounts;
  /** What conditions ask about people, as this close found it. */
  readonly people: People;
  /** Every single amount, where `details` asked for it; before the plan's caps. */
  readonly entries: readonly CloseEntry[] | null;
}

/**
 * Computes the close of one period: volumes, activity, ranks, then every close bonus in the order of
 * their dependencies, then caps. Pure: a trial is a close whose result is thrown away. The same facts
 * give the same result whatever order rows come in. Throws `CloseInputError` for broken input.
 */
export function closePeriod(given: CloseInput, options: { readonly details?: boolean } = {}): CloseResult {
  const input = underDates(given);
  assertCloseInput(input);
  assertComputed(input.plan);
  const context = new CloseContext(input);
  const entries: CloseEntry[] | null = options.details === true ? [] : null;
  const state: CloseState = { context, sums: [], binary: {}, pools: {}, completed: {}, rewards: {} };
  for (const bonus of closeOrder(input.plan, input.calendar)) {
    const sum = new BonusSum(bonus.id, input.network.count, entries);
    if (input.part !== undefined && sharedByAll(bonus))
      input.part.given[bonus.id]?.forEach((minor, no) => {
        sum.add(no, -1, 0, minor);
      });
    else closeBonus(bonus, state, sum);
    context.earned.set(bonus.id, sum.amounts);
    state.sums.push(sum);
  }
  for (const id of cappedOrderBonuses(input.plan, input.calendar)) {
    // Paid at order time: of the close is only what a running total takes back.
    if (!state.sums.some((sum) => sum.bonusId === id)) state.sums.push(new BonusSum(id, input.network.count, entries));
  }
  const paidByShorter = shorterSums(input);
  state.sums.push(...paidByShorter);
  for (const sum of state.sums) sum.assertExact();
  const before = state.sums.map((sum) => (input.plan.caps === undefined ? sum.amounts : sum.amounts.slice()));
  const caps = enforceCaps(context, state.sums);
  for (const sum of paidByShorter) {
    takeBack(sum, itemAt(before, state.sums.indexOf(sum)));
    context.earned.set(sum.bonusId, sum.amounts);
  }
  const bonuses = state.sums.map((sum, i) => ({
    bonusId: sum.bonusId,
    beforeCaps: itemAt(before, i),
    amounts: sum.amounts,
    breakageMinor: sum.breakageMinor,
  }));
  const carriedBinary = Object.fromEntries(Object.entries(state.binary).map(([id, out]) => [id, out.carry]));
  return {
    planHash: publishedHash(input.plan),
    periodId: input.periodId,
    currency: input.currency,
    facts: context.facts,
    judgedBy: context.judgedBy,
    ranks: context.ranks,
    ranksOf: ranksOfCalendar(input.plan, input.calendar),
    bonuses,
    binary: state.binary,
    caps,
    carried: {
      binary: carriedBinary,
      pools: state.pools,
      completed: state.completed,
      ...(Object.keys(state.rewards).length === 0 ? {} : { rewards: state.rewards }),
      earned: {},
      deficits: context.volumes.deficits,
    },
    cvMinor: context.cvMinor(),
    counts: context.people.counts(),
    people: context.people,
    entries,
  };
}

/** Whether what a bonus pays one person depends on everybody else of the company. */
export function sharedByAll({ kind }: Bonus): boolean {
  return kind === "pool";
}

/** What closes of shorter calendars paid in this period of the bonuses that this calendar's caps count. */
function shorterSums(input: CloseInput): BonusSum[] {
  return cappedShorterBonuses(input.plan, input.calendar).map((id) => {
    const sum = new BonusSum(id, input.network.count, null);
    const paid = input.carried.earned[id];
    if (paid !== undefined) sum.amounts.set(paid);
    return sum;
  });
}

/** That was paid already: of this close is only what the caps cut of it. */
function takeBack(sum: BonusSum, paid: Float64Array): void {
  for (let no = 0; no < paid.length; no++) sum.amounts[no] = (sum.amounts[no] as number) - (paid[no] as number);
  paid.fill(0);
}

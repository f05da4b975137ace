import { lessOf } from "../plan/bonus-base.ts";
import { ranksOfCalendar } from "../plan/closing-calendars.ts";
import { moneyOf, type PlanMoney } from "../plan/parts.ts";
import { promotedPlan } from "../plan/promoted.ts";
import type { Plan } from "../plan/schema.ts";
import { spannedPlan } from "../plan/spanned.ts";

/**
 * What a period's close is computed from: columns over dense distributor numbers, so that a million
 * distributors and five million orders fit in memory and are read in order. Numbers are whole and below
 * 2^53: volumes in ten-thousandths, money in minor units of one currency.
 */
export interface CloseInput {
  readonly plan: Plan;
  /** Which of the plan's calendars is closed; a plan without calendars has none to name. */
  readonly calendar?: string;
  readonly periodId: string;
  /** The period's first instant, epoch milliseconds: decides which promotions run. Needed where the plan has some. */
  readonly startsAt?: number;
  /** The period's end, epoch milliseconds: decides which rank directives are in force. */
  readonly endsAt: number;
  /** Currency of every amount of this close; CV becomes money at the plan's rate for the order's market. */
  readonly currency: string;
  readonly network: CloseNetwork;
  readonly orders: CloseOrders;
  readonly carried: Carried;
  /**
   * Rows of earlier closes, of distributors who have returned goods in this period at least: nobody owes
   * back more than was counted of them before. Absent is none.
   */
  readonly before?: CloseOrders;
  /** What volumes do not tell of the plan's measures, and what closes before counted; absent where the plan needs none. */
  readonly measured?: Measured;
  /** When this period and those before it began, the latest first, epoch milliseconds; only counts of enrolments by period ask for it. */
  readonly periodStarts?: readonly number[];
  /** What the rank calendar's last close left of people: needed where this calendar goes by the last closed ranks. */
  readonly lastClosed?: LastClosed;
  /** The rank calendar's running period until this one's end: needed where this calendar goes by running ranks. */
  readonly running?: RunningPeriod;
  /** Paid-as ranks to take as they are, in place of judging them: a shadow of a close whose ranks were paid. */
  readonly fixedRanks?: Int16Array;
  /** Set where these are not all people of the company. */
  readonly part?: ClosePart;
}

/**
 * A part of a company: somebody with everyone below them in each of the plan's trees, and everyone below those. A close goes
 * from below upwards, so a part comes to what the whole does, but for what everybody together decides; that is given here.
 */
export interface ClosePart {
  /** By bonus that everybody shares (`sharedByAll`): minor units as the whole has them. What is missing pays nobody. */
  readonly given: Readonly<Record<string, Float64Array>>;
  /** By pool what all people of the company have of it; what is missing is not told. */
  readonly pools: Readonly<Record<string, { readonly units: bigint; readonly sizeMinor: bigint }>>;
  /** Whoever stands above anybody of the part, as the whole has found them: walks pass there, and what they earn is not told. */
  readonly above: readonly FoundAbove[];
}

/** Somebody as a whole close has found them: volumes in ten-thousandths, groups by the tree of ranks. */
export interface FoundAbove {
  readonly no: number;
  readonly rankNo: number;
  readonly active: boolean;
  readonly pv: number;
  readonly gv: number;
  readonly personalGroupVolume: number;
}

/** People as the last close of the rank calendar left them, as orders see them. */
export interface LastClosed {
  /** Paid-as rank numbers. */
  readonly rank: Int16Array;
  /** Personal volume of that period in ten-thousandths, -1 of whom no close has counted yet. */
  readonly pv: Float64Array;
  /** By measure; what is missing is 0. */
  readonly measures: Readonly<Record<string, Float64Array>>;
}

/** What people are judged by so far; ranks, titles and grace of `network` are those of the rank calendar's last close. */
export interface RunningPeriod {
  readonly orders: CloseOrders;
  readonly measured?: Measured;
  readonly periodStarts?: readonly number[];
}

export interface CloseNetwork {
  readonly count: number;
  /** Ids by number. They break ties, so that results do not depend on how distributors were numbered. */
  readonly ids: readonly string[] | null;
  /** Sponsors as of the period's end, -1 for a root. */
  readonly sponsor: Int32Array;
  /** 1 where the status is one the plan lets earn. */
  readonly earning: Uint8Array;
  /** Highest rank number ever held, -1 for none. */
  readonly title: Int16Array;
  /** Paid-as rank numbers of earlier closes, the latest first. */
  readonly recentRanks: readonly Int16Array[];
  /** How many closes in a row the rank was kept by grace. */
  readonly graceUsed: Uint8Array;
  readonly directives: readonly RankDirective[];
  /** For plans in which one person holds several positions: the owner's number. Absent: everyone owns their own. */
  readonly positionOwner?: Int32Array;
  /** Where people live, as positions in `codes`; only conditions on countries ask for it. */
  readonly country?: { readonly codes: readonly string[]; readonly of: Uint16Array };
  /** When people enrolled, epoch milliseconds; only conditions and measures on enrolment ask for it. */
  readonly enrolledAt?: Float64Array;
  /** Placement trees by name. */
  readonly placements: Readonly<Record<string, PlacementColumns>>;
}

/** What a plan's measures need besides rows and trees; `measureNeeds` says which. All numbers are ten-thousandths, counts too. */
export interface Measured {
  /** By measure: its number over its whole time, of facts that rows do not tell (customers, orders, items, subscriptions, first days). */
  readonly given: Readonly<Record<string, Float64Array>>;
  /**
   * By measure over several periods: what closes before counted of it, the latest first; for a lifetime or somebody's first
   * days one column, their sum. A column may be shorter than the network: newcomers have 0.
   */
  readonly kept: Readonly<Record<string, readonly Float64Array[]>>;
}

export interface PlacementColumns {
  /** -1 for the root and for whoever is not placed. */
  readonly parent: Int32Array;
  /** Leg under the parent, from 0: left is 0, right is 1. */
  readonly leg: Uint8Array;
}

/** An admin's word on a rank: `override` sets it, `constraint` keeps it from rising above. Both end at `until`. */
export interface RankDirective {
  readonly no: number;
  readonly kind: "override" | "constraint";
  readonly rankNo: number;
  readonly until: number;
}

/** One row per order line of the period. Adjustments of earlier periods are rows with negative volumes. */
export interface CloseOrders {
  readonly owner: Int32Array;
  /** Position in the plan's commission classes. */
  readonly classNo: Uint16Array;
  /** Position in `markets`. */
  readonly marketNo: Uint16Array;
  readonly markets: readonly string[];
  /** 1 for an own purchase of the owner. */
  readonly self: Uint8Array;
  readonly pv: Float64Array;
  readonly qv: Float64Array;
  readonly cv: Float64Array;
  /** Net in the close's currency, for bonuses on net. */
  readonly netMinor?: Float64Array;
  /** Goods before discounts, without tax, for bonuses on retail; absent: net. */
  readonly retailMinor?: Float64Array;
  /** 1 for orders that came of a subscription; absent: none did. */
  readonly subscription?: Uint8Array;
  /**
   * By close bonus: what is taken off its base on the row, minor units: what the order-time bonuses that it names paid
   * distributors, as `computeCommissions` tells it (`deductions`), never more than the lines are worth.
   */
  readonly lessMinor?: Readonly<Record<string, Float64Array>>;
  /** Position in `openSets` of the fast starts that were open on the row's order; absent: none on any. */
  readonly openSet?: Uint16Array;
  readonly openSets?: readonly (readonly string[])[];
}

/** What earlier closes left. */
export interface Carried {
  readonly binary: Readonly<Record<string, BinaryCarry>>;
  /** Minor units rolled over, by pool. */
  readonly pools: Readonly<Record<string, number>>;
  /** 1 where a matrix was completed and paid before, by bonus. */
  readonly completed: Readonly<Record<string, Uint8Array>>;
  /** What rewards have to know of people: columns of whole numbers, by bonus; their meaning is the engine's. Absent is none. */
  readonly rewards?: Readonly<Record<string, readonly Float64Array[]>>;
  /**
   * What order-time bonuses paid in the period, and closes of shorter calendars that end in it, by bonus and distributor: for
   * matching and caps.
   */
  readonly earned: Readonly<Record<string, Float64Array>>;
  /**
   * Returned goods that are still to be taken off later volume, by bonus and source distributor: ten-thousandths of
   * CV at the rate of "*", minor units for bonuses on net and for matching. Absent is none.
   */
  readonly deficits?: Readonly<Record<string, Float64Array>>;
}

/**
 * Volume carried per side and age: `left[0]` came in the latest close, `left[1]` in the one before, and so on.
 * Below zero, always at age 0, are returned goods that later volume of the side has to make up for.
 */
export interface BinaryCarry {
  readonly left: readonly Float64Array[];
  readonly right: readonly Float64Array[];
}

export const NOTHING_CARRIED: Carried = { binary: {}, pools: {}, completed: {}, earned: {} };

/** Broken input is the caller's bug: asserted, not returned. */
export class CloseInputError extends Error {
  override name = "CloseInputError";
}

/** A plan's fixed amount in the close's currency. Throws `CloseInputError` where the plan names other currencies only. */
export function amountIn(amount: PlanMoney, currency: string): number {
  const minor = moneyOf(amount, currency);
  if (minor === null)
    throw new CloseInputError(
      `the plan has an amount in ${Object.keys(amount).join(", ")} and none in ${currency}, the currency of this close`,
    );
  return Number(minor);
}

/**
 * The same input with the plan as the dates of its period make it: what promotions change, and how many periods a measure over
 * a longer calendar has. Throws `CloseInputError` where it does not say when the period began.
 */
export function underDates(given: CloseInput): CloseInput {
  const plan = spannedPlan(given.plan, given.endsAt);
  const input = plan === given.plan ? given : { ...given, plan };
  const { startsAt = 0 } = input;
  if (plan.promotions === undefined) return input;
  if (input.startsAt === undefined && plan.promotions.some(({ decidedBy }) => decidedBy === "period-start"))
    throw new CloseInputError("a close of a plan with promotions needs to be told when its period begins");
  return { ...input, plan: promotedPlan(plan, "period-start", startsAt) };
}

function assertCalendar({ plan, calendar, lastClosed, running }: CloseInput): void {
  if (plan.calendars === undefined && calendar === undefined) return;
  if (calendar === undefined || plan.calendars?.[calendar] === undefined)
    throw new CloseInputError(`the close names the calendar "${calendar ?? ""}", which is none of the plan's`);
  const ranksOf = ranksOfCalendar(plan, calendar);
  if (ranksOf === "last-closed" && lastClosed === undefined)
    throw new CloseInputError(`"${calendar}" goes by the last closed ranks, which the input does not have`);
  if (ranksOf === "running" && running === undefined)
    throw new CloseInputError(`"${calendar}" goes by running ranks, and the input does not have the period they run in`);
}

/** Checks lengths, references and that volumes are whole; throws `CloseInputError` naming the column and row. */
export function assertCloseInput(input: CloseInput): void {
  const { network, orders, plan } = input;
  assertCalendar(input);
  const rows = orders.owner.length;
  const columns = {
    classNo: orders.classNo,
    marketNo: orders.marketNo,
    self: orders.self,
    pv: orders.pv,
    qv: orders.qv,
    cv: orders.cv,
  };
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== rows) throw new CloseInputError(`orders.${name} has ${column.length} rows, owner has ${rows}`);
  }
  for (const { no, rankNo } of network.directives) {
    if (no < 0 || no >= network.count || rankNo < -1 || rankNo >= plan.ranks.length)
      throw new CloseInputError(`a rank directive names distributor ${no} or rank ${rankNo}, which do not exist`);
  }
  const { openSet, netMinor } = orders;
  assertMoneyColumns(orders, plan);
  const sets = orders.openSets?.length ?? 1;
  for (let row = 0; row < rows; row++) {
    if ((orders.owner[row] as number) >= network.count || (orders.owner[row] as number) < 0)
      throw new CloseInputError(`orders.owner[${row}] is no distributor`);
    if ((orders.classNo[row] as number) >= plan.commissionClasses.length)
      throw new CloseInputError(`orders.classNo[${row}] is no class of the plan`);
    if ((orders.marketNo[row] as number) >= orders.markets.length)
      throw new CloseInputError(`orders.marketNo[${row}] is no market`);
    if (openSet !== undefined && (openSet[row] as number) >= sets)
      throw new CloseInputError(`orders.openSet[${row}] is no set of fast starts`);
    if (!Number.isSafeInteger(orders.pv[row]) || !Number.isSafeInteger(orders.cv[row]) || !Number.isSafeInteger(orders.qv[row])) {
      throw new CloseInputError(`orders row ${row} holds a volume that is not whole, or beyond 2^53`);
    }
    if (netMinor !== undefined && !Number.isSafeInteger(netMinor[row]))
      throw new CloseInputError(`orders.netMinor[${row}] is not whole, or beyond 2^53`);
  }
}

/** Columns that only some plans ask for: as long as the rows, whole, and there where a base takes them off. */
function assertMoneyColumns(orders: CloseOrders, plan: Plan): void {
  const rows = orders.owner.length;
  const deducted = Object.entries(orders.lessMinor ?? {}).map(([id, column]) => [`lessMinor.${id}`, column] as const);
  for (const [name, column] of [["retailMinor", orders.retailMinor] as const, ...deducted]) {
    if (column === undefined) continue;
    if (column.length !== rows) throw new CloseInputError(`orders.${name} has ${column.length} rows, owner has ${rows}`);
    const row = column.findIndex((minor) => !Number.isSafeInteger(minor));
    if (row >= 0) throw new CloseInputError(`orders.${name}[${row}] is not whole, or beyond 2^53`);
  }
  if (orders.subscription !== undefined && orders.subscription.length !== rows)
    throw new CloseInputError(`orders.subscription has ${orders.subscription.length} rows, owner has ${rows}`);
  for (const bonus of plan.bonuses.filter(({ snapshot }) => snapshot === "close"))
    if (lessOf(bonus).length > 0 && orders.lessMinor?.[bonus.id] === undefined && rows > 0)
      throw new CloseInputError(
        `"${bonus.id}" takes off what other bonuses paid on orders, and the input has no orders.lessMinor.${bonus.id}`,
      );
}

import { computeCommissions } from "../commission.ts";
import { parseAmount } from "../money.ts";
import { NOBODY } from "../network.ts";
import type { CommissionInput, Computation, UplineDistributor } from "../order-facts.ts";
import { rowsBefore } from "../period/before.ts";
import { type CloseResult, closePeriod } from "../period/close.ts";
import { type CloseInput, type CloseOrders, type LastClosed, type Measured, NOTHING_CARRIED } from "../period/input.ts";
import { MeasureHistory } from "../period/measure-history.ts";
import { lessOf } from "../plan/bonus-base.ts";
import { ranksOfCalendar } from "../plan/closing-calendars.ts";
import { type FastStartFacts, openFastStarts } from "../plan/fast-start-windows.ts";
import { measureNeeds } from "../plan/measure-needs.ts";
import { volumeOf } from "../plan/parts.ts";
import { rankNoOf } from "../plan/rules.ts";
import type { Plan } from "../plan/schema.ts";
import { spannedPlan } from "../plan/spanned.ts";
import { float64At, int32At, itemAt } from "../typed.ts";
import type { GoldenOrder, GoldenPeriod } from "./case.ts";
import { givenMeasures } from "./measured.ts";
import { exchangeOfOrder, moneyAtClose } from "./money.ts";
import { type CaseNetwork, closeNetwork, numberOf } from "./network.ts";
import {
  type ClosedPeriod,
  endsInside,
  judgesRanks,
  ordersOfPeriod,
  type PlayedAmount,
  type PlayedOrder,
  placedBefore,
  ranksBefore,
  runningOrders,
} from "./periods.ts";
import { saleNumbers } from "./sale-numbers.ts";

export interface Played {
  readonly amounts: readonly PlayedAmount[];
  readonly closes: readonly CloseResult[];
}

/** Where a case does not say. */
const PLACED_AT = "2026-06-15T12:00:00Z";
const ENROLLED_AT = "2026-01-01T00:00:00Z";

/** Told of everything that is computed for a case: for whoever wants more of it than what it expects. */
export interface Listener {
  order(computed: Computation): void;
  close(input: CloseInput, result: CloseResult): void;
}

interface Game {
  readonly listener: Listener | undefined;
  readonly plan: Plan;
  readonly currency: string;
  readonly network: CaseNetwork;
  /** The last close that judged ranks. */
  readonly before: CloseResult | null;
  readonly closed: readonly ClosedPeriod[];
  readonly sales: ReadonlyMap<GoldenOrder, Readonly<Record<string, number>>>;
}

/** Plays a case: each period's orders at order time, then its close, on what closes before carried over. */
export function playPeriods(
  plan: Plan,
  currency: string,
  network: CaseNetwork,
  periods: readonly GoldenPeriod[],
  listener?: Listener,
): Played {
  const amounts: PlayedAmount[] = [];
  const closed: ClosedPeriod[] = [];
  const played: PlayedOrder[] = [];
  const usual = { usualTime: PLACED_AT, usualClass: plan.commissionClasses[0]?.id ?? "" };
  const sales = saleNumbers(
    network,
    periods.flatMap(({ orders }) => orders),
    usual,
  );
  const history = new MeasureHistory(plan);
  for (const period of periods) {
    const game = { plan, currency, network, listener, sales, closed, before: closed.findLast(judgesRanks(plan))?.result ?? null };
    const ordered = period.orders.map((order, i) => playedOrder(game, period, order, i));
    played.push(...ordered);
    amounts.push(...ordered.flatMap((order) => order.amounts));
    const { result, orders } = playClose(game, { period, played, kept: history.kept() });
    closed.push({ period, result, orders });
    if (result.ranksOf === "own") history.add(result.counts);
    amounts.push(...closedAmounts(result, network));
  }
  return { amounts, closes: closed.map(({ result }) => result) };
}

function playedOrder(game: Game, period: GoldenPeriod, order: GoldenOrder, index: number): PlayedOrder {
  const customer = order.customer ?? `customer of ${period.id} ${index}`;
  const placedAt = Date.parse(order.placedAt ?? PLACED_AT);
  return { order, period, placedAt, customer, ...playOrder(game, period.id, order, index) };
}

function playOrder(game: Game, period: string, order: GoldenOrder, index: number): Pick<PlayedOrder, "amounts" | "deductions"> {
  const input = orderInput(game, order, order.id ?? `${period}-${index + 1}`);
  const computed = computeCommissions(input);
  game.listener?.order(computed);
  const { entries, deductions } = computed;
  const amounts = entries.map((entry) => ({
    period,
    bonus: entry.bonusId,
    order: input.orderId,
    to: entry.earner,
    from: order.owner,
    level: entry.level,
    amountMinor: entry.amountMinor,
  }));
  return { amounts, deductions };
}

/** What the close takes off the bases of its bonuses, by order: each has one line. */
function deducted(plan: Plan, played: readonly PlayedOrder[]): Pick<CloseOrders, "lessMinor"> {
  const ids = plan.bonuses.flatMap((bonus) => (lessOf(bonus).length > 0 ? [bonus.id] : []));
  const columnOf = (id: string): Float64Array =>
    Float64Array.from(played, ({ deductions }) => Number(Object.values(deductions?.[id] ?? {})[0] ?? 0n));
  return { lessMinor: Object.fromEntries(ids.map((id) => [id, columnOf(id)])) };
}

function orderInput(
  { plan, currency: caseCurrency, network, before, sales }: Game,
  order: GoldenOrder,
  orderId: string,
): CommissionInput {
  const owner = numberOf(network.numbers, order.owner);
  const exchange = exchangeOfOrder(plan, caseCurrency, order);
  const currency = exchange.kind === "rate" ? exchange.from : caseCurrency;
  const upline = (above: Int32Array): UplineDistributor[] =>
    lineAbove(above, owner).map((no) => uplineDistributor(plan, network, no, before));
  const line = {
    ...volumesOf(order),
    lineId: "1",
    commissionClass: order.class ?? plan.commissionClasses[0]?.id ?? "",
    quantity: order.quantity ?? 1,
    netMinor: parseAmount(order.net ?? "0", currency),
    retailMinor: parseAmount(order.retail ?? order.net ?? "0", currency),
    retailMarginMinor: order.margin === undefined ? null : parseAmount(order.margin, currency),
  };
  return {
    ...factsOf(network, order),
    ...{ plan, orderId, currency },
    exchangeRate: exchange.kind === "rate" ? exchange.rate : undefined,
    saleNumbers: sales.get(order) ?? {},
    lines: [line],
    upline: upline(network.sponsor),
    placements: Object.fromEntries(Object.entries(network.placements).map(([tree, { parent }]) => [tree, upline(parent)])),
  };
}

function lineAbove(above: Int32Array, no: number): number[] {
  const line = [no];
  for (let up = int32At(above, no); up !== NOBODY; up = int32At(above, up)) line.push(up);
  return line;
}

function uplineDistributor(plan: Plan, network: CaseNetwork, no: number, before: CloseResult | null): UplineDistributor {
  const person = itemAt(network.distributors, no);
  const closedPv = before === null ? null : BigInt(float64At(before.facts.pv, no));
  return {
    distributorId: person.id,
    status: person.status ?? plan.active.statuses[0] ?? "",
    rank: person.rank !== undefined ? person.rank : (plan.ranks[before?.ranks.paidAs[no] ?? -1]?.id ?? null),
    periodPv: person.periodPv === undefined ? closedPv : volumeOf(person.periodPv),
    enrolledAt: person.enrolledAt ?? ENROLLED_AT,
    country: person.country ?? null,
    title: plan.ranks[before?.ranks.title[no] ?? -1]?.id ?? person.title ?? null,
    measures: storedMeasures(person.measures, before, no),
    enrolmentNumber: 1 + network.sponsor.slice(0, no).filter((sponsor) => sponsor === network.sponsor[no]).length,
  };
}

/** What the close before found of the measures that orders ask for, or what the case says of it. */
function storedMeasures(
  said: Record<string, string> | undefined,
  before: CloseResult | null,
  no: number,
): Record<string, bigint> {
  const found = Object.entries(before?.counts.atOrders ?? {}).map(([id, column]) => [id, BigInt(float64At(column, no))] as const);
  const fixed = Object.entries(said ?? {}).map(([id, value]) => [id, volumeOf(value)] as const);
  return Object.fromEntries([...found, ...fixed]);
}

/** Volumes of an order; CV and QV are PV where the case gives only PV. */
function volumesOf(order: GoldenOrder): { pv: bigint; qv: bigint; cv: bigint } {
  const pv = volumeOf(order.pv ?? order.cv ?? "0");
  return { pv, qv: order.qv === undefined ? pv : volumeOf(order.qv), cv: order.cv === undefined ? pv : volumeOf(order.cv) };
}

function earnedOf(amounts: readonly PlayedAmount[], network: CaseNetwork): Record<string, Float64Array> {
  const earned: Record<string, Float64Array> = {};
  for (const { bonus, to, amountMinor } of amounts) {
    if (to === null) continue;
    earned[bonus] ??= new Float64Array(network.distributors.length);
    const no = numberOf(network.numbers, to);
    earned[bonus][no] = float64At(earned[bonus], no) + Number(amountMinor);
  }
  return earned;
}

function enrolmentsOf(network: CaseNetwork): Float64Array {
  return Float64Array.from(network.distributors, ({ enrolledAt }) => Date.parse(enrolledAt ?? ENROLLED_AT));
}

interface Closing {
  readonly period: GoldenPeriod;
  readonly played: readonly PlayedOrder[];
  readonly kept: Measured["kept"];
}

function playClose(game: Game, closing: Closing): { result: CloseResult; orders: CloseOrders } {
  const { plan, currency, network, closed } = game;
  const { period, played } = closing;
  const ordersOf = (orders: readonly PlayedOrder[]): CloseOrders => {
    const columns = closeOrders(
      plan,
      currency,
      network,
      orders.map(({ order }) => order),
    );
    return { ...columns, ...deducted(plan, orders) };
  };
  const taken = ordersOfPeriod(plan, period, played);
  const orders = ordersOf(taken);
  const chain = closed.filter((other) => other.period.calendar === period.calendar);
  const judged = ranksBefore(plan, period, closed);
  const last = judged.map(({ result }) => result.ranks).reverse();
  const counted = rowsBefore(
    chain.map((earlier) => earlier.orders),
    orders,
  );
  const placed = placedBefore(plan, period, { played, closed });
  const enrolledAt = enrolmentsOf(network);
  const endsAt = period.endsAt === undefined ? closed.length : Date.parse(period.endsAt);
  const measured = { given: givenMeasures({ plan: spannedPlan(plan, endsAt), network, placed, enrolledAt }), kept: closing.kept };
  const earned = earnedOf([...taken.flatMap(({ amounts }) => amounts), ...paidInside(game, period)], network);
  const running = runningOrders(plan, period, played);
  const input: CloseInput = {
    ...{ plan, currency, orders, measured },
    periodId: period.id,
    ...(period.calendar === undefined ? {} : { calendar: period.calendar }),
    ...(period.startsAt === undefined ? {} : { startsAt: Date.parse(period.startsAt) }),
    endsAt,
    periodStarts: period.startsAt === undefined ? [] : [Date.parse(period.startsAt)],
    network: {
      ...closeNetwork(
        network,
        plan,
        last[0]?.title ?? null,
        last.map(({ paidAs }) => paidAs),
        last[0]?.graceUsed ?? null,
      ),
      enrolledAt,
      country: countriesOf(network),
    },
    lastClosed: ranksOfCalendar(plan, period.calendar) === "last-closed" ? lastClosedOf(game, judged.at(-1)?.result) : undefined,
    running: running === null ? undefined : { orders: ordersOf(running), measured },
    carried: { ...(chain.at(-1)?.result.carried ?? NOTHING_CARRIED), earned },
    ...(counted === undefined ? {} : { before: counted }),
  };
  const result = closePeriod(input, { details: true });
  game.listener?.close(input, result);
  return { result, orders };
}

/** What closes of shorter calendars that end in the period paid. */
function paidInside({ plan, network, closed }: Game, period: GoldenPeriod): PlayedAmount[] {
  return closed.filter((other) => endsInside(plan, other.period, period)).flatMap(({ result }) => closedAmounts(result, network));
}

function lastClosedOf({ plan, network }: Game, before: CloseResult | undefined): LastClosed {
  const { distributors } = network;
  const people = distributors.map((_, no) => uplineDistributor(plan, network, no, before ?? null));
  const ids = measureNeeds(plan).atOrders;
  return {
    rank: Int16Array.from(people, ({ rank }) => (rank === null ? -1 : rankNoOf(plan, rank))),
    pv: Float64Array.from(people, ({ periodPv }) => Number(periodPv ?? -1n)),
    measures: Object.fromEntries(
      ids.map((id) => [id, Float64Array.from(people, ({ measures }) => Number(measures?.[id] ?? 0n))]),
    ),
  };
}

function countriesOf({ distributors }: CaseNetwork): { codes: string[]; of: Uint16Array } {
  const codes = [...new Set(distributors.map(({ country }) => country ?? ""))];
  return { codes, of: Uint16Array.from(distributors, ({ country }) => codes.indexOf(country ?? "")) };
}

function closeOrders(plan: Plan, currency: string, network: CaseNetwork, orders: readonly GoldenOrder[]): CloseOrders {
  const volumes = orders.map(volumesOf);
  const markets = [...new Set(["*", ...orders.map((order) => order.market ?? "*")])];
  const open = orders.map((order) => openFastStarts(plan, factsOf(network, order)));
  const openSets = [...new Map(open.map((ids) => [ids.join(), ids])).values()];
  return {
    owner: Int32Array.from(orders, (order) => numberOf(network.numbers, order.owner)),
    classNo: Uint16Array.from(orders, (order) => classNoOf(plan, order.class)),
    marketNo: Uint16Array.from(orders, (order) => markets.indexOf(order.market ?? "*")),
    markets,
    self: Uint8Array.from(orders, (order) => (order.self === true ? 1 : 0)),
    pv: Float64Array.from(volumes, ({ pv }) => Number(pv)),
    qv: Float64Array.from(volumes, ({ qv }) => Number(qv)),
    cv: Float64Array.from(volumes, ({ cv }) => Number(cv)),
    netMinor: Float64Array.from(orders, (order) => Number(moneyAtClose(plan, currency, order, "net"))),
    retailMinor: Float64Array.from(orders, (order) => Number(moneyAtClose(plan, currency, order, "retail"))),
    subscription: Uint8Array.from(orders, (order) => (order.subscription === true ? 1 : 0)),
    openSets: openSets.length === 0 ? [[]] : openSets,
    openSet: Uint16Array.from(open, (ids) => openSets.findIndex((openSet) => openSet.join() === ids.join())),
  };
}

/** What decides of an order whether a fast start is open on it: the same at order time and at the close. */
function factsOf(network: CaseNetwork, order: GoldenOrder): FastStartFacts {
  const owner = network.distributors[numberOf(network.numbers, order.owner)];
  return {
    placedAt: order.placedAt ?? PLACED_AT,
    market: order.market ?? null,
    buyer: order.self === true ? "self" : "customer",
    firstOrder: order.first === true,
    subscription: order.subscription === true,
    upline: [{ enrolledAt: owner?.enrolledAt ?? ENROLLED_AT }],
  };
}

function classNoOf(plan: Plan, name: string | undefined): number {
  const classNo = name === undefined ? 0 : plan.commissionClasses.findIndex((commissionClass) => commissionClass.id === name);
  if (classNo < 0) throw new Error(`the case names the commission class "${name}", which its plan does not have`);
  return classNo;
}

/** Amounts of a close entry by entry; what plan caps cut off is its own negative amount without a source. */
function closedAmounts(result: CloseResult, network: CaseNetwork): PlayedAmount[] {
  const name = (no: number): string | null => network.distributors[no]?.id ?? null;
  const period = result.periodId;
  const amounts = (result.entries ?? []).map((entry) => ({
    period,
    bonus: entry.bonusId,
    order: null,
    to: name(entry.earner),
    from: name(entry.source),
    level: entry.level,
    amountMinor: BigInt(entry.amountMinor),
  }));
  for (const bonus of result.bonuses) {
    bonus.amounts.forEach((amount, no) => {
      const cut = amount - float64At(bonus.beforeCaps, no);
      if (cut !== 0)
        amounts.push({
          period,
          bonus: bonus.bonusId,
          order: null,
          to: name(no),
          from: null,
          level: -1,
          amountMinor: BigInt(cut),
        });
    });
  }
  return amounts;
}

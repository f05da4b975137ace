import { computeCommissions } from "../commission.ts";
import { parseAmount } from "../money.ts";
import { NOBODY } from "../network.ts";
import type { CommissionInput, UplineDistributor } from "../order-facts.ts";
import { rowsBefore } from "../period/before.ts";
import { type CloseResult, closePeriod } from "../period/close.ts";
import { type Carried, type CloseOrders, type Measured, NOTHING_CARRIED } from "../period/input.ts";
import { MeasureHistory } from "../period/measure-history.ts";
import { type FastStartFacts, openFastStarts } from "../plan/fast-start-windows.ts";
import { volumeOf } from "../plan/parts.ts";
import type { Plan } from "../plan/schema.ts";
import { float64At, int32At, itemAt } from "../typed.ts";
import type { GoldenOrder, GoldenPeriod } from "./case.ts";
import { givenMeasures, type PlacedOrder } from "./measured.ts";
import { exchangeOfOrder, netAtClose } from "./money.ts";
import { type CaseNetwork, closeNetwork, numberOf } from "./network.ts";
import { saleNumbers } from "./sale-numbers.ts";

/** One amount that came out of a case, at order time or at a close. */
export interface PlayedAmount {
  readonly period: string;
  readonly bonus: string;
  readonly order: string | null;
  readonly to: string | null;
  readonly from: string | null;
  readonly level: number;
  readonly amountMinor: bigint;
}

export interface Played {
  readonly amounts: readonly PlayedAmount[];
  readonly closes: readonly CloseResult[];
}

/** Where a case does not say. */
const PLACED_AT = "2026-06-15T12:00:00Z";
const ENROLLED_AT = "2026-01-01T00:00:00Z";

interface Game {
  readonly plan: Plan;
  readonly currency: string;
  readonly network: CaseNetwork;
  readonly before: CloseResult | null;
  readonly sales: ReadonlyMap<GoldenOrder, Readonly<Record<string, number>>>;
}

/** Plays a case: each period's orders at order time, then its close, on what the close before carried over. */
export function playPeriods(plan: Plan, currency: string, network: CaseNetwork, periods: readonly GoldenPeriod[]): Played {
  const amounts: PlayedAmount[] = [];
  const closes: CloseResult[] = [];
  const sold: CloseOrders[] = [];
  const usual = { usualTime: PLACED_AT, usualClass: plan.commissionClasses[0]?.id ?? "" };
  const sales = saleNumbers(
    network,
    periods.flatMap(({ orders }) => orders),
    usual,
  );
  const history = new MeasureHistory(plan);
  let placed: readonly PlacedOrder[] = [];
  for (const period of periods) {
    placed = [...placed.map((order) => ({ ...order, back: order.back + 1 })), ...placedOrders(period)];
    const before = closes.at(-1) ?? null;
    const game = { plan, currency, network, before, sales };
    const ordered = period.orders.flatMap((order, i) => playOrder(game, period.id, order, i));
    amounts.push(...ordered);
    const orders = closeOrders(plan, currency, network, period.orders);
    const result = playClose(game, period, {
      orders,
      sold,
      closes,
      earned: earnedOf(ordered, network),
      measured: {
        given: givenMeasures({ plan, network, placed, enrolledAt: enrolmentsOf(network) }),
        kept: history.kept(),
      },
    });
    history.add(result.counts);
    sold.push(orders);
    closes.push(result);
    amounts.push(...closedAmounts(result, network));
  }
  return { amounts, closes };
}

function playOrder(game: Game, period: string, order: GoldenOrder, index: number): PlayedAmount[] {
  const input = orderInput(game, order, order.id ?? `${period}-${index + 1}`);
  return computeCommissions(input).entries.map((entry) => ({
    period,
    bonus: entry.bonusId,
    order: input.orderId,
    to: entry.earner,
    from: order.owner,
    level: entry.level,
    amountMinor: entry.amountMinor,
  }));
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

function placedOrders(period: GoldenPeriod): PlacedOrder[] {
  return period.orders.map((order, i) => ({
    order,
    back: 0,
    placedAt: Date.parse(order.placedAt ?? PLACED_AT),
    customer: order.customer ?? `customer of ${period.id} ${i}`,
  }));
}

function enrolmentsOf(network: CaseNetwork): Float64Array {
  return Float64Array.from(network.distributors, ({ enrolledAt }) => Date.parse(enrolledAt ?? ENROLLED_AT));
}

interface PlayedSoFar {
  readonly orders: CloseOrders;
  /** The orders of earlier periods. */
  readonly sold: readonly CloseOrders[];
  readonly closes: readonly CloseResult[];
  readonly earned: Carried["earned"];
  readonly measured: Measured;
}

function playClose(game: Game, period: GoldenPeriod, { orders, sold, closes, earned, measured }: PlayedSoFar): CloseResult {
  const { plan, currency, network, before } = game;
  const last = closes.map((close) => close.ranks.paidAs).reverse();
  const counted = rowsBefore(sold, orders);
  return closePeriod(
    {
      ...{ plan, currency, orders },
      periodId: period.id,
      ...(period.startsAt === undefined ? {} : { startsAt: Date.parse(period.startsAt) }),
      endsAt: period.endsAt === undefined ? closes.length : Date.parse(period.endsAt),
      measured,
      periodStarts: period.startsAt === undefined ? [] : [Date.parse(period.startsAt)],
      network: {
        ...closeNetwork(network, plan, before?.ranks.title ?? null, last, before?.ranks.graceUsed ?? null),
        enrolledAt: enrolmentsOf(network),
        country: countriesOf(network),
      },
      carried: { ...(before?.carried ?? NOTHING_CARRIED), earned },
      ...(counted === undefined ? {} : { before: counted }),
    },
    { details: true },
  );
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
    netMinor: Float64Array.from(orders, (order) => Number(netAtClose(plan, currency, order))),
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

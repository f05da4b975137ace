import type { Plan } from "@upline/core";
import {
  type CloseInput,
  type CloseOrders,
  closeAsks,
  measureNeeds,
  type OrderVolume,
  type PastClose,
  type PastDeductions,
  type PlacementColumns,
  ranksOfCalendar,
  spannedPlan,
} from "@upline/core/engine";
import { type Facts, GivenMeasures } from "./given-measures.ts";
import { Members } from "./members.ts";
import { ANY_MARKET, fastStartIds } from "./order-volumes.ts";
import type { People, StandingLists } from "./people.ts";

/** The columns of past closes, as one plan numbers its classes and ranks and knows statuses. Pure. */

export interface PastSpan {
  /** Which of the plan's calendars; undefined where it has none. */
  readonly calendar?: string | undefined;
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** What an order put into its period under one plan, as it stands now. */
export interface PastVolume extends OrderVolume {
  readonly orderNo: bigint;
  readonly placedAt: number;
  /** The lines that it is the volume of. */
  readonly lineIds: readonly string[];
}

export interface PastPeople {
  readonly ids: readonly string[];
  /** What the people's statuses and ranks are places in. */
  readonly lists: StandingLists;
  /** By the end of a span. */
  readonly at: ReadonlyMap<
    number,
    { readonly people: People; readonly placements: Readonly<Record<string, PlacementColumns & { readonly placed: number }>> }
  >;
  readonly enrolledAt?: Float64Array;
  readonly country?: CloseInput["network"]["country"];
}

interface Closing {
  readonly plan: Plan;
  /** Of all of the plan's calendars. */
  readonly spans: readonly PastSpan[];
  readonly span: PastSpan;
  readonly currency: string;
  readonly volumes: readonly PastVolume[];
  readonly people: PastPeople;
}

export function pastClose(closing: Closing): PastClose {
  const { span } = closing;
  const [startsAt, endsAt] = [span.startsAt.getTime(), span.endsAt.getTime()];
  const periodId = span.calendar === undefined ? span.name : `${span.calendar}/${span.name}`;
  return { periodId, startsAt, endsAt, input: (deductions) => ({ periodId, ...inputOf(closing, deductions) }) };
}

function inputOf(closing: Closing, deductions: PastDeductions): Omit<CloseInput, "plan" | "carried" | "periodId"> {
  const { plan, span, currency, volumes } = closing;
  const [startsAt, endsAt] = [span.startsAt.getTime(), span.endsAt.getTime()];
  const ofSpan = volumes.filter(({ placedAt }) => placedAt >= startsAt && placedAt < endsAt);
  const ranksOf = ranksOfCalendar(plan, span.calendar);
  return {
    ...(span.calendar === undefined ? {} : { calendar: span.calendar }),
    startsAt,
    endsAt,
    currency,
    network: networkOf(closing, ofSpan),
    orders: orderColumns(plan, { currency, volumes: ofSpan, deductions }),
    ...(ranksOf === "own" ? askedOf(closing, span) : {}),
    ...(ranksOf === "running" ? { running: runningOf(closing, deductions) } : {}),
  };
}

/** The rank calendar's period around this one, until this one's end. */
function runningOf(closing: Closing, deductions: PastDeductions): NonNullable<CloseInput["running"]> {
  const { plan, spans, span, currency, volumes } = closing;
  const around = spans.find(
    ({ calendar, startsAt, endsAt }) => calendar === plan.rankCalendar && startsAt < span.endsAt && endsAt >= span.endsAt,
  );
  const judged = around ?? span;
  const from = judged.startsAt.getTime();
  const soFar = volumes.filter(({ placedAt }) => placedAt >= from && placedAt < span.endsAt.getTime());
  return { orders: orderColumns(plan, { currency, volumes: soFar, deductions }), ...askedOf(closing, judged) };
}

/** What volumes do not tell of the plan's measures, of a period that judges people and those before it. */
function askedOf(closing: Closing, judged: PastSpan): Pick<CloseInput, "measured" | "periodStarts"> {
  const { plan, spans, span, volumes, people } = closing;
  const needs = measureNeeds(plan);
  const before = spans
    .filter(({ calendar, startsAt }) => calendar === judged.calendar && startsAt <= judged.startsAt)
    .sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime());
  const periodStarts = needs.people.periodStarts ? { periodStarts: before.map(({ startsAt }) => startsAt.getTime()) } : {};
  if (needs.given.length === 0) return periodStarts;
  const measures = new GivenMeasures(spannedPlan(plan, span.endsAt.getTime()), needs.given, {
    members: Members.everyone(people.ids.length),
    enrolledAt: people.enrolledAt,
  });
  const known = volumes.flatMap((volume) => {
    const back = before.findIndex(({ startsAt }) => volume.placedAt >= startsAt.getTime());
    return volume.placedAt < span.endsAt.getTime() && back >= 0 ? [{ volume, back }] : [];
  });
  const kindOf = ({ volume }: FactRow) => JSON.stringify([volume.commissionClass, volume.market, volume.selfPurchase]);
  measures.takeFacts([...Map.groupBy(known, kindOf).values()].map(factsOf));
  return { ...periodStarts, measured: { given: measures.columns(), kept: {} } };
}

interface FactRow {
  readonly volume: PastVolume;
  readonly back: number;
}

function factsOf(rows: readonly FactRow[]): Facts {
  const column = (value: (volume: PastVolume) => number) => Float64Array.from(rows, ({ volume }) => value(volume));
  return {
    kind: (rows[0] as FactRow).volume,
    owners: column(({ distributorNo }) => distributorNo - 1),
    orderNos: column(({ orderNo }) => Number(orderNo)),
    backs: Float64Array.from(rows, ({ back }) => back),
    placedAts: column(({ placedAt }) => placedAt),
    subscriptions: column(({ facts }) => (facts?.subscription === true ? 1 : 0)),
    firsts: column(({ facts }) => (facts?.firstOrder === true ? 1 : 0)),
    buyers: rows.map(({ volume }) => volume.facts?.buyer ?? ""),
    items: column(({ items }) => Number(items ?? 0n)),
    volume: (which) => column((volume) => Number(volume[which])),
  };
}

function networkOf({ plan, span, people }: Closing, sold: readonly PastVolume[]): CloseInput["network"] {
  const { lists } = people;
  const found = people.at.get(span.endsAt.getTime());
  if (found === undefined) throw new Error(`nobody was read at the end of ${span.name}`);
  const then = found.people;
  const rankNos = lists.ranks.map((id) => plan.ranks.findIndex((rank) => rank.id === id));
  const earns = lists.statuses.map((status) => plan.active.statuses.includes(status));
  const sellers = new Set(sold.map((volume) => volume.distributorNo - 1));
  const takesPart = (status: number, no: number) => earns[status] === true && (then.enrolled[no] === 1 || sellers.has(no));
  const needs = measureNeeds(plan).people;
  return {
    count: people.ids.length,
    ids: people.ids,
    sponsor: then.sponsor,
    earning: Uint8Array.from(then.status, (status, no) => (takesPart(status, no) ? 1 : 0)),
    title: then.rank.map((rank) => rankNos[rank] ?? -1),
    recentRanks: [],
    graceUsed: new Uint8Array(people.ids.length),
    directives: [],
    placements: Object.fromEntries(Object.entries(found.placements).map(([tree, { parent, leg }]) => [tree, { parent, leg }])),
    ...(needs.enrolledAt && people.enrolledAt !== undefined ? { enrolledAt: people.enrolledAt } : {}),
    ...(needs.country && people.country !== undefined ? { country: people.country } : {}),
  };
}

interface Sold {
  readonly currency: string;
  readonly volumes: readonly PastVolume[];
  readonly deductions: PastDeductions;
}

function orderColumns(plan: Plan, { currency, volumes, deductions }: Sold): CloseOrders {
  const classes = new Map(plan.commissionClasses.map((commissionClass, i) => [commissionClass.id, i]));
  const rows = volumes.filter((volume) => classes.has(volume.commissionClass));
  const markets = [...new Set([ANY_MARKET, ...rows.map((row) => row.market)])];
  const marketNos = new Map(markets.map((market, i) => [market, i]));
  const asks = closeAsks(plan);
  const money = (row: PastVolume, minor: bigint): number => (row.currency === currency ? Number(minor) : 0);
  return {
    owner: Int32Array.from(rows, (row) => row.distributorNo - 1),
    classNo: Uint16Array.from(rows, (row) => classes.get(row.commissionClass) ?? 0),
    marketNo: Uint16Array.from(rows, (row) => marketNos.get(row.market) ?? 0),
    markets,
    self: Uint8Array.from(rows, (row) => (row.selfPurchase ? 1 : 0)),
    ...openColumns(rows.map((row) => row.openFastStarts)),
    pv: Float64Array.from(rows, (row) => Number(row.pv)),
    qv: Float64Array.from(rows, (row) => Number(row.qv)),
    cv: Float64Array.from(rows, (row) => Number(row.cv)),
    netMinor: Float64Array.from(rows, (row) => money(row, row.netMinor)),
    ...(asks.retail ? { retailMinor: Float64Array.from(rows, (row) => money(row, row.retailMinor ?? row.netMinor)) } : {}),
    ...(asks.subscription ? { subscription: Uint8Array.from(rows, (row) => (row.facts?.subscription === true ? 1 : 0)) } : {}),
    ...(asks.less.length === 0 ? {} : { lessMinor: deductedColumns(asks.less, rows, deductions) }),
  };
}

/** What this plan's orders paid on each row, refunds taken off already. */
function deductedColumns(
  ids: readonly string[],
  rows: readonly PastVolume[],
  deductions: PastDeductions,
): Record<string, Float64Array> {
  const deductedOf = (id: string, { orderNo, lineIds }: PastVolume): number => {
    const ofOrder = deductions.get(String(orderNo))?.[id] ?? {};
    return lineIds.reduce((sum, lineId) => sum + Number(ofOrder[lineId] ?? 0n), 0);
  };
  return Object.fromEntries(ids.map((id) => [id, Float64Array.from(rows, (row) => deductedOf(id, row))]));
}

function openColumns(open: readonly string[]): Pick<CloseOrders, "openSet" | "openSets"> {
  const sets = [...new Set(["", ...open])];
  return { openSet: Uint16Array.from(open, (set) => sets.indexOf(set)), openSets: sets.map(fastStartIds) };
}

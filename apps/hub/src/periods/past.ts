import {
  type CommissionableLine,
  type CommissionInput,
  commissionableLine,
  divideHalfUp,
  netOfLine,
  type Plan,
  planHash,
  type RateTable,
  refundedNet,
} from "@upline/core";
import { closeAsks, measureNeeds, type PlacementColumns, type PlanTrial, placementTrees } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { packedNumbers, packedTexts } from "../db/packed.ts";
import { ALL_CLASSES, mostSales } from "../orders/counted-sales.ts";
import { hashAbove } from "../orders/decide.ts";
import type { Directory } from "../orders/directory.ts";
import { lockExchange, lockedRate, missingRate } from "../orders/exchange.ts";
import { readSnapshot, type Snapshot } from "../orders/snapshot.ts";
import { countriesOf, enrolmentsOf } from "./fact-queries.ts";
import { Members } from "./members.ts";
import { orderFacts, orderVolumes } from "./order-volumes.ts";
import { type PastPeople, type PastSpan, type PastVolume, pastClose } from "./past-columns.ts";
import { pastOrders } from "./past-queries.ts";
import { type NetworkMoment, readPeople, readPlaces, type StandingLists } from "./people.ts";
import { currentMarks } from "./queries.ts";

/** A past span of time with its orders as they stand now, for plans that are tried on it. */

type PastOrder = Omit<CommissionInput, "plan">;

/** A plan, and the spans of its calendars. */
export interface TriedPlan {
  readonly plan: Plan;
  readonly spans: readonly PastSpan[];
}

/** One plan on the past, and what it cannot be told there. */
export interface Past {
  readonly trial: PlanTrial;
  readonly orderCount: number;
  /** Orders of other currencies, for a plan without one: their volume counts, but nothing is paid on them at order time. */
  readonly foreignOrders: number;
  /** Orders of a plan with a currency that have no rate into it: they earn nothing. */
  readonly unratedOrders: number;
  /** Classes of what was sold that the plan does not have. */
  readonly unknownClasses: readonly string[];
  /** Trees that the plan pays on at its closes, and nobody has a place in. */
  readonly emptyTrees: readonly string[];
  /** By tree that the plan pays on at the order's time, the orders that were recorded without their places in it. */
  readonly unplaced: ReadonlyMap<string, number>;
  /** Orders whose owner's place among recruits was not recorded, where the plan asks for it. */
  readonly unnumbered: number;
  /** Orders above whose locked upline others stand by now than when they came. */
  readonly moved: number;
}

export interface PastArgs {
  readonly companyId: number;
  readonly from: Date;
  readonly to: Date;
  readonly tried: readonly TriedPlan[];
  readonly rates: RateTable;
  readonly currency: string;
  readonly directory: Directory;
  readonly onOrders: (count: number) => void;
}

export async function readPast(tx: Tx, args: PastArgs): Promise<Past[]> {
  const { companyId, from, to, tried, directory } = args;
  const marks = await currentMarks(tx, companyId);
  const moment = { companyId, members: Members.everyone(marks.distributors), directoryVersion: marks.directoryVersion };
  const people = await readPastPeople(tx, moment, tried);
  const numbers = new Map(people.ids.map((id, no) => [id, no + 1]));
  const collected = tried.map(({ plan }) => new Collected(plan, args));
  for await (const page of pastOrders(tx, { companyId, from, to })) {
    for (const { orderNo, snapshot: text } of page) {
      const { snapshot, moved } = withAbove(readSnapshot(text), directory);
      const distributorNo = numbers.get(snapshot.locked.attribution.distributorId ?? "");
      if (distributorNo === undefined) continue;
      for (const each of collected) each.add(snapshot, { orderNo, distributorNo, moved });
    }
    args.onOrders(page.length);
  }
  return tried.map((each, i) => pastOf(each, collected[i] as Collected, people));
}

/** With the whole upline, which another plan may read: what an order's own plan could not read is taken from the network as of its time. */
function withAbove(snapshot: Snapshot, directory: Directory): { snapshot: Snapshot; moved: boolean } {
  const { above, ...locked } = snapshot.locked;
  const last = locked.upline.at(-1);
  if (above === undefined || last === undefined) return { snapshot, moved: false };
  const asked = {
    numbered: last.enrolmentNumber !== undefined,
    judged: last.title !== undefined || last.measures !== undefined,
  };
  const rest = directory.uplineOf(last.distributorId, Date.parse(snapshot.state.placedAt), asked).slice(1);
  const whole = { ...snapshot, locked: { ...locked, upline: [...locked.upline, ...rest] } };
  return { snapshot: whole, moved: hashAbove(rest) !== above.hash };
}

function pastOf({ plan, spans }: TriedPlan, collected: Collected, people: PastPeople): Past {
  const { orders, volumes, currency, ...counts } = collected;
  const known = new Set(plan.commissionClasses.map(({ id }) => id));
  const sold = new Set(volumes.map(({ commissionClass }) => commissionClass));
  const closes = [...spans].sort(
    (a, b) => a.endsAt.getTime() - b.endsAt.getTime() || b.startsAt.getTime() - a.startsAt.getTime(),
  );
  const atEnd = people.at.get(closes.at(-1)?.endsAt.getTime() ?? 0)?.placements;
  return {
    ...counts,
    unknownClasses: [...sold].filter((id) => !known.has(id)).sort(),
    emptyTrees: placementTrees(plan, "close").filter((tree) => atEnd?.[tree]?.placed === 0),
    trial: {
      plan,
      ids: people.ids,
      currency,
      orders: numbered(plan, orders),
      closes: closes.map((span) => pastClose({ plan, spans, span, currency, volumes, people })),
    },
  };
}

/** Orders and volumes under one plan. */
class Collected {
  readonly orders: PastOrder[] = [];
  readonly volumes: PastVolume[] = [];
  readonly currency: string;
  orderCount = 0;
  foreignOrders = 0;
  unratedOrders = 0;
  unnumbered = 0;
  moved = 0;
  readonly unplaced = new Map<string, number>();
  readonly #plan: Plan;
  readonly #hash: string;
  readonly #rates: RateTable;

  constructor(plan: Plan, { rates, currency }: Pick<PastArgs, "rates" | "currency">) {
    this.#plan = plan;
    this.#hash = planHash(plan);
    this.#rates = rates;
    this.currency = plan.currency?.plan ?? currency;
  }

  add(stood: Snapshot, of: { orderNo: bigint; distributorNo: number; moved: boolean }): void {
    const { orderNo, distributorNo } = of;
    const plan = this.#plan;
    const snapshot = this.#under(stood);
    const { state, locked } = snapshot;
    this.orderCount++;
    if (of.moved) this.moved++;
    if (missingRate(locked) !== null) {
      this.unratedOrders++;
      return;
    }
    const asksFacts = measureNeeds(plan).given.length > 0 || closeAsks(plan).subscription;
    const facts = asksFacts ? orderFacts(snapshot) : null;
    const at = { orderNo, placedAt: Date.parse(state.placedAt) };
    for (const volume of orderVolumes({ snapshot, plan, distributorNo, facts })) {
      const lineIds = Object.keys(locked.mappings).filter(
        (id) => locked.mappings[id]?.commissionClass === volume.commissionClass,
      );
      this.volumes.push({ ...volume, ...at, lineIds });
    }
    if (plan.currency === undefined && state.currency !== this.currency) {
      this.foreignOrders++;
      return;
    }
    this.#tellMissing(snapshot);
    this.orders.push(pastOrder(orderNo, snapshot));
  }

  /** The order as this plan would have converted it. */
  #under({ state, locked, ...snapshot }: Snapshot): Snapshot {
    const { exchange: _, ...rest } = locked;
    const order = { currency: state.currency, at: Date.parse(state.placedAt), plan: this.#plan, before: null };
    const exchange = lockExchange(order, { rates: this.#rates });
    return { ...snapshot, state, locked: { ...rest, planHash: this.#hash, ...(exchange === undefined ? {} : { exchange }) } };
  }

  #tellMissing({ locked }: Snapshot): void {
    for (const tree of placementTrees(this.#plan, "order"))
      if (locked.placements[tree] === undefined) this.unplaced.set(tree, (this.unplaced.get(tree) ?? 0) + 1);
    const isNumbered = locked.upline.every(({ enrolmentNumber }) => enrolmentNumber !== undefined);
    const asks = this.#plan.bonuses.some((bonus) => bonus.kind === "pass-up" && bonus.counts !== "sales");
    if (asks && !isNumbered) this.unnumbered++;
  }
}

/** With the place of each among its sponsor's sales, counted from the first order that is tried, where the plan asks for it. */
function numbered(plan: Plan, orders: readonly PastOrder[]): PastOrder[] {
  if (mostSales(plan) === null) return [...orders];
  const counts = new Map<string, number>();
  const placed = (order: PastOrder): number => Date.parse(order.placedAt);
  const tie = (order: PastOrder): number => Number(order.orderId);
  return [...orders]
    .sort((a, b) => placed(a) - placed(b) || tie(a) - tie(b))
    .map((order) => {
      const sponsor = order.upline[1]?.distributorId;
      const classes = new Set(order.lines.map(({ commissionClass }) => commissionClass));
      const numberIn = (commissionClass: string): number => {
        const key = JSON.stringify([sponsor, commissionClass]);
        counts.set(key, (counts.get(key) ?? 0) + 1);
        return counts.get(key) as number;
      };
      return { ...order, saleNumbers: Object.fromEntries([ALL_CLASSES, ...classes].map((id) => [id, numberIn(id)])) };
    });
}

/** An order as its commissions stand now: what was refunded is taken off its lines. */
function pastOrder(orderNo: bigint, { state, locked }: Snapshot): PastOrder {
  const back = refundedNet(state);
  const lines = state.lines.flatMap((line): CommissionableLine[] => {
    const mapping = locked.mappings[line.lineId];
    const net = netOfLine(line);
    if (mapping === undefined || line.kind !== "product" || net === 0n) return [];
    const whole = commissionableLine({ line, mapping, currency: state.currency, exchange: lockedRate(locked) });
    const kept = (value: bigint) => value - divideHalfUp(value * (back.get(line.lineId) ?? 0n), net);
    const margin = whole.retailMarginMinor;
    const volumes = { pv: kept(whole.pv), qv: kept(whole.qv), cv: kept(whole.cv) };
    const money = { netMinor: kept(whole.netMinor), retailMinor: kept(whole.retailMinor ?? whole.netMinor) };
    return [{ ...whole, ...volumes, ...money, retailMarginMinor: margin === null ? null : kept(margin) }];
  });
  return {
    // Two stores may call their orders alike.
    orderId: String(orderNo),
    placedAt: state.placedAt,
    currency: state.currency,
    exchangeRate: locked.exchange?.rate ?? undefined,
    market: locked.upline[0]?.country ?? null,
    buyer: locked.buyer,
    firstOrder: locked.firstOrder,
    subscription: state.subscription === true,
    lines,
    upline: locked.upline,
    placements: locked.placements,
  };
}

/** Everybody at the end of each span, and when they enrolled and where they live where a plan asks. */
async function readPastPeople(tx: Tx, moment: Omit<NetworkMoment, "endsAt">, tried: readonly TriedPlan[]): Promise<PastPeople> {
  const lists = listsOf(tried.map(({ plan }) => plan));
  const trees = new Set(tried.flatMap(({ plan }) => placementTrees(plan)));
  const at: Map<number, PastPeople["at"] extends ReadonlyMap<number, infer Found> ? Found : never> = new Map();
  for (const ends of new Set(tried.flatMap(({ spans }) => spans.map(({ endsAt }) => endsAt.getTime())))) {
    const then = { ...moment, endsAt: new Date(ends) };
    const placements: Record<string, PlacementColumns & { placed: number }> = {};
    for (const tree of trees) placements[tree] = await readPlaces(tx, then, tree);
    at.set(ends, { people: await readPeople(tx, then, lists), placements });
  }
  const needs = tried.map(({ plan }) => measureNeeds(plan).people);
  const ids = [...at.values()].at(-1)?.people.ids ?? [];
  return {
    ids,
    lists,
    at,
    ...(needs.some(({ enrolledAt }) => enrolledAt) ? { enrolledAt: await readEnrolments(tx, moment) } : {}),
    ...(needs.some(({ country }) => country) ? { country: await readCountries(tx, moment) } : {}),
  };
}

type Everybody = Pick<NetworkMoment, "companyId" | "members">;

async function readEnrolments(tx: Tx, { companyId, members }: Everybody): Promise<Float64Array> {
  const enrolledAt = new Float64Array(members.count);
  for (const piece of members.pieces()) {
    const page = await enrolmentsOf(tx, { companyId, piece });
    if (page === null) continue;
    const found = packedNumbers(page.enrolledAts);
    for (const [index, no] of members.places(page.distributorNos).entries()) enrolledAt[no] = found[index] as number;
  }
  return enrolledAt;
}

/** Where people live now: what it was then is written down for closes only. */
async function readCountries(tx: Tx, { companyId, members }: Everybody): Promise<{ codes: string[]; of: Uint16Array }> {
  const codes = new Map([["", 0]]);
  const of = new Uint16Array(members.count);
  for (const piece of members.pieces()) {
    const page = await countriesOf(tx, { companyId, piece });
    if (page === null) continue;
    const countries = packedTexts(page.countries);
    for (const [index, no] of members.places(page.distributorNos).entries()) {
      const code = countries[index] as string;
      if (!codes.has(code)) codes.set(code, codes.size);
      of[no] = codes.get(code) as number;
    }
  }
  return { codes: [...codes.keys()], of };
}

/** Every status and rank that any of the plans knows. */
function listsOf(plans: readonly Plan[]): StandingLists {
  return {
    statuses: [...new Set(plans.flatMap((plan) => plan.active.statuses))],
    ranks: [...new Set(plans.flatMap((plan) => plan.ranks.map((rank) => rank.id)))],
  };
}

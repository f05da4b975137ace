import {
  type CommissionableLine,
  type CommissionInput,
  commissionableLine,
  divideHalfUp,
  netOfLine,
  type Plan,
  refundedNet,
} from "@upline/core";
import {
  type CloseInput,
  type CloseOrders,
  type OrderVolume,
  type PastPeriod,
  type PlacementColumns,
  placementTrees,
} from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { readSnapshot, type Snapshot } from "../orders/snapshot.ts";
import { ANY_MARKET, fastStartIds, orderVolumes } from "./order-volumes.ts";
import { pastOrders } from "./past-queries.ts";
import { type People, readPeople, readPlaces, type StandingLists } from "./people.ts";
import { currentMarks } from "./queries.ts";

/** A past span of time with its orders as they stand now, for plans that are tried on it. */

export interface PastSpan {
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

type PastOrder = Omit<CommissionInput, "plan">;

/** One kind of volume in the span; which fast starts take the place of other bonuses depends on the plan. */
interface PastVolume extends OrderVolume {
  readonly openByPlan: ReadonlyMap<Plan, string>;
}

export interface Past extends PastPeriod {
  readonly orderCount: number;
  /** Orders of other currencies: their volume counts, but nothing is paid on them at order time. */
  readonly foreignOrders: number;
}

export async function readPast(
  tx: Tx,
  args: { companyId: number; span: PastSpan; plans: readonly Plan[]; currency: string; onOrders: (count: number) => void },
): Promise<Past> {
  const { companyId, span, plans, currency } = args;
  const marks = await currentMarks(tx, companyId);
  const moment = { companyId, upto: marks.distributors, directoryVersion: marks.directoryVersion, endsAt: span.endsAt };
  const lists = listsOf(plans);
  const people = await readPeople(tx, moment, lists);
  const numbers = new Map(people.ids.map((id, no) => [id, no + 1]));
  const orders: PastOrder[] = [];
  const volumes: PastVolume[] = [];
  let foreignOrders = 0;
  for await (const page of pastOrders(tx, { companyId, from: span.startsAt, to: span.endsAt })) {
    for (const row of page) {
      const snapshot = readSnapshot(row.snapshot);
      const no = numbers.get(snapshot.locked.attribution.distributorId ?? "");
      if (no === undefined) continue;
      volumes.push(...volumesFor(snapshot, no, plans));
      if (snapshot.state.currency === currency) orders.push(pastOrder(snapshot));
      else foreignOrders++;
    }
    args.onOrders(page.length);
  }
  const trees = new Set(plans.flatMap((plan) => placementTrees(plan)));
  const placements: Record<string, PlacementColumns> = {};
  for (const tree of trees) placements[tree] = await readPlaces(tx, moment, tree);
  const closeFor = (plan: Plan) => closeColumns({ plan, span, currency, people, lists, volumes, placements });
  return { close: closeFor(plans[0] as Plan), closeFor, orders, orderCount: orders.length + foreignOrders, foreignOrders };
}

function volumesFor(snapshot: Snapshot, distributorNo: number, plans: readonly Plan[]): PastVolume[] {
  const byPlan = plans.map((plan) => orderVolumes({ snapshot, plan, distributorNo }));
  const [first = []] = byPlan;
  const openByPlan = new Map(plans.map((plan, i) => [plan, byPlan[i]?.[0]?.openFastStarts ?? ""]));
  return first.map((volume) => ({ ...volume, openByPlan }));
}

/** An order as its commissions stand now: what was refunded is taken off its lines. */
function pastOrder({ state, locked }: Snapshot): PastOrder {
  const back = refundedNet(state);
  const lines = state.lines.flatMap((line): CommissionableLine[] => {
    const mapping = locked.mappings[line.lineId];
    const net = netOfLine(line);
    if (mapping === undefined || line.kind !== "product" || net === 0n) return [];
    const whole = commissionableLine({ line, mapping, currency: state.currency });
    const kept = (value: bigint) => value - divideHalfUp(value * (back.get(line.lineId) ?? 0n), net);
    const margin = whole.retailMarginMinor;
    const left = { netMinor: kept(whole.netMinor), pv: kept(whole.pv), qv: kept(whole.qv), cv: kept(whole.cv) };
    return [{ ...whole, ...left, retailMarginMinor: margin === null ? null : kept(margin) }];
  });
  return {
    orderId: state.orderId,
    placedAt: state.placedAt,
    currency: state.currency,
    market: locked.upline[0]?.country ?? null,
    buyer: locked.buyer,
    firstOrder: locked.firstOrder,
    lines,
    upline: locked.upline,
    placements: locked.placements,
  };
}

/** Every status and rank that any of the plans knows. */
function listsOf(plans: readonly Plan[]): StandingLists {
  return {
    statuses: [...new Set(plans.flatMap((plan) => plan.active.statuses))],
    ranks: [...new Set(plans.flatMap((plan) => plan.ranks.map((rank) => rank.id)))],
  };
}

interface Gathered {
  readonly plan: Plan;
  readonly span: PastSpan;
  readonly currency: string;
  readonly people: People;
  /** What the people's statuses and ranks are places in. */
  readonly lists: StandingLists;
  readonly volumes: readonly PastVolume[];
  readonly placements: Readonly<Record<string, PlacementColumns>>;
}

/** The span's columns as one plan numbers its classes and ranks and knows statuses. */
function closeColumns(gathered: Gathered): Omit<CloseInput, "plan" | "carried"> {
  const { plan, span, currency, people, lists, volumes, placements } = gathered;
  const rankNos = lists.ranks.map((id) => plan.ranks.findIndex((rank) => rank.id === id));
  const earns = lists.statuses.map((status) => plan.active.statuses.includes(status));
  const sold = new Set(volumes.map((volume) => volume.distributorNo - 1));
  const takesPart = (status: number, no: number) => earns[status] === true && (people.enrolled[no] === 1 || sold.has(no));
  const count = people.ids.length;
  return {
    periodId: span.name,
    startsAt: span.startsAt.getTime(),
    endsAt: span.endsAt.getTime(),
    currency,
    network: {
      count,
      ids: people.ids,
      sponsor: people.sponsor,
      earning: Uint8Array.from(people.status, (status, no) => (takesPart(status, no) ? 1 : 0)),
      title: people.rank.map((rank) => rankNos[rank] ?? -1),
      recentRanks: [],
      graceUsed: new Uint8Array(count),
      directives: [],
      placements,
    },
    orders: orderColumns(plan, currency, volumes),
  };
}

function orderColumns(plan: Plan, currency: string, volumes: readonly PastVolume[]): CloseOrders {
  const classes = new Map(plan.commissionClasses.map((commissionClass, i) => [commissionClass.id, i]));
  const rows = volumes.filter((volume) => classes.has(volume.commissionClass));
  const markets = [...new Set([ANY_MARKET, ...rows.map((row) => row.market)])];
  const marketNos = new Map(markets.map((market, i) => [market, i]));
  return {
    owner: Int32Array.from(rows, (row) => row.distributorNo - 1),
    classNo: Uint16Array.from(rows, (row) => classes.get(row.commissionClass) ?? 0),
    marketNo: Uint16Array.from(rows, (row) => marketNos.get(row.market) ?? 0),
    markets,
    self: Uint8Array.from(rows, (row) => (row.selfPurchase ? 1 : 0)),
    ...openColumns(rows.map((row) => row.openByPlan.get(plan) ?? "")),
    pv: Float64Array.from(rows, (row) => Number(row.pv)),
    qv: Float64Array.from(rows, (row) => Number(row.qv)),
    cv: Float64Array.from(rows, (row) => Number(row.cv)),
    netMinor: Float64Array.from(rows, (row) => (row.currency === currency ? Number(row.netMinor) : 0)),
  };
}

function openColumns(open: readonly string[]): Pick<CloseOrders, "openSet" | "openSets"> {
  const sets = [...new Set(["", ...open])];
  return { openSet: Uint16Array.from(open, (set) => sets.indexOf(set)), openSets: sets.map(fastStartIds) };
}

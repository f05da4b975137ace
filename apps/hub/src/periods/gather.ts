import type { Plan } from "@upline/core";
import {
  type BinaryCarry,
  baseOf,
  type Carried,
  type CloseInput,
  type CloseNetwork,
  type CloseOrders,
  dependsOn,
  isCloseBonus,
  type PlacementColumns,
  placementTrees,
  type RankDirective,
  returningOwners,
} from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { directivesAsOf } from "./directive-queries.ts";
import {
  type CarryRow,
  carryOf,
  distributorsAsOf,
  type EarningRow,
  placesAsOf,
  runRanks,
  type VolumeSum,
  volumeSums,
  volumeSumsBefore,
} from "./gather-queries.ts";
import { ANY_MARKET, fastStartIds } from "./order-volumes.ts";
import { findRun, type Marks, type Period, readLock } from "./queries.ts";

/**
 * The input of a close as typed arrays, streamed from the database as of a lock's marks. Numbers of the
 * engine are distributor numbers less one.
 */

export interface GatheredInput {
  readonly input: CloseInput;
  /** What a person should know before believing the close. */
  readonly warnings: readonly string[];
}

export interface Gathering {
  readonly companyId: number;
  readonly period: Period;
  readonly plan: Plan;
  readonly marks: Marks;
  readonly earnings: readonly EarningRow[];
  readonly planByHash: (hash: string) => Plan | null;
  /** The run whose paid ranks stand: a refund moves money, not ranks that were paid. */
  readonly ranksOfRun?: bigint | null;
}

export async function gatherInput(tx: Tx, gathering: Gathering): Promise<GatheredInput> {
  const { companyId, period, plan, marks } = gathering;
  const warnings: string[] = [];
  const orders = await gatherOrders(tx, gathering, warnings);
  const network = await gatherNetwork(tx, gathering, orders, warnings);
  const before = await gatherBefore(tx, gathering, orders);
  const carried = await gatherCarried(tx, gathering);
  const input: CloseInput = {
    plan,
    periodId: period.name,
    endsAt: period.endsAt.getTime(),
    currency: period.currency,
    network,
    orders,
    carried,
    ...(before === undefined ? {} : { before }),
  };
  const { ranksOfRun } = gathering;
  if (ranksOfRun === undefined || ranksOfRun === null) return { input, warnings };
  const fixedRanks = new Int16Array(marks.distributors).fill(-1);
  for await (const rows of runRanks(tx, { companyId, runNo: ranksOfRun }))
    for (const row of rows) fixedRanks[row.distributorNo - 1] = row.rank;
  return { input: { ...input, fixedRanks }, warnings };
}

/** Grows by doubling: how many rows there are is known only when the last one came. */
class Columns {
  owner = new Int32Array(4096);
  classNo = new Uint16Array(4096);
  marketNo = new Uint16Array(4096);
  self = new Uint8Array(4096);
  openSet = new Uint16Array(4096);
  pv = new Float64Array(4096);
  qv = new Float64Array(4096);
  cv = new Float64Array(4096);
  netMinor = new Float64Array(4096);
  rows = 0;

  next(): number {
    if (this.rows === this.owner.length) this.#resize(this.rows * 2);
    return this.rows++;
  }

  trim(): void {
    this.#resize(this.rows);
  }

  #resize(length: number): void {
    const to = <T extends Int32Array | Uint16Array | Uint8Array | Float64Array>(wide: T, from: T): T => {
      wide.set(from.subarray(0, Math.min(from.length, length)));
      return wide;
    };
    this.owner = to(new Int32Array(length), this.owner);
    this.classNo = to(new Uint16Array(length), this.classNo);
    this.marketNo = to(new Uint16Array(length), this.marketNo);
    this.self = to(new Uint8Array(length), this.self);
    this.openSet = to(new Uint16Array(length), this.openSet);
    this.pv = to(new Float64Array(length), this.pv);
    this.qv = to(new Float64Array(length), this.qv);
    this.cv = to(new Float64Array(length), this.cv);
    this.netMinor = to(new Float64Array(length), this.netMinor);
  }
}

async function gatherOrders(tx: Tx, { companyId, period, plan, marks }: Gathering, warnings: string[]): Promise<CloseOrders> {
  const sums = volumeSums(tx, { companyId, periodNo: period.periodNo, upto: marks.volumeUpto });
  const { orders, unknown, foreign } = await orderColumns(sums, plan, period);
  if (unknown.size > 0)
    warnings.push(`Volume of classes the plan does not have counts nowhere: ${[...unknown].sort().join(", ")}.`);
  refuseForeignNet(plan, period, foreign);
  return orders;
}

/** What earlier periods counted of whoever gives volume back in this one; undefined where nobody does. */
async function gatherBefore(
  tx: Tx,
  { companyId, period, plan, marks }: Gathering,
  orders: CloseOrders,
): Promise<CloseOrders | undefined> {
  const distributorNos = [...returningOwners(orders)].map((no) => no + 1).sort((a, b) => a - b);
  if (distributorNos.length === 0) return undefined;
  const { planId, startsAt } = period;
  const sums = volumeSumsBefore(tx, { companyId, planId, startsAt, upto: marks.volumeUpto, distributorNos });
  return (await orderColumns(sums, plan, period)).orders;
}

interface OrderColumns {
  readonly orders: CloseOrders;
  /** Classes the plan does not have, and currencies whose net has no rate. */
  readonly unknown: ReadonlySet<string>;
  readonly foreign: ReadonlySet<string>;
}

async function orderColumns(sums: AsyncIterable<VolumeSum[]>, plan: Plan, period: Period): Promise<OrderColumns> {
  const classes = new Map(plan.commissionClasses.map((commissionClass, i) => [commissionClass.id, i]));
  const markets = new Map([[ANY_MARKET, 0]]);
  const openSets = new Map([["", 0]]);
  const columns = new Columns();
  const unknown = new Set<string>();
  const foreign = new Set<string>();
  for await (const page of sums) {
    for (const sum of page) {
      const classNo = classes.get(sum.commissionClass);
      if (classNo === undefined) unknown.add(sum.commissionClass);
      if (sum.currency !== period.currency && sum.netMinor !== 0) foreign.add(sum.currency);
      if (classNo === undefined || (sum.pv === 0 && sum.qv === 0 && sum.cv === 0 && sum.netMinor === 0)) continue;
      const row = columns.next();
      columns.owner[row] = sum.distributorNo - 1;
      columns.classNo[row] = classNo;
      columns.marketNo[row] = placeIn(markets, sum.market);
      columns.self[row] = sum.selfPurchase ? 1 : 0;
      columns.openSet[row] = placeIn(openSets, sum.openFastStarts);
      columns.pv[row] = sum.pv;
      columns.qv[row] = sum.qv;
      columns.cv[row] = sum.cv;
      columns.netMinor[row] = sum.currency === period.currency ? sum.netMinor : 0;
    }
  }
  columns.trim();
  const { owner, classNo, marketNo, self, openSet, pv, qv, cv, netMinor } = columns;
  const named = { markets: [...markets.keys()], openSets: [...openSets.keys()].map(fastStartIds) };
  return { orders: { owner, classNo, marketNo, self, openSet, pv, qv, cv, netMinor, ...named }, unknown, foreign };
}

/** The number of a name, a new one for one that is met first. */
function placeIn(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}

/** CV becomes money at the plan's rate, but net of another currency has none: it must not pass for the period's. */
function refuseForeignNet(plan: Plan, period: Period, foreign: ReadonlySet<string>): void {
  const onNet = plan.bonuses.filter((bonus) => isCloseBonus(bonus) && "base" in bonus && baseOf(bonus.base) === "net");
  if (foreign.size === 0 || onNet.length === 0) return;
  throw new HubError(
    "unprocessable",
    `Period ${period.name} is closed in ${period.currency} and has orders in ${[...foreign].sort().join(", ")}, but "${onNet[0]?.id}" pays on net at the close. Let it pay on cv, which has a rate for each market.`,
  );
}

async function gatherNetwork(tx: Tx, gathering: Gathering, orders: CloseOrders, warnings: string[]): Promise<CloseNetwork> {
  const { companyId, period, plan, marks } = gathering;
  const count = marks.distributors;
  const ids = new Array<string>(count).fill("");
  const sponsor = new Int32Array(count).fill(-1);
  const earning = new Uint8Array(count);
  const title = new Int16Array(count).fill(-1);
  const statuses = new Set(plan.active.statuses);
  const rankNos = new Map(plan.ranks.map((rank, i) => [rank.id, i]));
  const sold = new Uint8Array(count);
  for (const no of orders.owner) sold[no] = 1;
  const asOf = { companyId, upto: count, directoryVersion: marks.directoryVersion, endsAt: period.endsAt };
  for await (const page of distributorsAsOf(tx, asOf)) {
    for (const distributor of page) {
      const no = distributor.distributorNo - 1;
      ids[no] = distributor.distributorId;
      sponsor[no] = distributor.sponsorNo - 1;
      // Whoever enrolled later takes no part, unless their volume says that the date of enrolment is only that of an import.
      const here = distributor.enrolledAt < period.endsAt || sold[no] === 1;
      earning[no] = here && statuses.has(distributor.status) ? 1 : 0;
      title[no] = rankNos.get(distributor.rank ?? "") ?? -1;
    }
  }
  const { recentRanks, graceUsed } = await gatherRanks(tx, gathering, title);
  return {
    count,
    ids,
    sponsor,
    earning,
    title,
    recentRanks,
    graceUsed,
    directives: await gatherDirectives(tx, gathering, rankNos),
    placements: await gatherPlacements(tx, gathering, warnings),
  };
}

/** Ranks of as many closes before as a rank condition looks back at, the latest first; titles only ever rise. */
async function gatherRanks(
  tx: Tx,
  { companyId, plan, marks, planByHash }: Gathering,
  title: Int16Array,
): Promise<Pick<CloseNetwork, "recentRanks" | "graceUsed">> {
  const graceUsed = new Uint8Array(marks.distributors);
  const recentRanks: Int16Array[] = [];
  const depth = Math.max(1, ...plan.ranks.map((rank) => rank.requires.heldBefore?.periods ?? 0));
  let runNo = marks.afterRun;
  for (let back = 0; back < depth && runNo !== null; back++) {
    const run = await findRun(tx, { companyId, runNo });
    if (run?.lockNo == null) break;
    const renumber = rankRenumbering(planByHash(run.planHash), plan);
    const ranks = new Int16Array(marks.distributors).fill(-1);
    for await (const page of runRanks(tx, { companyId, runNo })) {
      for (const row of page) {
        const no = row.distributorNo - 1;
        ranks[no] = renumber(row.rank);
        if (back > 0) continue;
        graceUsed[no] = row.graceUsed;
        title[no] = Math.max(title[no] as number, renumber(row.title));
      }
    }
    recentRanks.push(ranks);
    runNo = (await readLock(tx, { companyId, lockNo: run.lockNo })).afterRun;
  }
  return { recentRanks, graceUsed };
}

/** A rank's number in this plan from its number in an earlier version, by the rank's id. */
function rankRenumbering(before: Plan | null, plan: Plan): (rankNo: number) => number {
  const numbers = new Map(plan.ranks.map((rank, i) => [rank.id, i]));
  const known = (before ?? plan).ranks.map((rank) => numbers.get(rank.id) ?? -1);
  return (rankNo) => (rankNo < 0 ? -1 : (known[rankNo] ?? -1));
}

async function gatherDirectives(
  tx: Tx,
  { companyId, period, marks }: Gathering,
  rankNos: ReadonlyMap<string, number>,
): Promise<RankDirective[]> {
  const rows = await directivesAsOf(tx, { companyId, upto: marks.directiveUpto, endsAt: period.endsAt });
  return rows.map((row) => ({
    no: row.distributorNo - 1,
    kind: row.kind,
    rankNo: row.rank === null ? -1 : (rankNos.get(row.rank) ?? -1),
    until: row.validUntil.getTime(),
  }));
}

async function gatherPlacements(
  tx: Tx,
  { companyId, period, plan, marks }: Gathering,
  warnings: string[],
): Promise<Record<string, PlacementColumns>> {
  const placements: Record<string, PlacementColumns> = {};
  for (const tree of placementTrees(plan, "close")) {
    const columns = { parent: new Int32Array(marks.distributors).fill(-1), leg: new Uint8Array(marks.distributors) };
    let placed = 0;
    const asOf = { companyId, tree, directoryVersion: marks.directoryVersion, endsAt: period.endsAt };
    for await (const page of placesAsOf(tx, asOf)) {
      for (const place of page) {
        columns.parent[place.distributorNo - 1] = place.parentNo - 1;
        columns.leg[place.distributorNo - 1] = place.leg;
      }
      placed += page.length;
    }
    if (placed === 0) warnings.push(`Nobody is placed in the tree "${tree}" that the plan pays on: see docs/periods.md.`);
    placements[tree] = columns;
  }
  return placements;
}

async function gatherCarried(tx: Tx, { companyId, plan, marks, earnings }: Gathering): Promise<Carried> {
  const binary: Record<string, { left: Float64Array[]; right: Float64Array[] }> = {};
  const pools: Record<string, number> = {};
  const completed: Record<string, Uint8Array> = {};
  const deficits: Record<string, Float64Array> = {};
  const column = (ages: Float64Array[], age: number) => {
    while (ages.length <= age) ages.push(new Float64Array(marks.distributors));
    return ages[age] as Float64Array;
  };
  const take = (row: CarryRow) => {
    const no = row.distributorNo - 1;
    if (row.kind === "pool") pools[row.bonusId] = Number(row.amount);
    else if (row.kind === "completed") {
      completed[row.bonusId] ??= new Uint8Array(marks.distributors);
      (completed[row.bonusId] as Uint8Array)[no] = 1;
    } else if (row.kind === "deficit") {
      deficits[row.bonusId] ??= new Float64Array(marks.distributors);
      (deficits[row.bonusId] as Float64Array)[no] = Number(row.amount);
    } else {
      binary[row.bonusId] ??= { left: [], right: [] };
      column((binary[row.bonusId] as { left: Float64Array[]; right: Float64Array[] })[row.kind], row.age)[no] = Number(
        row.amount,
      );
    }
  };
  if (marks.afterRun !== null)
    for await (const page of carryOf(tx, { companyId, runNo: marks.afterRun })) for (const row of page) take(row);
  const known = new Set(plan.bonuses.map((bonus) => bonus.id));
  const ofPlan = <T>(all: Record<string, T>) => Object.fromEntries(Object.entries(all).filter(([id]) => known.has(id)));
  return {
    binary: ofPlan(binary) as Record<string, BinaryCarry>,
    pools: ofPlan(pools),
    completed: ofPlan(completed),
    deficits: ofPlan(deficits),
    earned: earnedColumns(earnings, marks.distributors),
  };
}

function earnedColumns(rows: readonly EarningRow[], count: number): Record<string, Float64Array> {
  const earned: Record<string, Float64Array> = {};
  for (const row of rows) {
    earned[row.bonusId] ??= new Float64Array(count);
    (earned[row.bonusId] as Float64Array)[row.distributorNo - 1] = Number(row.amount);
  }
  return earned;
}

/** The order-time bonuses that a matching bonus of the close looks at. */
export function matchedOrderBonuses(plan: Plan): string[] {
  const atOrder = new Set(plan.bonuses.filter((bonus) => !isCloseBonus(bonus)).map((bonus) => bonus.id));
  return [...new Set(plan.bonuses.flatMap(dependsOn))].filter((id) => atOrder.has(id)).sort();
}

import type { Plan } from "@upline/core";
import {
  type Carried,
  type CloseInput,
  type CloseNetwork,
  type CloseOrders,
  closeOrder,
  dependsOn,
  isCloseBonus,
  type LastClosed,
  type PlacementColumns,
  placementTrees,
  type RankDirective,
  ranksOfCalendar,
  returningOwners,
  soldAs,
} from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { packedNumbers } from "../db/packed.ts";
import { HubError } from "../errors.ts";
import { calendarOf, innerRuns, ranksRun, runningPeriod } from "./calendars.ts";
import { directivesAsOf } from "./directive-queries.ts";
import type { EarningsPage } from "./earnings.ts";
import { type CarriedPage, carryOf, paidByRuns, runRanks, volumePages, volumesBefore } from "./gather-queries.ts";
import { gatherMeasures } from "./measured.ts";
import { type NetworkMoment, readPeople, readPeriodPv, readPlaces } from "./people.ts";
import { findRun, type Marks, type Period, readLock } from "./queries.ts";
import { VolumeSums } from "./volume-sums.ts";

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
  readonly lockNo: bigint;
  readonly plan: Plan;
  readonly marks: Marks;
  readonly earnings: readonly EarningsPage[];
  readonly planByHash: (hash: string) => Plan | null;
  /** The run whose paid ranks stand: a refund moves money, not ranks that were paid. */
  readonly ranksOfRun?: bigint | null;
}

/** A plan with a currency computes in it, and so must the close. */
function refuseOtherCurrency(plan: Plan, period: Period): void {
  if (plan.currency === undefined || plan.currency.plan === period.currency) return;
  throw new HubError(
    "unprocessable",
    `Period ${period.name} was opened in ${period.currency}, and the plan in force computes in ${plan.currency.plan}: let the plan's version begin after it.`,
  );
}

export async function gatherInput(tx: Tx, gathering: Gathering): Promise<GatheredInput> {
  const { companyId, period, plan, marks } = gathering;
  refuseOtherCurrency(plan, period);
  const warnings: string[] = [];
  const orders = await gatherOrders(tx, gathering, warnings);
  const calendar = calendarOf(period);
  const ranksOf = ranksOfCalendar(plan, calendar);
  const measures = await gatherMeasures(tx, gathering, warnings);
  const { network: known, standingRank } = await gatherNetwork(tx, gathering, orders, warnings);
  const network = { ...known, ...measures.ofPeople };
  const before = await gatherBefore(tx, gathering, orders);
  const carried = await gatherCarried(tx, gathering);
  const input: CloseInput = {
    plan,
    ...(calendar === undefined ? {} : { calendar }),
    periodId: period.name,
    startsAt: period.startsAt.getTime(),
    endsAt: period.endsAt.getTime(),
    currency: period.currency,
    network,
    orders,
    carried,
    ...(before === undefined ? {} : { before }),
    ...measures.ofInput,
    ...(ranksOf === "last-closed" ? { lastClosed: await gatherLastClosed(tx, gathering, standingRank) } : {}),
    ...(ranksOf === "running" ? { running: { orders: await gatherRunning(tx, gathering, warnings) } } : {}),
  };
  const { ranksOfRun } = gathering;
  if (ranksOfRun === undefined || ranksOfRun === null) return { input, warnings };
  const fixedRanks = new Int16Array(marks.distributors).fill(-1);
  await eachRank(tx, { companyId, runNo: ranksOfRun }, (no, { rank }) => {
    fixedRanks[no] = rank;
  });
  return { input: { ...input, fixedRanks }, warnings };
}

/** Ranks and personal volume as orders see them in the period's last moment. */
async function gatherLastClosed(tx: Tx, gathering: Gathering, rank: Int16Array): Promise<LastClosed> {
  return { rank, pv: await readPeriodPv(tx, momentOf(gathering)), measures: {} };
}

/** The rank calendar's period around this one, until this one's end. */
async function gatherRunning(tx: Tx, gathering: Gathering, warnings: string[]): Promise<CloseOrders> {
  const { periodNo } = await runningPeriod(tx, gathering);
  return gatherOrders(tx, gathering, warnings, { periodNo, placedBefore: gathering.period.endsAt });
}

async function gatherOrders(
  tx: Tx,
  { companyId, period, plan, marks }: Gathering,
  warnings: string[],
  which: { periodNo: number; placedBefore?: Date } = { periodNo: period.periodNo },
): Promise<CloseOrders> {
  const sums = new VolumeSums();
  const upto = { companyId, ...which, upto: marks.volumeUpto };
  for await (const pages of volumePages(tx, upto)) for (const page of pages) sums.add(page);
  const { orders, unknown, foreign } = sums.ordersOf(plan, period.currency);
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
  const { planId, calendar, startsAt } = period;
  const sums = new VolumeSums();
  for (const page of await volumesBefore(tx, { companyId, planId, calendar, startsAt, upto: marks.volumeUpto, distributorNos }))
    sums.add(page);
  return sums.ordersOf(plan, period.currency).orders;
}

/** CV becomes money at the plan's rate, but net of another currency has none: it must not pass for the period's. */
function refuseForeignNet(plan: Plan, period: Period, foreign: ReadonlySet<string>): void {
  const onNet = plan.bonuses.filter((bonus) => isCloseBonus(bonus) && soldAs(bonus) === "net");
  if (foreign.size === 0 || onNet.length === 0) return;
  throw new HubError(
    "unprocessable",
    `Period ${period.name} is closed in ${period.currency} and has orders in ${[...foreign].sort().join(", ")}, but "${onNet[0]?.id}" pays on net at the close. Let it pay on cv, which has a rate for each market.`,
  );
}

/** The network, and everyone's rank by their standing, which orders go by in the period's last moment. */
async function gatherNetwork(
  tx: Tx,
  gathering: Gathering,
  orders: CloseOrders,
  warnings: string[],
): Promise<{ network: CloseNetwork; standingRank: Int16Array }> {
  const { plan, marks } = gathering;
  const count = marks.distributors;
  const ranks = plan.ranks.map((rank) => rank.id);
  const people = await readPeople(tx, momentOf(gathering), { statuses: plan.active.statuses, ranks });
  const sold = new Uint8Array(count);
  for (const no of orders.owner) sold[no] = 1;
  const earning = new Uint8Array(count);
  // Whoever enrolled later takes no part, unless their volume says that the date of enrolment is only that of an import.
  for (let no = 0; no < count; no++)
    earning[no] = (people.enrolled[no] === 1 || sold[no] === 1) && (people.status[no] as number) >= 0 ? 1 : 0;
  const title = people.rank.slice();
  const { recentRanks, graceUsed } = await gatherRanks(tx, gathering, title);
  const network = {
    count,
    ids: people.ids,
    sponsor: people.sponsor,
    earning,
    title,
    recentRanks,
    graceUsed,
    directives: await gatherDirectives(tx, gathering, new Map(ranks.map((id, i) => [id, i]))),
    placements: await gatherPlacements(tx, gathering, warnings),
  };
  return { network, standingRank: people.rank };
}

const momentOf = ({ companyId, period, marks }: Gathering): NetworkMoment => ({
  companyId,
  upto: marks.distributors,
  directoryVersion: marks.directoryVersion,
  endsAt: period.endsAt,
});

/** Ranks of as many closes before as a rank condition looks back at, the latest first; titles only ever rise. */
async function gatherRanks(
  tx: Tx,
  gathering: Gathering,
  title: Int16Array,
): Promise<Pick<CloseNetwork, "recentRanks" | "graceUsed">> {
  const { companyId, plan, marks, planByHash } = gathering;
  const graceUsed = new Uint8Array(marks.distributors);
  const recentRanks: Int16Array[] = [];
  const depth = Math.max(1, ...plan.ranks.map((rank) => rank.requires.heldBefore?.periods ?? 0));
  const judged = ranksOfCalendar(plan, calendarOf(gathering.period)) === "own";
  let runNo = judged ? marks.afterRun : ((await ranksRun(tx, { ...gathering, ...marks }))?.runNo ?? null);
  for (let back = 0; back < depth && runNo !== null; back++) {
    const run = await findRun(tx, { companyId, runNo });
    if (run?.lockNo == null) break;
    const renumber = rankRenumbering(planByHash(run.planHash), plan);
    const ranks = new Int16Array(marks.distributors).fill(-1);
    await eachRank(tx, { companyId, runNo }, (no, left) => {
      ranks[no] = renumber(left.rank);
      if (back > 0) return;
      graceUsed[no] = left.graceUsed;
      title[no] = Math.max(title[no] as number, renumber(left.title));
    });
    recentRanks.push(ranks);
    runNo = (await readLock(tx, { companyId, lockNo: run.lockNo })).afterRun;
  }
  return { recentRanks, graceUsed };
}

type LeftRank = Readonly<Record<"rank" | "title" | "graceUsed", number>>;

async function eachRank(
  tx: Tx,
  run: { companyId: number; runNo: bigint },
  take: (no: number, left: LeftRank) => void,
): Promise<void> {
  for await (const pages of runRanks(tx, run)) {
    for (const page of pages) {
      const ranks = packedNumbers(page.ranks);
      const titles = packedNumbers(page.titles);
      const graceUsed = packedNumbers(page.graceUsed);
      for (const [index, distributorNo] of packedNumbers(page.distributorNos).entries()) {
        const left = { rank: ranks[index] as number, title: titles[index] as number, graceUsed: graceUsed[index] as number };
        take(distributorNo - 1, left);
      }
    }
  }
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

async function gatherPlacements(tx: Tx, gathering: Gathering, warnings: string[]): Promise<Record<string, PlacementColumns>> {
  const placements: Record<string, PlacementColumns> = {};
  for (const tree of placementTrees(gathering.plan, "close")) {
    const { parent, leg, placed } = await readPlaces(tx, momentOf(gathering), tree);
    if (placed === 0) warnings.push(`Nobody is placed in the tree "${tree}" that the plan pays on: see docs/periods.md.`);
    placements[tree] = { parent, leg };
  }
  return placements;
}

async function gatherCarried(tx: Tx, gathering: Gathering): Promise<Carried> {
  const { companyId, plan, marks, earnings } = gathering;
  const carried = new CarriedColumns(marks.distributors);
  if (marks.afterRun !== null)
    for await (const pages of carryOf(tx, { companyId, runNo: marks.afterRun })) for (const page of pages) carried.add(page);
  const known = new Set(plan.bonuses.map((bonus) => bonus.id));
  const ofPlan = <T>(all: Record<string, T>) => Object.fromEntries(Object.entries(all).filter(([id]) => known.has(id)));
  return {
    binary: ofPlan(carried.binary),
    pools: ofPlan(carried.pools),
    completed: ofPlan(carried.completed),
    deficits: ofPlan(carried.deficits),
    rewards: ofPlan(carried.rewards),
    earned: await withInner(tx, gathering, earnedColumns(earnings, marks.distributors)),
  };
}

/** What the run before left, by bonus. */
class CarriedColumns {
  readonly binary: Record<string, { left: Float64Array[]; right: Float64Array[] }> = {};
  readonly pools: Record<string, number> = {};
  readonly completed: Record<string, Uint8Array> = {};
  readonly deficits: Record<string, Float64Array> = {};
  readonly rewards: Record<string, Float64Array[]> = {};
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  add(page: CarriedPage): void {
    const amounts = packedNumbers(page.amounts);
    if (page.kind === "pool") this.pools[page.bonusId] = amounts[0] as number;
    else {
      const column = this.#column(page);
      const completed = page.kind === "completed";
      for (const [index, distributorNo] of packedNumbers(page.distributorNos).entries())
        column[distributorNo - 1] = completed ? 1 : (amounts[index] as number);
    }
  }

  #column({ bonusId, kind, age }: CarriedPage): Float64Array | Uint8Array {
    if (kind === "completed") {
      this.completed[bonusId] ??= new Uint8Array(this.#count);
      return this.completed[bonusId];
    }
    if (kind === "deficit") {
      this.deficits[bonusId] ??= new Float64Array(this.#count);
      return this.deficits[bonusId];
    }
    if (kind === "reward") {
      this.rewards[bonusId] ??= [];
      return this.#aged(this.rewards[bonusId], age);
    }
    this.binary[bonusId] ??= { left: [], right: [] };
    return this.#aged(this.binary[bonusId][kind === "left" ? "left" : "right"], age);
  }

  #aged(columns: Float64Array[], age: number): Float64Array {
    while (columns.length <= age) columns.push(new Float64Array(this.#count));
    return columns[age] as Float64Array;
  }
}

function earnedColumns(pages: readonly EarningsPage[], count: number): Record<string, Float64Array> {
  const earned: Record<string, Float64Array> = {};
  for (const page of pages) {
    const column = new Float64Array(count);
    const amounts = packedNumbers(page.amounts);
    for (const [index, distributorNo] of packedNumbers(page.distributorNos).entries())
      column[distributorNo - 1] = amounts[index] as number;
    earned[page.bonusId] = column;
  }
  return earned;
}

/** Besides what order-time bonuses paid, what closes of shorter calendars that end in the period did. */
async function withInner(
  tx: Tx,
  gathering: Gathering,
  earned: Record<string, Float64Array>,
): Promise<Record<string, Float64Array>> {
  const { companyId, marks } = gathering;
  const runs = await innerRuns(tx, { ...gathering, ...marks });
  if (runs.length === 0) return earned;
  for await (const pages of paidByRuns(tx, { companyId, runNos: runs.map(({ runNo }) => runNo) })) {
    for (const { bonusId, distributorNos, amounts } of pages) {
      earned[bonusId] ??= new Float64Array(marks.distributors);
      const column = earned[bonusId];
      const paid = packedNumbers(amounts);
      for (const [index, distributorNo] of packedNumbers(distributorNos).entries())
        if (distributorNo > 0) column[distributorNo - 1] = (column[distributorNo - 1] as number) + (paid[index] as number);
    }
  }
  return earned;
}

/** The order-time bonuses that a matching bonus of a calendar's close looks at. */
export function matchedOrderBonuses(plan: Plan, calendar: string | undefined): string[] {
  const atOrder = new Set(plan.bonuses.filter((bonus) => !isCloseBonus(bonus)).map((bonus) => bonus.id));
  const ofClose = calendar === undefined ? plan.bonuses : closeOrder(plan, calendar);
  return [...new Set(ofClose.flatMap((bonus) => dependsOn(bonus, plan)))].filter((id) => atOrder.has(id)).sort();
}

import type { Plan } from "@upline/core";
import {
  type Carried,
  type CloseInput,
  type CloseNetwork,
  type CloseOrders,
  closeAsks,
  closeOrder,
  dependsOn,
  isCloseBonus,
  type LastClosed,
  lessOf,
  measureNeeds,
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
import { CarriedColumns } from "./carried-columns.ts";
import { directivesAsOf } from "./directive-queries.ts";
import type { EarningsPage } from "./earnings.ts";
import { carryOf, countUnasked, paidByRuns, runRanks, volumePages, volumesBefore } from "./gather-queries.ts";
import { gatherMeasures } from "./measured.ts";
import type { Members } from "./members.ts";
import { type NetworkMoment, type People, readPeople, readPeriodPv, readPlaces, readStoredMeasures } from "./people.ts";
import { findRun, type Marks, type Period, readLock } from "./queries.ts";
import type { NewVolume } from "./volume-queries.ts";
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

/** Begins a transaction for what it is given, and ends it behind that: one that waited for others would be taken for a lost one. */
export type Beside = <T>(read: (tx: Tx) => Promise<T>) => Promise<T>;

export interface Gathering {
  readonly companyId: number;
  readonly period: Period;
  /** Null: nothing is locked, and what is recorded now counts. */
  readonly lockNo: bigint | null;
  readonly plan: Plan;
  readonly marks: Marks;
  readonly earnings: readonly EarningsPage[];
  /** Volumes that a booking would add now. */
  readonly pending?: readonly NewVolume[];
  /** Whom it is read of. */
  readonly members: Members;
  readonly planByHash: (hash: string) => Plan | null;
  /** The run whose paid ranks stand: a refund moves money, not ranks that were paid. */
  readonly ranksOfRun?: bigint | null;
  /** Reads in another transaction of the company, of which all that the lock's marks fixed is seen: the network, while this one reads volumes. */
  readonly beside?: Beside | undefined;
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
  refuseOtherCurrency(gathering.plan, gathering.period);
  if (gathering.beside === undefined) return gatherWith(tx, gathering, () => gatherTrees(tx, gathering));
  const trees = gathering.beside((tx) => gatherTrees(tx, gathering));
  trees.catch(() => {});
  try {
    return await gatherWith(tx, gathering, () => trees);
  } finally {
    // Whatever failed, nobody is told before both have ended.
    await trees.catch(() => {});
  }
}

async function gatherWith(tx: Tx, gathering: Gathering, treesOf: () => Promise<Trees>): Promise<GatheredInput> {
  const { companyId, period, plan, members } = gathering;
  const warnings: string[] = [];
  const orders = await gatherOrders(tx, gathering, warnings);
  const calendar = calendarOf(period);
  const ranksOf = ranksOfCalendar(plan, calendar);
  const measures = await gatherMeasures(tx, gathering, warnings);
  const trees = await treesOf();
  warnings.push(...trees.warnings);
  const { network: known, standingRank } = await gatherNetwork(tx, gathering, { orders, trees });
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
    ...(ranksOf === "running"
      ? { running: { orders: await gatherRunning(tx, gathering, warnings), ...measures.ofRunning } }
      : {}),
  };
  const { ranksOfRun } = gathering;
  if (ranksOfRun === undefined || ranksOfRun === null) return { input, warnings };
  const fixedRanks = new Int16Array(members.count).fill(-1);
  await eachRank(tx, { companyId, runNo: ranksOfRun, members }, (no, { rank }) => {
    fixedRanks[no] = rank;
  });
  return { input: { ...input, fixedRanks }, warnings };
}

/** Ranks, personal volume and measures as orders see them in the period's last moment. */
async function gatherLastClosed(tx: Tx, gathering: Gathering, rank: Int16Array): Promise<LastClosed> {
  const moment = momentOf(gathering);
  const measures = await readStoredMeasures(tx, moment, measureNeeds(gathering.plan).atOrders);
  return { rank, pv: await readPeriodPv(tx, moment), measures };
}

/** The rank calendar's period around this one, until this one's end. */
async function gatherRunning(tx: Tx, gathering: Gathering, warnings: string[]): Promise<CloseOrders> {
  const { periodNo } = await runningPeriod(tx, gathering);
  return gatherOrders(tx, gathering, warnings, { periodNo, placedBefore: gathering.period.endsAt });
}

async function gatherOrders(
  tx: Tx,
  { companyId, period, plan, marks, members, pending = [] }: Gathering,
  warnings: string[],
  which: { periodNo: number; placedBefore?: Date } = { periodNo: period.periodNo },
): Promise<CloseOrders> {
  const asks = closeAsks(plan);
  const sums = new VolumeSums(members, asks);
  const upto = { companyId, ...which, upto: marks.volumeUpto, asks, members };
  for await (const pages of volumePages(tx, upto)) for (const page of pages) sums.add(page);
  for (const entry of pending)
    if (
      entry.periodNo === which.periodNo &&
      (which.placedBefore === undefined || new Date(entry.effectiveAt) < which.placedBefore)
    )
      sums.addEntry(entry);
  const { orders, unknown, foreign } = sums.ordersOf(plan, period.currency);
  if (unknown.size > 0)
    warnings.push(`Volume of classes the plan does not have counts nowhere: ${[...unknown].sort().join(", ")}.`);
  const unasked = await countUnasked(tx, upto);
  if (unasked > 0)
    warnings.push(
      `${unasked} volumes are of orders under a version of the plan that did not ask for subscriptions, retail prices or what is taken off: they count as others, at net, and with nothing taken off.`,
    );
  refuseForeignNet(plan, period, foreign);
  return orders;
}

/** What earlier periods counted of whoever gives volume back in this one; undefined where nobody does. */
async function gatherBefore(
  tx: Tx,
  { companyId, period, plan, marks, members }: Gathering,
  orders: CloseOrders,
): Promise<CloseOrders | undefined> {
  const distributorNos = [...returningOwners(orders)].map((no) => members.distributorNoOf(no)).sort((a, b) => a - b);
  if (distributorNos.length === 0) return undefined;
  const { planId, calendar, startsAt } = period;
  const asks = closeAsks(plan);
  const sums = new VolumeSums(members, asks);
  const upto = marks.volumeUpto;
  for (const page of await volumesBefore(tx, { companyId, planId, calendar, startsAt, upto, distributorNos, asks }))
    sums.add(page);
  return sums.ordersOf(plan, period.currency).orders;
}

/** CV becomes money at the plan's rate, but net of another currency has none: it must not pass for the period's. */
function refuseForeignNet(plan: Plan, period: Period, foreign: ReadonlySet<string>): void {
  const onMoney = plan.bonuses.find((bonus) => moneyOf(bonus) !== null);
  if (foreign.size === 0 || onMoney === undefined) return;
  throw new HubError(
    "unprocessable",
    `Period ${period.name} is closed in ${period.currency} and has orders in ${[...foreign].sort().join(", ")}, but "${onMoney.id}" pays on ${moneyOf(onMoney)} at the close. Let it pay on cv, which has a rate for each market.`,
  );
}

/** What of the orders' own money a bonus needs at a close; null where it needs none. */
function moneyOf(bonus: Plan["bonuses"][number]): string | null {
  if (!isCloseBonus(bonus)) return null;
  const sold = soldAs(bonus);
  if (sold === "net") return "net";
  if (sold === "retail") return "retail prices";
  return lessOf(bonus).length > 0 ? "what other bonuses left" : null;
}

/** Everyone, and where they stand. */
interface Trees {
  readonly people: People;
  readonly placements: Record<string, PlacementColumns>;
  readonly warnings: readonly string[];
}

async function gatherTrees(tx: Tx, gathering: Gathering): Promise<Trees> {
  const { plan } = gathering;
  const warnings: string[] = [];
  const lists = { statuses: plan.active.statuses, ranks: plan.ranks.map((rank) => rank.id) };
  const people = await readPeople(tx, momentOf(gathering), lists);
  return { people, placements: await gatherPlacements(tx, gathering, warnings), warnings };
}

/** The network, and everyone's rank by their standing, which orders go by in the period's last moment. */
async function gatherNetwork(
  tx: Tx,
  gathering: Gathering,
  { orders, trees }: { orders: CloseOrders; trees: Trees },
): Promise<{ network: CloseNetwork; standingRank: Int16Array }> {
  const { plan, members } = gathering;
  const { people, placements } = trees;
  const { count } = members;
  const ranks = plan.ranks.map((rank) => rank.id);
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
    placements,
  };
  return { network, standingRank: people.rank };
}

const momentOf = ({ companyId, period, marks, members }: Gathering): NetworkMoment => ({
  companyId,
  members,
  directoryVersion: marks.directoryVersion,
  endsAt: period.endsAt,
});

/** Ranks of as many closes before as a rank condition looks back at, the latest first; titles only ever rise. */
async function gatherRanks(
  tx: Tx,
  gathering: Gathering,
  title: Int16Array,
): Promise<Pick<CloseNetwork, "recentRanks" | "graceUsed">> {
  const { companyId, plan, marks, members, planByHash } = gathering;
  const graceUsed = new Uint8Array(members.count);
  const recentRanks: Int16Array[] = [];
  const depth = Math.max(1, ...plan.ranks.map((rank) => rank.requires.heldBefore?.periods ?? 0));
  const judged = ranksOfCalendar(plan, calendarOf(gathering.period)) === "own";
  let runNo = judged ? marks.afterRun : ((await ranksRun(tx, { ...gathering, ...marks }))?.runNo ?? null);
  for (let back = 0; back < depth && runNo !== null; back++) {
    const run = await findRun(tx, { companyId, runNo });
    if (run?.lockNo == null) break;
    const renumber = rankRenumbering(planByHash(run.planHash), plan);
    const ranks = new Int16Array(members.count).fill(-1);
    await eachRank(tx, { companyId, runNo, members }, (no, left) => {
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
  run: { companyId: number; runNo: bigint; members: Members },
  take: (no: number, left: LeftRank) => void,
): Promise<void> {
  for await (const pages of runRanks(tx, run)) {
    for (const page of pages) {
      const ranks = packedNumbers(page.ranks);
      const titles = packedNumbers(page.titles);
      const graceUsed = packedNumbers(page.graceUsed);
      for (const [index, no] of run.members.places(page.distributorNos).entries()) {
        if (no < 0) continue;
        const left = { rank: ranks[index] as number, title: titles[index] as number, graceUsed: graceUsed[index] as number };
        take(no, left);
      }
    }
  }
}

/** A rank's number in this plan from its number in an earlier version, by the rank's id. */
export function rankRenumbering(before: Plan | null, plan: Plan): (rankNo: number) => number {
  const numbers = new Map(plan.ranks.map((rank, i) => [rank.id, i]));
  const known = (before ?? plan).ranks.map((rank) => numbers.get(rank.id) ?? -1);
  return (rankNo) => (rankNo < 0 ? -1 : (known[rankNo] ?? -1));
}

async function gatherDirectives(
  tx: Tx,
  { companyId, period, marks, members }: Gathering,
  rankNos: ReadonlyMap<string, number>,
): Promise<RankDirective[]> {
  const rows = await directivesAsOf(tx, { companyId, upto: marks.directiveUpto, endsAt: period.endsAt });
  return rows.flatMap((row) => {
    const no = members.noOf(row.distributorNo);
    const rankNo = row.rank === null ? -1 : (rankNos.get(row.rank) ?? -1);
    return no < 0 ? [] : [{ no, kind: row.kind, rankNo, until: row.validUntil.getTime() }];
  });
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
  const { companyId, plan, marks, members, earnings } = gathering;
  const carried = new CarriedColumns(members);
  if (marks.afterRun !== null)
    for await (const pages of carryOf(tx, { companyId, runNo: marks.afterRun, members }))
      for (const page of pages) carried.add(page);
  const known = new Set(plan.bonuses.map((bonus) => bonus.id));
  const ofPlan = <T>(all: Record<string, T>) => Object.fromEntries(Object.entries(all).filter(([id]) => known.has(id)));
  return {
    binary: ofPlan(carried.binary),
    pools: ofPlan(carried.pools),
    completed: ofPlan(carried.completed),
    deficits: ofPlan(carried.deficits),
    rewards: ofPlan(carried.rewards),
    earned: await withInner(tx, gathering, earnedColumns(earnings, members)),
  };
}

function earnedColumns(pages: readonly EarningsPage[], members: Members): Record<string, Float64Array> {
  const earned: Record<string, Float64Array> = {};
  for (const page of pages) {
    const column = new Float64Array(members.count);
    const amounts = packedNumbers(page.amounts);
    for (const [index, no] of members.places(page.distributorNos).entries()) if (no >= 0) column[no] = amounts[index] as number;
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
  const { companyId, marks, members } = gathering;
  const runs = await innerRuns(tx, { ...gathering, ...marks });
  if (runs.length === 0) return earned;
  for await (const pages of paidByRuns(tx, { companyId, runNos: runs.map(({ runNo }) => runNo), members })) {
    for (const { bonusId, distributorNos, amounts } of pages) {
      earned[bonusId] ??= new Float64Array(members.count);
      const column = earned[bonusId];
      const paid = packedNumbers(amounts);
      for (const [index, no] of members.places(distributorNos).entries())
        if (no >= 0) column[no] = (column[no] as number) + (paid[index] as number);
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

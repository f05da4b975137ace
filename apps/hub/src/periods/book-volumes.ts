import type { Plan } from "@upline/core";
import { closingCalendars, destinationOf, type OrderFacts, volumeDifferences } from "@upline/core/engine";
import { lockCompany } from "../companies/queries.ts";
import { analyzeFilled } from "../db/analyze.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { readSnapshot } from "../orders/snapshot.ts";
import type { HubParts } from "../parts.ts";
import { type PlanBook, readPlanBook } from "../plans/plan-book.ts";
import type { Members } from "./members.ts";
import { orderFacts, orderVolumes } from "./order-volumes.ts";
import { listPeriods, type Period } from "./queries.ts";
import {
  type BookedVolume,
  findUnbooked,
  findUnbookedOf,
  insertVolumes,
  type NewVolume,
  raiseHeads,
  readBooked,
  type UnbookedOrder,
} from "./volume-queries.ts";

/**
 * Books the volumes of orders to periods, by difference: what an order should stand at, less what is
 * booked for it. An order's own period takes it while that is open; later facts go to the next open
 * period, and refunds of a closed one where its plan's policy says. Safe to repeat.
 */

const BATCH = 1_000;

export interface BookingProgress {
  readonly orders: number;
}

/** Books everything there is to book, inside the caller's transaction, which holds the company's lock. */
export async function bookVolumes(tx: Tx, { companyId }: { companyId: number }): Promise<void> {
  for (const calendar of await bookedCalendars(tx, companyId)) await bookCalendar(tx, { companyId, calendar });
}

/** Each calendar has bookings of its own: what is late in a closed week may be in time for its month. */
async function bookedCalendars(tx: Tx, companyId: number): Promise<string[]> {
  return [...new Set((await listPeriods(tx, companyId)).map(({ calendar }) => calendar))].sort();
}

async function bookCalendar(
  tx: Tx,
  args: { companyId: number; calendar: string; after?: bigint; atMost?: number },
): Promise<{ orders: number; next: bigint | null }> {
  const { companyId, calendar } = args;
  const periods = (await listPeriods(tx, companyId)).filter((period) => period.calendar === calendar);
  if (periods.length === 0) return { orders: 0, next: null };
  const plans = await readPlanBook(tx, companyId);
  const span = spanOf(periods);
  let orders = 0;
  for (let after = args.after ?? 0n; ; ) {
    const found = await findUnbooked(tx, { companyId, calendar, ...span, after, limit: BATCH });
    const booked = Map.groupBy(
      await readBooked(tx, { companyId, calendar, orderNos: found.map((order) => order.orderNo) }),
      (volume) => volume.orderNo,
    );
    const settled = found.flatMap((order) => {
      return settle({ order, calendar, booked: booked.get(order.orderNo) ?? [], periods, plans });
    });
    await insertVolumes(
      tx,
      companyId,
      settled.flatMap((booking) => booking.entries),
    );
    await raiseHeads(
      tx,
      companyId,
      settled.map(({ order }) => ({ ...order, calendar })),
    );
    orders += settled.length;
    if (found.length < BATCH) return { orders, next: null };
    after = found.at(-1)?.orderNo ?? after;
    if (orders >= (args.atMost ?? Number.POSITIVE_INFINITY)) return { orders, next: after };
  }
}

/** The same in short transactions, so that a close finds little left to book. For a time when nobody waits. */
export async function bookPending(
  parts: Pick<HubParts, "db">,
  args: { companyId: number; onProgress?: (progress: BookingProgress) => void },
): Promise<BookingProgress> {
  const { companyId } = args;
  let orders = 0;
  for (const calendar of await asCompany(parts.db, companyId, (tx) => bookedCalendars(tx, companyId))) {
    for (let after: bigint | null = 0n; after !== null; ) {
      const from: bigint = after;
      const done: Awaited<ReturnType<typeof bookCalendar>> = await asCompany(parts.db, companyId, async (tx) => {
        await lockCompany(tx, companyId);
        return bookCalendar(tx, { companyId, calendar, after: from, atMost: BATCH });
      });
      orders += done.orders;
      args.onProgress?.({ orders });
      after = done.next;
    }
  }
  await analyzeFilled(parts.db, companyId);
  return { orders };
}

/** What booking now would add of some distributors' orders; nothing is written. */
export async function pendingVolumes(
  tx: Tx,
  { companyId, members }: { companyId: number; members: Members },
): Promise<NewVolume[]> {
  const pending: NewVolume[] = [];
  const all = await listPeriods(tx, companyId);
  const plans = await readPlanBook(tx, companyId);
  for (const calendar of await bookedCalendars(tx, companyId)) {
    const periods = all.filter((period) => period.calendar === calendar);
    const found = await findUnbookedOf(tx, { companyId, calendar, ...spanOf(periods), distributorNos: members.only ?? [] });
    const orderNos = found.map((order) => order.orderNo);
    const booked = Map.groupBy(await readBooked(tx, { companyId, calendar, orderNos }), (volume) => volume.orderNo);
    for (const order of found)
      for (const { entries } of settle({ order, calendar, booked: booked.get(order.orderNo) ?? [], periods, plans }))
        pending.push(...entries);
  }
  return pending;
}

/** From the first period's beginning to the last one's end. */
function spanOf(periods: readonly Period[]): { from: Date; to: Date } {
  const starts = periods.map((period) => period.startsAt.getTime());
  return { from: new Date(Math.min(...starts)), to: new Date(Math.max(...periods.map((period) => period.endsAt.getTime()))) };
}

interface Booking {
  readonly order: UnbookedOrder;
  readonly calendar: string;
  readonly booked: readonly BookedVolume[];
  readonly periods: readonly Period[];
  readonly plans: PlanBook;
}

/** One order; empty where it has to wait. */
function settle({ order, calendar, booked, periods, plans }: Booking): { order: UnbookedOrder; entries: NewVolume[] }[] {
  const snapshot = readSnapshot(order.snapshot);
  const { planHash } = snapshot.locked;
  const plan = planHash === null ? null : plans.byHash(planHash);
  if (plan === null || !hasCalendar(plan, calendar)) return [{ order, entries: [] }];
  const ofPlan = periods.filter((period) => period.planId === plan.id);
  const facts = plans.asksFacts(plan.id) ? (closedFacts(order, booked, ofPlan) ?? orderFacts(snapshot)) : null;
  const target = order.distributorNo === null ? [] : orderVolumes({ snapshot, plan, distributorNo: order.distributorNo, facts });
  const differences = volumeDifferences(target, booked);
  if (differences.length === 0) return [{ order, entries: [] }];
  const destination = destinationOf({
    placedAt: order.placedAt,
    differences,
    lastPeriodNo: newestPeriodNo(booked),
    policy: plan.refundAfterClose,
    periods: ofPlan,
  });
  if (destination === null) return [];
  const entry = { ...destination, calendar, orderNo: order.orderNo, revision: order.revision, actor: null, reason: null };
  return [{ order, entries: differences.map((volume) => ({ ...volume, ...entry, effectiveAt: snapshot.state.placedAt })) }];
}

/** What a period that is not open any more has counted of an order stays so: only its volume may still change. */
function closedFacts(order: UnbookedOrder, booked: readonly BookedVolume[], periods: readonly Period[]): OrderFacts | null {
  const home = periods.find(({ startsAt, endsAt }) => startsAt <= order.placedAt && order.placedAt < endsAt);
  if (home === undefined || home.state === "open") return null;
  const counted = booked.filter(({ facts }) => facts != null);
  return (counted.find(({ items = 0n }) => items > 0n) ?? counted[0])?.facts ?? null;
}

const hasCalendar = (plan: Plan, calendar: string): boolean =>
  calendar === "" ? plan.calendars === undefined : closingCalendars(plan).includes(calendar);

/** The latest period that any of an order's newest volume went to. */
function newestPeriodNo(booked: readonly BookedVolume[]): number | null {
  return booked.reduce<number | null>(
    (newest, { lastPeriodNo }) => (lastPeriodNo !== null && lastPeriodNo > (newest ?? 0) ? lastPeriodNo : newest),
    null,
  );
}

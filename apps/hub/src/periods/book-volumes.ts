import { destinationOf, type OrderFacts, volumeDifferences } from "@upline/core/engine";
import { lockCompany } from "../companies/queries.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { readSnapshot } from "../orders/snapshot.ts";
import type { HubParts } from "../parts.ts";
import { type PlanBook, readPlanBook } from "../plans/plan-book.ts";
import { orderFacts, orderVolumes } from "./order-volumes.ts";
import { listPeriods, type Period } from "./queries.ts";
import {
  type BookedVolume,
  findUnbooked,
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
export async function bookVolumes(
  tx: Tx,
  args: { companyId: number; after?: bigint; atMost?: number; onProgress?: (progress: BookingProgress) => void },
): Promise<{ orders: number; entries: number; next: bigint | null }> {
  const { companyId } = args;
  const periods = await listPeriods(tx, companyId);
  const [first] = periods;
  if (first === undefined) return { orders: 0, entries: 0, next: null };
  const plans = await readPlanBook(tx, companyId);
  const span = { from: first.startsAt, to: new Date(Math.max(...periods.map((period) => period.endsAt.getTime()))) };
  let orders = 0;
  let entries = 0;
  for (let after = args.after ?? 0n; ; ) {
    const found = await findUnbooked(tx, { companyId, ...span, after, limit: BATCH });
    const booked = Map.groupBy(
      await readBooked(tx, { companyId, orderNos: found.map((order) => order.orderNo) }),
      (volume) => volume.orderNo,
    );
    const settled = found.flatMap((order) => settle({ order, booked: booked.get(order.orderNo) ?? [], periods, plans }));
    await insertVolumes(
      tx,
      companyId,
      settled.flatMap((booking) => booking.entries),
    );
    await raiseHeads(
      tx,
      companyId,
      settled.map((booking) => booking.order),
    );
    orders += settled.length;
    entries += settled.reduce((sum, booking) => sum + booking.entries.length, 0);
    args.onProgress?.({ orders });
    if (found.length < BATCH) return { orders, entries, next: null };
    after = found.at(-1)?.orderNo ?? after;
    if (orders >= (args.atMost ?? Number.POSITIVE_INFINITY)) return { orders, entries, next: after };
  }
}

/** The same in short transactions, so that a close finds little left to book. For a time when nobody waits. */
export async function bookPending(
  parts: Pick<HubParts, "db">,
  args: { companyId: number; onProgress?: (progress: BookingProgress) => void },
): Promise<BookingProgress> {
  const { companyId } = args;
  let orders = 0;
  for (let after: bigint | null = 0n; after !== null; ) {
    const from: bigint = after;
    const done: Awaited<ReturnType<typeof bookVolumes>> = await asCompany(parts.db, companyId, async (tx) => {
      await lockCompany(tx, companyId);
      return bookVolumes(tx, { companyId, after: from, atMost: BATCH });
    });
    orders += done.orders;
    args.onProgress?.({ orders });
    after = done.next;
  }
  return { orders };
}

interface Booking {
  readonly order: UnbookedOrder;
  readonly booked: readonly BookedVolume[];
  readonly periods: readonly Period[];
  readonly plans: PlanBook;
}

/** One order; empty where it has to wait. */
function settle({ order, booked, periods, plans }: Booking): { order: UnbookedOrder; entries: NewVolume[] }[] {
  const snapshot = readSnapshot(order.snapshot);
  const { planHash } = snapshot.locked;
  const plan = planHash === null ? null : plans.byHash(planHash);
  if (plan === null) return [{ order, entries: [] }];
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
  const entry = { ...destination, orderNo: order.orderNo, revision: order.revision, actor: null, reason: null };
  return [{ order, entries: differences.map((volume) => ({ ...volume, ...entry, effectiveAt: snapshot.state.placedAt })) }];
}

/** What a period that is not open any more has counted of an order stays so: only its volume may still change. */
function closedFacts(order: UnbookedOrder, booked: readonly BookedVolume[], periods: readonly Period[]): OrderFacts | null {
  const home = periods.find(({ startsAt, endsAt }) => startsAt <= order.placedAt && order.placedAt < endsAt);
  if (home === undefined || home.state === "open") return null;
  const counted = booked.filter(({ facts }) => facts != null);
  return (counted.find(({ items = 0n }) => items > 0n) ?? counted[0])?.facts ?? null;
}

/** The latest period that any of an order's newest volume went to. */
function newestPeriodNo(booked: readonly BookedVolume[]): number | null {
  return booked.reduce<number | null>(
    (newest, { lastPeriodNo }) => (lastPeriodNo !== null && lastPeriodNo > (newest ?? 0) ? lastPeriodNo : newest),
    null,
  );
}

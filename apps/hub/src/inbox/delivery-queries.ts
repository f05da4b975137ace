import { and, desc, eq, gte, notExists, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { Tx } from "../db/connect.ts";
import { before, given, query } from "../db/query.ts";
import { inbox, inboxFloor, inboxGroups, inboxOutcomes, inboxRetries, type Outcome } from "../db/schema/inbox.ts";
import { stores } from "../db/schema/stores.ts";
import { bodyOf, groupOfDelivery, salt } from "./queries.ts";

/** Reads of the inbox for people: what came, from which store, and what became of it. */

const shown = {
  deliveryId: inbox.deliveryId,
  storeId: inbox.storeId,
  platform: stores.platform,
  topic: inbox.topic,
  platformDeliveryId: inbox.platformDeliveryId,
  sizeBytes: sql<number>`coalesce(${inbox.packedFrom}, octet_length(${inbox.sealed}) - 16, octet_length(${inbox.body}))`,
  receivedAt: inbox.receivedAt,
  outcome: inboxOutcomes.outcome,
  detail: inboxOutcomes.detail,
  orderNo: inboxOutcomes.orderNo,
  processedAt: inboxOutcomes.processedAt,
  attempts: sql<number>`coalesce(${inboxRetries.attempts}, 0)`,
  nextAttemptAt: inboxRetries.nextAttemptAt,
  error: inboxRetries.error,
};

export interface DeliveryFilter {
  readonly storeId?: string | undefined;
  /** `waiting` is one without an outcome yet. */
  readonly outcome?: Outcome | "waiting" | undefined;
  readonly orderNo?: bigint | undefined;
  readonly since?: Date | undefined;
}

type Asked = DeliveryFilter & { companyId: number; before?: bigint | undefined; limit: number };

export type DeliverySummary = Awaited<ReturnType<typeof listDeliveries>>[number];

/** The page's numbers first, each filter by an index of its own, and only of those everything that is shown. */
export function listDeliveries(tx: Tx, args: Asked) {
  const page = numbersOfPage(tx, args).as("page");
  return query(tx)
    .select(shown)
    .from(page)
    .innerJoin(inbox, eq(inbox.deliveryId, page.deliveryId))
    .innerJoin(stores, and(eq(stores.companyId, inbox.companyId), eq(stores.storeId, inbox.storeId)))
    .leftJoin(inboxOutcomes, eq(inboxOutcomes.deliveryId, inbox.deliveryId))
    .leftJoin(inboxRetries, eq(inboxRetries.deliveryId, inbox.deliveryId))
    .orderBy(desc(page.deliveryId))
    .limit(args.limit);
}

function numbersOfPage(tx: Tx, args: Asked) {
  const { companyId, outcome, orderNo, since } = args;
  const received = and(
    eq(inbox.companyId, companyId),
    given(inbox.storeId, args.storeId),
    since && gte(inbox.receivedAt, since),
    before(inbox.deliveryId, args.before),
  );
  if (outcome === "waiting") return orderNo === undefined ? waitingNumbers(tx, args, received) : nothing(tx);
  if (outcome === undefined && orderNo === undefined)
    return query(tx)
      .select({ deliveryId: inbox.deliveryId })
      .from(inbox)
      .where(received)
      .orderBy(desc(inbox.deliveryId))
      .limit(args.limit);
  return query(tx)
    .select({ deliveryId: inboxOutcomes.deliveryId })
    .from(inboxOutcomes)
    .innerJoin(inbox, eq(inbox.deliveryId, inboxOutcomes.deliveryId))
    .where(
      and(
        eq(inboxOutcomes.companyId, companyId),
        given(inboxOutcomes.outcome, outcome),
        given(inboxOutcomes.orderNo, orderNo),
        before(inboxOutcomes.deliveryId, args.before),
        received,
      ),
    )
    .orderBy(desc(inboxOutcomes.deliveryId))
    .limit(args.limit);
}

/** Without an outcome: above the floor, below which all are done but those that wait for an attempt of their own. */
function waitingNumbers(tx: Tx, { companyId, limit }: Asked, received: SQL | undefined) {
  const floor = query(tx).select({ deliveryId: inboxFloor.deliveryId }).from(inboxFloor);
  const { deliveryId } = inboxOutcomes;
  const done = query(tx).select({ deliveryId }).from(inboxOutcomes).where(eq(deliveryId, inbox.deliveryId));
  const waiting = and(received, notExists(done));
  const numbers = query(tx).select({ deliveryId: inbox.deliveryId }).from(inbox);
  const above = numbers
    .where(and(waiting, sql`${inbox.deliveryId} > ${floor}`))
    .orderBy(desc(inbox.deliveryId))
    .limit(limit);
  const below = query(tx)
    .select({ deliveryId: inbox.deliveryId })
    .from(inboxRetries)
    .innerJoin(inbox, eq(inbox.deliveryId, inboxRetries.deliveryId))
    .where(and(waiting, eq(inboxRetries.companyId, companyId), sql`${inbox.deliveryId} <= ${floor}`))
    .orderBy(desc(inbox.deliveryId))
    .limit(limit);
  const both = unionAll(above, below).as("both");
  return query(tx).select({ deliveryId: both.deliveryId }).from(both).orderBy(desc(both.deliveryId)).limit(limit);
}

/** What waits is of no order yet. */
function nothing(tx: Tx) {
  return query(tx).select({ deliveryId: inbox.deliveryId }).from(inbox).where(sql`false`);
}

export async function findDeliverySummary(tx: Tx, args: { companyId: number; deliveryId: bigint }) {
  const [row] = await query(tx)
    .select({ ...shown, encoding: inbox.encoding, body: inbox.body, sealed: inbox.sealed, packedFrom: inbox.packedFrom, salt })
    .from(inbox)
    .leftJoin(inboxGroups, groupOfDelivery)
    .innerJoin(stores, and(eq(stores.companyId, inbox.companyId), eq(stores.storeId, inbox.storeId)))
    .leftJoin(inboxOutcomes, eq(inboxOutcomes.deliveryId, inbox.deliveryId))
    .leftJoin(inboxRetries, eq(inboxRetries.deliveryId, inbox.deliveryId))
    .where(and(eq(inbox.companyId, args.companyId), eq(inbox.deliveryId, args.deliveryId)));
  if (row === undefined) return null;
  const { body, sealed, packedFrom, salt: saltOfBody, ...summary } = row;
  return { ...summary, body: bodyOf({ body, sealed, packedFrom, salt: saltOfBody }) };
}

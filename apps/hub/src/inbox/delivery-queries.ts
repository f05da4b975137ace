import { and, desc, eq, gte, isNull, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { before, given, query } from "../db/query.ts";
import { inbox, inboxGroups, inboxOutcomes, inboxRetries, type Outcome } from "../db/schema/inbox.ts";
import { stores } from "../db/schema/stores.ts";
import { bodyOf, groupOfDelivery, salt } from "./queries.ts";

/** Reads of the inbox for people: what came, from which store, and what became of it. */

const shown = {
  deliveryId: inbox.deliveryId,
  storeId: inbox.storeId,
  platform: stores.platform,
  topic: inbox.topic,
  platformDeliveryId: inbox.platformDeliveryId,
  sizeBytes: sql<number>`coalesce(octet_length(${inbox.sealed}) - 16, octet_length(${inbox.body}))`,
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

export type DeliverySummary = Awaited<ReturnType<typeof listDeliveries>>[number];

export function listDeliveries(tx: Tx, args: DeliveryFilter & { companyId: number; before?: bigint | undefined; limit: number }) {
  const { outcome, since } = args;
  return query(tx)
    .select(shown)
    .from(inbox)
    .innerJoin(stores, and(eq(stores.companyId, inbox.companyId), eq(stores.storeId, inbox.storeId)))
    .leftJoin(inboxOutcomes, eq(inboxOutcomes.deliveryId, inbox.deliveryId))
    .leftJoin(inboxRetries, eq(inboxRetries.deliveryId, inbox.deliveryId))
    .where(
      and(
        eq(inbox.companyId, args.companyId),
        given(inbox.storeId, args.storeId),
        outcome === "waiting" ? isNull(inboxOutcomes.outcome) : given(inboxOutcomes.outcome, outcome),
        given(inboxOutcomes.orderNo, args.orderNo),
        since && gte(inbox.receivedAt, since),
        before(inbox.deliveryId, args.before),
      ),
    )
    .orderBy(desc(inbox.deliveryId))
    .limit(args.limit);
}

export async function findDeliverySummary(tx: Tx, args: { companyId: number; deliveryId: bigint }) {
  const [row] = await query(tx)
    .select({ ...shown, encoding: inbox.encoding, body: inbox.body, sealed: inbox.sealed, salt })
    .from(inbox)
    .leftJoin(inboxGroups, groupOfDelivery)
    .innerJoin(stores, and(eq(stores.companyId, inbox.companyId), eq(stores.storeId, inbox.storeId)))
    .leftJoin(inboxOutcomes, eq(inboxOutcomes.deliveryId, inbox.deliveryId))
    .leftJoin(inboxRetries, eq(inboxRetries.deliveryId, inbox.deliveryId))
    .where(and(eq(inbox.companyId, args.companyId), eq(inbox.deliveryId, args.deliveryId)));
  if (row === undefined) return null;
  const { body, sealed, salt: saltOfBody, ...summary } = row;
  return { ...summary, body: bodyOf({ body, sealed, salt: saltOfBody }) };
}

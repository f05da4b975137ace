import { and, asc, desc, eq, lt, lte, sql } from "drizzle-orm";
import type { Database, Tx } from "./database.ts";
import { type DeliveryRow, deliveries } from "./schema.ts";

export type NewDelivery = Pick<DeliveryRow, "shop" | "topic" | "webhookId" | "triggeredAt"> &
  (
    | {
        readonly outcome: "waiting";
        readonly address: NonNullable<DeliveryRow["address"]>;
        readonly body: NonNullable<DeliveryRow["body"]>;
      }
    | { readonly outcome: "nothing"; readonly said?: string }
  );

/** Keeps what came, once; false for a repeat, which Shopify sends by the same id. */
export async function keepDelivery(db: Database | Tx, delivery: NewDelivery): Promise<boolean> {
  const kept = await db.insert(deliveries).values(delivery).onConflictDoNothing().returning({ no: deliveries.deliveryNo });
  return kept.length > 0;
}

export function lastDeliveries(db: Database, shop: string, limit: number): Promise<DeliveryRow[]> {
  return db.select().from(deliveries).where(eq(deliveries.shop, shop)).orderBy(desc(deliveries.deliveryNo)).limit(limit);
}

/** What is due, the oldest first, kept from other processes until the transaction ends. */
export function takeDue(tx: Tx, { now, limit }: { now: Date; limit: number }): Promise<DeliveryRow[]> {
  return tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.outcome, "waiting"), lte(deliveries.nextAttemptAt, now)))
    .orderBy(asc(deliveries.nextAttemptAt))
    .limit(limit)
    .for("update", { skipLocked: true });
}

export async function settle(
  tx: Tx,
  deliveryNo: number,
  change: Partial<Pick<DeliveryRow, "outcome" | "body" | "said" | "nextAttemptAt">>,
): Promise<void> {
  await tx
    .update(deliveries)
    .set({ ...change, attempts: sql`${deliveries.attempts} + 1` })
    .where(eq(deliveries.deliveryNo, deliveryNo));
}

/** What was settled longer ago than this is forgotten: it is for looking at, and nothing hangs on it. */
export async function forgetSettled(db: Database, before: Date): Promise<void> {
  await db.delete(deliveries).where(and(sql`${deliveries.outcome} <> 'waiting'`, lt(deliveries.receivedAt, before)));
}

import type { StoreSettings } from "@upline/core";
import { and, asc, eq, gt } from "drizzle-orm";
import type { Sql, Tx } from "../db/connect.ts";
import { type Listed, listed, query } from "../db/query.ts";
import { type Delivery, type InboxOutcome, type InboxRetry, inbox, inboxOutcomes } from "../db/schema/inbox.ts";
import { type Store, stores } from "../db/schema/stores.ts";
import { storeSettings } from "../stores/queries.ts";

/** A verified delivery on its way into the inbox. */
export type NewDelivery = Omit<Delivery, "deliveryId" | "receivedAt">;
/** What the inbox gave it. */
export type Receipt = Pick<Delivery, "deliveryId" | "receivedAt">;

/** A delivery that waits to be processed. */
export type PendingDelivery = Omit<Delivery, "platformDeliveryId"> &
  Pick<Store, "platform"> &
  Pick<InboxRetry, "attempts"> & { readonly settings: StoreSettings };

export type DeliveryOutcome = Pick<InboxOutcome, "deliveryId" | "outcome" | "orderNo" | "detail">;

const receipt = { deliveryId: inbox.deliveryId, receivedAt: inbox.receivedAt };

/** The statement for n rows is always the same text, so that it is prepared once per connection. */
const statements: string[] = [];

function insertStatement(rows: number): string {
  statements[rows] ??= `insert into inbox (company_id, store_id, topic, platform_delivery_id, encoding, body) values ${Array.from(
    { length: rows },
    (_, row) => `($${row * 6 + 1}, $${row * 6 + 2}, $${row * 6 + 3}, $${row * 6 + 4}, $${row * 6 + 5}, $${row * 6 + 6})`,
  ).join(",")} returning delivery_id as "deliveryId", received_at as "receivedAt"`;
  return statements[rows];
}

/** Commits a group of deliveries; ids and times come back in the order given. */
export async function insertDeliveries(gate: Sql, deliveries: readonly NewDelivery[]): Promise<Receipt[]> {
  const values = deliveries.flatMap(({ companyId, storeId, topic, platformDeliveryId, encoding, body }) => [
    companyId,
    storeId,
    topic,
    platformDeliveryId,
    encoding,
    body,
  ]);
  return gate.unsafe<Listed<typeof receipt>[]>(insertStatement(deliveries.length), values, { prepare: true });
}

const stored = {
  companyId: inbox.companyId,
  deliveryId: inbox.deliveryId,
  storeId: inbox.storeId,
  platform: stores.platform,
  settings: stores.settings,
  topic: inbox.topic,
  encoding: inbox.encoding,
  body: inbox.body,
  receivedAt: inbox.receivedAt,
};

/** Deliveries by their numbers, with what reading them takes; the oldest first. Of a company, or at the gate of any. */
export async function readDeliveries(
  tx: Sql | Tx,
  args: { companyId?: number; deliveryIds: readonly bigint[] },
): Promise<PendingDelivery[]> {
  const rows = await tx<(Listed<typeof stored> & Pick<InboxRetry, "attempts">)[]>`
    select ${listed(tx, stored)}, coalesce(inbox_retries.attempts, 0) as attempts
      from unnest(${args.deliveryIds.map(String)}::bigint[]) as wanted (delivery_id)
     cross join lateral (select * from inbox where delivery_id = wanted.delivery_id offset 0) inbox
      join stores on stores.company_id = inbox.company_id and stores.store_id = inbox.store_id
      left join inbox_retries on inbox_retries.delivery_id = inbox.delivery_id
     ${args.companyId === undefined ? tx`` : tx`where inbox.company_id = ${args.companyId}`}
     order by inbox.delivery_id`;
  return rows.map((row) => ({ ...row, settings: storeSettings(row.settings) }));
}

/** Which of these deliveries already have an outcome: another worker was faster. */
export async function findProcessed(tx: Tx, args: { companyId: number; deliveryIds: readonly bigint[] }): Promise<Set<bigint>> {
  const shown = { deliveryId: inboxOutcomes.deliveryId };
  const rows = await tx<Listed<typeof shown>[]>`
    select ${listed(tx, shown)} from inbox_outcomes
     where company_id = ${args.companyId} and delivery_id = any(${args.deliveryIds.map(String)}::bigint[])`;
  return new Set(rows.map((row) => row.deliveryId));
}

/** Marks deliveries as done, in the transaction of their effect. A second mark violates the key and undoes that transaction. */
export async function insertOutcomes(tx: Tx | Sql, companyId: number, outcomes: readonly DeliveryOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await tx`
    insert into inbox_outcomes (company_id, delivery_id, outcome, order_no, detail)
    select ${companyId}, * from unnest(
      ${outcomes.map(({ deliveryId }) => String(deliveryId))}::bigint[], ${outcomes.map(({ outcome }) => outcome)}::text[],
      ${outcomes.map(({ orderNo }) => (orderNo === null ? null : String(orderNo)))}::bigint[], ${outcomes.map(({ detail }) => detail)}::text[])`;
}

/** Notes a failed attempt and when the next one is due; with no delay, that a delivery is to be processed again. */
export async function scheduleRetry(
  gate: Sql | Tx,
  args: Omit<InboxRetry, "nextAttemptAt"> & { readonly delayMs: number },
): Promise<void> {
  await gate`
    insert into inbox_retries (company_id, delivery_id, attempts, next_attempt_at, error)
    values (${args.companyId}, ${args.deliveryId}, ${args.attempts}, now() + make_interval(secs => ${args.delayMs / 1000}), ${args.error})
    on conflict (delivery_id) do update
      set attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at, error = excluded.error`;
}

/** Forgets that a delivery was processed, so that it is processed again: an operator's replay. */
export async function forgetOutcome(tx: Tx, args: { companyId: number; deliveryId: bigint }): Promise<void> {
  await tx`delete from inbox_outcomes where company_id = ${args.companyId} and delivery_id = ${args.deliveryId}`;
  await tx`delete from inbox_retries where company_id = ${args.companyId} and delivery_id = ${args.deliveryId}`;
}

/** Dead letters in the order they came, after one of them. */
export async function listDead(tx: Tx, args: { companyId: number; after: bigint; limit: number }): Promise<bigint[]> {
  const rows = await query(tx)
    .select({ deliveryId: inboxOutcomes.deliveryId })
    .from(inboxOutcomes)
    .where(
      and(
        eq(inboxOutcomes.companyId, args.companyId),
        eq(inboxOutcomes.outcome, "dead"),
        gt(inboxOutcomes.deliveryId, args.after),
      ),
    )
    .orderBy(asc(inboxOutcomes.deliveryId))
    .limit(args.limit);
  return rows.map((row) => row.deliveryId);
}

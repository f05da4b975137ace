import type { StoreSettings } from "@upline/core";
import { and, asc, eq, gt } from "drizzle-orm";
import type { Database, Sql, Tx } from "../db/connect.ts";
import { type Listed, listed, query } from "../db/query.ts";
import {
  type BodyKey,
  bodyKeys,
  type Delivery,
  type InboxOutcome,
  type InboxRetry,
  inbox,
  inboxOutcomes,
} from "../db/schema/inbox.ts";
import { type Store, stores } from "../db/schema/stores.ts";
import type { SecretBox } from "../secret-box.ts";
import { storeSettings } from "../stores/settings.ts";

/** A verified delivery on its way into the inbox; its body as text, or in base64 where it is none. */
export type NewDelivery = Omit<Delivery, "deliveryId" | "receivedAt" | "body" | "sealed"> & { readonly body: string };
/** What the inbox gave it. */
export type Receipt = Pick<Delivery, "deliveryId" | "receivedAt">;

/** A body as it lies in the inbox; a string where it just came, or is from before bodies were sealed; null where it was erased. */
export type StoredBody = string | { readonly salt: Buffer; readonly sealed: Buffer } | null;

/** A delivery that waits to be processed. */
export type PendingDelivery = Omit<Delivery, "platformDeliveryId" | "body" | "sealed"> &
  Pick<Store, "platform"> &
  Pick<InboxRetry, "attempts"> & { readonly settings: StoreSettings; readonly body: StoredBody };

export type DeliveryOutcome = Pick<InboxOutcome, "deliveryId" | "outcome" | "orderNo" | "detail">;

const receipt = { deliveryId: inbox.deliveryId, receivedAt: inbox.receivedAt };

/** The statement for n rows is always the same text, so that it is prepared once per connection. */
const statements: string[] = [];

function insertStatement(rows: number): string {
  statements[rows] ??= `
    with kept as (
      insert into inbox (company_id, store_id, topic, platform_delivery_id, encoding, sealed) values ${Array.from(
        { length: rows },
        (_, row) => `($${row * 6 + 2}, $${row * 6 + 3}, $${row * 6 + 4}, $${row * 6 + 5}, $${row * 6 + 6}, $${row * 6 + 7})`,
      ).join(",")} returning company_id, delivery_id, received_at),
    numbered as (select *, row_number() over (order by delivery_id)::int as n from kept),
    keyed as (insert into body_keys (company_id, delivery_id, salt) select company_id, delivery_id, substr($1::bytea, n * 16 - 15, 16) from numbered)
    select delivery_id as "deliveryId", received_at as "receivedAt" from numbered order by n`;
  return statements[rows];
}

/** Commits a group of deliveries, each body sealed under a key of its own; ids and times come back in the order given. */
export async function insertDeliveries(
  { db, box }: { readonly db: Pick<Database, "gate">; readonly box: SecretBox },
  deliveries: readonly NewDelivery[],
): Promise<Receipt[]> {
  const salts: Buffer[] = [];
  const values = deliveries.flatMap(({ companyId, storeId, topic, platformDeliveryId, encoding, body }) => {
    const { salt, sealed } = box.sealBody(Buffer.from(body, encoding));
    salts.push(salt);
    return [companyId, storeId, topic, platformDeliveryId, encoding, sealed];
  });
  return db.gate.unsafe<Listed<typeof receipt>[]>(insertStatement(deliveries.length), [Buffer.concat(salts), ...values], {
    prepare: true,
  });
}

/** The body as it was received, in its encoding; null where it was erased. */
export function openBody(box: SecretBox, { body, encoding }: Pick<PendingDelivery, "body" | "encoding">): string | null {
  return body === null || typeof body === "string" ? body : box.openBody(body).toString(encoding);
}

/** About as many characters as it takes in memory. */
export function lengthOf(body: StoredBody): number {
  return typeof body === "string" ? body.length : (body?.sealed.length ?? 0);
}

/** Of the three columns that a body is kept in. */
export function bodyOf({ body, sealed, salt }: Pick<Delivery, "body" | "sealed"> & { readonly salt: Buffer | null }): StoredBody {
  if (body !== null) return body;
  return sealed === null || salt === null ? null : { salt, sealed };
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
  sealed: inbox.sealed,
  salt: bodyKeys.salt,
  receivedAt: inbox.receivedAt,
};

/** Deliveries by their numbers, with what reading them takes; the oldest first. Of a company, or at the gate of any. */
export async function readDeliveries(
  tx: Sql | Tx,
  args: { companyId?: number; deliveryIds: readonly bigint[] },
): Promise<PendingDelivery[]> {
  const rows = await tx<
    (Omit<Listed<typeof stored>, "salt"> & { salt: BodyKey["salt"] | null } & Pick<InboxRetry, "attempts">)[]
  >`
    select ${listed(tx, stored)}, coalesce(inbox_retries.attempts, 0) as attempts
      from unnest(${args.deliveryIds.map(String)}::bigint[]) as wanted (delivery_id)
     cross join lateral (select * from inbox where delivery_id = wanted.delivery_id offset 0) inbox
      join stores on stores.company_id = inbox.company_id and stores.store_id = inbox.store_id
      left join inbox_retries on inbox_retries.delivery_id = inbox.delivery_id
      left join body_keys on body_keys.company_id = inbox.company_id and body_keys.delivery_id = inbox.delivery_id
     ${args.companyId === undefined ? tx`` : tx`where inbox.company_id = ${args.companyId}`}
     order by inbox.delivery_id`;
  return rows.map(({ sealed, salt, ...row }) => ({
    ...row,
    body: bodyOf({ body: row.body, sealed, salt }),
    settings: storeSettings(row.settings),
  }));
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

/** Dead letters that can still be read, in the order they came, after one of them. */
export async function listDead(tx: Tx, args: { companyId: number; after: bigint; limit: number }): Promise<bigint[]> {
  const rows = await query(tx)
    .select({ deliveryId: inboxOutcomes.deliveryId })
    .from(inboxOutcomes)
    .innerJoin(bodyKeys, and(eq(bodyKeys.companyId, inboxOutcomes.companyId), eq(bodyKeys.deliveryId, inboxOutcomes.deliveryId)))
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

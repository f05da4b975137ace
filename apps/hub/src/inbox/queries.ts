import type { StoreSettings } from "@upline/core";
import { and, asc, eq, gt, isNotNull, sql } from "drizzle-orm";
import type { Sql, Tx } from "../db/connect.ts";
import { embedded, type Listed, listed, query } from "../db/query.ts";
import { bigints, texts } from "../db/row-arrays.ts";
import {
  type Delivery,
  type InboxGroup,
  type InboxOutcome,
  type InboxRetry,
  inbox,
  inboxGroups,
  inboxOutcomes,
} from "../db/schema/inbox.ts";
import { type Store, stores } from "../db/schema/stores.ts";
import type { Write } from "../db/together.ts";
import type { SecretBox } from "../secret-box.ts";
import { storeSettings } from "../stores/settings.ts";
import { unpack } from "./packing.ts";

/** A body as it lies in the inbox; a string where it just came, or is from before bodies were sealed; null where it was erased. */
export type StoredBody = string | (Pick<Delivery, "packedFrom"> & { readonly salt: Buffer; readonly sealed: Buffer }) | null;

/** A delivery that waits to be processed. */
export type PendingDelivery = Omit<Delivery, "platformDeliveryId" | "body" | "sealed" | "packedFrom" | "groupNo"> &
  Pick<Store, "platform"> &
  Pick<InboxRetry, "attempts"> & { readonly settings: StoreSettings; readonly body: StoredBody };

export type DeliveryOutcome = Pick<InboxOutcome, "deliveryId" | "outcome" | "orderNo" | "detail">;

/** The body as it was received, in its encoding; null where it was erased. */
export function openBody(box: SecretBox, { body, encoding }: Pick<PendingDelivery, "body" | "encoding">): string | null {
  return body === null || typeof body === "string" ? body : unpack(box.openBody(body), body.packedFrom).toString(encoding);
}

/** About as many characters as it takes in memory. */
export function lengthOf(body: StoredBody): number {
  return typeof body === "string" ? body.length : (body?.packedFrom ?? body?.sealed.length ?? 0);
}

/** What makes the key of a delivery's body; null where it is erased. */
export type Salted = Readonly<Record<"salt", InboxGroup["salts"]>>;

/** The group that a delivery was committed with. A CASE: under row-level security an index is not asked for what stands in a COALESCE. */
export const groupOfDelivery = sql`${inboxGroups.companyId} = ${inbox.companyId} and ${inboxGroups.groupNo}
  = case when ${inbox.groupNo} is null then ${inbox.deliveryId} else ${inbox.groupNo} end`;
export const salt = sql<Salted["salt"]>`salt_in(${inboxGroups.deliveryIds}, ${inboxGroups.salts}, ${inbox.deliveryId})`;

/** Of the columns that a body is kept in. */
export function bodyOf({
  body,
  sealed,
  packedFrom,
  salt,
}: Pick<Delivery, "body" | "sealed" | "packedFrom"> & Salted): StoredBody {
  if (body !== null) return body;
  return sealed === null || salt === null ? null : { salt, sealed, packedFrom };
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
  packedFrom: inbox.packedFrom,
  receivedAt: inbox.receivedAt,
};

/** Deliveries by their numbers, with what reading them takes; the oldest first. Of a company, or at the gate of any. */
export async function readDeliveries(
  tx: Sql | Tx,
  args: { companyId?: number; deliveryIds: readonly bigint[] },
): Promise<PendingDelivery[]> {
  const rows = await tx<(Listed<typeof stored> & Salted & Pick<InboxRetry, "attempts">)[]>`
    select ${listed(tx, stored)}, ${embedded(tx, salt)} as salt, coalesce(inbox_retries.attempts, 0) as attempts
      from unnest(${args.deliveryIds.map(String)}::bigint[]) as wanted (delivery_id)
     cross join lateral (select * from inbox where delivery_id = wanted.delivery_id offset 0) inbox
      join stores on stores.company_id = inbox.company_id and stores.store_id = inbox.store_id
      left join inbox_retries on inbox_retries.delivery_id = inbox.delivery_id
      left join inbox_groups on ${embedded(tx, groupOfDelivery)}
     ${args.companyId === undefined ? tx`` : tx`where inbox.company_id = ${args.companyId}`}
     order by inbox.delivery_id`;
  return rows.map(({ sealed, packedFrom, salt, ...row }) => ({
    ...row,
    body: bodyOf({ body: row.body, sealed, packedFrom, salt }),
    settings: storeSettings(row.settings),
  }));
}

/** Which of these deliveries already have an outcome: another worker was faster. */
export async function findProcessed(tx: Tx, args: { companyId: number; deliveryIds: readonly bigint[] }): Promise<Set<bigint>> {
  const shown = { deliveryId: inboxOutcomes.deliveryId };
  const rows = await tx<Listed<typeof shown>[]>`
    select ${listed(tx, shown)} from inbox_outcomes
     where company_id = ${args.companyId} and delivery_id = any(${bigints(tx, args.deliveryIds, (id) => id)})`;
  return new Set(rows.map((row) => row.deliveryId));
}

/** Marks deliveries as done, in the transaction of their effect. A second mark violates the key and undoes that transaction. */
export function insertOutcomes(tx: Tx | Sql, companyId: number, outcomes: readonly DeliveryOutcome[]): Write | null {
  if (outcomes.length === 0) return null;
  return tx`
    insert into inbox_outcomes (company_id, delivery_id, outcome, order_no, detail)
    select ${companyId}, * from unnest(
      ${bigints(tx, outcomes, ({ deliveryId }) => deliveryId)}, ${texts(tx, outcomes, ({ outcome }) => outcome)},
      ${bigints(tx, outcomes, ({ orderNo }) => orderNo)}, ${texts(tx, outcomes, ({ detail }) => detail)})`;
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
    .innerJoin(inbox, eq(inbox.deliveryId, inboxOutcomes.deliveryId))
    .innerJoin(inboxGroups, groupOfDelivery)
    .where(
      and(
        eq(inboxOutcomes.companyId, args.companyId),
        eq(inboxOutcomes.outcome, "dead"),
        gt(inboxOutcomes.deliveryId, args.after),
        isNotNull(salt),
      ),
    )
    .orderBy(asc(inboxOutcomes.deliveryId))
    .limit(args.limit);
  return rows.map((row) => row.deliveryId);
}

import { and, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type { Sql, Tx } from "../db/connect.ts";
import { before, type Counts, given, type Listed, listed, query } from "../db/query.ts";
import { storeApps } from "../db/schema/apps.ts";
import { type InboxOutcome, inbox, inboxOutcomes, type Outcome } from "../db/schema/inbox.ts";
import { orderRevisions, orders } from "../db/schema/orders.ts";
import { storeAccess, stores } from "../db/schema/stores.ts";
import { type AnsweredHint, reconciliations, type StoreRead, storeReads } from "../db/schema/sync.ts";
import type { StoreKey } from "../stores/queries.ts";

/** What the hub's own reading of a store needs: how far it is, which orders it knows, and what came of a run. */

const readState = {
  reconciledUntil: storeReads.reconciledUntil,
  comparedAfter: storeReads.comparedAfter,
  importCursor: storeReads.importCursor,
  importDone: storeReads.importDone,
  importTotal: storeReads.importTotal,
  importSince: storeReads.importSince,
  askedAgain: storeReads.askedAgain,
  importAskedAt: storeReads.importAskedAt,
  importFinishedAt: storeReads.importFinishedAt,
  readingAct: storeReads.readingAct,
  readingSince: storeReads.readingSince,
  readingDone: storeReads.readingDone,
  readingTotal: storeReads.readingTotal,
  readingHealed: storeReads.readingHealed,
};

export type ReadState = Listed<typeof readState>;

const NOTHING_READ: ReadState = {
  ...{ reconciledUntil: null, comparedAfter: 0n, importCursor: null, importDone: 0, importTotal: 0, importSince: null },
  ...{ importAskedAt: null, importFinishedAt: null, readingAct: null, readingSince: null, readingDone: 0, readingTotal: null },
  ...{ readingHealed: 0, askedAgain: false },
};

export async function findReadState(tx: Tx, { companyId, storeId }: StoreKey): Promise<ReadState> {
  const [row] = await query(tx)
    .select(readState)
    .from(storeReads)
    .where(and(eq(storeReads.companyId, companyId), eq(storeReads.storeId, storeId)));
  return row ?? NOTHING_READ;
}

/** Keeps what is given of how far the hub has read a store. */
async function saveRead(tx: Tx, { companyId, storeId }: StoreKey, read: Partial<StoreRead>): Promise<void> {
  await query(tx)
    .insert(storeReads)
    .values({ companyId, storeId, ...read })
    .onConflictDoUpdate({ target: [storeReads.companyId, storeReads.storeId], set: read });
}

/** Notes that a run has begun, so that other replicas leave the store alone for a while. */
export async function markStarted(tx: Tx, key: StoreKey): Promise<void> {
  await saveRead(tx, key, { startedAt: new Date(), askedAgain: false });
}

/** Notes that somebody asks for a run while one is under way: whoever is at the store looks once more at its end. */
export async function askAgain(tx: Tx, key: StoreKey): Promise<void> {
  await saveRead(tx, key, { askedAgain: true });
}

/** Keeps what a run at a store is doing, for whoever watches. */
export async function saveReading(tx: Tx, { companyId, storeId, ...read }: StoreKey & Partial<StoreRead>): Promise<void> {
  await saveRead(tx, { companyId, storeId }, read);
}

/** Notes that an import was asked for; where it begins anew, what an earlier one read is forgotten. */
export async function askForImport(tx: Tx, key: StoreKey, anew: { readonly since: Date | null } | null): Promise<void> {
  const begun = anew && { importSince: anew.since, importCursor: null, importDone: 0, importTotal: 0, importFinishedAt: null };
  await saveRead(tx, key, { importAskedAt: new Date(), ...begun });
}

/** Stores of a company whose import was asked for and is not done. */
export function listOpenImports(gate: Sql, ofCompany: number): Promise<StoreKey[]> {
  const { companyId, storeId, importAskedAt, importFinishedAt } = storeReads;
  return query(gate)
    .select({ companyId, storeId })
    .from(storeReads)
    .where(and(eq(companyId, ofCompany), isNotNull(importAskedAt), isNull(importFinishedAt)));
}

/** Keeps how far an import of history is; without a cursor it is finished. */
export async function saveImport(tx: Tx, args: StoreKey & { cursor: string | null; done: number; total: number }): Promise<void> {
  const { cursor, done, total } = args;
  const importFinishedAt = cursor === null ? new Date() : null;
  await saveRead(tx, args, { importCursor: cursor, importDone: done, importTotal: total, importFinishedAt });
}

/** Active stores the hub can ask that nobody has reconciled for a while, over all companies or of one, the longest waiting first. */
export function listDueStores(
  gate: Sql,
  args: {
    readonly platforms: readonly (typeof stores.$inferSelect)["platform"][];
    readonly idleMs: number;
    readonly limit: number;
    readonly companyId?: number | undefined;
  },
): Promise<StoreKey[]> {
  const { companyId, storeId, platform, status } = stores;
  return query(gate)
    .select({ companyId, storeId })
    .from(stores)
    .leftJoin(storeAccess, and(eq(storeAccess.companyId, companyId), eq(storeAccess.storeId, storeId)))
    .leftJoin(storeApps, and(eq(storeApps.companyId, companyId), eq(storeApps.storeId, storeId)))
    .leftJoin(storeReads, and(eq(storeReads.companyId, companyId), eq(storeReads.storeId, storeId)))
    .where(
      and(
        eq(status, "active"),
        inArray(platform, [...args.platforms]),
        // By a key of its own, or by its platform's app.
        or(isNotNull(storeAccess.restKeyCiphertext), and(isNotNull(storeApps.connectedAt), isNull(storeApps.uninstalledAt))),
        given(companyId, args.companyId),
        or(isNull(storeReads.startedAt), lt(storeReads.startedAt, sql`now() - make_interval(secs => ${args.idleMs / 1000})`)),
      ),
    )
    .orderBy(sql`${storeReads.startedAt} nulls first`)
    .limit(args.limit);
}

const held = {
  orderNo: orders.orderNo,
  platformOrderId: orders.platformOrderId,
  revisionAt: orders.revisionAt,
  stage: orders.stage,
  platformStatus: orders.platformStatus,
  currency: orders.currency,
  netMinor: orders.netMinor,
  refundedNetMinor: orders.refundedNetMinor,
  snapshot: orderRevisions.snapshot,
};

/** An order as the hub holds it, with its newest snapshot. */
export type HeldOrder = Listed<typeof held>;

const heldOrders = (tx: Tx, { companyId, storeId }: StoreKey) => tx`
  select ${listed(tx, held)}
    from orders
    join order_revisions
      on order_revisions.company_id = orders.company_id and order_revisions.order_no = orders.order_no
     and order_revisions.revision = orders.revision
   where orders.company_id = ${companyId} and orders.store_id = ${storeId}`;

export function findHeldOrders(tx: Tx, args: StoreKey & { platformOrderIds: readonly string[] }): Promise<HeldOrder[]> {
  return tx<HeldOrder[]>`${heldOrders(tx, args)} and orders.platform_order_id = any(${[...args.platformOrderIds]})`;
}

/** The orders that a store told of, in the order of their numbers. Those that only the API told of are no business of the shop. */
export function listHeldOrders(tx: Tx, args: StoreKey & { after: bigint; limit: number }): Promise<HeldOrder[]> {
  return tx<HeldOrder[]>`
    ${heldOrders(tx, args)} and orders.order_no > ${args.after}
       and orders.platform_order_id ~ '^[0-9]{1,20}$' and orders.revision_tie not like '!api:%'
     order by orders.order_no limit ${args.limit}`;
}

/** How many of them there are behind an order, at most as many as asked for. */
export async function countHeldOrders(tx: Tx, args: StoreKey & { after: bigint; limit: number }): Promise<number> {
  const [row] = await tx<Counts<"held">[]>`
    select count(*)::int as held from (
      select from orders
       where company_id = ${args.companyId} and store_id = ${args.storeId} and order_no > ${args.after}
         and platform_order_id ~ '^[0-9]{1,20}$' and revision_tie not like '!api:%'
       order by order_no limit ${args.limit}) behind`;
  return row?.held ?? 0;
}

/** What became of deliveries so far. */
export async function findOutcomes(
  tx: Tx,
  args: { companyId: number; deliveryIds: readonly bigint[] },
): Promise<Map<bigint, Outcome>> {
  const rows = await tx<Pick<InboxOutcome, "deliveryId" | "outcome">[]>`
    select delivery_id as "deliveryId", outcome from inbox_outcomes
     where company_id = ${args.companyId} and delivery_id = any(${args.deliveryIds.map(String)}::bigint[])`;
  return new Map(rows.map((row) => [row.deliveryId, row.outcome]));
}

/** Hints about orders that the store was not asked about yet, the oldest first: delivery and order. */
export async function listOpenHints(tx: Tx, args: StoreKey & { limit: number }) {
  const rows = await tx<Pick<InboxOutcome, "deliveryId" | "detail">[]>`
    select o.delivery_id as "deliveryId", o.detail from inbox_outcomes o
      join inbox i on i.delivery_id = o.delivery_id
     where o.company_id = ${args.companyId} and o.outcome = 'hint' and o.detail like 'order %' and i.store_id = ${args.storeId}
       and not exists (select from answered_hints a where a.delivery_id = o.delivery_id)
     order by o.delivery_id limit ${args.limit}`;
  return rows.map(({ deliveryId, detail }) => ({ deliveryId, orderId: (detail ?? "").slice("order ".length) }));
}

/** Notes what the store answered to hints. */
export async function insertAnsweredHints(
  tx: Tx,
  args: Pick<AnsweredHint, "companyId" | "answer"> & { readonly deliveryIds: readonly bigint[] },
): Promise<void> {
  await tx`
    insert into answered_hints (company_id, delivery_id, answer)
    select ${args.companyId}, id, ${args.answer} from unnest(${args.deliveryIds.map(String)}::bigint[]) as id
    on conflict (delivery_id) do nothing`;
}

const shown = {
  reconciliationNo: reconciliations.reconciliationNo,
  storeId: reconciliations.storeId,
  outcome: reconciliations.outcome,
  since: reconciliations.since,
  until: reconciliations.until,
  checked: reconciliations.checked,
  healed: reconciliations.healed,
  deltaBefore: reconciliations.deltaBefore,
  delta: reconciliations.delta,
  discrepancies: reconciliations.discrepancies,
  webhooks: reconciliations.webhooks,
  error: reconciliations.error,
  startedAt: reconciliations.startedAt,
  finishedAt: reconciliations.finishedAt,
};

export type Reconciliation = Listed<typeof shown>;
export type NewReconciliation = Omit<typeof reconciliations.$inferSelect, "reconciliationNo" | "finishedAt">;

/** Writes the result of a run, and with a finished one how far the hub has read the store. */
export async function insertReconciliation(tx: Tx, run: NewReconciliation, comparedAfter: bigint): Promise<void> {
  await query(tx).insert(reconciliations).values(run);
  if (run.outcome === "finished") await saveRead(tx, run, { reconciledUntil: run.until, comparedAfter });
}

/** Runs of a store, the newest first. */
export function listReconciliations(
  tx: Tx,
  args: StoreKey & { before?: bigint | undefined; limit: number },
): Promise<Reconciliation[]> {
  const { companyId, storeId, reconciliationNo } = reconciliations;
  return query(tx)
    .select(shown)
    .from(reconciliations)
    .where(and(eq(companyId, args.companyId), eq(storeId, args.storeId), before(reconciliationNo, args.before)))
    .orderBy(desc(reconciliationNo))
    .limit(args.limit);
}

/** So many of a store's newest deliveries say how it is heard: what more of them came in a day is not counted by hours. */
export const NEWEST_OF_STORE = 20_000;
/** So many of them say how soon they were processed: enough for one in a hundred. */
const TIMED = 1_000;

export interface Heard {
  /** Deliveries of the store itself in each of the last 24 hours, the oldest first. */
  readonly hours: readonly number[];
  /** Milliseconds within which 99 of 100 of the day's newest were processed; null where there are none. */
  readonly processedMs: number | null;
  /** True where a day had more than are looked at: the oldest hours are then too low. */
  readonly isCut: boolean;
}

/**
 * How a store was heard in the last 24 hours. Reads its newest deliveries by their index, and no more than so many: of a store that
 * sends little not many more than those of the day.
 */
export async function readHeard(tx: Tx, { companyId, storeId }: StoreKey): Promise<Heard> {
  const reachesFurther = (count: number) => tx`
    (select received_at < now() - interval '24 hours' from inbox
      where company_id = ${companyId} and store_id = ${storeId} order by delivery_id desc offset ${count} limit 1)`;
  const enough = [200, 2_000].map((count) => tx`when ${reachesFurther(count)} then ${count}::integer`);
  const rows = await tx<Counts<"hour" | "deliveries" | "read" | "ms">[]>`
    with newest as materialized (
      select delivery_id, received_at, topic from inbox
       where company_id = ${companyId} and store_id = ${storeId}
       order by delivery_id desc limit (case ${enough} else ${NEWEST_OF_STORE}::integer end)),
    today as (
      select delivery_id, received_at from newest
       where received_at > now() - interval '24 hours' and topic not like 'reconcile/%' and topic not like 'import/%')
    select greatest(0, least(23, floor(extract(epoch from now() - received_at) / 3600)))::int as hour, count(*)::int as deliveries,
           0 as read, 0::float8 as ms
      from today group by 1
    union all
    select -1, 0, (select count(*)::int from newest where received_at > now() - interval '24 hours'),
           (select coalesce(percentile_disc(0.99) within group (order by extract(epoch from o.processed_at - i.received_at) * 1000), -1)
              from (select delivery_id, received_at from today order by delivery_id desc limit ${TIMED}) i
              join inbox_outcomes o on o.company_id = ${companyId} and o.delivery_id = i.delivery_id)::float8`;
  const hours = Array.from({ length: 24 }, () => 0);
  for (const { hour, deliveries } of rows) if (hour >= 0) hours[23 - hour] = deliveries;
  const { read = 0, ms = -1 } = rows.find(({ hour }) => hour < 0) ?? {};
  return { hours, processedMs: ms < 0 ? null : ms, isCut: read >= NEWEST_OF_STORE };
}

const received = { receivedAt: inbox.receivedAt };

/** Deliveries that came from the store itself, not fetched by the hub. Looks at its newest ones only. */
export async function findLastDelivery(tx: Tx, { companyId, storeId }: StoreKey): Promise<Date | null> {
  const [row] = await tx<Listed<typeof received>[]>`
    select ${listed(tx, received)} from (
      select received_at, topic from inbox
       where company_id = ${companyId} and store_id = ${storeId} order by delivery_id desc limit ${NEWEST_OF_STORE}) inbox
     where topic not like 'reconcile/%' and topic not like 'import/%'
     limit 1`;
  return row?.receivedAt ?? null;
}

export async function countDead(tx: Tx, { companyId, storeId }: StoreKey): Promise<number> {
  const [row] = await query(tx)
    .select({ dead: sql<Counts<"dead">["dead"]>`count(*)::int` })
    .from(inboxOutcomes)
    .innerJoin(inbox, eq(inbox.deliveryId, inboxOutcomes.deliveryId))
    .where(and(eq(inboxOutcomes.companyId, companyId), eq(inboxOutcomes.outcome, "dead"), eq(inbox.storeId, storeId)));
  return row?.dead ?? 0;
}

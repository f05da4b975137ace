import type { JSONValue } from "postgres";
import type { Sql, Tx } from "../db/connect.ts";
import type { Outcome } from "../db/schema/inbox.ts";

/** What the hub's own reading of a store needs: how far it is, which orders it knows, and what came of a run. */

export interface StoreKey {
  readonly companyId: number;
  readonly storeId: string;
}

export interface ReadState {
  readonly reconciledUntil: Date | null;
  readonly comparedAfter: bigint;
  readonly importCursor: string | null;
  readonly importFinishedAt: Date | null;
}

interface ReadStateRow {
  reconciled_until: Date | null;
  compared_after: bigint;
  import_cursor: string | null;
  import_finished_at: Date | null;
}

export async function findReadState(tx: Tx, { companyId, storeId }: StoreKey): Promise<ReadState> {
  const [row] = await tx<ReadStateRow[]>`
    select reconciled_until, compared_after, import_cursor, import_finished_at from store_reads
     where company_id = ${companyId} and store_id = ${storeId}`;
  return {
    reconciledUntil: row?.reconciled_until ?? null,
    comparedAfter: row?.compared_after ?? 0n,
    importCursor: row?.import_cursor ?? null,
    importFinishedAt: row?.import_finished_at ?? null,
  };
}

/** Notes that a run has begun, so that other replicas leave the store alone for a while. */
export async function markStarted(tx: Tx, { companyId, storeId }: StoreKey): Promise<void> {
  await tx`
    insert into store_reads (company_id, store_id, started_at) values (${companyId}, ${storeId}, now())
    on conflict (company_id, store_id) do update set started_at = now()`;
}

/** Active stores the hub can ask that nobody has reconciled for a while, over all companies or of one, the longest waiting first. */
export async function listDueStores(
  gate: Sql,
  args: { platforms: readonly string[]; idleMs: number; limit: number; companyId?: number | undefined },
): Promise<StoreKey[]> {
  const rows = await gate<{ company_id: number; store_id: string }[]>`
    select s.company_id, s.store_id
      from stores s
      join store_access c on c.company_id = s.company_id and c.store_id = s.store_id
      left join store_reads r on r.company_id = s.company_id and r.store_id = s.store_id
     where s.status = 'active' and s.platform = any(${args.platforms as string[]}) and c.rest_key_ciphertext is not null
       ${args.companyId === undefined ? gate`` : gate`and s.company_id = ${args.companyId}`}
       and (r.started_at is null or r.started_at < now() - make_interval(secs => ${args.idleMs / 1000}))
     order by r.started_at nulls first limit ${args.limit}`;
  return rows.map((row) => ({ companyId: row.company_id, storeId: row.store_id }));
}

/** An order as the hub holds it, with its newest snapshot. */
export interface HeldOrder {
  readonly orderNo: bigint;
  readonly platformOrderId: string;
  readonly revisionAt: Date;
  readonly stage: string;
  readonly platformStatus: string;
  readonly currency: string;
  readonly netMinor: bigint;
  readonly refundedNetMinor: bigint;
  readonly snapshot: string;
}

interface HeldRow {
  order_no: bigint;
  platform_order_id: string;
  revision_at: Date;
  stage: string;
  platform_status: string;
  currency: string;
  net_minor: bigint;
  refunded_net_minor: bigint;
  snapshot: string;
}

function heldOrder(row: HeldRow): HeldOrder {
  return {
    orderNo: row.order_no,
    platformOrderId: row.platform_order_id,
    revisionAt: row.revision_at,
    stage: row.stage,
    platformStatus: row.platform_status,
    currency: row.currency,
    netMinor: row.net_minor,
    refundedNetMinor: row.refunded_net_minor,
    snapshot: row.snapshot,
  };
}

export async function findHeldOrders(tx: Tx, args: StoreKey & { platformOrderIds: readonly string[] }): Promise<HeldOrder[]> {
  const rows = await tx<HeldRow[]>`
    select o.order_no, o.platform_order_id, o.revision_at, o.stage, o.platform_status, o.currency, o.net_minor, o.refunded_net_minor, r.snapshot
      from orders o
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
     where o.company_id = ${args.companyId} and o.store_id = ${args.storeId}
       and o.platform_order_id = any(${args.platformOrderIds as string[]})`;
  return rows.map(heldOrder);
}

/** The orders that a store told of, in the order of their numbers. Those that only the API told of are no business of the shop. */
export async function listHeldOrders(tx: Tx, args: StoreKey & { after: bigint; limit: number }): Promise<HeldOrder[]> {
  const rows = await tx<HeldRow[]>`
    select o.order_no, o.platform_order_id, o.revision_at, o.stage, o.platform_status, o.currency, o.net_minor, o.refunded_net_minor, r.snapshot
      from orders o
      join order_revisions r on r.company_id = o.company_id and r.order_no = o.order_no and r.revision = o.revision
     where o.company_id = ${args.companyId} and o.store_id = ${args.storeId} and o.order_no > ${args.after}
       and o.platform_order_id ~ '^[0-9]{1,20}$' and o.revision_tie not like '!api:%'
     order by o.order_no limit ${args.limit}`;
  return rows.map(heldOrder);
}

/** What became of deliveries so far. */
export async function findOutcomes(
  tx: Tx,
  args: { companyId: number; deliveryIds: readonly bigint[] },
): Promise<Map<bigint, Outcome>> {
  const rows = await tx<{ delivery_id: bigint; outcome: Outcome }[]>`
    select delivery_id, outcome from inbox_outcomes
     where company_id = ${args.companyId} and delivery_id = any(${args.deliveryIds.map(String)}::bigint[])`;
  return new Map(rows.map((row) => [row.delivery_id, row.outcome]));
}

/** Hints about orders that the store was not asked about yet, the oldest first: delivery and order. */
export async function listOpenHints(
  tx: Tx,
  args: StoreKey & { limit: number },
): Promise<{ deliveryId: bigint; orderId: string }[]> {
  const rows = await tx<{ delivery_id: bigint; detail: string }[]>`
    select o.delivery_id, o.detail from inbox_outcomes o
      join inbox i on i.delivery_id = o.delivery_id
     where o.company_id = ${args.companyId} and o.outcome = 'hint' and o.detail like 'order %' and i.store_id = ${args.storeId}
       and not exists (select from answered_hints a where a.delivery_id = o.delivery_id)
     order by o.delivery_id limit ${args.limit}`;
  return rows.map((row) => ({ deliveryId: row.delivery_id, orderId: row.detail.slice("order ".length) }));
}

/** Notes what the store answered to hints. */
export async function insertAnsweredHints(
  tx: Tx,
  args: { companyId: number; deliveryIds: readonly bigint[]; answer: "order" | "deleted" | "draft" },
): Promise<void> {
  await tx`
    insert into answered_hints (company_id, delivery_id, answer)
    select ${args.companyId}, id, ${args.answer} from unnest(${args.deliveryIds.map(String)}::bigint[]) as id
    on conflict (delivery_id) do nothing`;
}

export interface NewReconciliation extends StoreKey {
  readonly outcome: "finished" | "failed";
  readonly since: Date;
  readonly until: Date | null;
  readonly checked: number;
  readonly healed: number;
  readonly deltaBefore: Readonly<Record<string, string>>;
  readonly delta: Readonly<Record<string, string>>;
  readonly discrepancies: JSONValue;
  readonly webhooks: JSONValue;
  readonly error: string | null;
  readonly startedAt: Date;
}

/** Writes the result of a run, and with a finished one how far the hub has read the store. */
export async function insertReconciliation(tx: Tx, one: NewReconciliation, comparedAfter: bigint): Promise<void> {
  const { companyId, storeId } = one;
  await tx`
    insert into reconciliations (company_id, store_id, outcome, since, until, checked, healed, delta_before, delta,
                                 discrepancies, webhooks, error, started_at)
    values (${companyId}, ${storeId}, ${one.outcome}, ${one.since}, ${one.until}, ${one.checked}, ${one.healed}, ${tx.json(one.deltaBefore)},
            ${tx.json(one.delta)}, ${tx.json(one.discrepancies)}, ${tx.json(one.webhooks)}, ${one.error}, ${one.startedAt})`;
  if (one.outcome === "failed") return;
  await tx`
    insert into store_reads (company_id, store_id, reconciled_until, compared_after)
    values (${companyId}, ${storeId}, ${one.until}, ${comparedAfter})
    on conflict (company_id, store_id) do update
      set reconciled_until = excluded.reconciled_until, compared_after = excluded.compared_after`;
}

export interface Reconciliation extends Omit<NewReconciliation, "companyId" | "discrepancies" | "webhooks"> {
  readonly reconciliationNo: bigint;
  readonly discrepancies: readonly { order: string; problem: string }[];
  readonly webhooks: readonly { topic: string; outcome: string }[];
  readonly finishedAt: Date;
}

interface ReconciliationRow {
  reconciliation_no: bigint;
  store_id: string;
  outcome: "finished" | "failed";
  since: Date;
  until: Date | null;
  checked: number;
  healed: number;
  delta_before: Record<string, string>;
  delta: Record<string, string>;
  discrepancies: { order: string; problem: string }[];
  webhooks: { topic: string; outcome: string }[];
  error: string | null;
  started_at: Date;
  finished_at: Date;
}

/** Runs of a store, the newest first. */
export async function listReconciliations(
  tx: Tx,
  args: StoreKey & { before?: bigint | undefined; limit: number },
): Promise<Reconciliation[]> {
  const { companyId, storeId, before } = args;
  const rows = await tx<ReconciliationRow[]>`
    select reconciliation_no, store_id, outcome, since, until, checked, healed, delta_before, delta, discrepancies, webhooks,
           error, started_at, finished_at
      from reconciliations
     where company_id = ${companyId} and store_id = ${storeId} ${before === undefined ? tx`` : tx`and reconciliation_no < ${before}`}
     order by reconciliation_no desc limit ${args.limit}`;
  return rows.map((row) => ({
    reconciliationNo: row.reconciliation_no,
    storeId: row.store_id,
    outcome: row.outcome,
    since: row.since,
    until: row.until,
    checked: row.checked,
    healed: row.healed,
    deltaBefore: row.delta_before,
    delta: row.delta,
    discrepancies: row.discrepancies,
    webhooks: row.webhooks,
    error: row.error,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  }));
}

/** Keeps how far an import of history is; without a cursor it is finished. */
export async function saveImport(tx: Tx, args: StoreKey & { cursor: string | null; done: number; total: number }): Promise<void> {
  const { companyId, storeId, cursor, done, total } = args;
  await tx`
    insert into store_reads (company_id, store_id, import_cursor, import_done, import_total, import_finished_at)
    values (${companyId}, ${storeId}, ${cursor}, ${done}, ${total}, ${cursor === null ? tx`now()` : null})
    on conflict (company_id, store_id) do update
      set import_cursor = excluded.import_cursor, import_done = excluded.import_done, import_total = excluded.import_total,
          import_finished_at = excluded.import_finished_at`;
}

/** Deliveries that came from the store itself, not fetched by the hub. Looks at the company's newest ones only. */
export async function findLastDelivery(tx: Tx, { companyId, storeId }: StoreKey): Promise<Date | null> {
  const [row] = await tx<{ received_at: Date }[]>`
    select received_at from (
      select received_at, store_id, topic from inbox where company_id = ${companyId} order by delivery_id desc limit 20000) newest
     where store_id = ${storeId} and topic not like 'reconcile/%' and topic not like 'import/%'
     limit 1`;
  return row?.received_at ?? null;
}

export async function countDead(tx: Tx, { companyId, storeId }: StoreKey): Promise<number> {
  const [row] = await tx<{ dead: bigint }[]>`
    select count(*) as dead from inbox_outcomes o join inbox i on i.delivery_id = o.delivery_id
     where o.company_id = ${companyId} and o.outcome = 'dead' and i.store_id = ${storeId}`;
  return Number(row?.dead ?? 0n);
}

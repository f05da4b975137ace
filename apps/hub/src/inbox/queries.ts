import type { PlatformName, StoreSettings } from "@upline/core";
import type { Sql, Tx } from "../db/connect.ts";
import { storeSettings } from "../stores/queries.ts";

/** A verified delivery on its way into the inbox. */
export interface NewDelivery {
  readonly companyId: number;
  readonly storeId: string;
  readonly topic: string;
  readonly platformDeliveryId: string | null;
  readonly encoding: "utf8" | "base64";
  readonly body: string;
}

/** A delivery that waits to be processed. */
export interface PendingDelivery {
  readonly companyId: number;
  readonly deliveryId: bigint;
  readonly storeId: string;
  readonly platform: PlatformName;
  readonly settings: StoreSettings;
  readonly topic: string;
  readonly encoding: "utf8" | "base64";
  readonly body: string;
  readonly receivedAt: Date;
  readonly attempts: number;
}

export type Outcome = "applied" | "duplicate" | "outdated" | "hint" | "ignored" | "shop" | "dead";

export interface DeliveryOutcome {
  readonly deliveryId: bigint;
  readonly outcome: Outcome;
  readonly orderNo: bigint | null;
  readonly detail: string | null;
}

/** The statement for n rows is always the same text, so that it is prepared once per connection. */
const statements: string[] = [];

function insertStatement(rows: number): string {
  statements[rows] ??= `insert into inbox (company_id, store_id, topic, platform_delivery_id, encoding, body) values ${Array.from(
    { length: rows },
    (_, row) => `($${row * 6 + 1}, $${row * 6 + 2}, $${row * 6 + 3}, $${row * 6 + 4}, $${row * 6 + 5}, $${row * 6 + 6})`,
  ).join(",")} returning delivery_id, received_at`;
  return statements[rows];
}

/** Commits a group of deliveries; ids and times come back in the order given. */
export async function insertDeliveries(
  gate: Sql,
  deliveries: readonly NewDelivery[],
): Promise<{ deliveryId: bigint; receivedAt: Date }[]> {
  const values = deliveries.flatMap((one) => [
    one.companyId,
    one.storeId,
    one.topic,
    one.platformDeliveryId,
    one.encoding,
    one.body,
  ]);
  const rows = await gate.unsafe<{ delivery_id: bigint; received_at: Date }[]>(insertStatement(deliveries.length), values, {
    prepare: true,
  });
  return rows.map((row) => ({ deliveryId: row.delivery_id, receivedAt: row.received_at }));
}

/**
 * Ids above the floor without an outcome, oldest first. Reads the narrow outcomes instead of the inbox,
 * whose rows are a page each; ids that were taken but never committed are among them.
 */
function missing(gate: Sql, upTo: bigint | null) {
  const last = upTo === null ? gate`(select max(delivery_id) from inbox)` : gate`${upTo}::bigint`;
  return gate`
    select n as delivery_id from generate_series((select delivery_id + 1 from inbox_floor), ${last}) as n
    except
    select delivery_id from inbox_outcomes where delivery_id > (select delivery_id from inbox_floor)
    order by 1 limit ${MISSING_LIMIT}`;
}

/** Bounds one look of the sweeper. */
const MISSING_LIMIT = 20_000;

/**
 * Deliveries without an outcome that nobody in this process holds: left over by a crash, by another
 * replica's crash, or due for another attempt. `olderThanMs` leaves the fresh ones to the hand-off.
 */
export async function findPending(gate: Sql, args: { olderThanMs: number; limit: number }): Promise<PendingDelivery[]> {
  const rows = await gate<PendingRow[]>`
    select i.company_id, i.delivery_id, i.store_id, s.platform, s.settings, i.topic, i.encoding, i.body, i.received_at,
           coalesce(r.attempts, 0) as attempts
      from (select delivery_id from (${missing(gate, null)}) m
             union
            (select delivery_id from inbox_retries d where next_attempt_at <= now()
                and not exists (select from inbox_outcomes o where o.delivery_id = d.delivery_id)
              order by next_attempt_at limit ${args.limit})) m
     cross join lateral (select * from inbox where delivery_id = m.delivery_id offset 0) i
      join stores s on s.company_id = i.company_id and s.store_id = i.store_id
      left join inbox_retries r on r.delivery_id = i.delivery_id
     where i.received_at < now() - make_interval(secs => ${args.olderThanMs / 1000})
       and (r.next_attempt_at is null or r.next_attempt_at <= now())
     order by i.delivery_id
     limit ${args.limit}`;
  return rows.map(fromRow);
}

/** The newest delivery there is; 0 in an empty inbox. */
export async function newestDelivery(gate: Sql): Promise<bigint> {
  const [row] = await gate<{ newest: bigint }[]>`select coalesce(max(delivery_id), 0)::bigint as newest from inbox`;
  return row?.newest ?? 0n;
}

/** One delivery of a company, to be processed again; null where it is unknown. */
export async function findDelivery(tx: Tx, args: { companyId: number; deliveryId: bigint }): Promise<PendingDelivery | null> {
  const [row] = await tx<PendingRow[]>`
    select i.company_id, i.delivery_id, i.store_id, s.platform, s.settings, i.topic, i.encoding, i.body, i.received_at, 0 as attempts
      from inbox i
      join stores s on s.company_id = i.company_id and s.store_id = i.store_id
     where i.company_id = ${args.companyId} and i.delivery_id = ${args.deliveryId}`;
  return row ? fromRow(row) : null;
}

interface PendingRow {
  company_id: number;
  delivery_id: bigint;
  store_id: string;
  platform: PlatformName;
  settings: unknown;
  topic: string;
  encoding: "utf8" | "base64";
  body: string;
  received_at: Date;
  attempts: number;
}

function fromRow(row: PendingRow): PendingDelivery {
  return {
    companyId: row.company_id,
    deliveryId: row.delivery_id,
    storeId: row.store_id,
    platform: row.platform,
    settings: storeSettings(row.settings),
    topic: row.topic,
    encoding: row.encoding,
    body: row.body,
    receivedAt: row.received_at,
    attempts: row.attempts,
  };
}

/**
 * Moves the sweeper's starting point over what is finished or waits for an attempt of its own, at most
 * to `upTo`: a delivery so old that nobody can still commit one with a smaller id. Forgets attempts that are over.
 */
export async function raiseFloor(gate: Sql, upTo: bigint): Promise<void> {
  await gate`
    update inbox_floor set delivery_id = greatest(delivery_id, coalesce(
      (select min(i.delivery_id) - 1 from (${missing(gate, upTo)}) m
        cross join lateral (select delivery_id from inbox where delivery_id = m.delivery_id offset 0) i
        where not exists (select from inbox_retries r where r.delivery_id = i.delivery_id)),
      ${upTo}::bigint))`;
  await gate`
    delete from inbox_retries r where exists (select from inbox_outcomes o where o.delivery_id = r.delivery_id)`;
}

/** Which of these deliveries already have an outcome: another worker was faster. */
export async function findProcessed(tx: Tx, args: { companyId: number; deliveryIds: readonly bigint[] }): Promise<Set<bigint>> {
  const rows = await tx<{ delivery_id: bigint }[]>`
    select delivery_id from inbox_outcomes
     where company_id = ${args.companyId} and delivery_id = any(${args.deliveryIds.map(String)}::bigint[])`;
  return new Set(rows.map((row) => row.delivery_id));
}

/** Marks deliveries as done, in the transaction of their effect. A second mark violates the key and undoes that transaction. */
export async function insertOutcomes(tx: Tx | Sql, companyId: number, outcomes: readonly DeliveryOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await tx`
    insert into inbox_outcomes (company_id, delivery_id, outcome, order_no, detail)
    select ${companyId}, * from unnest(
      ${outcomes.map((one) => String(one.deliveryId))}::bigint[], ${outcomes.map((one) => one.outcome)}::text[],
      ${outcomes.map((one) => (one.orderNo === null ? null : String(one.orderNo)))}::bigint[], ${outcomes.map((one) => one.detail)}::text[])`;
}

/** Notes a failed attempt and when the next one is due; with no delay, that a delivery is to be processed again. */
export async function scheduleRetry(
  gate: Sql | Tx,
  args: { companyId: number; deliveryId: bigint; attempts: number; delayMs: number; error: string },
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

/** How many deliveries wait, over all companies, up to a bound: for readiness. */
export async function countPending(gate: Sql): Promise<number> {
  const [row] = await gate<{ waiting: bigint }[]>`
    select count(*) as waiting from (${missing(gate, null)}) m
     cross join lateral (select delivery_id from inbox where delivery_id = m.delivery_id offset 0) i`;
  return Number(row?.waiting ?? 0n);
}

/** Dead letters in the order they came, after one of them. */
export async function listDead(tx: Tx, args: { companyId: number; after: bigint; limit: number }): Promise<bigint[]> {
  const rows = await tx<{ delivery_id: bigint }[]>`
    select delivery_id from inbox_outcomes
     where company_id = ${args.companyId} and outcome = 'dead' and delivery_id > ${args.after}
     order by delivery_id limit ${args.limit}`;
  return rows.map((row) => row.delivery_id);
}

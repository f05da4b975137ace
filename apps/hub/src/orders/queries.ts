import type { PlatformName } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import type { RevisionCause } from "./writes.ts";

/** Reads of orders and their revisions. Amounts are minor units; paging is by order number, newest first. */

export interface OrderSummary {
  readonly order_no: bigint;
  readonly store_id: string;
  readonly platform: PlatformName;
  readonly platform_order_id: string;
  readonly order_name: string;
  readonly revision: number;
  readonly stage: string;
  readonly platform_status: string;
  readonly placed_at: Date;
  readonly currency: string;
  readonly total_minor: bigint;
  readonly net_minor: bigint;
  readonly refunded_net_minor: bigint;
  readonly distributor_id: string | null;
  readonly unresolved: boolean;
  readonly self_purchase: boolean;
  readonly referral_code: string | null;
  readonly quarantined_lines: number;
  readonly recorded_at: Date;
  readonly updated_at: Date;
}

export interface OrderFilter {
  readonly storeId?: string | undefined;
  readonly platform?: string | undefined;
  readonly platformOrderId?: string | undefined;
  readonly stage?: string | undefined;
  readonly distributorId?: string | undefined;
  readonly unresolved?: boolean | undefined;
  readonly quarantined?: boolean | undefined;
  /** Changed at or after this time. */
  readonly since?: Date | undefined;
}

const summary = (tx: Tx) => tx`
  o.order_no, o.store_id, o.platform, o.platform_order_id, o.order_name, o.revision, o.stage, o.platform_status, o.placed_at, o.currency,
  o.total_minor, o.net_minor, o.refunded_net_minor, d.distributor_id, o.unresolved, o.self_purchase, o.referral_code, o.quarantined_lines,
  o.recorded_at, o.updated_at`;

const tables = (tx: Tx) =>
  tx`orders o left join distributors d on d.company_id = o.company_id and d.distributor_no = o.distributor_no`;

export function listOrders(
  tx: Tx,
  args: OrderFilter & { companyId: number; before?: bigint | undefined; limit: number },
): Promise<OrderSummary[]> {
  const { companyId } = args;
  const none = tx``;
  return tx<OrderSummary[]>`
    select ${summary(tx)} from ${tables(tx)}
     where o.company_id = ${companyId}
       ${args.storeId === undefined ? none : tx`and o.store_id = ${args.storeId}`}
       ${args.platform === undefined ? none : tx`and o.platform = ${args.platform}`}
       ${args.platformOrderId === undefined ? none : tx`and o.platform_order_id = ${args.platformOrderId}`}
       ${args.stage === undefined ? none : tx`and o.stage = ${args.stage}`}
       ${
         args.distributorId === undefined
           ? none
           : tx`and o.distributor_no = (select distributor_no from distributors where company_id = ${companyId} and distributor_id = ${args.distributorId})`
       }
       ${args.unresolved === undefined ? none : tx`and o.unresolved = ${args.unresolved}`}
       ${args.quarantined === undefined ? none : args.quarantined ? tx`and o.quarantined_lines > 0` : tx`and o.quarantined_lines = 0`}
       ${args.since === undefined ? none : tx`and o.updated_at >= ${args.since}`}
       ${args.before === undefined ? none : tx`and o.order_no < ${args.before}`}
     order by o.order_no desc limit ${args.limit}`;
}

export async function findOrder(tx: Tx, args: { companyId: number; orderNo: bigint }): Promise<OrderSummary | null> {
  const [row] = await tx<OrderSummary[]>`
    select ${summary(tx)} from ${tables(tx)} where o.company_id = ${args.companyId} and o.order_no = ${args.orderNo}`;
  return row ?? null;
}

/** Locks one order of a store by the platform's id; a caller that has to wait reads its revisions afterwards. */
export async function lockOrder(
  tx: Tx,
  args: { companyId: number; storeId: string; platformOrderId: string },
): Promise<{ orderNo: bigint; revision: number } | null> {
  const [row] = await tx<{ order_no: bigint; revision: number }[]>`
    select order_no, revision from orders
     where company_id = ${args.companyId} and store_id = ${args.storeId} and platform_order_id = ${args.platformOrderId}
       for update`;
  return row ? { orderNo: row.order_no, revision: row.revision } : null;
}

export interface RevisionText {
  readonly revision: number;
  readonly cause: RevisionCause;
  readonly delivery_id: bigint | null;
  readonly recorded_at: Date;
  readonly snapshot: string;
}

/** The newest revisions of an order with their snapshots, the newest first, at most `limit`. */
export function readRevisions(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; cause?: RevisionCause; limit: number },
): Promise<RevisionText[]> {
  return tx<RevisionText[]>`
    select revision, cause, delivery_id, recorded_at, snapshot from order_revisions
     where company_id = ${args.companyId} and order_no = ${args.orderNo}
       ${args.cause === undefined ? tx`` : tx`and cause = ${args.cause}`}
     order by revision desc limit ${args.limit}`;
}

export async function readRevision(
  tx: Tx,
  args: { companyId: number; orderNo: bigint; revision: number },
): Promise<RevisionText | null> {
  const [row] = await tx<RevisionText[]>`
    select revision, cause, delivery_id, recorded_at, snapshot from order_revisions
     where company_id = ${args.companyId} and order_no = ${args.orderNo} and revision = ${args.revision}`;
  return row ?? null;
}

/** Orders with quarantined lines that the SKU map covers by now, by ascending number. */
export async function findMappable(
  tx: Tx,
  args: { companyId: number; after: bigint; limit: number },
): Promise<{ orderNo: bigint; storeId: string; platformOrderId: string }[]> {
  const rows = await tx<{ order_no: bigint; store_id: string; platform_order_id: string }[]>`
    select o.order_no, o.store_id, o.platform_order_id
      from orders o
     where o.company_id = ${args.companyId} and o.order_no > ${args.after}
       and exists (
         select from quarantine q join sku_map m on m.company_id = q.company_id and m.platform = q.platform
          where q.company_id = o.company_id and q.order_no = o.order_no and m.valid_from <= o.placed_at
            and (m.variant_id = q.variant_id or (m.platform_sku = q.sku and q.sku <> '')))
     order by o.order_no limit ${args.limit}`;
  return rows.map((row) => ({ orderNo: row.order_no, storeId: row.store_id, platformOrderId: row.platform_order_id }));
}

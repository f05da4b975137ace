import type { Tx } from "../db/connect.ts";
import type { Outcome } from "./queries.ts";

/** Reads of the inbox for people: what came, from which store, and what became of it. */

export interface DeliveryRow {
  readonly delivery_id: bigint;
  readonly store_id: string;
  readonly platform: string;
  readonly topic: string;
  readonly platform_delivery_id: string | null;
  readonly size_bytes: number;
  readonly received_at: Date;
  readonly outcome: Outcome | null;
  readonly detail: string | null;
  readonly order_no: bigint | null;
  readonly processed_at: Date | null;
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly error: string | null;
}

const columns = (tx: Tx) => tx`
  i.delivery_id, i.store_id, s.platform, i.topic, i.platform_delivery_id, octet_length(i.body) as size_bytes, i.received_at,
  o.outcome, o.detail, o.order_no, o.processed_at, coalesce(r.attempts, 0) as attempts, r.next_attempt_at, r.error`;

const tables = (tx: Tx) => tx`
  inbox i
  join stores s on s.company_id = i.company_id and s.store_id = i.store_id
  left join inbox_outcomes o on o.delivery_id = i.delivery_id
  left join inbox_retries r on r.delivery_id = i.delivery_id`;

export interface DeliveryFilter {
  readonly storeId?: string | undefined;
  /** `waiting` is one without an outcome yet. */
  readonly outcome?: Outcome | "waiting" | undefined;
  readonly orderNo?: bigint | undefined;
  readonly since?: Date | undefined;
}

export function listDeliveries(
  tx: Tx,
  args: DeliveryFilter & { companyId: number; before?: bigint | undefined; limit: number },
): Promise<DeliveryRow[]> {
  const none = tx``;
  return tx<DeliveryRow[]>`
    select ${columns(tx)} from ${tables(tx)}
     where i.company_id = ${args.companyId}
       ${args.storeId === undefined ? none : tx`and i.store_id = ${args.storeId}`}
       ${args.outcome === undefined ? none : args.outcome === "waiting" ? tx`and o.outcome is null` : tx`and o.outcome = ${args.outcome}`}
       ${args.orderNo === undefined ? none : tx`and o.order_no = ${args.orderNo}`}
       ${args.since === undefined ? none : tx`and i.received_at >= ${args.since}`}
       ${args.before === undefined ? none : tx`and i.delivery_id < ${args.before}`}
     order by i.delivery_id desc limit ${args.limit}`;
}

export async function findDeliveryRow(
  tx: Tx,
  args: { companyId: number; deliveryId: bigint },
): Promise<(DeliveryRow & { readonly encoding: string; readonly body: string }) | null> {
  const [row] = await tx<(DeliveryRow & { encoding: string; body: string })[]>`
    select ${columns(tx)}, i.encoding, i.body from ${tables(tx)}
     where i.company_id = ${args.companyId} and i.delivery_id = ${args.deliveryId}`;
  return row ?? null;
}

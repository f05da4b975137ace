import type { Tx } from "./connect.ts";
import type { Outcome } from "./inbox.ts";

/** What a person asks about deliveries: which came, and what became of them. Bodies are left out. */

export interface ListedDelivery {
  readonly deliveryId: bigint;
  readonly storeId: string;
  readonly topic: string;
  /** Null while it waits, for its turn or for another attempt. */
  readonly outcome: Outcome | null;
  readonly orderNo: bigint | null;
  readonly detail: string | null;
  readonly attempts: number;
  readonly receivedAt: Date;
  readonly processedAt: Date | null;
}

interface ListedRow {
  delivery_id: bigint;
  store_id: string;
  topic: string;
  outcome: Outcome | null;
  order_no: bigint | null;
  detail: string | null;
  attempts: number;
  received_at: Date;
  processed_at: Date | null;
}

/** Deliveries of a company, the newest first; `outcome` "waiting" is those without one. */
export async function listDeliveries(
  tx: Tx,
  args: { companyId: number; outcome?: Outcome | "waiting" | undefined; before?: bigint | undefined; limit: number },
): Promise<ListedDelivery[]> {
  const { companyId, outcome, before } = args;
  const ofOutcome = outcome === "waiting" ? tx`and o.delivery_id is null` : tx`and o.outcome = ${outcome ?? null}`;
  const rows = await tx<ListedRow[]>`
    select i.delivery_id, i.store_id, i.topic, o.outcome, o.order_no, coalesce(o.detail, r.error) as detail,
           coalesce(r.attempts, 0) as attempts, i.received_at, o.processed_at
      from inbox i
      left join inbox_outcomes o on o.company_id = ${companyId} and o.delivery_id = i.delivery_id
      left join inbox_retries r on r.company_id = ${companyId} and r.delivery_id = i.delivery_id
     where i.company_id = ${companyId}
       ${outcome === undefined ? tx`` : ofOutcome}
       ${before === undefined ? tx`` : tx`and i.delivery_id < ${before}`}
     order by i.delivery_id desc limit ${args.limit}`;
  return rows.map((row) => ({
    deliveryId: row.delivery_id,
    storeId: row.store_id,
    topic: row.topic,
    outcome: row.outcome,
    orderNo: row.order_no,
    detail: row.detail,
    attempts: row.attempts,
    receivedAt: row.received_at,
    processedAt: row.processed_at,
  }));
}

/** Dead letters in the order they came, after one of them. */
export async function listDead(tx: Tx, args: { companyId: number; after: bigint; limit: number }): Promise<bigint[]> {
  const rows = await tx<{ delivery_id: bigint }[]>`
    select delivery_id from inbox_outcomes
     where company_id = ${args.companyId} and outcome = 'dead' and delivery_id > ${args.after}
     order by delivery_id limit ${args.limit}`;
  return rows.map((row) => row.delivery_id);
}

/**
 * Lets the sweeper see a delivery again that lies below its starting point. The last statement of a
 * transaction: the floor is no company's, so that only the door's role may move it.
 */
export async function lowerFloor(tx: Tx, deliveryId: bigint): Promise<void> {
  await tx`set local role upline_gate`;
  await tx`update inbox_floor set delivery_id = least(delivery_id, ${deliveryId - 1n})`;
}

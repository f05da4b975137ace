import { randomBytes } from "node:crypto";
import { DEFAULT_STORE_SETTINGS } from "@upline/core";
import type postgres from "postgres";
import { failureKind, pause } from "../../db/retry.ts";
import type { PipelineContext } from "../../orders/pipeline.ts";
import { processDeliveries } from "../../orders/process.ts";
import { SALT_BYTES, type SecretBox } from "../../secret-box.ts";
import { DELIVERIES_PER_ORDER, type LargeCompany, lifeOf, type SentDelivery } from "./order-lives.ts";

/**
 * A million orders through the hub's own pipeline, batch by batch, so that whatever it writes of an order is what stands here. Bodies
 * are erased already, as their retention would have it by now.
 */

const BATCH = 500;
const LANES = 2;

export interface OrderWriter {
  readonly context: PipelineContext;
  readonly box: SecretBox;
  readonly owner: postgres.Sql;
  readonly company: LargeCompany;
  readonly onProgress: (orders: number) => void;
}

/** Goes on where an earlier run was broken off. */
export async function writeOrders(writer: OrderWriter): Promise<void> {
  const { owner, company } = writer;
  const batches = Math.ceil(company.orders / BATCH);
  let next = await firstUnfinished(owner, batches);
  let done = next * BATCH;
  const lane = async () => {
    while (next < batches) {
      const batch = next++;
      await writeBatch(writer, batch);
      done += BATCH;
      writer.onProgress(Math.min(done, company.orders));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const last = String(company.orders * DELIVERIES_PER_ORDER);
  await owner`select setval(pg_get_serial_sequence('inbox', 'delivery_id'), ${last}::bigint)`;
  // Everything there is has an outcome: a hub that starts on this need not look.
  await owner`update inbox_floor set delivery_id = greatest(delivery_id, ${last}::bigint)`;
}

/** Lanes finish batches out of order: all but the last few before the newest are done, and doing one again changes nothing. */
async function firstUnfinished(owner: postgres.Sql, batches: number): Promise<number> {
  const [row] = await owner<{ newest: string | null }[]>`select max(delivery_id)::text as newest from inbox`;
  const reached = Math.floor(Number(row?.newest ?? 0) / (BATCH * DELIVERIES_PER_ORDER));
  return Math.min(batches, Math.max(0, reached - LANES));
}

async function writeBatch({ context, box, owner, company }: OrderWriter, batch: number): Promise<void> {
  const from = batch * BATCH;
  const count = Math.min(BATCH, company.orders - from);
  const lives = Array.from({ length: count }, (_, place) => lifeOf(from + place, company));
  for (const step of [0, 1]) {
    const sent = lives.flatMap((life) => life[step] ?? []);
    if (sent.length === 0) continue;
    await keepDeliveries(owner, box, sent);
    const reads = sent.map((delivery) => readOf(delivery, company));
    await untilFree(() => processDeliveries(context, company.companyId, reads));
  }
}

/** Lanes wait for each other's buyers, on a slow machine longer than a lock is waited for. */
async function untilFree(transaction: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await transaction();
      return;
    } catch (error) {
      if (!/^(conflict|busy)$/.test(failureKind(error))) throw error;
      await pause(attempt);
    }
  }
}

function readOf({ said, platformDeliveryId: _, ...delivery }: SentDelivery, { shops }: LargeCompany) {
  const platform = shops.find((shop) => shop.storeId === delivery.storeId)?.platform ?? "shopify";
  return { said, delivery: { ...delivery, platform, settings: DEFAULT_STORE_SETTINGS, attempts: 0, body: null } };
}

/** Without the key of its body, which is what retention leaves. */
async function keepDeliveries(owner: postgres.Sql, box: SecretBox, sent: readonly SentDelivery[]): Promise<void> {
  const sealed = box.sealBody(Buffer.from('{"erased":true}'), randomBytes(SALT_BYTES));
  await owner`
    insert into inbox_groups (company_id, group_no, delivery_ids)
    select ${sent[0]?.companyId ?? 0}::integer, delivery_id, array[delivery_id]
      from unnest(${sent.map(({ deliveryId }) => String(deliveryId))}::bigint[]) as sent (delivery_id)
    on conflict do nothing`;
  await owner`
    insert into inbox (company_id, delivery_id, store_id, topic, encoding, sealed, received_at) overriding system value
    select ${sent[0]?.companyId ?? 0}::integer, sent.delivery_id, sent.store_id, sent.topic, 'utf8', ${sealed}::bytea, sent.received_at
      from unnest(${sent.map(({ deliveryId }) => String(deliveryId))}::bigint[], ${sent.map(({ storeId }) => storeId)}::text[],
                  ${sent.map(({ topic }) => topic)}::text[], ${sent.map(({ receivedAt }) => receivedAt.toISOString())}::timestamptz[])
        as sent (delivery_id, store_id, topic, received_at)
    on conflict (delivery_id) do nothing`;
}

import type { Tx } from "../db/connect.ts";
import type { Listed } from "../db/query.ts";
import { inbox, inboxOutcomes, type Outcome } from "../db/schema/inbox.ts";
import type { StoreKey } from "../stores/queries.ts";

const received = { receivedAt: inbox.receivedAt, outcome: inboxOutcomes.outcome };

type Received = Omit<Listed<typeof received>, "outcome"> & { readonly outcome: Outcome | null };

/** The newest deliveries of a store, what the hub fetched itself left out: when the last came, and how many came to what. */
export async function readReceived(
  tx: Tx,
  { companyId, storeId }: StoreKey,
): Promise<{ lastAt: Date | null; outcomes: Record<string, number> }> {
  const rows = await tx<Received[]>`
    select i.received_at as "receivedAt", o.outcome from (
      select delivery_id, received_at, store_id, topic from inbox where company_id = ${companyId} order by delivery_id desc limit 20000) i
      left join inbox_outcomes o on o.delivery_id = i.delivery_id
     where i.store_id = ${storeId} and i.topic not like 'reconcile/%' and i.topic not like 'import/%'
     order by i.delivery_id desc limit 100`;
  const outcomes: Record<string, number> = {};
  for (const { outcome } of rows) outcomes[outcome ?? "waiting"] = (outcomes[outcome ?? "waiting"] ?? 0) + 1;
  return { lastAt: rows[0]?.receivedAt ?? null, outcomes };
}

import { asCompany } from "../db/connect.ts";
import type { Counts } from "../db/query.ts";
import type { InboxGroup } from "../db/schema/inbox.ts";
import type { HubParts } from "../parts.ts";

/** Groups at once: a transaction of some milliseconds, which nobody waits for. */
const BATCH = 200;

/**
 * Deletes deliveries that were processed `days` ago or earlier and whose bodies are erased, with what became of them. Dead letters stay,
 * and so does everything that orders and the ledger say. Answers how many went.
 */
export async function pruneDeliveries(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly days: number; readonly signal?: AbortSignal },
): Promise<number> {
  const { companyId, days, signal } = args;
  let pruned = 0;
  for (let after: bigint | null = 0n; after !== null; ) {
    signal?.throwIfAborted();
    const from: bigint = after;
    const [batch] = await asCompany(
      parts.db,
      companyId,
      (tx) => tx<(Counts<"pruned"> & Record<"goOnAfter", InboxGroup["groupNo"] | null>)[]>`
        select go_on_after as "goOnAfter", pruned from prune_deliveries(${companyId}, ${from}, ${days}, ${BATCH})`,
    );
    pruned += batch?.pruned ?? 0;
    after = batch?.goOnAfter ?? null;
  }
  return pruned;
}

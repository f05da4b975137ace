import { asCompany, type Tx } from "../db/connect.ts";
import type { BodyKey, InboxOutcome } from "../db/schema/inbox.ts";
import type { HubParts } from "../parts.ts";

/** Keys of bodies, which make them readable; what is deleted here is erased. */

const BATCH = 1_000;

/**
 * Forgets the bodies of deliveries that were processed before `before`. What waits keeps its body, and so does a dead
 * letter: somebody may still mend its cause and replay it. Answers how many were forgotten.
 */
export async function forgetOldBodies(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly before: Date; readonly signal?: AbortSignal },
): Promise<number> {
  const { companyId, before, signal } = args;
  let forgotten = 0;
  for (let after: bigint | null = 0n; after !== null; ) {
    signal?.throwIfAborted();
    const from: bigint = after;
    after = await asCompany(parts.db, companyId, async (tx) => {
      const rows = await readKept(tx, { companyId, after: from });
      const isOld = (row: Kept) => row.processedAt !== null && row.processedAt < before;
      const due = rows.filter((row) => isOld(row) && row.outcome !== "dead");
      forgotten += await forgetBodies(
        tx,
        companyId,
        due.map(({ deliveryId }) => deliveryId),
      );
      // Deliveries are about as old as their numbers: where most are young, all behind them are.
      const young = rows.filter((row) => row.processedAt !== null && !isOld(row)).length;
      return rows.length < BATCH || 2 * young > rows.length ? null : (rows.at(-1)?.deliveryId ?? null);
    });
  }
  return forgotten;
}

type Kept = Pick<BodyKey, "deliveryId"> & {
  readonly outcome: InboxOutcome["outcome"] | null;
  readonly processedAt: InboxOutcome["processedAt"] | null;
};

/** Deliveries whose bodies can be read, in the order they came. */
function readKept(tx: Tx, args: { companyId: number; after: bigint }): Promise<Kept[]> {
  return tx<Kept[]>`
    select k.delivery_id as "deliveryId", o.outcome, o.processed_at as "processedAt"
      from body_keys k left join inbox_outcomes o on o.delivery_id = k.delivery_id
     where k.company_id = ${args.companyId} and k.delivery_id > ${args.after} order by k.delivery_id limit ${BATCH}`;
}

/** Erases the bodies of these deliveries. Answers how many could still be read. */
export async function forgetBodies(tx: Tx, companyId: number, deliveryIds: readonly bigint[]): Promise<number> {
  if (deliveryIds.length === 0) return 0;
  const done =
    await tx`delete from body_keys where company_id = ${companyId} and delivery_id = any(${deliveryIds.map(String)}::bigint[])`;
  return done.count;
}

import { asCompany, type Tx } from "../db/connect.ts";
import type { InboxGroup, InboxOutcome } from "../db/schema/inbox.ts";
import type { HubParts } from "../parts.ts";
import { SALT_BYTES } from "../secret-box.ts";

/** The salts that make the keys of bodies; what is overwritten here is erased. */

/** Groups, each of up to as many deliveries as share a commit. */
const BATCH = 100;

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
      const { due, next } = await lookForOld(tx, { companyId, after: from, before });
      forgotten += await forgetBodies(
        tx,
        companyId,
        due.map(({ deliveryId }) => deliveryId),
      );
      return next;
    });
  }
  return forgotten;
}

/** How many it would forget, at most `most`. */
export async function countOldBodies(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly before: Date; readonly most: number },
): Promise<number> {
  const { companyId, before, most } = args;
  let counted = 0;
  for (let after: bigint | null = 0n; after !== null && counted < most; ) {
    const from: bigint = after;
    const found = await asCompany(parts.db, companyId, (tx) => lookForOld(tx, { companyId, after: from, before }));
    counted += found.due.filter(({ salt }) => salt !== null).length;
    after = found.next;
  }
  return Math.min(counted, most);
}

/** The old ones of the next groups, and behind which to go on; null where nothing old follows. */
async function lookForOld(tx: Tx, { before, ...where }: { companyId: number; after: bigint; before: Date }) {
  const rows = await readKept(tx, where);
  const isOld = (row: Kept) => row.processedAt !== null && row.processedAt < before;
  // Deliveries are about as old as their numbers: where most are young, all behind them are.
  const young = rows.filter((row) => row.processedAt !== null && !isOld(row)).length;
  const groups = new Set(rows.map(({ groupNo }) => groupNo)).size;
  const next = groups < BATCH || 2 * young > rows.length ? null : (rows.at(-1)?.groupNo ?? null);
  return { due: rows.filter((row) => isOld(row) && row.outcome !== "dead"), next };
}

type Kept = Pick<InboxGroup, "groupNo"> &
  Pick<InboxOutcome, "deliveryId"> & {
    readonly outcome: InboxOutcome["outcome"] | null;
    readonly processedAt: InboxOutcome["processedAt"] | null;
    /** Of this delivery alone; null where it is erased. */
    readonly salt: InboxGroup["salts"];
  };

/** Deliveries of the groups that can be read in part at least, in the order they came. */
function readKept(tx: Tx, args: { companyId: number; after: bigint }): Promise<Kept[]> {
  return tx<Kept[]>`
    select g.group_no as "groupNo", w.delivery_id as "deliveryId", o.outcome, o.processed_at as "processedAt",
           salt_in(g.delivery_ids, g.salts, w.delivery_id) as salt
      from (select group_no, delivery_ids, salts from inbox_groups
             where company_id = ${args.companyId} and group_no > ${args.after} and salts is not null
             order by group_no limit ${BATCH}) g
     cross join lateral unnest(g.delivery_ids) as w (delivery_id)
      left join inbox_outcomes o on o.delivery_id = w.delivery_id
     order by g.group_no, w.delivery_id`;
}

/** Erases the bodies of these deliveries. Answers how many could still be read. */
export async function forgetBodies(tx: Tx, companyId: number, deliveryIds: readonly bigint[]): Promise<number> {
  if (deliveryIds.length === 0) return 0;
  // Locked in one order, so that two who erase in the same groups take turns, and neither restores what the other erased.
  const groups = await tx<InboxGroup[]>`
    select company_id as "companyId", group_no as "groupNo", delivery_ids as "deliveryIds", salts from inbox_groups
     where company_id = ${companyId} and salts is not null and group_no in (
       select coalesce(group_no, delivery_id) from inbox
        where company_id = ${companyId} and delivery_id = any(${deliveryIds.map(String)}::bigint[]))
     order by group_no for update`;
  const meant = new Set(deliveryIds);
  let forgotten = 0;
  for (const { groupNo, deliveryIds: members, salts } of groups) {
    const left = Buffer.from(salts ?? []);
    members.forEach((deliveryId, index) => {
      const salt = left.subarray(SALT_BYTES * index, SALT_BYTES * (index + 1));
      if (!meant.has(deliveryId) || isErased(salt)) return;
      salt.fill(0);
      forgotten++;
    });
    await tx`
      update inbox_groups set salts = ${isErased(left) ? null : left} where company_id = ${companyId} and group_no = ${groupNo}`;
  }
  return forgotten;
}

const isErased = (salts: Buffer): boolean => salts.every((byte) => byte === 0);

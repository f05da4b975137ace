import { foldCode } from "@upline/core";
import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { before, given, query } from "../db/query.ts";
import { type ToldEvidence, toldEvidence } from "../db/schema/apps.ts";
import type { StoreKey } from "../stores/queries.ts";

/** Evidence that came beside orders: what a pixel saw, and whom buyers named after the purchase. */

/** Anybody's browser can send such things: of one order or checkout no more than these are kept. */
const MOST_OF_ONE = 20;

export type NewToldEvidence = StoreKey &
  Pick<ToldEvidence, "kind" | "platformOrderId" | "checkoutToken" | "code" | "toldAt" | "clientHash">;

/** Keeps what was told, once. A claim of an order waits for a person. Answers whether it was new. */
export async function keepToldEvidence(tx: Tx, told: NewToldEvidence): Promise<boolean> {
  const { companyId, storeId, platformOrderId, checkoutToken } = told;
  // Those of one store take turns: the count below would see none of what others are writing.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`told evidence ${storeId} ${platformOrderId} ${checkoutToken}`}, ${companyId}))`;
  const known = await query(tx).$count(
    toldEvidence,
    and(
      eq(toldEvidence.companyId, companyId),
      eq(toldEvidence.storeId, storeId),
      eq(toldEvidence.platformOrderId, platformOrderId),
      eq(toldEvidence.checkoutToken, checkoutToken),
    ),
  );
  if (known >= MOST_OF_ONE) return false;
  const rows = await query(tx)
    .insert(toldEvidence)
    .values({ ...told, foldedCode: foldCode(told.code), status: told.kind === "claim" ? "open" : "kept" })
    .onConflictDoNothing()
    .returning({ evidenceNo: toldEvidence.evidenceNo });
  return rows.length === 1;
}

/** What was told of one order, the oldest first. */
export function listToldOfOrder(
  tx: Tx,
  { companyId, storeId, platformOrderId }: Pick<ToldEvidence, "companyId" | "storeId" | "platformOrderId">,
): Promise<ToldEvidence[]> {
  return query(tx)
    .select()
    .from(toldEvidence)
    .where(
      and(
        eq(toldEvidence.companyId, companyId),
        eq(toldEvidence.storeId, storeId),
        eq(toldEvidence.platformOrderId, platformOrderId),
      ),
    )
    .orderBy(asc(toldEvidence.evidenceNo));
}

/** Claims of a company, the newest first. */
export function listClaims(
  tx: Tx,
  args: {
    readonly companyId: number;
    readonly status?: ToldEvidence["status"] | undefined;
    readonly before?: bigint | undefined;
    readonly limit: number;
  },
): Promise<ToldEvidence[]> {
  return query(tx)
    .select()
    .from(toldEvidence)
    .where(
      and(
        eq(toldEvidence.companyId, args.companyId),
        eq(toldEvidence.kind, "claim"),
        given(toldEvidence.status, args.status),
        before(toldEvidence.evidenceNo, args.before),
      ),
    )
    .orderBy(desc(toldEvidence.evidenceNo))
    .limit(args.limit);
}

/** One claim, locked until the transaction ends; null where the company has none of that number. */
export async function lockClaim(
  tx: Tx,
  { companyId, evidenceNo }: Pick<ToldEvidence, "companyId" | "evidenceNo">,
): Promise<ToldEvidence | null> {
  const [row] = await query(tx)
    .select()
    .from(toldEvidence)
    .where(and(eq(toldEvidence.companyId, companyId), eq(toldEvidence.evidenceNo, evidenceNo), eq(toldEvidence.kind, "claim")))
    .for("update");
  return row ?? null;
}

export async function decideClaim(
  tx: Tx,
  args: Pick<ToldEvidence, "companyId" | "evidenceNo" | "decidedBy" | "reason"> & { readonly status: "accepted" | "refused" },
): Promise<void> {
  const { companyId, evidenceNo, status, decidedBy, reason } = args;
  await query(tx)
    .update(toldEvidence)
    .set({ status, decidedBy, reason, decidedAt: sql`now()` })
    .where(and(eq(toldEvidence.companyId, companyId), eq(toldEvidence.evidenceNo, evidenceNo)));
}

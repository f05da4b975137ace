import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type ApiKey, apiKeys } from "../db/schema/companies.ts";

export async function insertKey(
  tx: Tx,
  key: Pick<ApiKey, "companyId" | "keyHash" | "prefix" | "name" | "owner" | "scopes">,
): Promise<void> {
  await query(tx).insert(apiKeys).values(key);
}

/** Keys of a company, the newest first; the keys themselves are known to nobody. */
export function listKeys(tx: Tx, companyId: number) {
  const { keyNo, prefix, name, owner, scopes, createdAt, revokedAt } = apiKeys;
  return query(tx)
    .select({ keyNo, prefix, name, owner, scopes, createdAt, revokedAt })
    .from(apiKeys)
    .where(eq(apiKeys.companyId, companyId))
    .orderBy(desc(keyNo));
}

/** Revokes the keys that begin so, and tells how many there were. */
export async function revokeKeys(tx: Tx, { companyId, prefix }: Pick<ApiKey, "companyId" | "prefix">): Promise<number> {
  const revoked = await query(tx)
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.companyId, companyId), eq(apiKeys.prefix, prefix), isNull(apiKeys.revokedAt)))
    .returning({ keyNo: apiKeys.keyNo });
  return revoked.length;
}

import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type ApiKey, apiKeys } from "../db/schema/companies.ts";

/** Keeps a key by its hash, and answers its number. */
export async function insertKey(
  tx: Tx,
  key: Pick<ApiKey, "companyId" | "keyHash" | "prefix" | "name" | "owner" | "scopes"> & Partial<Pick<ApiKey, "personId">>,
): Promise<number> {
  const [row] = await query(tx).insert(apiKeys).values(key).returning({ keyNo: apiKeys.keyNo });
  if (!row) throw new Error("the new key has no number");
  return row.keyNo;
}

/** Keys of a company, the newest first; the keys themselves are known to nobody. */
export function listKeys(tx: Tx, companyId: number) {
  const { keyNo, prefix, name, owner, personId, scopes, createdAt, revokedAt } = apiKeys;
  return query(tx)
    .select({ keyNo, prefix, name, owner, personId, scopes, createdAt, revokedAt })
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

/** Revokes one key by its number; of one that is revoked already the time stays. */
export async function revokeKeyNo(tx: Tx, { companyId, keyNo }: Pick<ApiKey, "companyId" | "keyNo">): Promise<void> {
  await query(tx)
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.companyId, companyId), eq(apiKeys.keyNo, keyNo), isNull(apiKeys.revokedAt)));
}

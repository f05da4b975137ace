import type { Tx } from "../db/connect.ts";

export interface ApiKey {
  readonly keyNo: number;
  readonly prefix: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

interface KeyRow {
  key_no: number;
  prefix: string;
  name: string;
  scopes: string[];
  created_at: Date;
  revoked_at: Date | null;
}

export async function insertKey(
  tx: Tx,
  args: { companyId: number; hash: Buffer; prefix: string; name: string; scopes: readonly string[] },
): Promise<void> {
  await tx`
    insert into api_keys (company_id, key_hash, prefix, name, scopes)
    values (${args.companyId}, ${args.hash}, ${args.prefix}, ${args.name}, ${args.scopes as string[]})`;
}

/** Keys of a company, the newest first; the keys themselves are known to nobody. */
export async function listKeys(tx: Tx, companyId: number): Promise<ApiKey[]> {
  const rows = await tx<KeyRow[]>`
    select key_no, prefix, name, scopes, created_at, revoked_at from api_keys
     where company_id = ${companyId} order by key_no desc`;
  return rows.map((row) => ({
    keyNo: row.key_no,
    prefix: row.prefix,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  }));
}

/** Revokes the keys that begin so, and tells how many there were. */
export async function revokeKeys(tx: Tx, args: { companyId: number; prefix: string }): Promise<number> {
  const rows = await tx`
    update api_keys set revoked_at = now()
     where company_id = ${args.companyId} and prefix = ${args.prefix} and revoked_at is null returning key_no`;
  return rows.length;
}

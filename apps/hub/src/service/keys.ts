import { textProblem } from "@upline/core";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { asOwner, type Sql, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { serviceKeys, serviceLog } from "../db/schema/apps.ts";
import { HubError, refused } from "../errors.ts";
import { newServiceKey, SERVICE_SCOPES } from "../http/service-auth.ts";
import type { HubParts } from "../parts.ts";

/** Service keys: made and revoked by whoever runs the hub, on the owner's connection, and logged where nothing can be changed. */

/** Makes a service key. The key itself is in the answer only: its hash is what is stored. Throws HubError. */
export async function createServiceKey(
  parts: Pick<HubParts, "db">,
  args: { readonly name: string; readonly scopes: readonly string[]; readonly actor: string },
): Promise<{ key: string; prefix: string }> {
  const name = args.name.trim();
  const scopes = [...new Set(args.scopes)];
  const unknown = scopes.find((scope) => !SERVICE_SCOPES.some((known) => known === scope));
  if (unknown !== undefined || scopes.length === 0) {
    const message = `one or more of ${SERVICE_SCOPES.join(", ")}`;
    throw refused("scopes", message, `${unknown === undefined ? "No scope" : `The scope "${unknown}"`}: give ${message}.`);
  }
  if (name === "" || textProblem(name, 100) !== null)
    throw refused("name", "1 to 100 characters", "A service key needs a name of 1 to 100 characters that says what uses it.");
  const { key, keyHash, prefix } = newServiceKey();
  await asOwner(parts.db, async (tx) => {
    await query(tx).insert(serviceKeys).values({ keyHash, prefix, name, scopes });
    await log(tx, { actor: args.actor, act: "service-key.create", subject: prefix, details: { name, scopes } });
  });
  return { key, prefix };
}

/** Makes a service key useless at once. Throws HubError where no valid one begins so. */
export async function revokeServiceKey(
  parts: Pick<HubParts, "db">,
  { prefix, actor }: { readonly prefix: string; readonly actor: string },
): Promise<void> {
  await asOwner(parts.db, async (tx) => {
    const revoked = await query(tx)
      .update(serviceKeys)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(serviceKeys.prefix, prefix), isNull(serviceKeys.revokedAt)))
      .returning({ serviceKeyNo: serviceKeys.serviceKeyNo });
    if (revoked.length === 0)
      throw new HubError("not-found", `No valid service key begins with ${prefix}: see \`pnpm upline service-key list\`.`);
    await log(tx, { actor, act: "service-key.revoke", subject: prefix, details: {} });
  });
}

/** Service keys, the newest first; the keys themselves are known to nobody. */
export function listServiceKeys(gate: Sql) {
  const { serviceKeyNo, prefix, name, scopes, createdAt, revokedAt } = serviceKeys;
  return query(gate).select({ prefix, name, scopes, createdAt, revokedAt }).from(serviceKeys).orderBy(desc(serviceKeyNo));
}

async function log(tx: Tx, entry: typeof serviceLog.$inferInsert): Promise<void> {
  await query(tx).insert(serviceLog).values(entry);
}

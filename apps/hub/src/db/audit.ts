import type { Tx } from "./connect.ts";
import { query } from "./query.ts";
import { auditLog } from "./schema/companies.ts";

/** Who acts where no key does: whoever runs the hub. */
export const OPERATOR = "operator";

/** Who acted: a key or a service key by its name, a store by its id, a person by a number that tells nobody's name. */
export function actorOf(kind: "key" | "service" | "store" | "person", name: string): string {
  return `${kind}:${name}`;
}

/**
 * What was done (`act`, such as `store.add`), by whom (`actor`), to what (`subject`, such as a store's id).
 * Details are never personal data, and never a secret.
 */
export type NewAuditEntry = typeof auditLog.$inferInsert;

/** Writes what a person or a key did, in the transaction of the act. */
export async function insertAudit(tx: Tx, entry: NewAuditEntry): Promise<void> {
  await query(tx).insert(auditLog).values(entry);
}

import type { JSONValue } from "postgres";
import type { Tx } from "./connect.ts";

export interface AuditEntry {
  readonly companyId: number;
  /** Who acted, such as `key:console` or `operator`. */
  readonly actor: string;
  /** What was done, such as `store.add`. */
  readonly act: string;
  /** To what, such as a store's id. */
  readonly subject: string;
  /** Never personal data, and never a secret. */
  readonly details?: JSONValue;
}

/** Writes what a person or a key did, in the transaction of the act. */
export async function insertAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx`
    insert into audit_log (company_id, actor, act, subject, details)
    values (${entry.companyId}, ${entry.actor}, ${entry.act}, ${entry.subject}, ${tx.json(entry.details ?? {})})`;
}

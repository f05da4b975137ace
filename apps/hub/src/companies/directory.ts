import { eq, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type Company, companies } from "../db/schema/companies.ts";

/** The version of what workers keep a copy of: the network, the SKU map and the plans of a company. */

const { companyId, directoryVersion, evidenceOrder, buyerKey } = companies;
const kept = { companyId, directoryVersion, evidenceOrder, buyerKey };

export async function readCompany(tx: Tx, companyNo: number): Promise<Pick<Company, keyof typeof kept> | null> {
  const [row] = await query(tx).select(kept).from(companies).where(eq(companyId, companyNo));
  return row ?? null;
}

/** Raises the directory's version, in the transaction of the change, and returns it for the changed rows. */
export async function raiseDirectoryVersion(tx: Tx, companyNo: number): Promise<bigint> {
  const [row] = await query(tx)
    .update(companies)
    .set({ directoryVersion: sql`${directoryVersion} + 1` })
    .where(eq(companyId, companyNo))
    .returning({ directoryVersion });
  if (!row) throw new Error("the company of this transaction does not exist");
  return row.directoryVersion;
}

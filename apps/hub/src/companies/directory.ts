import type { EvidenceSource } from "@upline/core";
import type { Tx } from "../db/connect.ts";

/** The version of what workers keep a copy of: the network, the SKU map and the plans of a company. */

export interface CompanyRow {
  readonly companyId: number;
  readonly directoryVersion: bigint;
  readonly evidenceOrder: readonly EvidenceSource[] | null;
  readonly buyerKeySealed: Buffer;
}

export async function readCompany(tx: Tx, companyId: number): Promise<CompanyRow | null> {
  const [row] = await tx<{ directory_version: bigint; evidence_order: EvidenceSource[] | null; buyer_key: Buffer }[]>`
    select directory_version, evidence_order, buyer_key from companies where company_id = ${companyId}`;
  return row
    ? { companyId, directoryVersion: row.directory_version, evidenceOrder: row.evidence_order, buyerKeySealed: row.buyer_key }
    : null;
}

/** Raises the directory's version, in the transaction of the change, and returns it for the changed rows. */
export async function raiseDirectoryVersion(tx: Tx, companyId: number): Promise<bigint> {
  const [row] = await tx<{ directory_version: bigint }[]>`
    update companies set directory_version = directory_version + 1 where company_id = ${companyId} returning directory_version`;
  if (!row) throw new Error("the company of this transaction does not exist");
  return row.directory_version;
}

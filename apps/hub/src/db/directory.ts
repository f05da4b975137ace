import type { EvidenceSource, PlatformName, SkuMapping } from "@upline/core";
import type { Tx } from "./connect.ts";

/** What workers keep a copy of: the network, the SKU map and the plans of a company. */

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

export interface DistributorRow {
  readonly distributor_no: number;
  readonly distributor_id: string;
  readonly country: string | null;
  readonly enrolled_at: Date;
}
export interface EdgeRow {
  readonly edge_no: bigint;
  readonly distributor_no: number;
  readonly sponsor_no: number;
  readonly valid_from: Date;
}
export interface StandingRow {
  readonly distributor_no: number;
  readonly status: string;
  readonly rank: string | null;
  readonly period_pv: bigint | null;
  readonly valid_from: Date;
}
export interface CodeRow {
  readonly folded_code: string;
  readonly distributor_no: number;
}
export interface BuyerRow {
  readonly buyer_hash: string;
  readonly distributor_no: number;
}
export interface NetworkChanges {
  readonly distributors: readonly DistributorRow[];
  readonly edges: readonly EdgeRow[];
  readonly standings: readonly StandingRow[];
  readonly codes: readonly CodeRow[];
  readonly buyers: readonly BuyerRow[];
}

/** Everything of the network that changed after a version; after 0 it is the whole network. */
export async function readNetworkChanges(tx: Tx, args: { companyId: number; after: bigint }): Promise<NetworkChanges> {
  const since = tx`company_id = ${args.companyId} and version > ${args.after}`;
  const [distributors, edges, standings, codes, buyers] = await Promise.all([
    tx<
      DistributorRow[]
    >`select distributor_no, distributor_id, country, enrolled_at from distributors where ${since} order by distributor_no`,
    tx<EdgeRow[]>`select edge_no, distributor_no, sponsor_no, valid_from from sponsor_edges where ${since} order by edge_no`,
    tx<
      StandingRow[]
    >`select distributor_no, status, rank, period_pv, valid_from from standings where ${since} order by standing_no`,
    tx<CodeRow[]>`select folded_code, distributor_no from referral_codes where ${since}`,
    tx<BuyerRow[]>`select buyer_hash, distributor_no from distributor_buyers where ${since}`,
  ]);
  return { distributors, edges, standings, codes, buyers };
}

interface SkuRow {
  sku_id: string;
  platform: PlatformName;
  platform_sku: string;
  variant_id: string | null;
  commission_class: string;
  pv: string;
  qv: string;
  cv: string;
  retail_margin: string | null;
  valid_from: Date;
}

/** The whole SKU map; a later row of the same date replaces an earlier one. */
export async function readSkuMap(tx: Tx, companyId: number): Promise<SkuMapping[]> {
  const rows = await tx<SkuRow[]>`
    select sku_id, platform, platform_sku, variant_id, commission_class, pv, qv, cv, retail_margin, valid_from
      from sku_map where company_id = ${companyId} order by mapping_no desc`;
  return rows.map((row) => ({
    skuId: row.sku_id,
    platform: row.platform,
    platformSku: row.platform_sku,
    variantId: row.variant_id,
    commissionClass: row.commission_class,
    pv: row.pv,
    qv: row.qv,
    cv: row.cv,
    retailMargin: row.retail_margin,
    validFrom: row.valid_from.toISOString(),
  }));
}

export interface PlanRow {
  readonly plan_hash: string;
  readonly document: unknown;
  readonly effective_from: Date;
}

/** Published plans, the newest first. */
export async function readPlans(tx: Tx, companyId: number): Promise<PlanRow[]> {
  return tx<
    PlanRow[]
  >`select plan_hash, document, effective_from from plans where company_id = ${companyId} order by effective_from desc, version desc`;
}

import type { PlatformName } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { batches } from "../network/import-queries.ts";

const BATCH = 5_000;

/** One row of the SKU map as it is stored. */
export interface MappingRow {
  readonly skuId: string;
  readonly platform: PlatformName;
  readonly platformSku: string;
  readonly variantId: string | null;
  readonly name: string;
  readonly category: string;
  readonly commissionClass: string;
  readonly pv: string;
  readonly qv: string;
  readonly cv: string;
  readonly retailMargin: string | null;
  readonly validFrom: Date;
}

interface StoredMapping {
  mapping_no: bigint;
  sku_id: string;
  platform: PlatformName;
  platform_sku: string;
  variant_id: string | null;
  name: string;
  category: string;
  commission_class: string;
  pv: string;
  qv: string;
  cv: string;
  retail_margin: string | null;
  valid_from: Date;
}

/** Every row ever written, in the order they were recorded. */
export async function readMappings(tx: Tx, companyId: number): Promise<MappingRow[]> {
  const rows = await tx<StoredMapping[]>`
    select mapping_no, sku_id, platform, platform_sku, variant_id, name, category, commission_class, pv, qv, cv, retail_margin, valid_from
      from sku_map where company_id = ${companyId} order by mapping_no`;
  return rows.map((row) => ({
    skuId: row.sku_id,
    platform: row.platform,
    platformSku: row.platform_sku,
    variantId: row.variant_id,
    name: row.name,
    category: row.category,
    commissionClass: row.commission_class,
    pv: row.pv,
    qv: row.qv,
    cv: row.cv,
    retailMargin: row.retail_margin,
    validFrom: row.valid_from,
  }));
}

/** Adds rows; none ever changes, a later one of the same key and date replaces an earlier one. */
export async function insertMappings(tx: Tx, companyId: number, mappings: readonly MappingRow[]): Promise<void> {
  for (const rows of batches(mappings, BATCH)) {
    const column = (value: (row: MappingRow) => string | null) => rows.map(value);
    await tx`
      insert into sku_map (company_id, sku_id, platform, platform_sku, variant_id, name, category, commission_class, pv, qv, cv, retail_margin, valid_from)
      select ${companyId}, * from unnest(
        ${column((row) => row.skuId)}::text[], ${column((row) => row.platform)}::text[], ${column((row) => row.platformSku)}::text[],
        ${column((row) => row.variantId)}::text[], ${column((row) => row.name)}::text[], ${column((row) => row.category)}::text[],
        ${column((row) => row.commissionClass)}::text[], ${column((row) => row.pv)}::text[], ${column((row) => row.qv)}::text[],
        ${column((row) => row.cv)}::text[], ${column((row) => row.retailMargin)}::text[], ${column((row) => row.validFrom.toISOString())}::timestamptz[])`;
  }
}

import type { PlatformName, SkuMapping } from "@upline/core";
import type { Tx } from "../db/connect.ts";

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

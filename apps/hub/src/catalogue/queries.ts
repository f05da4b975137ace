import type { PlatformName } from "@upline/core";
import type { Tx } from "../db/connect.ts";

/** Reads of the SKU map, and of the lines that wait for it. */

export interface SkuMapRow {
  readonly mapping_no: bigint;
  readonly sku_id: string;
  readonly platform: PlatformName;
  readonly platform_sku: string;
  readonly variant_id: string | null;
  readonly name: string;
  readonly category: string;
  readonly commission_class: string;
  readonly pv: string;
  readonly qv: string;
  readonly cv: string;
  readonly retail_margin: string | null;
  readonly valid_from: Date;
}

export interface SkuMapFilter {
  readonly platform?: string | undefined;
  readonly skuId?: string | undefined;
  readonly platformSku?: string | undefined;
  readonly variantId?: string | undefined;
}

/** Newest first. Every mapping ever recorded: a later one of the same product counts from its own date on. */
export function listSkuMap(
  tx: Tx,
  args: SkuMapFilter & { companyId: number; before?: bigint | undefined; limit: number },
): Promise<SkuMapRow[]> {
  const none = tx``;
  return tx<SkuMapRow[]>`
    select mapping_no, sku_id, platform, platform_sku, variant_id, name, category, commission_class, pv, qv, cv, retail_margin, valid_from
      from sku_map
     where company_id = ${args.companyId}
       ${args.platform === undefined ? none : tx`and platform = ${args.platform}`}
       ${args.skuId === undefined ? none : tx`and sku_id = ${args.skuId}`}
       ${args.platformSku === undefined ? none : tx`and platform_sku = ${args.platformSku}`}
       ${args.variantId === undefined ? none : tx`and variant_id = ${args.variantId}`}
       ${args.before === undefined ? none : tx`and mapping_no < ${args.before}`}
     order by mapping_no desc limit ${args.limit}`;
}

export interface QuarantineRow {
  readonly platform: PlatformName;
  readonly sku: string | null;
  readonly variant_id: string | null;
  readonly currency: string;
  readonly name: string;
  readonly orders: bigint;
  readonly lines: bigint;
  readonly net_minor: bigint;
  readonly oldest: Date;
  readonly newest_order_no: bigint;
}

/** Waiting lines by product and currency; those that hold up the most orders first. */
export function listQuarantine(
  tx: Tx,
  args: { companyId: number; platform?: string | undefined; skip: number; limit: number },
): Promise<QuarantineRow[]> {
  return tx<QuarantineRow[]>`
    select platform, sku, variant_id, currency, max(name) as name, count(distinct order_no) as orders, count(*) as lines,
           sum(net_minor)::bigint as net_minor, min(recorded_at) as oldest, max(order_no) as newest_order_no
      from quarantine
     where company_id = ${args.companyId} ${args.platform === undefined ? tx`` : tx`and platform = ${args.platform}`}
     group by platform, sku, variant_id, currency
     order by orders desc, net_minor desc, platform, sku nulls last, variant_id nulls last, currency
     limit ${args.limit} offset ${args.skip}`;
}

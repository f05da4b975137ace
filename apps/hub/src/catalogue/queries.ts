import type { SkuMapping } from "@upline/core";
import { and, asc, desc, eq, max, sql } from "drizzle-orm";
import { batches } from "../db/batches.ts";
import type { Tx } from "../db/connect.ts";
import { before, given, query } from "../db/query.ts";
import { type SkuMapping as StoredMapping, skuMap } from "../db/schema/catalogue.ts";
import { quarantine } from "../db/schema/orders.ts";

/** The SKU map, and the lines that wait for it. */

const BATCH = 5_000;

const { skuId, platform, platformSku, variantId, name, category, commissionClass, pv, qv, cv, retailMargin, validFrom } = skuMap;
const said = { skuId, platform, platformSku, variantId, name, category, commissionClass, pv, qv, cv, retailMargin, validFrom };

/** What one row of the map says: from when on, which of the company's SKUs a platform's product is. */
export type Mapping = Pick<StoredMapping, keyof typeof said>;

/** Every row ever written, in the order they were recorded. */
export function readMappings(tx: Tx, companyId: number): Promise<Mapping[]> {
  return query(tx).select(said).from(skuMap).where(eq(skuMap.companyId, companyId)).orderBy(asc(skuMap.mappingNo));
}

/** The whole SKU map as workers keep it; a later row of the same date replaces an earlier one. */
export async function readSkuMap(tx: Tx, companyId: number): Promise<SkuMapping[]> {
  const { name: _name, category: _category, ...judged } = said;
  const rows = await query(tx).select(judged).from(skuMap).where(eq(skuMap.companyId, companyId)).orderBy(desc(skuMap.mappingNo));
  return rows.map((row) => ({ ...row, validFrom: row.validFrom.toISOString() }));
}

/** The newest row's number; 0 where there is none. Rows are only ever added, so that it says whether there are new ones. */
export async function lastMappingNo(tx: Tx, companyId: number): Promise<bigint> {
  const [row] = await query(tx)
    .select({ last: max(skuMap.mappingNo) })
    .from(skuMap)
    .where(eq(skuMap.companyId, companyId));
  return row?.last ?? 0n;
}

/** Adds rows; none ever changes, a later one of the same key and date replaces an earlier one. */
export async function insertMappings(tx: Tx, companyId: number, mappings: readonly Mapping[]): Promise<void> {
  for (const rows of batches(mappings, BATCH)) {
    const column = (value: (row: Mapping) => string | null) => rows.map(value);
    await tx`
      insert into sku_map (company_id, sku_id, platform, platform_sku, variant_id, name, category, commission_class, pv, qv, cv, retail_margin, valid_from)
      select ${companyId}, * from unnest(
        ${column((row) => row.skuId)}::text[], ${column((row) => row.platform)}::text[], ${column((row) => row.platformSku)}::text[],
        ${column((row) => row.variantId)}::text[], ${column((row) => row.name)}::text[], ${column((row) => row.category)}::text[],
        ${column((row) => row.commissionClass)}::text[], ${column((row) => row.pv)}::text[], ${column((row) => row.qv)}::text[],
        ${column((row) => row.cv)}::text[], ${column((row) => row.retailMargin)}::text[], ${column((row) => row.validFrom.toISOString())}::timestamptz[])`;
  }
}

export type SkuMapFilter = Partial<Record<"platform" | "skuId" | "platformSku" | "variantId", string | undefined>>;
export type ListedMapping = Awaited<ReturnType<typeof listSkuMap>>[number];

/** Newest first. Every mapping ever recorded: a later one of the same product counts from its own date on. */
export function listSkuMap(tx: Tx, args: SkuMapFilter & { companyId: number; before?: bigint | undefined; limit: number }) {
  return query(tx)
    .select({ mappingNo: skuMap.mappingNo, ...said })
    .from(skuMap)
    .where(
      and(
        eq(skuMap.companyId, args.companyId),
        given(platform, args.platform as Mapping["platform"] | undefined),
        given(skuId, args.skuId),
        given(platformSku, args.platformSku),
        given(variantId, args.variantId),
        before(skuMap.mappingNo, args.before),
      ),
    )
    .orderBy(desc(skuMap.mappingNo))
    .limit(args.limit);
}

export type WaitingProduct = Awaited<ReturnType<typeof listQuarantine>>[number];

/** Waiting lines by product and currency; those that hold up the most orders first. */
export function listQuarantine(
  tx: Tx,
  args: { companyId: number; platform?: Mapping["platform"] | undefined; skip: number; limit: number },
) {
  const { platform, sku, variantId, currency, rateTo, name, orderNo, netMinor, recordedAt } = quarantine;
  // By order first: counting distinct orders in one step would sort every line.
  const held = query(tx)
    .select({
      ...{ platform, sku, variantId, currency, rateTo },
      name: sql<string>`max(${name})`.as("held_name"),
      lines: sql<number>`count(*)`.as("held_lines"),
      netMinor: sql<bigint>`sum(${netMinor})`.as("held_net"),
      oldest: sql<Date>`min(${recordedAt})`.as("held_since"),
      orderNo,
    })
    .from(quarantine)
    .where(and(eq(quarantine.companyId, args.companyId), given(platform, args.platform)))
    .groupBy(platform, sku, variantId, currency, rateTo, orderNo)
    .as("held");
  const orders = sql<number>`count(*)::int`;
  const net = sql<bigint>`sum(${held.netMinor})::bigint`;
  return query(tx)
    .select({
      ...{
        platform: held.platform,
        sku: held.sku,
        variantId: held.variantId,
        currency: held.currency,
        rateTo: held.rateTo,
        orders,
      },
      name: sql<string>`max(${held.name})`,
      lines: sql<number>`sum(${held.lines})::int`,
      netMinor: net,
      oldest: sql<Date>`min(${held.oldest})`,
      newestOrderNo: sql<bigint>`max(${held.orderNo})`,
    })
    .from(held)
    .groupBy(held.platform, held.sku, held.variantId, held.currency, held.rateTo)
    .orderBy(
      desc(orders),
      desc(net),
      held.platform,
      sql`${held.sku} nulls last`,
      sql`${held.variantId} nulls last`,
      held.currency,
      sql`${held.rateTo} nulls last`,
    )
    .limit(args.limit)
    .offset(args.skip);
}

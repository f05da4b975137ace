import { type MappingRow, readMappings } from "../catalogue/import-queries.ts";
import { asCompany } from "../db/connect.ts";
import { woocommerceStore } from "../platforms.ts";
import { clientOf, needWooStore } from "../stores/access.ts";
import type { JobParts } from "./feed.ts";

/** The columns that `sku import` reads, and after them what helps a person to decide. */
export const CATALOGUE_COLUMNS = [
  "sku_id",
  "platform",
  "platform_sku",
  "variant_id",
  "name",
  "commission_class",
  "pv",
  "qv",
  "cv",
  "suggestion",
  "price",
  "status",
] as const;
export type CatalogueLine = Readonly<Record<(typeof CATALOGUE_COLUMNS)[number], string>>;

/**
 * Everything a store sells, each with the company's SKU where it is the same to the letter. What the
 * company knows of that SKU is filled in; the rest is for a person.
 */
export async function readCatalogue(
  parts: Pick<JobParts, "db" | "box">,
  args: { readonly companyId: number; readonly storeId: string; readonly onProgress?: (done: number) => void },
): Promise<CatalogueLine[]> {
  const { companyId } = args;
  const store = await needWooStore(parts, args);
  const client = clientOf(parts, store);
  const rows: woocommerceStore.CatalogueRow[] = [];
  for await (const page of woocommerceStore.importCatalogue(client)) {
    rows.push(...page);
    args.onProgress?.(rows.length);
  }
  const known = await asCompany(parts.db, companyId, (tx) => readMappings(tx, companyId));
  // The newest word about a SKU, this platform's before others'.
  const bySku = new Map<string, MappingRow>();
  for (const row of known)
    if (row.platform === "woocommerce" || bySku.get(row.skuId)?.platform !== "woocommerce") bySku.set(row.skuId, row);
  const suggestions = woocommerceStore.suggestSkus(rows, bySku.keys());
  return rows.map((row) => lineOf(row, suggestions.get(row.variantId) ?? { kind: "none" }, bySku));
}

function lineOf(
  row: woocommerceStore.CatalogueRow,
  suggestion: woocommerceStore.SkuSuggestion,
  bySku: ReadonlyMap<string, MappingRow>,
): CatalogueLine {
  const mapping = suggestion.kind === "exact" ? bySku.get(suggestion.sku) : undefined;
  return {
    sku_id: mapping?.skuId ?? "",
    platform: "woocommerce",
    platform_sku: row.sku ?? "",
    variant_id: row.variantId,
    name: row.name,
    commission_class: mapping?.commissionClass ?? "",
    pv: mapping?.pv ?? "",
    qv: mapping?.qv ?? "",
    cv: mapping?.cv ?? "",
    suggestion: suggestion.kind,
    price: row.price ?? "",
    status: row.status,
  };
}

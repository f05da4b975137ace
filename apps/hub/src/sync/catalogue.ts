import { type CatalogueRow, type SkuSuggestion, suggestSkus } from "@upline/core";
import { type Mapping, readMappings } from "../catalogue/queries.ts";
import { asCompany } from "../db/connect.ts";
import { needReadableStore, readerOf } from "../stores/access.ts";
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
  parts: Pick<JobParts, "db" | "box" | "env">,
  args: { readonly companyId: number; readonly storeId: string; readonly onProgress?: (done: number) => void },
): Promise<CatalogueLine[]> {
  const { companyId } = args;
  const store = await needReadableStore(parts, args);
  const reader = readerOf(parts, store);
  const rows: CatalogueRow[] = [];
  for await (const page of reader.catalogue()) {
    rows.push(...page);
    args.onProgress?.(rows.length);
  }
  const known = await asCompany(parts.db, companyId, (tx) => readMappings(tx, companyId));
  // The newest mapping of a SKU, this platform's before others'.
  const bySku = new Map<string, Mapping>();
  for (const row of known)
    if (row.platform === store.platform || bySku.get(row.skuId)?.platform !== store.platform) bySku.set(row.skuId, row);
  const suggestions = suggestSkus(rows, bySku.keys());
  return rows.map((row) => {
    const suggestion = suggestions.get(row.variantId) ?? { kind: "none" };
    const mapping = suggestion.kind === "exact" ? bySku.get(suggestion.sku) : undefined;
    return lineOf(row, { suggestion, mapping, platform: store.platform });
  });
}

function lineOf(
  row: CatalogueRow,
  { suggestion, mapping, platform }: { suggestion: SkuSuggestion; mapping: Mapping | undefined; platform: string },
): CatalogueLine {
  return {
    sku_id: mapping?.skuId ?? "",
    platform,
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

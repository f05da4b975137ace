import type { CatalogueRow } from "./store-reader.ts";

/** Which of the company's SKUs a row is, so far as this can be told without guessing. */
export type SkuSuggestion =
  | { readonly kind: "exact"; readonly sku: string }
  /** Several rows of the store have this SKU, as variations have that inherit it: a person decides. */
  | { readonly kind: "ambiguous"; readonly sku: string }
  | { readonly kind: "none" };

/** Suggests by exact SKU only, never by name. */
export function suggestSkus(rows: readonly CatalogueRow[], companySkus: Iterable<string>): Map<string, SkuSuggestion> {
  const known = new Set(companySkus);
  const uses = new Map<string, number>();
  for (const { sku } of rows) if (sku !== null) uses.set(sku, (uses.get(sku) ?? 0) + 1);
  const suggest = (sku: string | null): SkuSuggestion => {
    if (sku === null || !known.has(sku)) return { kind: "none" };
    return { kind: uses.get(sku) === 1 ? "exact" : "ambiguous", sku };
  };
  return new Map(rows.map(({ variantId, sku }) => [variantId, suggest(sku)]));
}

import type { JsonObject } from "@upline/core";
import type { WooClient } from "./client.ts";
import { numberedPages, objectsOf } from "./walk.ts";

/** Products that come are at the end; one that is deleted meanwhile may hide another until the next import. */
const BY_ID = { orderby: "id", order: "asc" };

/** Something a buyer can put into the cart: the row that a SKU map is made of. */
export interface CatalogueRow {
  /** As order lines name it: the variation's id, or the product's where it has none. */
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string | null;
  readonly name: string;
  /** As the store shows it; null where it has no price. */
  readonly price: string | null;
  /** publish, draft, private and so on. */
  readonly status: string;
}

/** The store's catalogue, page by page: variations instead of the products they belong to; no groups, which are never sold themselves. */
export async function* importCatalogue(client: WooClient): AsyncGenerator<readonly CatalogueRow[]> {
  for await (const { rows: products } of numberedPages(client, "products", BY_ID)) {
    const rows = await Promise.all(products.map((product) => rowsOf(client, product)));
    yield rows.flat();
  }
}

async function rowsOf(client: WooClient, product: JsonObject): Promise<CatalogueRow[]> {
  if (product.type === "grouped" || product.type === "external") return [];
  const isVariable = Array.isArray(product.variations) && product.variations.length > 0;
  if (!isVariable) return [rowOf(product, product)];
  const rows: CatalogueRow[] = [];
  for await (const { rows: variations } of numberedPages(client, `products/${String(product.id)}/variations`, BY_ID)) {
    rows.push(...variations.map((variation) => rowOf(variation, product)));
  }
  return rows;
}

function rowOf(one: JsonObject, product: JsonObject): CatalogueRow {
  const options = objectsOf(one.attributes).flatMap(({ option }) => (typeof option === "string" ? [option] : []));
  const title = String(product.name ?? "");
  return {
    variantId: String(one.id),
    productId: String(product.id),
    sku: text(one.sku),
    name: one === product || options.length === 0 ? title : `${title} - ${options.join(", ")}`,
    price: text(one.price),
    status: String(one.status ?? ""),
  };
}

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

const text = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value.trim() : null);

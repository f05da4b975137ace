import type { CatalogueRow, JsonObject } from "@upline/core";

import type { WooClient } from "./client.ts";
import { numberedPages, objectsOf } from "./walk.ts";

/** Products that come are at the end; one that is deleted meanwhile may hide another until the next import. */
const BY_ID = { orderby: "id", order: "asc" };

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

function rowOf(item: JsonObject, product: JsonObject): CatalogueRow {
  const options = objectsOf(item.attributes).flatMap(({ option }) => (typeof option === "string" ? [option] : []));
  const title = String(product.name ?? "");
  return {
    variantId: String(item.id),
    productId: String(product.id),
    sku: text(item.sku),
    name: item === product || options.length === 0 ? title : `${title} - ${options.join(", ")}`,
    price: text(item.price),
    status: String(item.status ?? ""),
  };
}

const text = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value.trim() : null);

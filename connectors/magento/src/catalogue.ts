import { type CatalogueRow, isObject, type JsonObject } from "@upline/core";
import type { MagentoClient } from "./client.ts";
import { byId, idOf } from "./search.ts";

/**
 * What order lines name, page by page: the variants of configurable products, which are products of their own, and bundles
 * with a price of their own. Grouped products and bundles that cost what their parts cost are never sold themselves.
 */
export async function* readCatalogue(client: MagentoClient): AsyncGenerator<readonly CatalogueRow[]> {
  const owners = await productsOfVariants(client);
  const sold = { field: "type_id", is: "nin", value: "configurable,grouped" } as const;
  for await (const products of byId(client, { path: "products", groups: [[sold]] })) {
    yield products.filter((product) => !isSumOfParts(product)).map((product) => rowOf(product, owners.get(idOf(product))));
  }
}

/** By the variant's id. A variant of several products is named with the first. */
async function productsOfVariants(client: MagentoClient): Promise<Map<string, JsonObject>> {
  const owners = new Map<string, JsonObject>();
  const configurable = { field: "type_id", is: "eq", value: "configurable" } as const;
  for await (const products of byId(client, { path: "products", groups: [[configurable]] })) {
    for (const product of products) {
      const links = isObject(product.extension_attributes) ? product.extension_attributes.configurable_product_links : null;
      for (const link of Array.isArray(links) ? links : []) if (!owners.has(String(link))) owners.set(String(link), product);
    }
  }
  return owners;
}

/** A bundle of dynamic price: its parts carry the money. */
const isSumOfParts = (product: JsonObject): boolean => product.type_id === "bundle" && attributeOf(product, "price_type") === "0";

function attributeOf(product: JsonObject, code: string): string | null {
  const all = Array.isArray(product.custom_attributes) ? product.custom_attributes.filter(isObject) : [];
  const value = all.find(({ attribute_code }) => attribute_code === code)?.value;
  return typeof value === "string" ? value : null;
}

function rowOf(product: JsonObject, owner: JsonObject | undefined): CatalogueRow {
  return {
    variantId: idOf(product),
    productId: idOf(owner ?? product),
    sku: text(product.sku),
    name: text(product.name) ?? "",
    price: typeof product.price === "number" ? String(product.price) : text(product.price),
    status: Number(product.status) === 1 ? "enabled" : "disabled",
  };
}

const text = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value.trim() : null);

import type { CatalogueRow } from "@upline/core";
import type { VariantsResult } from "./admin.generated.ts";
import { type AdminClient, TooCostly } from "./admin-client.ts";
import { VARIANTS } from "./documents.ts";

const PAGE = 200;
/** What Shopify calls the only variant of a product that has no variants. */
const ONLY_ONE = "Default Title";

/** Everything that is sold: in Shopify always a variant. */
export async function* readCatalogue(client: AdminClient): AsyncGenerator<readonly CatalogueRow[]> {
  let after: string | null = null;
  let first = PAGE;
  for (;;) {
    let page: VariantsResult["productVariants"];
    try {
      page = (await client.ask(VARIANTS, { first, after })).productVariants;
    } catch (error) {
      if (!(error instanceof TooCostly) || first === 1) throw error;
      first = Math.floor(first / 2);
      continue;
    }
    yield page.nodes.map(rowOf);
    if (!page.pageInfo.hasNextPage) return;
    after = page.pageInfo.endCursor;
  }
}

function rowOf({
  legacyResourceId,
  title,
  sku,
  price,
  product,
}: VariantsResult["productVariants"]["nodes"][number]): CatalogueRow {
  return {
    variantId: legacyResourceId,
    productId: product.legacyResourceId,
    sku: sku || null,
    name: title === ONLY_ONE ? product.title : `${product.title} – ${title}`,
    price,
    status: product.status.toLowerCase(),
  };
}

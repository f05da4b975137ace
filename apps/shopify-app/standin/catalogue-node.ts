import { decimal } from "./money.ts";
import type { Product, Variant } from "./order.ts";
import { type PageArguments, page, type Reading } from "./pages.ts";
import type { Shop } from "./shop.ts";
import { gid, number, shopTime, utc } from "./wire.ts";

type Node = Record<string, unknown>;

export function productNode(shop: Shop, product: Product): Node {
  return {
    __typename: "Product",
    id: gid("Product", product.id),
    legacyResourceId: product.id,
    title: product.title,
    handle: product.handle,
    vendor: product.vendor,
    productType: "",
    status: "ACTIVE",
    tags: [],
    isGiftCard: product.variants.some(({ giftCard }) => giftCard),
    hasOnlyDefaultVariant: product.variants.length === 1,
    createdAt: utc(product.createdAt),
    updatedAt: utc(product.updatedAt),
    publishedAt: utc(product.createdAt),
    onlineStoreUrl: `https://${shop.domain}/products/${product.handle}`,
    featuredMedia: null,
    variantsCount: { count: product.variants.length, precision: "EXACT" },
    variants: (args: PageArguments, context: Reading) =>
      page(product.variants, args, context, { id: ({ id }) => id, node: (variant) => variantNode(shop, variant) }),
  };
}

export function variantNode(shop: Shop, variant: Variant): Node {
  const product = shop.productOf(variant.productId);
  return {
    __typename: "ProductVariant",
    id: gid("ProductVariant", variant.id),
    legacyResourceId: variant.id,
    title: variant.title,
    displayName: variant.title === "Default Title" ? product.title : `${product.title} - ${variant.title}`,
    sku: variant.sku === "" ? null : variant.sku,
    barcode: null,
    price: decimal(variant.price, shop.currency),
    compareAtPrice: null,
    taxable: !variant.giftCard,
    availableForSale: true,
    position: product.variants.indexOf(variant) + 1,
    inventoryQuantity: 100,
    selectedOptions: [{ name: "Title", value: variant.title }],
    createdAt: utc(variant.createdAt),
    updatedAt: utc(variant.updatedAt),
    product: () => productNode(shop, product),
  };
}

/** The body of products/update: since 2024-04 with the ids of all variants beside the first hundred. */
export function productBody(shop: Shop, product: Product): Node {
  const at = (date: Date) => shopTime(date, shop.timeZone);
  return {
    admin_graphql_api_id: gid("Product", product.id),
    body_html: null,
    created_at: at(product.createdAt),
    handle: product.handle,
    id: number(product.id),
    product_type: "",
    published_at: at(product.createdAt),
    template_suffix: null,
    title: product.title,
    updated_at: at(product.updatedAt),
    vendor: product.vendor,
    status: "active",
    published_scope: "web",
    tags: "",
    variants: product.variants.slice(0, 100).map((variant, index) => ({
      admin_graphql_api_id: gid("ProductVariant", variant.id),
      barcode: null,
      compare_at_price: null,
      created_at: at(variant.createdAt),
      id: number(variant.id),
      inventory_policy: "deny",
      position: index + 1,
      price: decimal(variant.price, shop.currency),
      product_id: number(product.id),
      sku: variant.sku,
      taxable: !variant.giftCard,
      title: variant.title,
      updated_at: at(variant.updatedAt),
    })),
    options: [],
    images: [],
    image: null,
    media: [],
    variant_gids: product.variants.map(({ id, updatedAt }) => ({
      admin_graphql_api_id: gid("ProductVariant", id),
      updated_at: updatedAt.toISOString(),
    })),
    has_variants_that_requires_components: false,
    category: null,
  };
}

import { GraphQLError } from "graphql";
import { bulkNode } from "./bulk.ts";
import { type Caller, OPTIONAL_SCOPES, REQUIRED_SCOPES } from "./caller.ts";
import { productNode, variantNode } from "./catalogue-node.ts";
import { creationNode, discountNode } from "./discount-node.ts";
import { currentQuantity, financialStatus, type Order, type Refund } from "./order.ts";
import { lineNode, type Node, orderNode, refundNode } from "./order-node.ts";
import { type PageArguments, page, type Reading } from "./pages.ts";
import { type Searchable, search } from "./search.ts";
import type { Metafield, Shop } from "./shop.ts";
import { gid, readGid, utc } from "./wire.ts";

const SIXTY_DAYS_MS = 60 * 86_400_000;

/** The orders that the app may see: without `read_all_orders` those of the last 60 days. */
export function visibleOrders({ shop, scopes }: Pick<Caller, "shop" | "scopes">): Order[] {
  const since = scopes.includes("read_all_orders") ? 0 : shop.now().getTime() - SIXTY_DAYS_MS;
  return [...shop.orders.values()].filter(({ createdAt }) => createdAt.getTime() >= since);
}

export function demand(caller: Pick<Caller, "scopes">, scope: string, field: string): void {
  if (caller.scopes.includes(scope) || caller.scopes.includes(scope.replace("read_", "write_"))) return;
  throw new GraphQLError(`Access denied for ${field} field. Required access: \`${scope}\` access scope.`, {
    extensions: {
      code: "ACCESS_DENIED",
      requiredAccess: `\`${scope}\` access scope.`,
      documentation: "https://shopify.dev/api/usage/access-scopes",
    },
  });
}

const ORDER_SORTS: Readonly<Record<string, (order: Order) => bigint>> = {
  ID: ({ id }) => BigInt(id),
  UPDATED_AT: ({ updatedAt }) => BigInt(updatedAt.getTime()),
  CREATED_AT: ({ createdAt }) => BigInt(createdAt.getTime()),
  PROCESSED_AT: ({ processedAt }) => BigInt(processedAt.getTime()),
  ORDER_NUMBER: ({ number }) => BigInt(number),
};

const orderFields = (order: Order): Searchable => ({
  id: order.id,
  name: `#${order.number}`,
  updated_at: order.updatedAt,
  created_at: order.createdAt,
  processed_at: order.processedAt,
  financial_status: financialStatus(order),
  status: order.cancelledAt ? "cancelled" : "open",
  test: order.test,
  source_name: order.sourceName,
  customer_id: order.customerId ?? "",
  discount_code: order.discountCodes.map(({ code }) => code),
  sku: order.lines.filter((line) => currentQuantity(order, line) > 0).map(({ sku }) => sku),
});

export function ordersField(args: PageArguments, caller: Caller) {
  demand(caller, "read_orders", "orders");
  const { shop } = caller;
  // `status:any` means every order, which is what this list holds by itself.
  const found = search(visibleOrders(caller), args.query?.replace(/\bstatus:('any'|any)\b/g, ""), orderFields);
  const value = ORDER_SORTS[args.sortKey ?? "PROCESSED_AT"];
  if (!value) throw new GraphQLError(`The stand-in does not sort orders by ${args.sortKey}`);
  return page(found, args, caller, { id: ({ id }) => id, value, node: (order) => orderNode(shop, order) });
}

function byTime(sortKey: string | null | undefined): "updatedAt" | "createdAt" | null {
  if (sortKey == null || ["ID", "RELEVANCE", "POSITION"].includes(sortKey)) return null;
  if (sortKey === "UPDATED_AT") return "updatedAt";
  if (sortKey === "CREATED_AT") return "createdAt";
  throw new GraphQLError(`The stand-in does not sort by ${sortKey}`);
}

const sorted = <Item extends { id: string; updatedAt: Date; createdAt: Date }>(sortKey: string | null | undefined) => {
  const time = byTime(sortKey);
  return (item: Item): bigint => (time === null ? BigInt(item.id) : BigInt(item[time].getTime()));
};

export function queryRoot(): Node {
  return {
    shop: (_: unknown, { shop }: Caller) => shopNode(shop),
    currentAppInstallation: (_: unknown, caller: Caller) => installationNode(caller),
    app: (_: unknown, caller: Caller) => appNode(caller),
    appInstallation: (_: unknown, caller: Caller) => installationNode(caller),
    orders: ordersField,
    ordersCount: (args: { query?: string | null }, caller: Caller) => {
      demand(caller, "read_orders", "ordersCount");
      return { count: search(visibleOrders(caller), args.query, orderFields).length, precision: "EXACT" };
    },
    order: ({ id }: { id: string }, caller: Caller) => nodeOf(id, "Order", caller),
    refund: ({ id }: { id: string }, caller: Caller) => nodeOf(id, "Refund", caller),
    product: ({ id }: { id: string }, caller: Caller) => nodeOf(id, "Product", caller),
    productVariant: ({ id }: { id: string }, caller: Caller) => nodeOf(id, "ProductVariant", caller),
    node: ({ id }: { id: string }, caller: Caller) => nodeOf(id, null, caller),
    nodes: ({ ids }: { ids: string[] }, caller: Caller) => ids.map((id) => nodeOf(id, null, caller)),
    products: (args: PageArguments, caller: Caller) => {
      demand(caller, "read_products", "products");
      const { shop } = caller;
      const found = search(shop.products, args.query, (product) => ({
        id: product.id,
        title: product.title,
        status: "active",
        updated_at: product.updatedAt,
        created_at: product.createdAt,
        sku: product.variants.map(({ sku }) => sku),
      }));
      const value = sorted<(typeof found)[number]>(args.sortKey);
      return page(found, args, caller, { id: ({ id }) => id, value, node: (one) => productNode(shop, one) });
    },
    productVariants: (args: PageArguments, caller: Caller) => {
      demand(caller, "read_products", "productVariants");
      const { shop } = caller;
      const found = search(shop.variants, args.query, (variant) => ({
        id: variant.id,
        sku: variant.sku,
        product_id: variant.productId,
        title: variant.title,
        updated_at: variant.updatedAt,
      }));
      const value = sorted<(typeof found)[number]>(args.sortKey);
      return page(found, args, caller, { id: ({ id }) => id, value, node: (one) => variantNode(shop, one) });
    },
    ...discountFields,
    webPixel: (_: unknown, caller: Caller) => {
      if (!caller.shop.webPixel)
        throw new GraphQLError("No web pixel was found for this app.", { extensions: { code: "RESOURCE_NOT_FOUND" } });
      return pixelNode(caller.shop);
    },
    webhookSubscriptions: (args: PageArguments, caller: Caller) =>
      page([] as { id: string }[], args, caller, { id: ({ id }) => id, node: (one) => one }),
    currentBulkOperation: (_: unknown, { bulkOperations, shop }: Caller) => {
      const last = bulkOperations.of(shop).at(-1);
      return last ? bulkNode(bulkOperations.look(last)) : null;
    },
    bulkOperation: ({ id }: { id: string }, caller: Caller) => nodeOf(id, "BulkOperation", caller),
    bulkOperations: (args: PageArguments, caller: Caller) =>
      page(caller.bulkOperations.of(caller.shop), args, caller, {
        id: ({ id }) => id,
        node: (one) => bulkNode(caller.bulkOperations.look(one)),
      }),
    publicApiVersions: ["2026-07", "2026-10"].map((handle) => ({ handle, displayName: handle, supported: true })),
    themes: (args: PageArguments, caller: Caller) =>
      page([{ id: "1" }], args, caller, {
        id: ({ id }) => id,
        node: () => ({ __typename: "OnlineStoreTheme", id: gid("OnlineStoreTheme", "1"), name: "Dawn", role: "MAIN" }),
      }),
  };
}

const discountFields: Node = {
  codeDiscountNodes: (args: PageArguments, caller: Caller) => {
    demand(caller, "read_discounts", "codeDiscountNodes");
    const { shop } = caller;
    const found = search(shop.discounts.all, args.query, ({ id, title, active, createdAt }) => ({
      id,
      title,
      status: active ? "active" : "expired",
      created_at: createdAt,
      updated_at: createdAt,
    }));
    return page(found, args, caller, { id: ({ id }) => id, node: (one) => discountNode(shop, one) });
  },
  codeDiscountNode: ({ id }: { id: string }, caller: Caller) => nodeOf(id, "DiscountCodeNode", caller),
  codeDiscountNodeByCode: ({ code }: { code: string }, caller: Caller) => {
    demand(caller, "read_discounts", "codeDiscountNodeByCode");
    const found = caller.shop.discounts.find(code);
    return found && discountNode(caller.shop, found.discount);
  },
  discountRedeemCodeBulkCreation: ({ id }: { id: string }, caller: Caller) =>
    nodeOf(id, "DiscountRedeemCodeBulkCreation", caller),
};

type Reader = (id: string, caller: Caller) => Node | null | undefined;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    "Order",
    (id, caller) => {
      demand(caller, "read_orders", "order");
      const order = visibleOrders(caller).find((one) => one.id === id);
      return order && orderNode(caller.shop, order);
    },
  ],
  [
    "Refund",
    (id, caller) => {
      demand(caller, "read_orders", "refund");
      const found = refundOf(caller, id);
      return found && refundNode(caller.shop, found.order, found.refund);
    },
  ],
  [
    "LineItem",
    (id, caller) => {
      demand(caller, "read_orders", "lineItem");
      for (const order of visibleOrders(caller)) {
        const line = order.lines.find((one) => one.id === id);
        if (line) return lineNode(caller.shop, order, line);
      }
      return null;
    },
  ],
  [
    "Product",
    (id, caller) => {
      demand(caller, "read_products", "product");
      const product = caller.shop.products.find((one) => one.id === id);
      return product && productNode(caller.shop, product);
    },
  ],
  [
    "ProductVariant",
    (id, caller) => {
      demand(caller, "read_products", "productVariant");
      const variant = caller.shop.variants.find((one) => one.id === id);
      return variant && variantNode(caller.shop, variant);
    },
  ],
  [
    "DiscountCodeNode",
    (id, caller) => {
      demand(caller, "read_discounts", "codeDiscountNode");
      const discount = caller.shop.discounts.all.find((one) => one.id === id);
      return discount && discountNode(caller.shop, discount);
    },
  ],
  [
    "DiscountRedeemCodeBulkCreation",
    (id, caller) => {
      demand(caller, "read_discounts", "discountRedeemCodeBulkCreation");
      const creation = caller.shop.discounts.creations.find((one) => one.id === id);
      return creation && creationNode(caller.shop, caller.shop.discounts.look(creation));
    },
  ],
  [
    "BulkOperation",
    (id, caller) => {
      const operation = caller.bulkOperations.of(caller.shop).find((one) => one.id === id);
      return operation && bulkNode(caller.bulkOperations.look(operation));
    },
  ],
  ["WebPixel", (id, { shop }) => (shop.webPixel?.id === id ? pixelNode(shop) : null)],
  ["Shop", (id, { shop }) => (shop.id === id ? shopNode(shop) : null)],
]);

/** One thing by its gid; null where there is none, or where the gid is of another kind. */
export function nodeOf(gidText: string, wanted: string | null, caller: Caller): Node | null {
  const { kind, id } = readGid(gidText);
  if (kind === null)
    throw new GraphQLError(`Invalid global id '${gidText}'`, { extensions: { code: "argumentLiteralsIncompatible" } });
  if (wanted !== null && kind !== wanted) return null;
  const reader = READERS.get(kind);
  if (!reader) throw new GraphQLError(`The stand-in has no ${kind} by id`);
  return reader(id, caller) ?? null;
}

function refundOf(caller: Caller, id: string): { order: Order; refund: Refund } | null {
  for (const order of visibleOrders(caller)) {
    const refund = order.refunds.find((one) => one.id === id);
    if (refund) return { order, refund };
  }
  return null;
}

function shopNode(shop: Shop): Node {
  return {
    __typename: "Shop",
    id: gid("Shop", shop.id),
    name: shop.name,
    myshopifyDomain: shop.domain,
    primaryDomain: {
      __typename: "Domain",
      id: gid("Domain", shop.id),
      host: shop.domain,
      url: `https://${shop.domain}`,
      sslEnabled: true,
    },
    url: `https://${shop.domain}`,
    currencyCode: shop.currency,
    enabledPresentmentCurrencies: [shop.currency],
    ianaTimezone: shop.timeZone,
    taxesIncluded: shop.taxesIncluded,
    taxShipping: shop.taxRate > 0,
    createdAt: utc(shop.createdAt),
    updatedAt: utc(shop.createdAt),
    plan: { publicDisplayName: "Basic", displayName: "Basic", partnerDevelopment: true, shopifyPlus: false },
    metafield: metafieldOf(shop, gid("Shop", shop.id)),
    metafields: metafieldsOf(shop, gid("Shop", shop.id)),
  };
}

const scopeNode = (handle: string): Node => ({ __typename: "AccessScope", handle, description: handle });

function appNode(caller: Caller): Node {
  return {
    __typename: "App",
    id: gid("App", "1"),
    apiKey: caller.app.apiKey,
    title: "Upline",
    handle: "upline",
    embedded: true,
    requestedAccessScopes: REQUIRED_SCOPES.map(scopeNode),
    optionalAccessScopes: OPTIONAL_SCOPES.map(scopeNode),
    installation: () => installationNode(caller),
  };
}

function installationNode(caller: Caller): Node {
  const { app, shop, scopes } = caller;
  const id = gid("AppInstallation", shop.id);
  const subscriptions = shop.plan === null ? [] : [{ id: gid("AppSubscription", "1"), name: shop.plan, status: "ACTIVE" }];
  return {
    __typename: "AppInstallation",
    id,
    launchUrl: `${app.appUrl}/`,
    uninstallUrl: null,
    app: () => appNode(caller),
    accessScopes: scopes.map(scopeNode),
    activeSubscriptions: subscriptions,
    allSubscriptions: (args: PageArguments, context: Reading) =>
      page([] as { id: string }[], args, context, { id: (one) => one.id, node: (one) => one }),
    metafield: metafieldOf(shop, id),
    metafields: metafieldsOf(shop, id),
  };
}

export const pixelNode = (shop: Shop): Node | null =>
  shop.webPixel && {
    __typename: "WebPixel",
    id: gid("WebPixel", shop.webPixel.id),
    settings: JSON.stringify(shop.webPixel.settings),
  };

export const metafieldNode = (shop: Shop, one: Metafield): Node => ({
  __typename: "Metafield",
  id: gid("Metafield", one.id),
  legacyResourceId: one.id,
  namespace: one.namespace,
  key: one.key,
  type: one.type,
  value: one.value,
  jsonValue: one.type === "json" ? JSON.parse(one.value) : one.value,
  createdAt: utc(shop.createdAt),
  updatedAt: utc(shop.now()),
});

const metafieldOf = (shop: Shop, ownerId: string) => (args: { namespace?: string | null; key: string }) => {
  const found = shop.metafields.find(
    (one) => one.ownerId === ownerId && one.key === args.key && one.namespace === (args.namespace ?? "$app"),
  );
  return found ? metafieldNode(shop, found) : null;
};

const metafieldsOf = (shop: Shop, ownerId: string) => (args: PageArguments & { namespace?: string | null }, context: Reading) =>
  page(
    shop.metafields.filter((one) => one.ownerId === ownerId && (args.namespace == null || one.namespace === args.namespace)),
    args,
    context,
    { id: ({ id }) => id, node: (one) => metafieldNode(shop, one) },
  );

import { currencyExponent, StoreError, type StoreFacts, type StoreReader, type StoreReaderAccess } from "@upline/core";
import { type AdminAccess, type AdminClient, adminClient, type TokenOf } from "./admin-client.ts";
import { readCatalogue } from "./catalogue.ts";
import { askForOrder, compareKnown } from "./compare-known.ts";
import { discountsOf } from "./discounts.ts";
import { SHOP, WEBHOOKS } from "./documents.ts";
import { listOrders, type WalkSizes } from "./list-orders.ts";

export { WALK_SIZES, type WalkSizes } from "./list-orders.ts";

/** What a shop is asked with: the app keeps its tokens, and gives one that counts for an hour. */
export interface ShopifyCredentials {
  readonly tokenOf: TokenOf;
}

export function openStoreReader(access: StoreReaderAccess): StoreReader {
  const { url, credentials, callOut, impatient = false, signal } = access;
  if (!isCredentials(credentials)) throw new TypeError("a Shopify shop is asked with a tokenOf, which gives tokens of the app");
  return storeReader(adminClient({ url, tokenOf: credentials.tokenOf, callOut, impatient, signal }));
}

function isCredentials(value: unknown): value is ShopifyCredentials {
  return typeof value === "object" && value !== null && "tokenOf" in value && typeof value.tokenOf === "function";
}

/** The same with another surrounding, for tests. */
export function readerAt(access: AdminAccess, sizes?: WalkSizes): StoreReader {
  return storeReader(adminClient(access), sizes);
}

function storeReader(client: AdminClient, sizes?: WalkSizes): StoreReader {
  return {
    facts: () => readFacts(client),
    orders: (walk) => listOrders(client, walk, sizes),
    order: (orderId) => askForOrder(client, orderId),
    compare: (known) => compareKnown(client, known),
    catalogue: () => readCatalogue(client),
    // The app declares them in its own configuration, and Shopify looks after those.
    webhooks: null,
    discounts: discountsOf(client),
  };
}

const LACKS: Readonly<Record<string, string>> = {
  read_products: "The app may not read products: SKUs cannot be suggested.",
  read_all_orders: "Shopify shows the app the orders of the last 60 days only: older ones cannot be imported.",
};

async function readFacts(client: AdminClient): Promise<StoreFacts> {
  const { shop } = await client.ask(SHOP, {});
  const scopes = await client.scopes();
  if (!scopes.includes("read_orders"))
    throw new StoreError("unauthorised", "The app may not read orders in this shop: open the Upline app there, and allow it.");
  const { webhookSubscriptions } = await client.ask(WEBHOOKS, {});
  const strays = webhookSubscriptions.nodes.length;
  return {
    name: shop.name,
    currency: shop.currencyCode,
    decimals: currencyExponent(shop.currencyCode),
    timeZone: shop.ianaTimezone,
    version: null,
    warnings: [
      ...Object.entries(LACKS).flatMap(([scope, sentence]) => (scopes.includes(scope) ? [] : [sentence])),
      ...(strays === 0 ? [] : [`${strays} webhooks were made by hand beside the app's own: orders may come twice.`]),
    ],
  };
}

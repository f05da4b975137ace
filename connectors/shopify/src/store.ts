/** What the hub asks a Shopify shop by itself. */
export type { AdminToken, TokenOf } from "./admin-client.ts";
export { openStoreReader, type ShopifyCredentials } from "./reader.ts";

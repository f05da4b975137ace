import type { CallOut, OpenStoreReader, Platform, PlatformName } from "@upline/core";
import { magento } from "@upline/magento";
import { openStoreReader as openMagentoReader } from "@upline/magento/store";
import { openOutgoing } from "@upline/outgoing";
import { shopify } from "@upline/shopify";
import { openStoreReader as openShopifyReader } from "@upline/shopify/store";
import { woocommerce } from "@upline/woocommerce";
import { acceptGrant, authoriseUrl, openStoreReader } from "@upline/woocommerce/store";
import type { Env } from "./env.ts";

/** The only door to the connectors. */
export const platforms: Readonly<Record<PlatformName, Platform>> = { shopify, woocommerce, magento };

export function isPlatformName(name: string): name is PlatformName {
  return Object.hasOwn(platforms, name);
}

/** How a store of a platform is asked for what it did not send; a platform that is missing here is only listened to. */
const readers: Readonly<Partial<Record<PlatformName, OpenStoreReader>>> = {
  shopify: openShopifyReader,
  woocommerce: openStoreReader,
  magento: openMagentoReader,
};

export const readablePlatforms: readonly PlatformName[] = Object.keys(readers).filter(isPlatformName);

export function readerFor(platform: PlatformName): OpenStoreReader | null {
  return readers[platform] ?? null;
}

const callers = { refuse: openOutgoing({ allowPrivate: false }), allow: openOutgoing({ allowPrivate: true }) };

/** How shops are called, whose addresses are anybody's input. What the operator sets up is called without it. */
export const callStores = ({ privateStores }: Pick<Env, "privateStores">): CallOut => callers[privateStores];

/** What the operator runs beside the hub, such as the Shopify app, wherever it is. */
export const callOwn: CallOut = callers.allow;

/** The same for Shopify's shops, which in development are a stand-in's. */
export function callShopify(env: Pick<Env, "privateStores" | "shopifyStandinUrl">): CallOut {
  const { shopifyStandinUrl: standin } = env;
  if (standin === null) return callStores(env);
  return (request) =>
    callers.allow({ ...request, url: request.url.replace(/^https:\/\/([a-z0-9-]+\.myshopify\.com)\//, `${standin}/shops/$1/`) });
}

/** How a WooCommerce shop gives its REST key: its own ceremony, which no other platform has. */
export { acceptGrant, authoriseUrl };

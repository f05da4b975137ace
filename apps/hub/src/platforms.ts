import type { OpenStoreReader, Platform, PlatformName } from "@upline/core";
import { magento } from "@upline/magento";
import { shopify } from "@upline/shopify";
import { woocommerce } from "@upline/woocommerce";
import { acceptGrant, authoriseUrl, openStoreReader } from "@upline/woocommerce/store";

/** The only door to the connectors. */
export const platforms: Readonly<Record<PlatformName, Platform>> = { shopify, woocommerce, magento };

export function isPlatformName(name: string): name is PlatformName {
  return Object.hasOwn(platforms, name);
}

/** How a store of a platform is asked for what it did not send; a platform that is missing here is only listened to. */
const readers: Readonly<Partial<Record<PlatformName, OpenStoreReader>>> = { woocommerce: openStoreReader };

export const readablePlatforms: readonly PlatformName[] = Object.keys(readers).filter(isPlatformName);

export function readerFor(platform: PlatformName): OpenStoreReader | null {
  return readers[platform] ?? null;
}

/** How a WooCommerce shop gives its REST key: its own ceremony, which no other platform has. */
export { acceptGrant, authoriseUrl };

import type { CallOut, OpenStoreReader, Platform, PlatformName } from "@upline/core";
import { magento } from "@upline/magento";
import { openOutgoing } from "@upline/outgoing";
import { shopify } from "@upline/shopify";
import { woocommerce } from "@upline/woocommerce";
import { acceptGrant, authoriseUrl, openStoreReader } from "@upline/woocommerce/store";
import type { Env } from "./env.ts";

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

const callers = { refuse: openOutgoing({ allowPrivate: false }), allow: openOutgoing({ allowPrivate: true }) };

/** How shops are called, whose addresses are anybody's input. What the operator sets up is called without it. */
export const callStores = ({ privateStores }: Pick<Env, "privateStores">): CallOut => callers[privateStores];

/** How a WooCommerce shop gives its REST key: its own ceremony, which no other platform has. */
export { acceptGrant, authoriseUrl };

import type { Platform, PlatformName } from "@upline/core";
import { magento } from "@upline/magento";
import { shopify } from "@upline/shopify";
import { woocommerce } from "@upline/woocommerce";

/** The only door to the connectors. */
export const platforms: Readonly<Record<PlatformName, Platform>> = { shopify, woocommerce, magento };

export function isPlatformName(name: string): name is PlatformName {
  return Object.hasOwn(platforms, name);
}

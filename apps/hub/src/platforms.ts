import type { Platform, PlatformName } from "@upline/core";
import { magento } from "@upline/magento";
import { shopify } from "@upline/shopify";
import { woocommerce } from "@upline/woocommerce";

/** The only door to the connectors. */
export const platforms: Readonly<Record<PlatformName, Platform>> = { shopify, woocommerce, magento };

export function isPlatformName(name: string): name is PlatformName {
  return Object.hasOwn(platforms, name);
}

/** What may be asked of a WooCommerce store over its REST API. */
export * as woocommerceStore from "@upline/woocommerce/store";

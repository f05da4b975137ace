/** As the shops' makers write them. */
const PLATFORM_NAMES: Readonly<Record<string, string>> = { shopify: "Shopify", woocommerce: "WooCommerce", magento: "Magento" };

/** The name of a platform; one that has none here is called as the hub calls it. */
export const platformName = (platform: string): string => PLATFORM_NAMES[platform] ?? platform;

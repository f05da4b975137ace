import { bundle } from "@upline/storefront/build";

/**
 * The script of the theme app embed, made from the storefront's code: `pnpm generate`. It is kept in the repository,
 * because Shopify's command line uploads the folder as it lies there.
 */
export const EMBED_ASSET = "apps/shopify-app/extensions/theme-embed/assets/upline-referral.js";

/** Shopify's own bound for the script of an app block. */
export const EMBED_LIMIT_BYTES = 10_000;

export function embedScript(): Promise<Uint8Array> {
  return bundle("shopify");
}

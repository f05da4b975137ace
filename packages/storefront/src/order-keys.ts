/**
 * What an order of Shopify says of a referral: attributes of the cart and of the checkout become those of the order. The
 * connector reads the same keys (`connectors/shopify/src/evidence.ts`); a leading underscore hides them from the buyer.
 */
export const CODE_KEY = "_ref_code";
/** When the link was followed, in unix seconds. */
export const TIME_KEY = "_ref_ts";
/** Who wrote the code; absent: a link. */
export const SOURCE_KEY = "_ref_source";
/** The value of `SOURCE_KEY` where the buyer typed the code, or took it away, at checkout. */
export const AT_CHECKOUT = "checkout";

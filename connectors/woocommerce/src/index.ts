import { type Platform, sourceOfBody } from "@upline/core";
import { normalise } from "./normalise.ts";
import { verify } from "./verify.ts";

/** WooCommerce: deliveries of the Upline plugin and of the built-in webhooks. */
export const woocommerce: Platform = { name: "woocommerce", verify, normalise, sourceOfBody };

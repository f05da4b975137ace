import type { Platform } from "@upline/core";
import { normalise } from "./normalise.ts";
import { redactionOf } from "./redaction.ts";
import { shopOfBody } from "./shop.ts";
import { verify } from "./verify.ts";

/** Shopify, as the hub sees it. */
export const shopify: Platform = { name: "shopify", verify, normalise, shopOfBody, redactionOf };

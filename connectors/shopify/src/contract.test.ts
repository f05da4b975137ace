import { platformContract } from "@upline/core/contract";
import { test } from "vitest";
import { facts, lineTwice, ownPurchase } from "../fixtures/facts.ts";
import { fixture, fixtures, sign } from "../fixtures/load.ts";
import { shopify } from "./index.ts";

const cases = platformContract({
  platform: shopify,
  secrets: ["shpss_3f1c0a7d9be245aa", "shpss_the_one_before", "shpss_of_another_app"],
  sign,
  signatureHeader: "x-shopify-hmac-sha256",
  fixtures,
  sharedBasket: ["shared-basket-1-bought", "shared-basket-2-kit-refunded", "shared-basket-3-rest-refunded"].map(fixture),
  facts,
  ownPurchase,
  lineTwice,
});

for (const { name, run } of cases) test(name, run);

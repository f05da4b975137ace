/** Shopify's package for the framework: who asks, and the headers of a page in Shopify's frame. See `server.ts`. */
import "@shopify/shopify-app-remix/adapters/node";
import { ApiVersion } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { AppDistribution, boundary, LogSeverity, shopifyApp } from "@shopify/shopify-app-remix/server";
import type { AppParts } from "../../src/parts.ts";

export const pageBoundary = boundary;

function open({ env, fetch, log, sessions }: AppParts) {
  // The library keeps the `fetch` it finds when it is loaded: this is the seam that it offers instead.
  setAbstractFetchFunc((input, init) => fetch(input instanceof Request ? input : String(input), init));
  return shopifyApp({
    apiKey: env.apiKey,
    apiSecretKey: env.apiSecret,
    appUrl: env.appUrl,
    apiVersion: ApiVersion.October26,
    authPathPrefix: "/auth",
    sessionStorage: sessions,
    distribution: AppDistribution.AppStore,
    isEmbeddedApp: true,
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    logger: {
      level: LogSeverity.Warning,
      log: async (severity, message) => {
        if (severity <= LogSeverity.Warning) log.warn({ shopify: message }, "Shopify's library");
      },
    },
  });
}

type Shopify = ReturnType<typeof open>;
const opened = new WeakMap<AppParts, Shopify>();

/** Shopify's library for this app, made once. */
export function shopifyOf(parts: AppParts): Shopify {
  const shopify = opened.get(parts) ?? open(parts);
  opened.set(parts, shopify);
  return shopify;
}

import { type PlatformName, StoreError, type StoreFacts, type StoreReader, type StoreReaderAccess } from "@upline/core";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { sealerOf } from "../db/sealing.ts";
import type { Env } from "../env.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { callShopify, callStores, readablePlatforms, readerFor } from "../platforms.ts";
import { appTokens } from "./app-tokens.ts";
import { findStoreAccess, type StoreAccess, saveRestKey } from "./connection-queries.ts";
import type { StoreKey } from "./queries.ts";

/** What opens a shop's REST API: WooCommerce's keys are two, those of a Magento integration four. */
export interface RestKey {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken?: string | undefined;
  readonly accessTokenSecret?: string | undefined;
}

/** How keys are given at a terminal, by the platforms that are read with some. */
const KEY_OPTIONS: Readonly<Partial<Record<PlatformName, string>>> = {
  woocommerce: "--key ck_… --secret cs_…",
  magento: "--key … --secret … --token … --token-secret …",
};

/** The store and how it is reached. Throws HubError where the company has no such store. */
export async function needStore(parts: Pick<HubParts, "db">, args: StoreKey): Promise<StoreAccess> {
  const store = await asCompany(parts.db, args.companyId, (tx) => findStoreAccess(tx, args));
  if (store === null) throw new HubError("not-found", `There is no store ${args.storeId}: see \`pnpm upline store list\`.`);
  return store;
}

/** The same for what only WooCommerce has, such as a REST key. Throws HubError for a store of another platform. */
export async function needWooStore(parts: Pick<HubParts, "db">, args: StoreKey): Promise<StoreAccess> {
  const store = await needStore(parts, args);
  if (store.platform !== "woocommerce")
    throw new HubError("unprocessable", `${store.storeId} is a ${store.platform} store: this is for WooCommerce stores only.`);
  return store;
}

/** The same for what the hub asks a store. Throws HubError for a platform whose stores it cannot ask. */
export async function needReadableStore(parts: Pick<HubParts, "db">, args: StoreKey): Promise<StoreAccess> {
  const store = await needStore(parts, args);
  if (readerFor(store.platform) === null)
    throw new HubError(
      "unprocessable",
      `${store.storeId} is a ${store.platform} store, which the hub cannot ask: it only takes what it sends.`,
    );
  return store;
}

/**
 * Keeps a REST key of a store, after it was tried at the store's address. Answers what the store is
 * and what a person should know of it. Throws HubError where the key or the address does not work.
 */
export async function giveRestKey(
  parts: Pick<HubParts, "db" | "box" | "env">,
  args: RestKey &
    StoreKey & {
      /** The shop's address; the one it was connected from, or its domain by https, where absent. */
      readonly url?: string | undefined;
      readonly actor: string;
    },
): Promise<StoreFacts & { url: string }> {
  const { companyId, storeId, consumerKey, consumerSecret, accessToken, accessTokenSecret, actor } = args;
  const store = await needStore(parts, args);
  if (KEY_OPTIONS[store.platform] === undefined)
    throw new HubError("unprocessable", `${storeId} is a ${store.platform} store, which is not read with a REST key.`);
  const url = addressOf(store, args.url);
  const credentials: RestKey = {
    ...{ consumerKey, consumerSecret },
    ...(store.platform === "magento" ? { accessToken, accessTokenSecret } : {}),
  };
  const facts = await openReader(store.platform, { url, credentials, callOut: callStores(parts.env), impatient: true })
    .facts()
    .catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error;
      throw new HubError("unprocessable", `The key was tried at ${url} and not kept: ${error.message}`);
    });
  await asCompany(parts.db, companyId, async (tx) => {
    const sealedKey = (await sealerOf(tx, parts.box))(JSON.stringify(credentials));
    await saveRestKey(tx, { companyId, storeId, url, sealedKey });
    await insertAudit(tx, { companyId, actor, act: "store.rest-key", subject: storeId, details: { url } });
  });
  return { ...facts, url };
}

/** The shop's home address. */
export function addressOf(store: StoreAccess, given?: string): string {
  const text = given ?? store.url ?? `https://${store.domain}`;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    throw new HubError("unprocessable", `"${text}" is no address of a shop: it begins with https://.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Platforms whose stores this hub can ask, as it is set up. */
export const readableNow = (env: Pick<Env, "shopifyApp">): readonly PlatformName[] =>
  readablePlatforms.filter((platform) => platform !== "shopify" || env.shopifyApp !== null);

/** What asks a store of whichever platform. Throws HubError where the hub has not been given access yet. */
export function readerOf(parts: Pick<HubParts, "box" | "env">, store: StoreAccess, signal?: AbortSignal): StoreReader {
  if (store.platform === "shopify") return shopifyReader(parts.env, store, signal);
  if (store.restKeyCiphertext === null || store.url === null) {
    throw new HubError(
      "unprocessable",
      `The hub has no REST key of ${store.storeId} (${store.domain}): give one with \`pnpm upline store rest --store ${store.storeId} ${KEY_OPTIONS[store.platform] ?? ""}\`.`,
    );
  }
  const credentials: unknown = JSON.parse(parts.box.open(store.restKeyCiphertext));
  return openReader(store.platform, { url: store.url, credentials, callOut: callStores(parts.env), signal });
}

/** Shopify's app keeps the tokens of its shops: the hub asks it for one. */
function shopifyReader(env: Env, { storeId, domain, appSince }: StoreAccess, signal: AbortSignal | undefined): StoreReader {
  if (env.shopifyApp === null)
    throw new HubError(
      "unprocessable",
      `${storeId} (${domain}) cannot be asked: no Shopify app is run beside this hub. Set UPLINE_SHOPIFY_APP_URL and UPLINE_SHOPIFY_APP_KEY.`,
    );
  if (appSince === null)
    throw new HubError(
      "unprocessable",
      `${storeId} (${domain}) cannot be asked: the Upline app is not installed in the shop. Install it, and connect it there by a connection code.`,
    );
  const credentials = { tokenOf: appTokens(env.shopifyApp, domain) };
  return openReader("shopify", { url: `https://${domain}`, credentials, callOut: callShopify(env), signal });
}

function openReader(platform: PlatformName, access: StoreReaderAccess): StoreReader {
  const open = readerFor(platform);
  if (open === null) throw new HubError("unprocessable", `The hub cannot ask ${platform} stores: it only takes what they send.`);
  try {
    return open(access);
  } catch (error) {
    if (error instanceof TypeError) throw new HubError("unprocessable", `These keys are not whole: ${error.message}.`);
    throw error;
  }
}

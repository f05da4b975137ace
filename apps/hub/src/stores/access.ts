import { type PlatformName, StoreError, type StoreFacts, type StoreReader, type StoreReaderAccess } from "@upline/core";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { sealerOf } from "../db/sealing.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { callStores, readerFor } from "../platforms.ts";
import { findStoreAccess, type StoreAccess, saveRestKey } from "./connection-queries.ts";
import type { StoreKey } from "./queries.ts";

export interface RestKey {
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

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
  const { companyId, storeId, consumerKey, consumerSecret, actor } = args;
  const store = await needWooStore(parts, args);
  const url = addressOf(store, args.url);
  const credentials: RestKey = { consumerKey, consumerSecret };
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

/** What asks a store of whichever platform. Throws HubError where the hub has not been given access yet. */
export function readerOf(parts: Pick<HubParts, "box" | "env">, store: StoreAccess, signal?: AbortSignal): StoreReader {
  if (store.restKeyCiphertext === null || store.url === null) {
    throw new HubError(
      "unprocessable",
      `The hub has no REST key of ${store.storeId} (${store.domain}): give one with \`pnpm upline store rest --store ${store.storeId} --key ck_… --secret cs_…\`.`,
    );
  }
  const credentials: unknown = JSON.parse(parts.box.open(store.restKeyCiphertext));
  return openReader(store.platform, { url: store.url, credentials, callOut: callStores(parts.env), signal });
}

function openReader(platform: PlatformName, access: StoreReaderAccess): StoreReader {
  const open = readerFor(platform);
  if (open === null) throw new HubError("unprocessable", `The hub cannot ask ${platform} stores: it only takes what they send.`);
  return open(access);
}

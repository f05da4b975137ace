import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { woocommerceStore } from "../platforms.ts";
import { findStoreAccess, type StoreAccess, saveRestKey } from "./connection-queries.ts";

export interface RestKey {
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

/** The store and the company's words about it. Throws HubError where there is none that this can be done with. */
export async function needWooStore(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly storeId: string },
): Promise<StoreAccess> {
  const store = await asCompany(parts.db, args.companyId, (tx) => findStoreAccess(tx, args));
  if (store === null) throw new HubError("not-found", `There is no store ${args.storeId}: see \`pnpm upline store list\`.`);
  if (store.platform !== "woocommerce")
    throw new HubError("unprocessable", `${store.storeId} is a ${store.platform} store: this is for WooCommerce stores only.`);
  return store;
}

/**
 * Keeps a REST key of a store, after it was tried at the store's address. Answers what the store is
 * and what a person should know of it. Throws HubError where the key or the address does not work.
 */
export async function giveRestKey(
  parts: Pick<HubParts, "db" | "box">,
  args: RestKey & {
    readonly companyId: number;
    readonly storeId: string;
    /** The shop's address; the one it was connected from, or its domain by https, where absent. */
    readonly url?: string | undefined;
    readonly actor: string;
  },
): Promise<{ url: string; currency: string; warnings: readonly string[] }> {
  const { companyId, storeId, consumerKey, consumerSecret, actor } = args;
  const store = await needWooStore(parts, args);
  const url = addressOf(store, args.url);
  const client = woocommerceStore.createClient({
    access: { url, consumerKey, consumerSecret },
    patience: { attempts: 1, timeoutMs: 15_000 },
  });
  const facts = await woocommerceStore.readStoreFacts(client).catch((error: unknown) => {
    if (!(error instanceof woocommerceStore.StoreError)) throw error;
    throw new HubError("unprocessable", `The key was tried at ${url} and not kept: ${error.message}`);
  });
  const sealedKey = parts.box.seal(JSON.stringify({ consumerKey, consumerSecret }));
  await asCompany(parts.db, companyId, async (tx) => {
    await saveRestKey(tx, { companyId, storeId, url, sealedKey });
    await insertAudit(tx, { companyId, actor, act: "store.rest-key", subject: storeId, details: { url } });
  });
  return { url, currency: facts.currency, warnings: facts.warnings };
}

/** The shop's home address. */
export function addressOf(store: StoreAccess, given?: string): string {
  const text = given ?? store.url ?? `https://${store.domain}`;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    throw new HubError("unprocessable", `"${text}" is no address of a shop: it begins with https://.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** A client for the store's REST API. Throws HubError where no key was given yet. */
export function clientOf(parts: Pick<HubParts, "box">, store: StoreAccess, signal?: AbortSignal) {
  if (store.sealedRestKey === null || store.url === null) {
    throw new HubError(
      "unprocessable",
      `The hub has no REST key of ${store.storeId} (${store.domain}): give one with \`pnpm upline store rest --store ${store.storeId} --key ck_… --secret cs_…\`.`,
    );
  }
  const key = JSON.parse(parts.box.open(store.sealedRestKey)) as RestKey;
  return woocommerceStore.createClient({ access: { url: store.url, ...key }, ...(signal ? { signal } : {}) });
}

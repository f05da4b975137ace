import { isObject, parseBody } from "@upline/core";

/**
 * The key grant of one click: the store's owner is sent to WooCommerce's own page, approves, and the
 * store posts a new key to the hub. `user_id` comes back as it was sent and is the only link between
 * the two, so that it is a one-time state.
 */

export interface GrantRequest {
  readonly storeUrl: string;
  /** Shown to the store's owner. */
  readonly appName: string;
  /** Random, used once, at least 128 bits; the hub keeps what it stands for. */
  readonly state: string;
  /** Where the browser goes afterwards. */
  readonly returnUrl: string;
  /** Where the store posts the key: https, or WooCommerce refuses. */
  readonly callbackUrl: string;
}

/** The address to send the store's owner to. */
export function authoriseUrl({ storeUrl, appName, state, returnUrl, callbackUrl }: GrantRequest): string {
  if (new URL(callbackUrl).protocol !== "https:") throw new TypeError("WooCommerce posts keys to https addresses only");
  if (!/^[\w-]{22,200}$/.test(state)) throw new TypeError("a state has at least 22 letters, digits, '-' or '_'");
  const url = new URL("wc-auth/v1/authorize", storeUrl.endsWith("/") ? storeUrl : `${storeUrl}/`);
  // Reconciliation reads; creating webhooks needs to write.
  const query = { app_name: appName, scope: "read_write", user_id: state, return_url: returnUrl, callback_url: callbackUrl };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

export type Grant<T> =
  | {
      readonly kind: "granted";
      /** What the state stood for: company, store address, who asked. */
      readonly bound: T;
      readonly keyId: string;
      readonly consumerKey: string;
      readonly consumerSecret: string;
      readonly permissions: string;
    }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Reads the store's POST. `takeState` must find and remove a state in one step, so that a second
 * callback with it finds nothing. Nobody signs this body: the state is all that speaks for it, and the
 * key is to be tried against the store the state stands for before it is trusted.
 */
export async function acceptGrant<T>(body: string, takeState: (state: string) => Promise<T | null>): Promise<Grant<T>> {
  const said = grantOf(body);
  if (!said) return { kind: "refused", reason: "the body is no key of WooCommerce" };
  const bound = await takeState(said.state);
  if (bound === null) return { kind: "refused", reason: "the state is unknown, was used, or has expired" };
  const { state, ...key } = said;
  if (key.permissions !== "read_write") return { kind: "refused", reason: "the key may not read and write" };
  return { kind: "granted", bound, ...key };
}

function grantOf(body: string) {
  let said: unknown;
  try {
    said = parseBody(body);
  } catch {
    return null;
  }
  if (!isObject(said)) return null;
  const { key_id, user_id, consumer_key, consumer_secret, key_permissions } = said;
  const isState = typeof user_id === "string" || typeof user_id === "number";
  const isKey = /^ck_[0-9a-f]{40}$/.test(String(consumer_key)) && /^cs_[0-9a-f]{40}$/.test(String(consumer_secret));
  if (!isState || !isKey) return null;
  return {
    state: String(user_id),
    keyId: String(key_id),
    consumerKey: String(consumer_key),
    consumerSecret: String(consumer_secret),
    permissions: String(key_permissions),
  };
}

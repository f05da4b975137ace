import { OutgoingError, StoreError } from "@upline/core";
import { z } from "zod";
import type { Env } from "../env.ts";
import { callOwn } from "../platforms.ts";

/**
 * The Shopify app is the one keeper of its shops' tokens: it renews them under a lock, because each renewal makes the one
 * before useless. The hub asks it for the token of a shop, and keeps that until shortly before it ends.
 */

export interface AppToken {
  readonly accessToken: string;
  readonly scopes: readonly string[];
}

const answered = z.object({
  accessToken: z.string().min(1).max(500),
  expiresAt: z.iso.datetime({ offset: true }),
  scopes: z.array(z.string()),
});

const problem = z.object({ code: z.string().optional(), type: z.string().optional() });

/** Whoever holds a token for so short a time cannot ask much with it. */
const EARLY_MS = 60_000;
const TIMEOUT_MS = 15_000;
const MOST = 10_000;

const kept = new Map<string, { readonly token: AppToken; readonly until: number }>();
const asking = new Map<string, Promise<AppToken>>();

/** Gives the tokens of one shop. A token that the shop refused is not given again. */
export function appTokens(app: NonNullable<Env["shopifyApp"]>, shop: string): (refused?: string) => Promise<AppToken> {
  const key = `${app.url} ${shop}`;
  return (refused) => {
    const known = kept.get(key);
    if (known !== undefined && known.until > Date.now() && known.token.accessToken !== refused)
      return Promise.resolve(known.token);
    kept.delete(key);
    const begun = asking.get(key) ?? ask(app, shop, key).finally(() => asking.delete(key));
    asking.set(key, begun);
    return begun;
  };
}

async function ask(app: NonNullable<Env["shopifyApp"]>, shop: string, key: string): Promise<AppToken> {
  const { status, text } = await call(app, shop);
  if (status !== 200) throw refusal(status, codeIn(text), shop);
  const token = answered.safeParse(parsed(text));
  if (!token.success)
    throw new StoreError(
      "unavailable",
      "The Shopify app answered with something that is no token: is UPLINE_SHOPIFY_APP_URL its address?",
    );
  const { expiresAt, accessToken, scopes } = token.data;
  if (kept.size >= MOST) kept.clear();
  kept.set(key, { token: { accessToken, scopes }, until: Date.parse(expiresAt) - EARLY_MS });
  return { accessToken, scopes };
}

async function call(app: NonNullable<Env["shopifyApp"]>, shop: string) {
  try {
    return await callOwn({
      method: "POST",
      url: `${app.url}/service/admin-token`,
      headers: { "content-type": "application/json", authorization: `Bearer ${app.key}` },
      body: JSON.stringify({ shop }),
      timeoutMs: TIMEOUT_MS,
      maxBytes: 100_000,
    });
  } catch (error) {
    if (!(error instanceof OutgoingError)) throw error;
    throw new StoreError("unavailable", `The Shopify app cannot be reached (UPLINE_SHOPIFY_APP_URL). ${error.message}`);
  }
}

function refusal(status: number, code: string | null, shop: string): StoreError {
  const told = { status, code };
  if (status === 401)
    return new StoreError(
      "unauthorised",
      "The Shopify app does not take the hub's key: UPLINE_SHOPIFY_APP_KEY is the same for both.",
      told,
    );
  if (status === 404 && code === "not-installed")
    return new StoreError("unauthorised", `The Upline app is not installed in ${shop}: install it there.`, told);
  if (status === 409)
    return new StoreError(
      "unauthorised",
      `The Upline app's access to ${shop} has run out: open the app in the shop's admin once.`,
      told,
    );
  if (status === 404)
    return new StoreError("refused", "The Shopify app has no service address here: is UPLINE_SHOPIFY_APP_URL its address?", told);
  return new StoreError("unavailable", `The Shopify app could not give a token (${status}).`, told);
}

/** The code of problem details, also where only the last part of its type says it. */
function codeIn(text: string): string | null {
  const told = problem.safeParse(parsed(text));
  if (!told.success) return null;
  return told.data.code ?? told.data.type?.split(/[:/]/).at(-1) ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

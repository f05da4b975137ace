import { isIPv6 } from "node:net";
import type { Context, MiddlewareHandler } from "hono";
import { HubError } from "../errors.ts";
import { sha256 } from "../secret-box.ts";

export interface TryLimit {
  /** Wrong keys, tokens and codes that one address may show within the window. */
  readonly tries: number;
  readonly windowMs: number;
  /** Proxies of the operator's own in front of the hub, each of which adds the address it was called from to X-Forwarded-For. */
  readonly proxies: number;
}

export const TRY_LIMIT: Omit<TryLimit, "proxies"> = { tries: 30, windowMs: 60_000 };
const MOST_ADDRESSES = 10_000;

/**
 * Whoever shows wrong keys or codes again and again is made to wait, and costs the database nothing meanwhile. A key that was
 * right from the same address a moment ago goes on working: behind one address there may be many people.
 */
export function limitWrongTries({ tries, windowMs, proxies }: TryLimit): MiddlewareHandler {
  const wrong = new Map<string, { count: number; readonly until: number }>();
  const right = new Map<string, number>();
  return async (c, next) => {
    const from = clientOf(c, proxies);
    if (from === null) return next();
    const now = Date.now();
    const shown = c.req.header("authorization");
    const pass = shown === undefined ? null : `${from} ${sha256(shown).toString("base64")}`;
    const known = wrong.get(from);
    if (known && known.until > now && known.count >= tries && !(pass !== null && (right.get(pass) ?? 0) > now))
      throw new HubError("too-many", "Too many wrong keys or codes came from this address. Wait a minute, and check the key.");
    await next();
    if (!isWrong(c)) {
      if (pass !== null && c.res.ok) remember(right, pass, now + windowMs);
      return;
    }
    if (known && known.until > now) known.count++;
    else remember(wrong, from, { count: 1, until: now + windowMs });
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MOST_ADDRESSES) map.clear();
  map.set(key, value);
}

/** Something was shown, and it was wrong: a key or token (401), or a code that connects a shop (404). */
function isWrong(c: Context): boolean {
  const isShown = c.req.header("authorization") !== undefined || c.req.method === "POST";
  return isShown && (c.res.status === 401 || (c.res.status === 404 && c.req.path === "/connect"));
}

/** Where a request comes from; null where no connection is behind it. Of IPv6 the network: a household has a whole one. */
export function clientOf(c: Context, proxies: number): string | null {
  const peer = (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket?.remoteAddress;
  if (peer === undefined) return null;
  const forwarded = (c.req.header("x-forwarded-for") ?? "").split(",").map((address) => address.trim());
  const address = (proxies > 0 ? forwarded.at(-proxies) : undefined) || peer;
  return isIPv6(address) && !address.includes(".") ? address.split(":").slice(0, 4).join(":") : address;
}

import type { Database } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { findCaller } from "../http/auth.ts";

/** Who agrees on one of the hub's pages: somebody with an admin's key, as there is no sign-in. */
export interface Admin {
  readonly companyId: number;
  readonly actor: string;
}

/** The admin whose key this is; null alike for unknown keys and for those that may not administer. */
export async function adminOfKey(db: Database, key: string): Promise<Admin | null> {
  const caller = /^upk_[\w-]{10,100}$/.test(key.trim()) ? await findCaller(db, key.trim()) : null;
  return caller?.scopes.includes("admin") ? { companyId: caller.companyId, actor: caller.actor } : null;
}

/** A form of this hub's own page, and of no other site: browsers say where a form was sent from. */
export function demandOwnForm(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = URL.parse(request.headers.get("origin") ?? "");
  const isOwn = site === null ? origin !== null && origin.host === request.headers.get("host") : site === "same-origin";
  if (!isOwn) throw new HubError("bad-request", "This form was not sent from the hub's own page. Begin again in your shop.");
}

/** An address of a shop that the browser is sent back to; null where it is none. */
export function returnUrlOf(text: string): URL | null {
  const url = text.length <= 2000 ? URL.parse(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return null;
  return url;
}

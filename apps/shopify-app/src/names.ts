import { displayNameOf } from "@upline/core";
import { answerOf } from "@upline/hub/client";
import { type ConnectParts, hubOf } from "./connect.ts";
import { problem } from "./problem.ts";
import { findShop, shopDomain } from "./shops.ts";

const KEPT_MS = 5 * 60_000;
const MOST_KEPT = 20_000;

/** Whose code it is, as far as buyers are told: the first name and an initial, "Anna M.". */
export class Names {
  readonly #parts: ConnectParts;
  readonly #kept = new Map<string, { name: string | null; until: number }>();
  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  /** `GET /names?shop=…&code=…`, asked by storefronts. A code of nobody, and a shop of nobody, have no name. */
  async answer(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const shop = shopDomain(searchParams.get("shop"));
    const code = searchParams.get("code")?.trim() ?? "";
    const headers = { "access-control-allow-origin": "*", "cache-control": "public, max-age=300" };
    if (request.method !== "GET") return problem(405, "method-not-allowed", "Send GET.");
    if (shop === null || code === "" || code.length > 64) return Response.json({ name: null }, { headers });
    return Response.json({ name: await this.#nameOf(shop, code) }, { headers });
  }

  async #nameOf(shop: string, code: string): Promise<string | null> {
    const key = `${shop} ${code}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > Date.now()) return kept.name;
    const row = await findShop(this.#parts.db, shop);
    if (row === null || row.hubKey === null || row.uninstalledAt !== null) return null;
    const hub = hubOf(this.#parts, { shop, hubKey: row.hubKey });
    const { items } = await answerOf(hub.distributors.$get({ query: { code, status: "active", limit: "1" } }));
    // A name that shows nothing to buyers, such as an address, is none.
    const name = displayNameOf(items[0]?.name ?? "") || null;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(key, { name, until: Date.now() + KEPT_MS });
    return name;
  }
}

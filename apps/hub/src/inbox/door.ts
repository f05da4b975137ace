import type { PlatformName } from "@upline/core";
import type { Database } from "../db/connect.ts";
import type { SecretBox } from "../secret-box.ts";
import { findStoreAtDoor, type StoreAtDoor } from "../stores/queries.ts";

const FRESH_MS = 2_000;
const MAX_ENTRIES = 10_000;

/**
 * Which store a request is for. Kept in memory for two seconds, so that a revoked secret stops
 * working within that time; unknown stores are remembered as well, so that guessing costs the database nothing.
 */
export class Door {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #known = new Map<string, { readonly until: number; readonly store: Promise<StoreAtDoor | null> }>();

  constructor(db: Database, box: SecretBox) {
    this.#db = db;
    this.#box = box;
  }

  byId(storeId: string): Promise<StoreAtDoor | null> {
    return this.#remember(`id ${storeId}`, () => findStoreAtDoor(this.#db.gate, this.#box, { storeId }));
  }

  byShop(platform: PlatformName, shop: string): Promise<StoreAtDoor | null> {
    return this.#remember(`shop ${platform} ${shop}`, () => findStoreAtDoor(this.#db.gate, this.#box, { platform, shop }));
  }

  /** The store's secrets or status were changed here: the next request looks again. */
  forget(storeId: string): void {
    this.#known.delete(`id ${storeId}`);
  }

  /** The same for who asks by the shop: one that was not here a moment ago is. */
  forgetShop(platform: PlatformName, shop: string): void {
    this.#known.delete(`shop ${platform} ${shop}`);
  }

  #remember(key: string, find: () => Promise<StoreAtDoor | null>): Promise<StoreAtDoor | null> {
    const now = Date.now();
    const known = this.#known.get(key);
    if (known && known.until > now) return known.store;
    if (this.#known.size >= MAX_ENTRIES) this.#known.clear();
    const store = find();
    this.#known.set(key, { until: now + FRESH_MS, store });
    store.catch(() => this.#known.delete(key));
    return store;
  }
}

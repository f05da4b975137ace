import type { Session } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";
import { DrizzleSessionStoragePostgres } from "@shopify/shopify-app-session-storage-drizzle";
import { eq, inArray } from "drizzle-orm";
import { type Database, lockShop, type Tx } from "./database.ts";
import { sessions } from "./schema.ts";
import { proveInstalled } from "./shops.ts";

type Adapter = ConstructorParameters<typeof DrizzleSessionStoragePostgres>;

/**
 * Shopify's adapter is typed by a table without a schema, and by Drizzle's types for CommonJS. Ours has the same columns:
 * a test takes a session there and back.
 */
const adapterOn = (db: Database | Tx) =>
  new DrizzleSessionStoragePostgres(db as unknown as Adapter[0], sessions as unknown as Adapter[1]);

/**
 * Shopify's session storage, loud: the adapter answers "no session" when the database is down, which would look like a
 * shop that has not installed the app. A session without an expiry counts as expired, because the library would keep its
 * dead token for ever.
 */
export class Sessions implements SessionStorage {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** What an exchange of a session token gave. It takes turns with whoever renews the same shop's token. */
  async storeSession(session: Session): Promise<boolean> {
    await this.#db.transaction(async (tx) => {
      await lockShop(tx, session.shop);
      await adapterOn(tx).storeSession(session);
      if (!session.isOnline) await proveInstalled(tx, session.shop, new Date());
    });
    return true;
  }

  async loadSession(id: string): Promise<Session | undefined> {
    const [row] = await this.#db.select({ expires: sessions.expires }).from(sessions).where(eq(sessions.id, id));
    if (row === undefined || row.expires === null) return undefined;
    const session = await adapterOn(this.#db).loadSession(id);
    // It was there a moment ago: either it was just deleted, or the adapter swallowed an error of the database.
    if (session === undefined) await this.#db.select({ id: sessions.id }).from(sessions).limit(1);
    return session;
  }

  async deleteSession(id: string): Promise<boolean> {
    return this.deleteSessions([id]);
  }

  /** Not the adapter's, which would print the error with its parameters and answer false. */
  async deleteSessions(ids: string[]): Promise<boolean> {
    await this.#db.delete(sessions).where(inArray(sessions.id, ids));
    return true;
  }

  findSessionsByShop(shop: string): Promise<Session[]> {
    return adapterOn(this.#db).findSessionsByShop(shop);
  }
}

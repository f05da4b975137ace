import { and, eq } from "drizzle-orm";
import { type Database, lockShop, type Tx } from "./database.ts";
import type { Logger } from "./log.ts";
import type { Fetch } from "./outgoing.ts";
import { type SessionRow, sessions, shops } from "./schema.ts";
import { findShop, proveInstalled } from "./shops.ts";
import { type RenewedToken, renewToken } from "./token-refresh.ts";

/** A token that ends sooner than this is renewed before it is handed out. */
const MARGIN_MS = 5 * 60_000;
/** A refusal is believed for so long before Shopify is asked again. */
const REFUSAL_MS = 60_000;

export interface AdminToken {
  readonly accessToken: string;
  /** When it ends; null where Shopify did not say, and then it is renewed at the next asking. */
  readonly expiresAt: Date | null;
  readonly scopes: readonly string[];
}

/** No token for the asking: nobody installed the app, the merchant has to open it, or Shopify is away. */
export class NoToken extends Error {
  override name = "NoToken";
  readonly kind: "not-installed" | "needs-reopen" | "unavailable";
  constructor(kind: NoToken["kind"], sentence: string) {
    super(sentence);
    this.kind = kind;
  }
}

export interface KeeperParts {
  readonly db: Database;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly fetch: Fetch;
  readonly log: Logger;
}

/**
 * The one keeper of Admin tokens. A refresh token can be used once, so all that want one of a shop wait for the same
 * renewal: within this process for its promise, across processes for a lock in the database, after which the row is
 * read again.
 */
export class TokenKeeper {
  readonly #parts: KeeperParts;
  readonly #underWay = new Map<string, Promise<AdminToken>>();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** A token that is good for minutes yet. Throws NoToken. */
  async tokenOf(shop: string): Promise<AdminToken> {
    const session = await readSession(this.#parts.db, shop);
    if (session !== null && isFresh(session)) return tokenFrom(session);
    const running = this.#underWay.get(shop);
    if (running) return running;
    const renewal = this.#renew(shop).finally(() => this.#underWay.delete(shop));
    this.#underWay.set(shop, renewal);
    return renewal;
  }

  /** Shopify refused this token although its time is not over, as after a change of scopes: the next asking renews it. */
  async distrust(shop: string, accessToken?: string): Promise<void> {
    const offline = and(eq(sessions.shop, shop), eq(sessions.isOnline, false));
    await this.#parts.db
      .update(sessions)
      .set({ expires: new Date(0) })
      .where(accessToken === undefined ? offline : and(offline, eq(sessions.accessToken, accessToken)));
  }

  async #renew(shop: string): Promise<AdminToken> {
    const { db, log } = this.#parts;
    const outcome = await db.transaction(async (tx): Promise<AdminToken | NoToken> => {
      await lockShop(tx, shop);
      const session = await readSession(tx, shop);
      if (session === null) return notInstalled();
      if (isFresh(session)) return tokenFrom(session);
      const { refreshToken } = session;
      const refusedAt = (await findShop(tx, shop))?.refusedAt ?? null;
      if (refreshToken === null || (refusedAt !== null && Date.now() - refusedAt.getTime() < REFUSAL_MS)) return needsReopen();
      const renewal = await renewToken(this.#parts, { shop, refreshToken, at: new Date() });
      if (renewal.kind === "unavailable")
        return new NoToken("unavailable", `Shopify did not renew the token of ${shop}: ${renewal.why}.`);
      if (renewal.kind === "refused") {
        log.warn({ shop, status: renewal.status }, "Shopify refused to renew a token");
        await tx.update(shops).set({ refusedAt: new Date() }).where(eq(shops.shop, shop));
        return needsReopen();
      }
      return tokenFrom(await keep(tx, session, renewal.token));
    });
    if (outcome instanceof NoToken) throw outcome;
    return outcome;
  }
}

async function keep(tx: Tx, session: SessionRow, token: RenewedToken): Promise<SessionRow> {
  const row: SessionRow = {
    ...session,
    accessToken: token.accessToken,
    expires: token.expires,
    scope: token.scope || session.scope,
    refreshToken: token.refreshToken ?? session.refreshToken,
    refreshTokenExpires: token.refreshToken === null ? session.refreshTokenExpires : token.refreshTokenExpires,
  };
  await tx.update(sessions).set(row).where(eq(sessions.id, session.id));
  await proveInstalled(tx, session.shop, new Date());
  return row;
}

async function readSession(db: Database | Tx, shop: string): Promise<SessionRow | null> {
  const [row] = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.shop, shop), eq(sessions.isOnline, false)))
    .limit(1);
  return row ?? null;
}

/** A token whose end nobody told counts as over: kept, it would be used for ever. */
function isFresh({ accessToken, expires }: SessionRow): boolean {
  return accessToken !== "" && expires !== null && expires.getTime() - Date.now() > MARGIN_MS;
}

function tokenFrom({ accessToken, expires, scope }: SessionRow): AdminToken {
  const scopes = (scope ?? "").split(",").map((entry) => entry.trim());
  return { accessToken, expiresAt: expires, scopes: scopes.filter((entry) => entry !== "") };
}

const notInstalled = () => new NoToken("not-installed", "This shop has not installed the app, or has uninstalled it.");
const needsReopen = () =>
  new NoToken("needs-reopen", "Shopify no longer renews the token of this shop: the merchant has to open the app once.");

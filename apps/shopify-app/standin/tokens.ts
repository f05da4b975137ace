import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, Shop } from "./shop.ts";

/** What the app has of a shop: it is installed, with these scopes, and holds tokens, which all die with it. */
export interface Installation {
  readonly at: Date;
  scopes: readonly string[];
}

interface Token {
  readonly domain: string;
  readonly kind: "offline" | "online";
  readonly expiresAt: Date;
}

interface RefreshToken {
  readonly domain: string;
  readonly expiresAt: Date;
  used: boolean;
}

export type Answer = { readonly status: number; readonly body: Record<string, unknown> };

const HOUR = 3600;
const NINETY_DAYS = 90 * 24 * HOUR;
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const KINDS: Readonly<Record<string, Token["kind"]>> = {
  "urn:shopify:params:oauth:token-type:offline-access-token": "offline",
  "urn:shopify:params:oauth:token-type:online-access-token": "online",
};

/** The token endpoint: exchange of session tokens, and refresh tokens that may be used once. */
export class Tokens {
  readonly #app: { readonly apiKey: string; readonly apiSecret: string };
  readonly #clock: Clock;
  readonly #installations = new Map<string, Installation>();
  readonly #tokens = new Map<string, Token>();
  readonly #refreshTokens = new Map<string, RefreshToken>();
  #made = 0;
  /** How often the endpoint was asked, for suites that count. */
  readonly counts = { exchanges: 0, refreshes: 0, refusedRefreshes: 0 };

  constructor(app: { apiKey: string; apiSecret: string }, clock: Clock) {
    this.#app = app;
    this.#clock = clock;
  }

  install(shop: Shop, scopes: readonly string[]): void {
    this.#installations.set(shop.domain, { at: shop.now(), scopes });
  }

  uninstall(shop: Shop): void {
    this.#installations.delete(shop.domain);
    for (const [text, { domain }] of this.#tokens) if (domain === shop.domain) this.#tokens.delete(text);
    for (const [text, { domain }] of this.#refreshTokens) if (domain === shop.domain) this.#refreshTokens.delete(text);
  }

  installation(shop: Shop): Installation | undefined {
    return this.#installations.get(shop.domain);
  }

  /** The scopes that a token opens; null where it is unknown, dead or another shop's. */
  scopesOf(shop: Shop, token: string | null | undefined): readonly string[] | null {
    const found = token ? this.#tokens.get(token) : undefined;
    if (found?.domain !== shop.domain || found.expiresAt <= this.#clock.now()) return null;
    return this.#installations.get(shop.domain)?.scopes ?? null;
  }

  /** All access tokens of a shop run out now; refresh tokens stay. */
  expire(shop: Shop): void {
    const now = this.#clock.now();
    for (const [text, token] of this.#tokens) {
      if (token.domain === shop.domain) this.#tokens.set(text, { ...token, expiresAt: now });
    }
  }

  /** The tokens that App Bridge would give: signed for a minute, for one shop and one person. */
  sessionToken(shop: Shop, userId = "1"): string {
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    this.#made += 1;
    const claims = {
      iss: `https://${shop.domain}/admin`,
      dest: `https://${shop.domain}`,
      aud: this.#app.apiKey,
      sub: userId,
      exp: now + 60,
      nbf: now,
      iat: now,
      jti: `jti-${this.#made}`,
      sid: `sid-${userId}`,
    };
    const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${text}.${this.#sign(text)}`;
  }

  answer(shop: Shop, body: Record<string, unknown>): Answer {
    if (body.client_id !== this.#app.apiKey || body.client_secret !== this.#app.apiSecret)
      return refuse("invalid_client", "client credentials are wrong");
    if (body.grant_type === EXCHANGE) return this.#exchange(shop, body);
    if (body.grant_type === "refresh_token") return this.#refresh(shop, String(body.refresh_token ?? ""));
    return refuse("unsupported_grant_type", String(body.grant_type));
  }

  #exchange(shop: Shop, body: Record<string, unknown>): Answer {
    this.counts.exchanges += 1;
    const wrong = this.#wrongWith(shop, String(body.subject_token ?? ""));
    if (wrong) return refuse("invalid_subject_token", wrong);
    const kind = KINDS[String(body.requested_token_type)];
    if (!kind) return refuse("invalid_request", "requested_token_type is not known");
    const installation = this.#installations.get(shop.domain);
    if (!installation) return { status: 401, body: { error: "application_not_installed" } };
    if (kind === "online") return { status: 200, body: this.#online(shop, installation) };
    if (String(body.expiring) !== "1") return refuse("invalid_request", "offline access tokens of this app must be expiring");
    return { status: 200, body: this.#offline(shop, installation) };
  }

  #refresh(shop: Shop, text: string): Answer {
    const found = this.#refreshTokens.get(text);
    const installation = this.#installations.get(shop.domain);
    if (found?.domain !== shop.domain || found.used || found.expiresAt <= this.#clock.now() || !installation) {
      this.counts.refusedRefreshes += 1;
      return refuse("invalid_grant", "This request requires an active refresh_token");
    }
    this.counts.refreshes += 1;
    found.used = true;
    return { status: 200, body: this.#offline(shop, installation) };
  }

  #offline(shop: Shop, { scopes }: Installation): Record<string, unknown> {
    const refresh = `shprt_${this.#next()}`;
    this.#refreshTokens.set(refresh, { domain: shop.domain, expiresAt: this.#after(NINETY_DAYS), used: false });
    return {
      access_token: this.#accessToken(shop, "offline", HOUR),
      scope: scopes.join(","),
      expires_in: HOUR,
      refresh_token: refresh,
      refresh_token_expires_in: NINETY_DAYS,
    };
  }

  #online(shop: Shop, { scopes }: Installation): Record<string, unknown> {
    return {
      access_token: this.#accessToken(shop, "online", 24 * HOUR),
      scope: scopes.join(","),
      expires_in: 24 * HOUR - 1,
      associated_user_scope: scopes.join(","),
      associated_user: {
        id: 1,
        first_name: "Olga",
        last_name: "Owner",
        email: "owner@example.com",
        email_verified: true,
        account_owner: true,
        locale: "en",
        collaborator: false,
      },
    };
  }

  #accessToken(shop: Shop, kind: Token["kind"], seconds: number): string {
    const text = `shpat_${this.#next()}`;
    this.#tokens.set(text, { domain: shop.domain, kind, expiresAt: this.#after(seconds) });
    return text;
  }

  #wrongWith(shop: Shop, token: string): string | null {
    const [head = "", claims = "", signature = ""] = token.split(".");
    const made = Buffer.from(this.#sign(`${head}.${claims}`));
    const given = Buffer.from(signature);
    if (made.length !== given.length || !timingSafeEqual(made, given)) return "the signature is wrong";
    const parse = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (parse(head).alg !== "HS256") return "the algorithm is not HS256";
    const { aud, exp, nbf, dest } = parse(claims);
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    if (aud !== this.#app.apiKey) return "aud is not the app's";
    if (typeof exp !== "number" || exp <= now) return "the token has expired";
    if (typeof nbf === "number" && nbf > now + 5) return "the token is not yet valid";
    return dest === `https://${shop.domain}` ? null : "dest is another shop";
  }

  #after(seconds: number): Date {
    return new Date(this.#clock.now().getTime() + seconds * 1000);
  }

  /** The same in every run, and of Shopify's length. */
  #next(): string {
    this.#made += 1;
    return this.#made.toString(16).padStart(32, "0");
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#app.apiSecret).update(text).digest("base64url");
  }
}

const refuse = (error: string, description: string): Answer => ({ status: 400, body: { error, error_description: description } });

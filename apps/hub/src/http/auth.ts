import { randomBytes } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import type { HonoRequest, MiddlewareHandler } from "hono";
import { actorOf } from "../db/audit.ts";
import type { Database } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { apiKeys } from "../db/schema/companies.ts";
import { HubError } from "../errors.ts";
import { sha256 } from "../secret-box.ts";

/** What a key may do: read everything of its company, send orders, or administer. `admin` includes the others. */
export const SCOPES = ["read", "orders", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks, and for which company. Every route function takes it. */
export interface Caller {
  readonly companyId: number;
  readonly actor: string;
  /** The person whose key it is. */
  readonly owner: string;
  readonly scopes: readonly string[];
}

export interface CallerVariables {
  Variables: { caller: Caller };
}

/** A new API key: shown once, stored as a hash. */
export function newApiKey(): { key: string; keyHash: Buffer; prefix: string } {
  const key = `upk_${randomBytes(24).toString("base64url")}`;
  return { key, keyHash: sha256(key), prefix: key.slice(0, 10) };
}

/** Whose key a request brings. Throws HubError where it brings none that is valid. */
export async function callerOf(db: Database, request: HonoRequest): Promise<Caller> {
  const key = /^Bearer (upk_[\w-]{10,100})$/.exec(request.header("authorization") ?? "")?.[1];
  const caller = key === undefined ? null : await findCaller(db, key);
  if (caller !== null) return caller;
  throw new HubError(
    "unauthorized",
    "Send `Authorization: Bearer upk_…` with a valid API key. Make one with `pnpm upline key create`.",
  );
}

/** Requires `Authorization: Bearer upk_…` with the scope. */
export function requireScope(db: Database, scope: Scope): MiddlewareHandler<CallerVariables> {
  return async (c, next) => {
    const caller = await callerOf(db, c.req);
    if (!caller.scopes.includes(scope) && !caller.scopes.includes("admin")) {
      throw new HubError("missing-scope", `This needs a key with the scope "${scope}".`);
    }
    c.set("caller", caller);
    await next();
  };
}

/** Whose key this is; null where it is unknown or revoked. */
export async function findCaller(db: Database, key: string): Promise<Caller | null> {
  const { companyId, name, owner, scopes, keyHash, revokedAt } = apiKeys;
  const [row] = await query(db.gate)
    .select({ companyId, name, owner, scopes })
    .from(apiKeys)
    .where(and(eq(keyHash, sha256(key)), isNull(revokedAt)));
  if (row === undefined) return null;
  return { companyId: row.companyId, actor: actorOf("key", row.name), owner: row.owner, scopes: row.scopes };
}

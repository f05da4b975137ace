import { randomBytes } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import type { HonoRequest, MiddlewareHandler } from "hono";
import { actorOf } from "../db/audit.ts";
import type { Database } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { serviceKeys } from "../db/schema/apps.ts";
import { HubError } from "../errors.ts";
import { sha256 } from "../secret-box.ts";

/** What a service key may do: connect shops to companies, make companies for them, and speak for those shops. */
export const SERVICE_SCOPES = ["companies"] as const;
export type ServiceScope = (typeof SERVICE_SCOPES)[number];

/** A program that serves shops of all companies, such as the Shopify app. */
export interface ServiceCaller {
  readonly actor: string;
  readonly scopes: readonly string[];
}

export interface ServiceVariables {
  Variables: { service: ServiceCaller };
}

/** A new service key: shown once, stored as a hash. */
export function newServiceKey(): { key: string; keyHash: Buffer; prefix: string } {
  const key = `ups_${randomBytes(32).toString("base64url")}`;
  return { key, keyHash: sha256(key), prefix: key.slice(0, 10) };
}

/**
 * Requires `Authorization: Bearer ups_…` with the scope. No company's API key opens what this guards, and a service key
 * opens nothing else.
 */
export function requireService(db: Database, scope: ServiceScope): MiddlewareHandler<ServiceVariables> {
  return async (c, next) => {
    const caller = await serviceOf(db, c.req);
    if (!caller.scopes.includes(scope))
      throw new HubError("missing-scope", `This needs a service key with the scope "${scope}".`);
    c.set("service", caller);
    await next();
  };
}

/** Whose service key a request brings. Throws HubError where it brings none that is valid. */
export async function serviceOf(db: Database, request: HonoRequest): Promise<ServiceCaller> {
  const key = /^Bearer (ups_[\w-]{10,100})$/.exec(request.header("authorization") ?? "")?.[1];
  const caller = key === undefined ? null : await findService(db, key);
  if (caller !== null) return caller;
  throw new HubError(
    "unauthorized",
    "Send `Authorization: Bearer ups_…` with a valid service key. Whoever runs the hub makes one with `pnpm upline service-key create`.",
  );
}

async function findService(db: Database, key: string): Promise<ServiceCaller | null> {
  const { name, scopes, keyHash, revokedAt } = serviceKeys;
  const [row] = await query(db.gate)
    .select({ name, scopes })
    .from(serviceKeys)
    .where(and(eq(keyHash, sha256(key)), isNull(revokedAt)));
  return row === undefined ? null : { actor: actorOf("service", row.name), scopes: row.scopes };
}

import { randomBytes } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import type { Context, MiddlewareHandler } from "hono";
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
  /** Whose act it is, where two people are needed: a person by their number, or the owner of a key that the operator made. */
  readonly owner: string;
  readonly scopes: readonly string[];
  /** Null for an API key. */
  readonly person: CallingPerson | null;
}

/** Somebody who is signed in, and their place in the company that the call is about. */
export interface CallingPerson {
  readonly personId: string;
  readonly name: string;
  readonly role: string;
  readonly companyName: string;
  /** Of a distributor: who they are in the network. */
  readonly distributorNo: number | null;
}

export interface CallerVariables {
  Variables: { caller: Caller };
}

/** Answers whose session a request brings, for the route that it asks for; null where it brings none. People are handed in as this. */
export type PersonOf = (c: Context, route: string) => Promise<Caller | null>;

/** A new API key: shown once, stored as a hash. */
export function newApiKey(): { key: string; keyHash: Buffer; prefix: string } {
  const key = `upk_${randomBytes(24).toString("base64url")}`;
  return { key, keyHash: sha256(key), prefix: key.slice(0, 10) };
}

/** Who calls: whoever a session was found for already, or whose key the request brings. Throws HubError where there is neither. */
export async function callerOf(db: Database, c: Context): Promise<Caller> {
  const known: Caller | undefined = c.get("caller");
  if (known !== undefined) return known;
  const key = /^Bearer (upk_[\w-]{10,100})$/.exec(c.req.header("authorization") ?? "")?.[1];
  const caller = key === undefined ? null : await findCaller(db, key);
  if (caller !== null) return caller;
  throw new HubError(
    "unauthorized",
    "Sign in, or send `Authorization: Bearer upk_…` with a valid API key. Make one with `pnpm upline key create`.",
  );
}

/** Requires `Authorization: Bearer upk_…` with the scope, or somebody signed in whose role may call the route. */
export function requireScope(db: Database, scope: Scope): MiddlewareHandler<CallerVariables> {
  return async (c, next) => {
    const caller = await callerOf(db, c);
    if (!caller.scopes.includes(scope) && !caller.scopes.includes("admin")) {
      throw new HubError("missing-scope", `This needs a key with the scope "${scope}".`);
    }
    c.set("caller", caller);
    await next();
  };
}

/** How a route describes that only somebody who is signed in may call it. */
export const signedInOnly = (): { session: string[] }[] => [{ session: [] }];

/** Requires somebody who is signed in: what a key could do to its own reach, a key does not do. */
export const demandPerson: MiddlewareHandler<CallerVariables> = async (c, next) => {
  if (c.get("caller").person === null)
    throw new HubError("missing-scope", "This is for somebody who is signed in: no API key may do it.");
  await next();
};

/** The person who calls. Throws HubError for a key. */
export function callingPerson(caller: Caller): CallingPerson {
  if (caller.person === null) throw new HubError("missing-scope", "This is for somebody who is signed in: no API key may do it.");
  return caller.person;
}

/** Whose key this is; null where it is unknown or revoked. */
export async function findCaller(db: Database, key: string): Promise<Caller | null> {
  const { companyId, name, owner, personId, scopes, keyHash, revokedAt } = apiKeys;
  const [row] = await query(db.gate)
    .select({ companyId, name, owner, personId, scopes })
    .from(apiKeys)
    .where(and(eq(keyHash, sha256(key)), isNull(revokedAt)));
  if (row === undefined) return null;
  const whose = row.personId === null ? row.owner : actorOf("person", row.personId);
  return { companyId: row.companyId, actor: actorOf("key", row.name), owner: whose, scopes: row.scopes, person: null };
}

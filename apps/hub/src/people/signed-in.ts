import type { Context } from "hono";
import { actorOf } from "../db/audit.ts";
import { HubError } from "../errors.ts";
import type { Caller } from "../http/auth.ts";
import { demandOwnOrigin } from "../http/origin.ts";
import type { HubParts } from "../parts.ts";
import type { Auth } from "./open-auth.ts";
import { type Seat, seatsOf } from "./queries.ts";
import { isOwnBusiness, ROLE_TABLE } from "./role-table.ts";

export const COMPANY_HEADER = "upline-company";
/** For what sends no headers of its own, such as an event stream or a file that a browser fetches. */
export const COMPANY_PARAMETER = "company";

/** Somebody's session, and every place they have. */
export interface SignedIn {
  readonly personId: string;
  readonly sessionId: string;
  readonly name: string;
  readonly email: string;
  readonly totpEnabled: boolean;
  readonly seats: readonly Seat[];
}

export interface SignedInVariables {
  Variables: { signedIn: SignedIn };
}

const READING = ["GET", "HEAD", "OPTIONS"];

/** Whether a request brings anything that could be a session: an API key's calls cost nothing more. */
function bringsSession(c: Context): boolean {
  return (
    c.req.header("authorization") === undefined && /(^|;\s*)(__Secure-)?upline\.session_token=/.test(c.req.header("cookie") ?? "")
  );
}

/** Whose session a request brings, read anew each time: what was revoked or lowered a moment ago counts. Null where there is none. */
export async function signedInOf(
  { auth, db, env }: Pick<HubParts, "db" | "env"> & { readonly auth: () => Auth },
  c: Context,
): Promise<SignedIn | null> {
  if (!bringsSession(c)) return null;
  const found = await auth().sessionOf(c.req.raw.headers);
  if (found === null) return null;
  if (!READING.includes(c.req.method)) demandOwnOrigin(c.req, env);
  const { cookies, ...person } = found;
  // A session that is used is prolonged.
  for (const cookie of cookies) c.header("set-cookie", cookie, { append: true });
  return { ...person, seats: await seatsOf(db.people, person.personId) };
}

/** Who calls, for a route of the API: by their place in the company they name, if its role may. Throws HubError. */
export function callerFor(signedIn: SignedIn, c: Context, route: string): Caller | null {
  const { personId, name, seats } = signedIn;
  // What concerns nobody but themselves is about no company.
  if (isOwnBusiness(route)) return null;
  const own = seatsIn(seats, c.req.header(COMPANY_HEADER) ?? c.req.query(COMPANY_PARAMETER));
  const rule = ROLE_TABLE[route];
  const seat = own.find(({ role }) => rule?.roles.includes(role));
  if (rule === undefined || seat === undefined)
    throw new HubError(
      "missing-role",
      `Your role (${own.map(({ role }) => role).join(", ")}) may not do that: ask an admin of the company.`,
    );
  const { companyId, role, distributorNo, companyName } = seat;
  const scopes = rule.full.includes(role) ? ["read", "orders", "admin"] : ["read"];
  const actor = actorOf("person", personId);
  return { companyId, actor, owner: actor, scopes, person: { personId, name, role, companyName, distributorNo } };
}

/** The places in the company that was named, or in the only one there is; those of the company's people come before a distributor's. */
function seatsIn(seats: readonly Seat[], named: string | undefined): readonly Seat[] {
  const slugs = [...new Set(seats.map(({ slug }) => slug))];
  const [only] = slugs;
  if (only === undefined)
    throw new HubError("missing-role", "You have no place in any company any more: ask whoever invited you.");
  if (named === undefined && slugs.length > 1) {
    const message = `says which company: one of ${slugs.join(", ")}`;
    throw new HubError("bad-request", `The header Upline-Company ${message}.`, { fields: [{ path: "Upline-Company", message }] });
  }
  const own = seats.filter(({ slug }) => slug === (named ?? only));
  // A company that is another's is told like one that is none.
  if (own.length === 0) throw new HubError("not-found", "There is no such company.");
  return [...own].sort((a, b) => Number(a.role === "distributor") - Number(b.role === "distributor"));
}

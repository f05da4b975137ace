import { createRoute, z } from "@hono/zod-openapi";
import { actorOf } from "../db/audit.ts";
import { asCompany, asPeople } from "../db/connect.ts";
import { ROLES } from "../db/schema/people.ts";
import { HubError } from "../errors.ts";
import { signedInOnly } from "../http/auth.ts";
import { answer, newRoutes, problems, time } from "../http/shapes.ts";
import type { People } from "./open-people.ts";
import { distributorIdsOf, endSessions, listSessions } from "./queries.ts";
import type { SignedInVariables } from "./signed-in.ts";

const tags = ["Me"];

const me = z
  .object({
    person_id: z.string(),
    name: z.string(),
    email: z.string(),
    totp: z.boolean(),
    companies: z.array(
      z.object({
        slug: z.string(),
        name: z.string(),
        role: z.enum(ROLES),
        distributor_id: z.string().nullable().openapi({ description: "Of the role `distributor`: as whom they sell" }),
      }),
    ),
  })
  .openapi("Me");

const read = createRoute({
  method: "get",
  security: signedInOnly(),
  path: "/",
  operationId: "getMe",
  tags,
  summary: "Who is signed in, and where they have a place",
  description: "Send a company's `slug` as the header `Upline-Company` of other calls where there are several.",
  responses: { 200: answer("You", me), ...problems(401, 403) },
});

const session = z
  .object({
    session_id: z.string(),
    is_this: z.boolean(),
    browser: z.string().nullable(),
    address: z.string().nullable(),
    created_at: time,
    last_used_at: time.openapi({ description: "To the day" }),
    expires_at: time,
  })
  .openapi("Session");

const sessions = createRoute({
  method: "get",
  security: signedInOnly(),
  path: "/sessions",
  operationId: "listSessions",
  tags,
  summary: "Where you are signed in",
  responses: { 200: answer("Your sessions", z.object({ items: z.array(session) })), ...problems(401, 403) },
});

const end = createRoute({
  method: "delete",
  security: signedInOnly(),
  path: "/sessions/{session_id}",
  operationId: "endSession",
  tags,
  summary: "Sign out somewhere",
  request: { params: z.object({ session_id: z.string().min(1).max(64) }) },
  responses: { 200: answer("Signed out there", z.object({ ended: z.number() })), ...problems(400, 401, 403, 404) },
});

const endOthers = createRoute({
  method: "delete",
  security: signedInOnly(),
  path: "/sessions",
  operationId: "endOtherSessions",
  tags,
  summary: "Sign out everywhere else",
  responses: { 200: answer("So many", z.object({ ended: z.number() })), ...problems(401, 403) },
});

/** What somebody does about themselves, whatever company they are of. */
export function meRoutes(people: People) {
  const routes = newRoutes<SignedInVariables>();
  routes.use(async (c, next) => {
    if (c.get("signedIn") === undefined)
      throw new HubError("unauthorized", "Sign in: this is about a person, and no API key is one.");
    await next();
  });
  return routes
    .openapi(read, async (c) => {
      const { personId, name, email, totpEnabled, seats } = c.get("signedIn");
      const companies = await Promise.all(
        seats.map(async ({ companyId, slug, companyName, role, distributorNo }) => ({
          ...{ slug, name: companyName, role },
          distributor_id:
            distributorNo === null
              ? null
              : await asCompany(people.db, companyId, (tx) => distributorIdsOf(tx, { companyId, distributorNo })),
        })),
      );
      return c.json({ person_id: personId, name, email, totp: totpEnabled, companies }, 200);
    })
    .openapi(sessions, async (c) => {
      const { personId, sessionId } = c.get("signedIn");
      const items = (await listSessions(people.db.people, personId)).map((row) => ({
        ...{ session_id: row.id, is_this: row.id === sessionId, browser: row.browser, address: row.ipAddress },
        ...{ created_at: row.createdAt.toISOString(), last_used_at: row.changedAt.toISOString() },
        expires_at: row.expiresAt.toISOString(),
      }));
      return c.json({ items }, 200);
    })
    .openapi(end, async (c) => {
      const { personId } = c.get("signedIn");
      const only = c.req.valid("param").session_id;
      const ended = await asPeople(people.db, actorOf("person", personId), (tx) => endSessions(tx, { personId, only }));
      if (ended === 0) throw new HubError("not-found", "You have no such session.");
      return c.json({ ended }, 200);
    })
    .openapi(endOthers, async (c) => {
      const { personId, sessionId } = c.get("signedIn");
      const ended = await asPeople(people.db, actorOf("person", personId), (tx) =>
        endSessions(tx, { personId, allBut: sessionId }),
      );
      return c.json({ ended }, 200);
    });
}

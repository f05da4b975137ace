import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, callingPerson, demandPerson, requireScope, SCOPES, signedInOnly } from "../http/auth.ts";
import { answer, exactJson, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { createKey, revokeKey } from "./create.ts";
import { listKeys } from "./queries.ts";

const tags = ["Keys"];
const key = z
  .object({
    prefix: z.string().openapi({ example: "upk_AbC123" }),
    name: z.string(),
    owner: z.string(),
    person_id: z
      .string()
      .nullable()
      .openapi({ description: "Whoever made it while signed in; null for a key of the hub's operator" }),
    scopes: z.array(z.string()),
    created_at: time,
    revoked_at: time.nullable(),
  })
  .openapi("ApiKey");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listKeys",
  tags,
  summary: "API keys by their first characters, the newest first",
  security: signedInOnly(),
  middleware: [demandPerson] as const,
  responses: { 200: answer("The keys", z.object({ items: z.array(key) })), ...problems(401, 403, 404) },
});

const create = createRoute({
  method: "post",
  path: "/",
  operationId: "createKey",
  tags,
  summary: "Make an API key; it is shown only now",
  description:
    "It is yours: where two people are needed, it is you. It goes when your place in the company goes, or your role may hold none. For somebody who is signed in: no key makes keys. Audited.",
  security: signedInOnly(),
  middleware: [demandPerson, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({ name: z.string().min(1).max(100), scopes: z.array(z.enum(SCOPES)).min(1).max(3) }),
        },
      },
    },
  },
  responses: {
    201: answer("The key", z.object({ key: z.string(), prefix: z.string() }).openapi("NewApiKey")),
    ...problems(400, 401, 403, 404, 422),
  },
});

const revoke = createRoute({
  method: "delete",
  path: "/{prefix}",
  operationId: "revokeKey",
  tags,
  summary: "Make a key useless at once",
  description: "For somebody who is signed in. Audited.",
  security: signedInOnly(),
  middleware: [demandPerson] as const,
  request: {
    params: z.object({ prefix: z.string().regex(/^upk_[\w-]{1,20}$/, "the first characters of a key, such as upk_AbC123") }),
  },
  responses: { 200: answer("Revoked", z.object({ prefix: z.string() }).openapi("RevokedKey")), ...problems(400, 401, 403, 404) },
});

export function keyRoutes(hub: Pick<HubParts, "db">) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const keys = await asCompany(hub.db, companyId, (tx) => listKeys(tx, companyId));
      const items = keys.map(({ prefix, name, owner, personId, scopes, createdAt, revokedAt }) => ({
        ...{ prefix, name, owner, person_id: personId, scopes, created_at: createdAt.toISOString() },
        revoked_at: revokedAt?.toISOString() ?? null,
      }));
      return c.json({ items }, 200);
    })
    .openapi(create, async (c) => {
      const { companyId, actor, person } = { ...c.get("caller"), person: callingPerson(c.get("caller")) };
      const { name, scopes } = c.req.valid("json");
      return c.json(await createKey(hub, { companyId, name, scopes, owner: person.name, personId: person.personId, actor }), 201);
    })
    .openapi(revoke, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { prefix } = c.req.valid("param");
      await revokeKey(hub, { companyId, prefix, actor });
      return c.json({ prefix }, 200);
    });
}

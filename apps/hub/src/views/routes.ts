import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import type { SavedView } from "../db/schema/views.ts";
import { type Caller, type CallerVariables, callingPerson, demandPerson, requireScope, signedInOnly } from "../http/auth.ts";
import { answer, exactJson, idText, newRoutes, numberOf, numberParam, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { changeView, dropView, type Keeper, keepView, mayChange } from "./keep.ts";
import { listViews, MOST_VIEWS } from "./queries.ts";

const tags = ["Views"];
const security = signedInOnly();
const MOST_QUERY = 2_000;
const params = z.object({ view_id: numberParam });
const page = z
  .string()
  .regex(/^[a-z][a-z/-]{0,99}$/, "the path of a page of the console, such as ledger/commissions")
  .openapi({ example: "orders" });
const content = {
  name: z.string().trim().min(1, "give it a name").max(80).openapi({ example: "Codes that lead to nobody" }),
  shared: z.boolean().openapi({ description: "Everybody who works for the company sees it" }),
  query: z
    .string()
    .max(MOST_QUERY)
    .regex(/^[^?#\s]*$/, "the address behind its question mark")
    .openapi({ example: "unresolved=true" }),
};

const view = z
  .object({
    ...{ view_id: idText, page: z.string(), name: z.string(), shared: z.boolean(), query: z.string() },
    own: z.boolean().openapi({ description: "Whoever asks kept it" }),
    changeable: z.boolean().openapi({ description: "Whoever asks may rename, share and drop it" }),
    changed_at: time,
  })
  .openapi("SavedView");

const json = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const list = createRoute({
  ...{ method: "get", path: "/", operationId: "listViews", tags, security },
  summary: "Views of a page of the console: your own, and those that the company shares",
  middleware: [demandPerson] as const,
  request: { query: z.object({ page }) },
  responses: {
    200: answer(`By name, at most ${MOST_VIEWS}`, z.object({ items: z.array(view) })),
    ...problems(400, 401, 403, 404),
  },
});

const keep = createRoute({
  ...{ method: "post", path: "/", operationId: "keepView", tags, security },
  summary: "Keep what a table shows under a name",
  description:
    "For yourself, or shared with everybody who works for the company; viewers keep for themselves. Shared ones are audited.",
  middleware: [demandPerson, exactJson] as const,
  request: json(z.strictObject({ page, ...content })),
  responses: { 201: answer("Kept", view), ...problems(400, 401, 403, 404, 422) },
});

const change = createRoute({
  ...{ method: "put", path: "/{view_id}", operationId: "changeView", tags, security },
  summary: "Rename a view, share it, or have it show something else",
  description: "Whoever kept it may, and owners and admins may change what is shared.",
  middleware: [demandPerson, exactJson] as const,
  request: { params, ...json(z.strictObject(content)) },
  responses: { 200: answer("As it is now", view), ...problems(400, 401, 403, 404, 422) },
});

const drop = createRoute({
  ...{ method: "delete", path: "/{view_id}", operationId: "dropView", tags, security },
  summary: "Drop a view",
  description: "The table itself stays. Whoever kept the view may, and owners and admins what is shared.",
  middleware: [demandPerson] as const,
  request: { params },
  responses: { 200: answer("Dropped", z.object({ view_id: idText })), ...problems(400, 401, 403, 404) },
});

export function viewRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const keeper = keeperOf(c.get("caller"));
      const { companyId, person } = keeper;
      const wanted = { companyId, page: c.req.valid("query").page, personId: person.personId };
      const rows = await asCompany(hub.db, companyId, (tx) => listViews(tx, wanted));
      return c.json({ items: rows.map((row) => viewAnswer(row, keeper)) }, 200);
    })
    .openapi(keep, async (c) => {
      const keeper = keeperOf(c.get("caller"));
      return c.json(viewAnswer(await keepView(hub, keeper, c.req.valid("json")), keeper), 201);
    })
    .openapi(change, async (c) => {
      const keeper = keeperOf(c.get("caller"));
      const viewNo = numberOf(c.req.valid("param").view_id) ?? 0n;
      return c.json(viewAnswer(await changeView(hub, keeper, { viewNo, ...c.req.valid("json") }), keeper), 200);
    })
    .openapi(drop, async (c) => {
      const { view_id } = c.req.valid("param");
      await dropView(hub, keeperOf(c.get("caller")), numberOf(view_id) ?? 0n);
      return c.json({ view_id }, 200);
    });
}

function keeperOf(caller: Caller): Keeper {
  return { companyId: caller.companyId, actor: caller.actor, person: callingPerson(caller) };
}

function viewAnswer(row: SavedView, keeper: Keeper): z.infer<typeof view> {
  return {
    ...{ view_id: String(row.viewNo), page: row.page, name: row.name, shared: row.shared, query: row.query },
    ...{ own: row.personId === keeper.person.personId, changeable: mayChange(keeper, row) },
    changed_at: row.changedAt.toISOString(),
  };
}

import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  demandAdmin,
  distributorText,
  exactJson,
  instant,
  listOf,
  newRoutes,
  numberedPage,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { addTree, moveDistributor, placeDistributor, placeWaiting } from "./placement.ts";
import { type ListedPlace, listPlaces, listTrees, listWaiting } from "./placement-queries.ts";

const treeName = z.string().openapi({ example: "binary", description: "A placement tree that the plan names" });
const leg = z.int().min(0).max(99).openapi({ example: 0, description: "From 0: in a binary tree 0 is left and 1 is right" });

const tree = z
  .object({
    tree: treeName,
    width: z.int().min(2).max(100).openapi({ example: 2 }),
    depth: z.int().min(1).max(100).nullable().openapi({ description: "Levels that spillover searches; null is without end" }),
    spillover: z.enum(["breadth-first", "depth-first", "fewest-children", "leftmost", "rightmost"]),
    window_days: z
      .int()
      .min(0)
      .max(366)
      .openapi({ description: "How long a newcomer waits for a choice, and may be moved after being placed" }),
  })
  .openapi("PlacementTree");

const place = z
  .object({
    distributor_id: distributorText,
    parent_id: distributorText.nullable().openapi({ description: "Null is the top of the tree" }),
    leg,
  })
  .openapi("Place");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listPlacements",
  tags: ["Placements"],
  summary: "Who stands where in a placement tree, as of a time",
  request: { query: numberedPage.extend({ tree: treeName, at: instant.optional(), distributor_id: z.string().optional() }) },
  responses: { 200: answer("A page of places", listOf(place.extend({ since: time }))), ...problems(400, 401, 403) },
});

const trees = createRoute({
  method: "get",
  path: "/trees",
  operationId: "listPlacementTrees",
  tags: ["Placements"],
  summary: "The placement trees",
  responses: { 200: answer("All trees", z.object({ items: z.array(tree) })), ...problems(401, 403) },
});

const waiting = createRoute({
  method: "get",
  path: "/waiting",
  operationId: "listWaitingPlacements",
  tags: ["Placements"],
  summary: "The holding tank: who has no place yet, the earliest enrolled first",
  request: { query: z.object({ tree: treeName, limit: page.shape.limit }) },
  responses: {
    200: answer("Those who wait", z.object({ items: z.array(z.object({ distributor_id: distributorText, enrolled_at: time })) })),
    ...problems(400, 401, 403),
  },
});

const admin = {
  tags: ["Placements"],
  middleware: [demandAdmin, exactJson] as [typeof demandAdmin, typeof exactJson],
};
const json = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});
const NEEDS = "Needs the scope `admin`.";

const newTree = createRoute({
  ...admin,
  method: "post",
  path: "/trees",
  operationId: "addPlacementTree",
  summary: "Add a placement tree; its shape never changes",
  description: NEEDS,
  request: json(tree.extend({ depth: tree.shape.depth.default(null) })),
  responses: { 201: answer("Added", tree), ...problems(400, 401, 403, 409, 422) },
});

const newPlace = createRoute({
  ...admin,
  method: "post",
  path: "/",
  operationId: "placeDistributor",
  summary: "Place somebody out of the holding tank",
  description: `${NEEDS} Without a parent under the sponsor, without a leg where the tree's spillover finds the first free place.`,
  request: json(
    z.object({
      tree: treeName,
      distributor_id: z.string(),
      parent_id: z.string().nullish(),
      leg: leg.optional(),
      at: instant.optional(),
    }),
  ),
  responses: { 201: answer("Placed", place), ...problems(400, 401, 403, 404, 422) },
});

const move = createRoute({
  ...admin,
  method: "post",
  path: "/move",
  operationId: "moveDistributor",
  summary: "Move somebody, with everyone below, from a time on",
  description: `${NEEDS} Within the tree's window; nobody moves below themselves.`,
  request: json(
    z.object({ tree: treeName, distributor_id: z.string(), parent_id: z.string().nullable(), leg, at: instant.optional() }),
  ),
  responses: { 200: answer("Moved", place), ...problems(400, 401, 403, 404, 422) },
});

const fill = createRoute({
  ...admin,
  method: "post",
  path: "/fill",
  operationId: "placeWaiting",
  summary: "Place everyone whose window in the holding tank is over",
  description: NEEDS,
  request: json(z.object({ tree: treeName })),
  responses: { 200: answer("How many", z.object({ placed: z.int(), waiting: z.int() })), ...problems(400, 401, 403, 404) },
});

export function placementRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const { tree, at, distributor_id: distributorId, before, limit } = c.req.valid("query");
      const when = at === undefined ? new Date() : new Date(at);
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listPlaces(tx, {
          companyId,
          tree,
          at: when,
          distributorId,
          before: before === undefined ? undefined : Number(before),
          limit: limit + 1,
        }),
      );
      const shown = pageOf(rows, limit, (row) => String(row.distributorNo));
      return c.json({ items: shown.rows.map(placeAnswer), next: shown.next }, 200);
    })
    .openapi(trees, async (c) => {
      const { companyId } = c.get("caller");
      const found = await asCompany(hub.db, companyId, (tx) => listTrees(tx, companyId));
      return c.json({ items: found.map(({ windowDays, ...tree }) => ({ ...tree, window_days: windowDays })) }, 200);
    })
    .openapi(waiting, async (c) => {
      const { companyId } = c.get("caller");
      const { tree, limit } = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) => listWaiting(tx, { companyId, tree, limit }));
      return c.json(
        { items: rows.map((row) => ({ distributor_id: row.distributorId, enrolled_at: row.enrolledAt.toISOString() })) },
        200,
      );
    })
    .openapi(newTree, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { window_days: windowDays, ...body } = c.req.valid("json");
      await addTree(hub, { companyId, actor, ...body, windowDays });
      return c.json({ ...body, window_days: windowDays }, 201);
    })
    .openapi(newPlace, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { distributor_id: distributorId, parent_id: parentId, at, ...body } = c.req.valid("json");
      return c.json(
        placedAnswer(await placeDistributor(hub, { companyId, actor, distributorId, parentId, ...body, at: whenOf(at) })),
        201,
      );
    })
    .openapi(move, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { distributor_id: distributorId, parent_id: parentId, at, ...body } = c.req.valid("json");
      return c.json(
        placedAnswer(await moveDistributor(hub, { companyId, actor, distributorId, parentId, ...body, at: whenOf(at) })),
        200,
      );
    })
    .openapi(fill, async (c) => {
      const { companyId, actor } = c.get("caller");
      return c.json(await placeWaiting(hub, { companyId, actor, tree: c.req.valid("json").tree, now: new Date() }), 200);
    });
}

function whenOf(at: string | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}

function placedAnswer(placed: { distributorId: string; parentId: string | null; leg: number }): z.infer<typeof place> {
  return { distributor_id: placed.distributorId, parent_id: placed.parentId, leg: placed.leg };
}

function placeAnswer(row: ListedPlace): z.infer<typeof place> & { since: string } {
  return { distributor_id: row.distributorId, parent_id: row.parentId, leg: row.leg, since: row.validFrom.toISOString() };
}

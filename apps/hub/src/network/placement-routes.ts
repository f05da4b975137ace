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
import { earliestWaiting } from "./holding-tank.ts";
import type { Network } from "./network.ts";
import { addTree, moveDistributor, placeDistributor, placeWaiting } from "./placement.ts";
import { listTrees } from "./placement-queries.ts";
import type { Place } from "./places.ts";
import type { NetworkOf } from "./routes.ts";

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

const placeOfTime = place.extend({ since: time });
const waitingOne = z.object({ distributor_id: distributorText, enrolled_at: time });

const listQuery = numberedPage.extend({ tree: treeName, at: instant.optional(), distributor_id: z.string().optional() });

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listPlacements",
  tags: ["Placements"],
  summary: "Who stands where in a placement tree, as of a time",
  request: { query: listQuery },
  responses: { 200: answer("A page of places", listOf(placeOfTime)), ...problems(400, 401, 403) },
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
    200: answer("Those who wait", z.object({ items: z.array(waitingOne) })),
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

export function placementRoutes(hub: HubParts, networkOf: NetworkOf) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const query = c.req.valid("query");
      const network = await networkOf(companyId);
      const shown = pageOf(placesOfPage(network, query), query.limit, (place) => String(place.distributorNo));
      return c.json({ items: shown.rows.map((place) => placeAnswer(network, place)), next: shown.next }, 200);
    })
    .openapi(trees, async (c) => {
      const { companyId } = c.get("caller");
      const found = await asCompany(hub.db, companyId, (tx) => listTrees(tx, companyId));
      return c.json({ items: found.map(({ windowDays, ...tree }) => ({ ...tree, window_days: windowDays })) }, 200);
    })
    .openapi(waiting, async (c) => {
      const { companyId } = c.get("caller");
      const { tree, limit } = c.req.valid("query");
      const network = await networkOf(companyId);
      return c.json({ items: earliestWaiting(network, tree, limit).map((no) => waitingAnswer(network, no)) }, 200);
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

/** Looked for in memory, and one more to tell whether a page follows. */
function placesOfPage(
  network: Network,
  { tree, at, distributor_id: distributorId, ...query }: z.output<typeof listQuery>,
): Place[] {
  const only = distributorId === undefined ? undefined : network.numberOf(distributorId);
  // Whoever is not there stands nowhere.
  if (only === null) return [];
  const page = { limit: query.limit + 1, before: query.before === undefined ? undefined : Number(query.before) };
  return network.placesOf(tree)?.search({ at: at === undefined ? Date.now() : Date.parse(at), only, ...page }) ?? [];
}

function placeAnswer(network: Network, place: Place): z.infer<typeof placeOfTime> {
  return {
    distributor_id: network.needIdOf(place.distributorNo),
    parent_id: network.idOf(place.parentNo),
    leg: place.leg,
    since: new Date(place.from).toISOString(),
  };
}

function waitingAnswer(network: Network, no: number): z.infer<typeof waitingOne> {
  return { distributor_id: network.needIdOf(no), enrolled_at: new Date(network.enrolledAtOf(no)).toISOString() };
}

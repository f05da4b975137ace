import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { PLACED_WITHIN } from "../db/schema/network.ts";
import { type Caller, type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  demandAdmin,
  distributorText,
  exactJson,
  instant,
  listOf,
  newRoutes,
  numberedPage,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { earliestWaiting } from "./holding-tank.ts";
import { namesFor } from "./named.ts";
import type { Network } from "./network.ts";
import { addTree, DAY_MS, needTree, placeDistributor, placeWaiting } from "./placement.ts";
import { listTrees } from "./placement-queries.ts";
import type { Place } from "./places.ts";
import type { NetworkOf } from "./routes.ts";

export const treeName = z.string().openapi({ example: "binary", description: "A placement tree that the plan names" });
export const leg = z
  .int()
  .min(0)
  .max(99)
  .openapi({ example: 0, description: "From 0: in a binary tree 0 is left and 1 is right" });

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
    within: z
      .enum(PLACED_WITHIN)
      .openapi({ description: "Where somebody may stand: anywhere, or only below their own sponsor in this tree" }),
  })
  .openapi("PlacementTree");

export const place = z
  .object({
    distributor_id: distributorText,
    parent_id: distributorText.nullable().openapi({ description: "Null is the top of the tree" }),
    leg,
  })
  .openapi("Place");

const placeOfTime = place.extend({ since: time });
const waitingOne = z
  .object({
    distributor_id: distributorText,
    name: z.string().nullable().openapi({ description: "With the scope `admin` only" }),
    enrolled_at: time,
    due_at: time.openapi({ description: "When the tree's window ends: from then on `fill` places them by spillover" }),
    sponsor_id: distributorText.nullable().openapi({ description: "Null is the company" }),
    sponsor_name: z.string().nullable().openapi({ description: "With the scope `admin` only" }),
    sponsor_is_placed: z.boolean().openapi({ description: "Whether the sponsor has a place; true for the company" }),
  })
  .openapi("WaitingForPlace");
const treeCounts = tree.extend({
  placed: z.int().openapi({ description: "Who have a place, from whenever on" }),
  waiting: z.int().openapi({ description: "Who have none yet" }),
});

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
  responses: {
    200: answer("All trees", z.object({ items: z.array(treeCounts.openapi("CountedPlacementTree")) })),
    ...problems(401, 403),
  },
});

const waiting = createRoute({
  method: "get",
  path: "/waiting",
  operationId: "listWaitingPlacements",
  tags: ["Placements"],
  summary: "The holding tank: who has no place yet, the earliest enrolled first",
  request: { query: numberedPage.extend({ tree: treeName }) },
  responses: { 200: answer("A page of those who wait", listOf(waitingOne)), ...problems(400, 401, 403, 404) },
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
  request: json(tree.extend({ depth: tree.shape.depth.default(null), within: tree.shape.within.default("anywhere") })),
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
      const network = await networkOf(companyId);
      const items = found.map(({ windowDays, ...tree }) => {
        const placed = network.placesOf(tree.tree)?.placed ?? 0;
        return { ...tree, window_days: windowDays, placed, waiting: network.size - placed };
      });
      return c.json({ items }, 200);
    })
    .openapi(waiting, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      const { tree, limit, before } = c.req.valid("query");
      const network = await networkOf(companyId);
      const after = before === undefined ? undefined : Number(before);
      const shown = pageOf(earliestWaiting(network, { tree, limit: limit + 1, after }), limit, String);
      const items = await asCompany(hub.db, companyId, async (tx) => {
        const { windowDays } = await needTree(tx, { companyId, tree });
        return waitingAnswers(tx, { caller, network, tree, windowMs: windowDays * DAY_MS }, shown.rows);
      });
      return c.json({ items, next: shown.next }, 200);
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

async function waitingAnswers(
  tx: Tx,
  { caller, network, tree, windowMs }: { caller: Caller; network: Network; tree: string; windowMs: number },
  waiting: readonly number[],
): Promise<z.infer<typeof waitingOne>[]> {
  const now = Date.now();
  const sponsors = waiting.map((no) => Math.max(0, network.tree.sponsorAsOf(no, now)));
  const nameOf = await namesFor(tx, caller, [...waiting, ...sponsors]);
  const places = network.placesOf(tree);
  return waiting.map((no, index) => {
    const sponsor = sponsors[index] ?? 0;
    const enrolledAt = network.enrolledAtOf(no);
    return {
      ...{ distributor_id: network.needIdOf(no), name: nameOf(no)?.name ?? null },
      enrolled_at: new Date(enrolledAt).toISOString(),
      due_at: new Date(enrolledAt + windowMs).toISOString(),
      ...{ sponsor_id: network.idOf(sponsor), sponsor_name: nameOf(sponsor)?.name ?? null },
      sponsor_is_placed: sponsor === 0 || places?.has(sponsor) === true,
    };
  });
}

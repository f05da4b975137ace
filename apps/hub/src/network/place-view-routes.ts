import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  distributorText,
  instant,
  listOf,
  momentOf,
  newRoutes,
  numberedPage,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { named, namesFor } from "./named.ts";
import type { Network } from "./network.ts";
import { needTree } from "./placement.ts";
import { leg, treeName } from "./placement-routes.ts";
import type { Place } from "./places.ts";
import { type NetworkOf, needNumber } from "./routes.ts";

/** So far the people below somebody in a placement tree are counted: in a row of a tree, and of one leg. */
const MOST_OF_ROW = 1_000;
const MOST_OF_LEG = 100_000;

const placed = z
  .object({
    distributor_id: distributorText,
    name: named.shape.name,
    status: z.string().openapi({ example: "active" }),
    rank: z.string().nullable(),
    leg,
    since: time,
    taken_legs: z.int().openapi({ description: "How many of the own legs are taken" }),
    people_below: z.int().openapi({ description: `At most ${MOST_OF_ROW}: that many, or more` }),
  })
  .openapi("PlacedDistributor");

const at = instant.optional().openapi({ description: "As of this time; now where absent" });

const below = createRoute({
  method: "get",
  path: "/below",
  operationId: "listPlacedBelow",
  tags: ["Placements"],
  summary: "Who stands directly below somebody in a placement tree, leg by leg; without a parent, who stands at the top",
  request: { query: numberedPage.extend({ tree: treeName, parent_id: z.string().optional(), at }) },
  responses: { 200: answer("A page of them", listOf(placed)), ...problems(400, 401, 403, 404) },
});

const path = createRoute({
  method: "get",
  path: "/path",
  operationId: "getPlacementPath",
  tags: ["Placements"],
  summary: "Where somebody stands in a placement tree: the way up to the top, and each leg below",
  request: { query: z.object({ tree: treeName, distributor_id: z.string(), at }) },
  responses: {
    200: answer(
      "The place",
      z
        .object({
          place: placed.nullable().openapi({ description: "Null: they wait for one, or had none yet" }),
          upline: z.array(named.extend({ leg })).openapi({ description: "Nearest first, each with the leg that leads down" }),
          legs: z.array(
            z.object({
              leg,
              distributor: named.nullable().openapi({ description: "Who stands on it; null where it is free" }),
              people: z.int().openapi({ description: `At most ${MOST_OF_LEG}: that many, or more` }),
            }),
          ),
        })
        .openapi("PlacementPath"),
    ),
    ...problems(400, 401, 403, 404),
  },
});

export function placeViewRoutes(hub: HubParts, networkOf: NetworkOf) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(below, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      const { tree, parent_id: parentId, at, limit, before } = c.req.valid("query");
      const network = await networkOf(companyId);
      const time = (momentOf(at) ?? new Date()).getTime();
      const parentNo = parentId === undefined ? 0 : needNumber(network, parentId);
      const all = network.placesOf(tree)?.belowAsOf(parentNo, time) ?? [];
      const from = before === undefined ? 0 : all.findIndex(({ distributorNo }) => distributorNo === Number(before)) + 1;
      const shown = pageOf(all.slice(from, from + limit + 1), limit, ({ distributorNo }) => String(distributorNo));
      const nameOf = await asCompany(hub.db, companyId, async (tx) => {
        await needTree(tx, { companyId, tree });
        return namesFor(tx, caller, numbersOf(shown.rows));
      });
      const items = shown.rows.map((place) => ({
        ...placedAnswer(network, { tree, time }, place),
        ...nameOf(place.distributorNo),
      }));
      return c.json({ items: items.map((item) => ({ ...item, name: item.name ?? null })), next: shown.next }, 200);
    })
    .openapi(path, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      const { tree, distributor_id: distributorId, at } = c.req.valid("query");
      const network = await networkOf(companyId);
      const time = (momentOf(at) ?? new Date()).getTime();
      const no = needNumber(network, distributorId);
      const places = network.placesOf(tree);
      const place = places?.placeAsOf(no, time) ?? null;
      const upline = places?.uplineAsOf(no, time) ?? [];
      const legsOfWay = [no, ...upline].map((each) => places?.placeAsOf(each, time)?.leg ?? 0);
      const taken = place === null ? [] : (places?.belowAsOf(no, time) ?? []);
      const { width, nameOf } = await asCompany(hub.db, companyId, async (tx) => ({
        width: (await needTree(tx, { companyId, tree })).width,
        nameOf: await namesFor(tx, caller, [no, ...upline, ...numbersOf(taken)]),
      }));
      const legs = Array.from({ length: place === null ? 0 : width }, (_, leg) => {
        const child = taken.find((each) => each.leg === leg)?.distributorNo ?? 0;
        const people = child === 0 ? 0 : 1 + (places?.countBelow(child, time, MOST_OF_LEG - 1) ?? 0);
        return { leg, distributor: nameOf(child), people };
      });
      return c.json(
        {
          place: place && { ...placedAnswer(network, { tree, time }, place), name: nameOf(no)?.name ?? null },
          upline: upline.flatMap((each, index) => {
            const person = nameOf(each);
            return person === null ? [] : [{ ...person, leg: legsOfWay[index] ?? 0 }];
          }),
          legs,
        },
        200,
      );
    });
}

const numbersOf = (places: readonly Place[]) => places.map(({ distributorNo }) => distributorNo);

function placedAnswer(
  network: Network,
  { tree, time }: { tree: string; time: number },
  { distributorNo, leg, from }: Place,
): Omit<z.infer<typeof placed>, "name"> {
  const places = network.placesOf(tree);
  const standing = network.standingAt(distributorNo, time);
  return {
    ...{ distributor_id: network.needIdOf(distributorNo), leg, since: new Date(from).toISOString() },
    ...{ status: standing?.status ?? "active", rank: standing?.rank ?? null },
    taken_legs: places?.belowAsOf(distributorNo, time).length ?? 0,
    people_below: places?.countBelow(distributorNo, time, MOST_OF_ROW) ?? 0,
  };
}

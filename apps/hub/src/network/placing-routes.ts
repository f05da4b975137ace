import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { type Caller, type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, idText, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import type { NetworkWithin } from "./move.ts";
import { named, namesFor } from "./named.ts";
import type { Network } from "./network.ts";
import { type JudgedPlace, judgePlaces, placeSeveral, type WantedPlace } from "./place-several.ts";
import { needTree } from "./placement.ts";
import { leg, treeName } from "./placement-routes.ts";

const MOST_AT_ONCE = 200;
/** Of the way up from a place, so much is told. */
const TOLD_UPLINE = 5;

const wanted = z
  .object({
    tree: treeName,
    places: z
      .array(
        z.object({
          distributor_id: z.string().min(1).max(255),
          parent_id: z
            .string()
            .min(1)
            .max(255)
            .nullish()
            .openapi({ description: "Absent: under the sponsor; null: at the top of the tree" }),
          leg: leg.optional().openapi({ description: "Absent: the first free place that the tree's spillover finds" }),
        }),
      )
      .min(1)
      .max(MOST_AT_ONCE),
  })
  .openapi("WantedPlaces");

const told = z
  .object({
    tree: treeName,
    places: z.array(
      z.object({
        distributor: named.nullable().openapi({ description: "Null where there is no such distributor" }),
        distributor_id: z.string(),
        sponsor: named.nullable().openapi({ description: "Null is the company" }),
        place: z
          .object({
            parent: named.nullable().openapi({ description: "Null is the top of the tree" }),
            leg,
            level: z.int().openapi({ description: "Levels from the top, which is 1" }),
            upline: z.array(named).openapi({ description: `Who stands above, nearest first, at most ${TOLD_UPLINE}` }),
          })
          .nullable()
          .openapi({ description: "Where they land; null where they cannot be placed" }),
        refusal: z.object({ field: z.string(), sentence: z.string() }).nullable(),
      }),
    ),
    periods: z
      .array(z.object({ period_id: idText, name: z.string(), ends_at: time, pv: z.string() }))
      .openapi({ description: "Open periods whose close counts the new places, with the volume that those placed have in them" }),
  })
  .openapi("PreviewedPlaces");

const common = {
  method: "post" as const,
  tags: ["Placements"],
  middleware: [demandAdmin, exactJson] as [typeof demandAdmin, typeof exactJson],
  request: { body: { required: true, content: { "application/json": { schema: wanted } } } },
};

const preview = createRoute({
  ...common,
  path: "/preview",
  operationId: "previewPlaces",
  summary: "Where people from the holding tank would land, and what that would change",
  description: "Changes nothing. Sponsors come before those they sponsor. Needs the scope `admin`.",
  responses: { 200: answer("The places as they would be", told), ...problems(400, 401, 403, 404) },
});

const several = createRoute({
  ...common,
  path: "/several",
  operationId: "placeSeveral",
  summary: "Place several people out of the holding tank, from now on: all of them or nobody",
  description: "Needs the scope `admin`. Send the parent and leg of a preview to have just these places.",
  responses: { 201: answer("The places as they were given", told), ...problems(400, 401, 403, 404, 422) },
});

/** Volumes of people in the open periods that end after a moment. */
export type VolumesOf = (
  tx: Tx,
  args: { companyId: number; distributorNos: readonly number[]; at: Date },
) => Promise<readonly { readonly id: string; readonly name: string; readonly endsAt: Date; readonly pv: string }[]>;

interface Parts {
  readonly networks: NetworkWithin;
  readonly volumesOf: VolumesOf;
}

export function placingRoutes(hub: HubParts, { networks, volumesOf }: Parts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(preview, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      const { tree, places } = c.req.valid("json");
      await networks.ready(companyId);
      const told = await asCompany(hub.db, companyId, async (tx) => {
        const settings = await needTree(tx, { companyId, tree });
        const network = await networks.current(tx, companyId);
        const judged = judgePlaces(network, settings, { wanted: places.map(wantedOf), at: Date.now() });
        return placesAnswer(tx, { caller, network, tree, volumesOf }, judged);
      });
      return c.json(told, 200);
    })
    .openapi(several, async (c) => {
      const caller = c.get("caller");
      const { companyId, actor } = caller;
      const { tree, places } = c.req.valid("json");
      const placed = await placeSeveral({ ...hub, networks }, { companyId, actor, tree, wanted: places.map(wantedOf) });
      const told = await asCompany(hub.db, companyId, async (tx) =>
        placesAnswer(tx, { caller, network: await networks.current(tx, companyId), tree, volumesOf }, placed),
      );
      return c.json(told, 201);
    });
}

function wantedOf(place: z.output<typeof wanted>["places"][number]): WantedPlace {
  return { distributorId: place.distributor_id, parentId: place.parent_id, leg: place.leg };
}

async function placesAnswer(
  tx: Tx,
  { caller, network, tree, volumesOf }: { caller: Caller; network: Network; tree: string; volumesOf: VolumesOf },
  judged: readonly JudgedPlace[],
): Promise<z.infer<typeof told>> {
  const now = new Date();
  const landing = new Map(judged.flatMap(({ no, place }) => (no === null || place === null ? [] : [[no, place.parentNo]])));
  const places = network.placesOf(tree);
  // Of those who are placed together some stand above others.
  const uplineOf = (parentNo: number): number[] => {
    const parent = landing.get(parentNo);
    if (parentNo === 0) return [];
    return [parentNo, ...(parent === undefined ? (places?.uplineAsOf(parentNo, now.getTime()) ?? []) : uplineOf(parent))];
  };
  const uplines = judged.map(({ place }) => uplineOf(place?.parentNo ?? 0));
  const mentioned = judged.flatMap(({ no, sponsorNo }, index) => [
    no ?? 0,
    sponsorNo,
    ...(uplines[index] ?? []).slice(0, TOLD_UPLINE),
  ]);
  const nameOf = await namesFor(tx, caller, mentioned);
  const distributorNos = [...landing.keys()];
  const periods = await volumesOf(tx, { companyId: caller.companyId, distributorNos, at: now });
  return {
    tree,
    places: judged.map(({ distributorId, no, sponsorNo, place, refusal }, index) => ({
      ...{ distributor: nameOf(no ?? 0), distributor_id: distributorId, sponsor: nameOf(sponsorNo), refusal },
      place: place && {
        ...{ parent: nameOf(place.parentNo), leg: place.leg, level: (uplines[index]?.length ?? 0) + 1 },
        upline: (uplines[index] ?? []).slice(0, TOLD_UPLINE).flatMap((each) => nameOf(each) ?? []),
      },
    })),
    periods: periods.map(({ id, name, endsAt, pv }) => ({ period_id: id, name, ends_at: endsAt.toISOString(), pv })),
  };
}

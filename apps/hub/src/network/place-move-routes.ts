import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { type Caller, type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, distributorText, exactJson, idText, instant, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import type { NetworkWithin } from "./move.ts";
import { reason } from "./move-routes.ts";
import { named, namesFor } from "./named.ts";
import type { Network } from "./network.ts";
import { type JudgedPlaceMove, judgePlaceMove, moveDistributor, PLACE_MOVE_REFUSALS, type PlaceMoveAsked } from "./place-move.ts";
import { leg, place, treeName } from "./placement-routes.ts";
import type { VolumesOf } from "./placing-routes.ts";

/** The volumes of more people than this are not added up for a look, and so many are counted. */
const MOST_ADDED_UP = 20_000;
const MOST_COUNTED = 100_000;

const asked = z.object({
  tree: treeName,
  distributor_id: distributorText,
  parent_id: distributorText.nullable().openapi({ description: "Null is the top of the tree, to which nobody is moved" }),
  leg,
  at: instant.optional().openapi({ description: "From when on; now where absent" }),
});

const spot = z.object({ parent: named.nullable().openapi({ description: "Null is the top of the tree" }), leg });
const told = z
  .object({
    tree: treeName,
    distributor: named,
    at: time,
    from: spot.nullable().openapi({ description: "Where they stand at that time; null where they wait for a place" }),
    to: spot.nullable().openapi({ description: "Null where the parent is not there" }),
    people_below: z.int().openapi({ description: `Move along; at most ${MOST_COUNTED}: that many, or more` }),
    periods: z
      .array(z.object({ period_id: idText, name: z.string(), ends_at: time, pv: z.string().nullable() }))
      .openapi({ description: "Open periods whose close counts the new place, with the volume that moves there" }),
    refusal: z
      .object({
        field: z.enum(["distributor_id", "parent_id", "leg", "at"]),
        reason: z.enum(PLACE_MOVE_REFUSALS),
        sentence: z.string(),
        earliest: time.nullable().openapi({ description: "The first moment that does not stand in the way" }),
        period: z.string().nullable(),
        path: z.array(named).openapi({ description: "Of a circle: from whoever moves down to the new parent" }),
        taken_by: named.nullable().openapi({ description: "Who stands on the leg" }),
      })
      .nullable()
      .openapi({ description: "Why the move would be refused" }),
  })
  .openapi("PlaceMove");

const admin = {
  method: "post" as const,
  tags: ["Placements"],
  middleware: [demandAdmin, exactJson] as [typeof demandAdmin, typeof exactJson],
};
const json = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const preview = createRoute({
  ...admin,
  path: "/move/preview",
  operationId: "previewPlaceMove",
  summary: "What a move in a placement tree would change, or why it would be refused",
  description: "Changes nothing. Needs the scope `admin`.",
  request: json(asked),
  responses: { 200: answer("The move as it would be", told), ...problems(400, 401, 403, 404) },
});

const move = createRoute({
  ...admin,
  path: "/move",
  operationId: "moveDistributor",
  summary: "Move somebody, with everyone below, from a time on",
  description:
    "Within the tree's window, to a free leg; nobody moves below themselves, nor into a closed period. Audited. Needs the scope `admin`.",
  request: json(asked.extend({ reason: reason.optional() })),
  responses: { 200: answer("Moved", place), ...problems(400, 401, 403, 404, 422) },
});

export function placeMoveRoutes(hub: HubParts, { networks, volumesOf }: { networks: NetworkWithin; volumesOf: VolumesOf }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(preview, async (c) => {
      const caller = c.get("caller");
      const wanted = askedOf(caller, c.req.valid("json"));
      await networks.ready(caller.companyId);
      const told = await asCompany(hub.db, caller.companyId, async (tx) => {
        const network = await networks.current(tx, caller.companyId);
        return moveAnswer(tx, { caller, network, volumesOf }, await judgePlaceMove(tx, network, wanted));
      });
      return c.json(told, 200);
    })
    .openapi(move, async (c) => {
      const caller = c.get("caller");
      const { reason, ...wanted } = c.req.valid("json");
      const made = { ...askedOf(caller, wanted), actor: caller.actor, reason };
      const { distributorId, parentId, leg } = await moveDistributor({ ...hub, networks }, made);
      return c.json({ distributor_id: distributorId, parent_id: parentId, leg }, 200);
    });
}

function askedOf({ companyId }: Caller, { tree, distributor_id, parent_id, leg, at }: z.output<typeof asked>): PlaceMoveAsked {
  const when = at === undefined ? new Date() : new Date(at);
  return { companyId, tree, distributorId: distributor_id, parentId: parent_id, leg, at: when };
}

async function moveAnswer(
  tx: Tx,
  { caller, network, volumesOf }: { caller: Caller; network: Network; volumesOf: VolumesOf },
  { tree, no, from, to, leg, at, refusal }: JudgedPlaceMove,
): Promise<z.infer<typeof told>> {
  const members = network.placesOf(tree)?.membersBelow(no, at.getTime(), MOST_COUNTED) ?? [];
  const isMany = members.length >= MOST_ADDED_UP;
  const periods = await volumesOf(tx, { companyId: caller.companyId, distributorNos: isMany ? [] : [no, ...members], at });
  const mentioned = [no, from?.parentNo ?? 0, to ?? 0, refusal?.takenBy ?? 0, ...(refusal?.path ?? [])];
  const nameOf = await namesFor(tx, caller, mentioned);
  const itself = nameOf(no);
  if (itself === null) throw new Error("somebody moves who is not there");
  return {
    ...{ tree, distributor: itself, at: at.toISOString(), people_below: members.length },
    from: from && { parent: nameOf(from.parentNo), leg: from.leg },
    to: to === null ? null : { parent: nameOf(to), leg },
    periods: periods.map(({ id, name, endsAt, pv }) => ({
      ...{ period_id: id, name, ends_at: endsAt.toISOString() },
      pv: isMany ? null : pv,
    })),
    refusal: refusal && {
      ...{ field: refusal.field, reason: refusal.reason, sentence: refusal.sentence, period: refusal.period },
      earliest: refusal.earliest?.toISOString() ?? null,
      path: refusal.path.flatMap((each) => nameOf(each) ?? []),
      taken_by: nameOf(refusal.takenBy ?? 0),
    },
  };
}

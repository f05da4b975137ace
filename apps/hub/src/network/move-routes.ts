import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { type Caller, type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, distributorText, exactJson, idText, instant, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { type JudgedMove, judgeMove, MOVE_REFUSALS, moveSponsor, type NetworkWithin } from "./move.ts";
import { named, namesFor } from "./named.ts";
import type { Network } from "./network.ts";
import { sponsorHistory } from "./queries.ts";
import { needNumber } from "./routes.ts";

const params = z.object({ distributor_id: distributorText });
const asked = z.object({
  sponsor_id: z.string().min(1).max(255).nullable().openapi({ example: "9012", description: "Null: directly under the company" }),
  at: instant.optional().openapi({ description: "From when on; now where absent" }),
});
export const reason = z
  .string("say why, in 3 to 500 characters")
  .trim()
  .min(3, "say why, in 3 to 500 characters")
  .max(500, "say why, in 3 to 500 characters")
  .openapi({ example: "Enrolled with the wrong code" });

const told = z
  .object({
    distributor: named,
    at: time,
    from: named.nullable().openapi({ description: "The sponsor on that day; null is the company" }),
    to: named.nullable().openapi({ description: "The new one; null is the company, and somebody who is not there" }),
    people_below: z.int().openapi({ description: "Move along" }),
    orders_kept: z
      .int()
      .nullable()
      .openapi({ description: "Orders of those who move, from that moment on: they keep the upline they were decided by" }),
    periods: z
      .array(z.object({ period_id: idText, name: z.string(), ends_at: time, pv: z.string().nullable() }))
      .openapi({ description: "Open periods whose close counts the new place, with the volume that moves there" }),
    refusal: z
      .object({
        field: z.enum(["sponsor_id", "at"]),
        reason: z.enum(MOVE_REFUSALS),
        sentence: z.string(),
        earliest: time.nullable().openapi({ description: "The first moment that does not stand in the way" }),
        period: z.string().nullable(),
        path: z.array(named).openapi({ description: "Of a circle: from whoever moves down to the new sponsor" }),
      })
      .nullable()
      .openapi({ description: "Why the move would be refused" }),
  })
  .openapi("SponsorMove");

const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});
const admin = {
  tags: ["Distributors"],
  middleware: [demandAdmin, exactJson] as [typeof demandAdmin, typeof exactJson],
};

const preview = createRoute({
  ...admin,
  method: "post",
  path: "/{distributor_id}/sponsor/preview",
  operationId: "previewSponsorMove",
  summary: "What a move to another sponsor would change, or why it would be refused",
  description: "Changes nothing. Needs the scope `admin`.",
  request: { params, ...body(asked) },
  responses: { 200: answer("The move as it would be", told), ...problems(400, 401, 403, 404) },
});

const move = createRoute({
  ...admin,
  method: "post",
  path: "/{distributor_id}/sponsor",
  operationId: "moveSponsor",
  summary: "Move somebody, with everyone below, to another sponsor from a moment on",
  description:
    "Orders keep the upline they were decided by; orders and closes from that moment on go by the new one. Audited with the reason. Needs the scope `admin`.",
  request: { params, ...body(asked.extend({ reason })) },
  responses: { 200: answer("The move as it was made", told), ...problems(400, 401, 403, 404, 422) },
});

const history = createRoute({
  method: "get",
  path: "/{distributor_id}/sponsors",
  operationId: "listSponsors",
  tags: ["Distributors"],
  summary: "Under whom somebody stood, the latest first",
  request: { params },
  responses: {
    200: answer(
      "The sponsors",
      z.object({
        items: z.array(
          z.object({
            sponsor: named.nullable().openapi({ description: "Null is the company" }),
            since: time,
            until: time.nullable(),
            moved_by: z.string().nullable().openapi({ description: "Null where they enrolled there, or an import moved them" }),
            reason: z.string().nullable(),
          }),
        ),
      }),
    ),
    ...problems(401, 403, 404),
  },
});

/** Effects of a move that lie in rooms above. */
export type EffectsOf = (
  tx: Tx,
  args: { companyId: number; network: Network; no: number; at: Date },
) => Promise<{
  readonly below: number;
  readonly ordersKept: number | null;
  readonly periods: readonly { readonly id: string; readonly name: string; readonly endsAt: Date; readonly pv: string | null }[];
}>;

export function moveRoutes(hub: HubParts, { networks, effectsOf }: { networks: NetworkWithin; effectsOf: EffectsOf }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const look = async (caller: Caller, of: (tx: Tx, network: Network) => Promise<JudgedMove>) => {
    await networks.ready(caller.companyId);
    return asCompany(hub.db, caller.companyId, async (tx) => {
      const network = await networks.current(tx, caller.companyId);
      return moveAnswer(tx, { caller, network, effectsOf }, await of(tx, network));
    });
  };
  return routes
    .openapi(preview, async (c) => {
      const caller = c.get("caller");
      const wanted = askedOf(c.req.valid("param").distributor_id, caller, c.req.valid("json"));
      return c.json(await look(caller, (tx, network) => judgeMove(tx, network, wanted)), 200);
    })
    .openapi(move, async (c) => {
      const caller = c.get("caller");
      const { reason, ...json } = c.req.valid("json");
      const wanted = askedOf(c.req.valid("param").distributor_id, caller, json);
      const made = await moveSponsor({ ...hub, networks }, { ...wanted, actor: caller.actor, reason });
      return c.json(await look(caller, () => Promise.resolve(made)), 200);
    })
    .openapi(history, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      await networks.ready(companyId);
      const items = await asCompany(hub.db, companyId, async (tx) => {
        const network = await networks.current(tx, companyId);
        const distributorNo = needNumber(network, c.req.valid("param").distributor_id);
        const rows = await sponsorHistory(tx, { companyId, distributorNo });
        const nameOf = await namesFor(
          tx,
          caller,
          rows.map(({ sponsorNo }) => sponsorNo),
        );
        return rows.map(({ sponsorNo, validFrom, actor, reason }, index) => ({
          ...{ sponsor: nameOf(sponsorNo), since: validFrom.toISOString(), moved_by: actor },
          until: rows[index - 1]?.validFrom.toISOString() ?? null,
          // Whoever wrote it may have named somebody.
          reason: caller.scopes.includes("admin") ? reason : null,
        }));
      });
      return c.json({ items }, 200);
    });
}

function askedOf(distributorId: string, { companyId }: Caller, { sponsor_id, at }: z.output<typeof asked>) {
  return { companyId, distributorId, sponsorId: sponsor_id, at: at === undefined ? new Date() : new Date(at) };
}

async function moveAnswer(
  tx: Tx,
  { caller, network, effectsOf }: { caller: Caller; network: Network; effectsOf: EffectsOf },
  { no, from, to, at, refusal }: JudgedMove,
): Promise<z.infer<typeof told>> {
  const effects = await effectsOf(tx, { companyId: caller.companyId, network, no, at });
  const nameOf = await namesFor(tx, caller, [no, from, to ?? 0, ...(refusal?.path ?? [])]);
  const itself = nameOf(no);
  if (itself === null) throw new Error("somebody moves who is not there");
  return {
    ...{ distributor: itself, at: at.toISOString(), from: nameOf(from), to: nameOf(to ?? 0), people_below: effects.below },
    orders_kept: effects.ordersKept,
    periods: effects.periods.map(({ id, name, endsAt, pv }) => ({ period_id: id, name, ends_at: endsAt.toISOString(), pv })),
    refusal: refusal && {
      ...{ field: refusal.field, reason: refusal.reason, sentence: refusal.sentence, period: refusal.period },
      earliest: refusal.earliest?.toISOString() ?? null,
      path: refusal.path.flatMap((each) => nameOf(each) ?? []),
    },
  };
}

import { createRoute, z } from "@hono/zod-openapi";
import { formatVolume, type Plan } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, distributorText, idText, instant, listOf, momentOf, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { activeOf } from "./count-active.ts";
import { frontlinePage, type Place, type SeenCompany, type TreeVolumes, type VolumesOfTree } from "./frontline.ts";
import { named, namesFor } from "./named.ts";
import type { Network } from "./network.ts";
import { needNumber } from "./routes.ts";
import { type TowardRank, towardRank } from "./toward-rank.ts";
import { type TreeSums, treeSumsOf } from "./tree-sums.ts";

const volume = z.string().openapi({ example: "340.0000", description: "Ten-thousandths are the smallest part" });
const counts = {
  gv: volume.nullable().openapi({ description: "Own PV with that of all below; null where no period is open" }),
  downline: z.int().openapi({ description: "Everybody below, on all levels" }),
};

const grouped = z
  .object({
    distributor_id: distributorText,
    name: named.shape.name,
    status: z.string().openapi({ example: "active" }),
    rank: z.string().nullable().openapi({ example: "gold" }),
    rank_name: z.string().nullable().openapi({ example: "Gold", description: "What the plan calls the rank" }),
    active: z.boolean().nullable().openapi({ description: "In the period; null where volume alone does not tell" }),
    short_of_active: volume.openapi({ description: "PV that is missing for being active" }),
    pv: volume.nullable().openapi({ description: "Personal volume in the period; null where none is open" }),
    ...counts,
    frontline: z.int(),
  })
  .openapi("GroupedDistributor");

const frontline = createRoute({
  method: "get",
  path: "/",
  operationId: "listFrontline",
  tags: ["Distributors"],
  summary: "Whom somebody sponsors, the largest group volume first; without a distributor, who stands directly under the company",
  description: "Volumes are those booked to the period that holds the time. What a page does not show is summed in `rest`.",
  request: {
    query: z.object({
      distributor_id: z.string().optional(),
      at: instant.optional().openapi({ description: "As of this time; now where absent" }),
      limit: z.coerce.number().int().min(1).max(200).default(20),
      before: z
        .string()
        .regex(/^\d{1,16}~\d{1,9}$/, "take it from `next` of the page before")
        .optional()
        .openapi({ description: "The `next` of the page before" }),
    }),
  },
  responses: {
    200: answer(
      "A page of them",
      listOf(grouped).extend({
        period: z.object({ period_id: idText, name: z.string() }).nullable().openapi({ description: "Whose volumes these are" }),
        distributor: grouped.nullable().openapi({ description: "Whose frontline it is; null is the company" }),
        whole: z
          .object({
            ...counts,
            frontline: z.int(),
            active: z.int().nullable().openapi({
              description:
                "Of the whole company: how many are active in the period, of a large one as of at most ten seconds ago; null of a distributor, and where volume alone does not tell",
            }),
          })
          .openapi({ description: "Of the whole frontline and whoever it is of" }),
        toward: z
          .object({
            rank: z.object({ id: z.string(), name: z.string() }),
            by: z.enum(["gv", "pv"]).openapi({ description: "Which volume it asks for" }),
            needed: volume,
          })
          .nullable()
          .openapi({
            description:
              "The rank above the distributor's and the volume that it asks of a period; null where it asks for none that is shown here",
          }),
        rest: z
          .object({ distributors: z.int().openapi({ description: "How many of the frontline are behind the page" }), ...counts })
          .openapi({ description: "What they come to together" }),
      }),
    ),
    ...problems(400, 401, 403, 404),
  },
});

export function frontlineRoutes(hub: Pick<HubParts, "db">, { seen, volumesOf }: { seen: SeenCompany; volumesOf: VolumesOfTree }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(frontline, async (c) => {
    const caller = c.get("caller");
    const { companyId } = caller;
    const query = c.req.valid("query");
    const at = momentOf(query.at) ?? new Date();
    const company = await seen(companyId);
    const { network } = company;
    const no = query.distributor_id === undefined ? 0 : needNumber(network, query.distributor_id);
    const sums = await treeSumsOf(network, at.getTime());
    const plan = company.planAt(at.getTime());
    const volumes = await volumesOf({ companyId, network, sums, at, plan });
    const { limit, before } = query;
    const page = frontlinePage(
      network,
      { sums, volumes },
      { no, limit, after: before === undefined ? undefined : placeOf(before) },
    );
    const shown = page.rows.map((row) => row.no);
    const nameOf = await asCompany(hub.db, companyId, (tx) => namesFor(tx, caller, [no, ...shown]));
    const row = (other: number) => ({
      name: nameOf(other)?.name ?? null,
      ...groupedAnswer({ network, sums, volumes, plan: plan?.plan ?? null, at }, other),
    });
    const last = page.rows.at(-1);
    const active = no === 0 ? await activeOf({ network, volumes, at, asked: query.at }) : null;
    return c.json(
      {
        period: volumes.period && { period_id: volumes.period.id, name: volumes.period.name },
        distributor: no === 0 ? null : row(no),
        whole: { gv: volumeText(volumes.gvOf(no)), downline: sums.belowOf(no), frontline: sums.frontlineOf(no), active },
        toward: no === 0 || plan === null ? null : towardAnswer(towardRank(plan.plan, rankOf(network, no, at))),
        items: shown.map(row),
        rest: { ...page.rest, gv: volumeText(page.rest.gv) },
        next: page.isLast || last === undefined ? null : `${last.size}~${last.no}`,
      },
      200,
    );
  });
}

function placeOf(cursor: string): Place {
  const [size = 0, no = 0] = cursor.split("~").map(Number);
  return { size, no };
}

const volumeText = (value: number | null): string | null => (value === null ? null : formatVolume(BigInt(value)));

interface Seen {
  readonly network: Network;
  readonly sums: TreeSums;
  readonly volumes: TreeVolumes;
  readonly plan: Plan | null;
  readonly at: Date;
}

function groupedAnswer({ network, sums, volumes, plan, at }: Seen, no: number): Omit<z.infer<typeof grouped>, "name"> {
  const status = network.standingAt(no, at.getTime())?.status ?? "active";
  const rank = rankOf(network, no, at);
  const pv = volumes.pvOf(no);
  const { active, short } = activityOf(volumes.active, { status, pv });
  return {
    ...{ distributor_id: network.needIdOf(no), status, rank, active, short_of_active: formatVolume(short) },
    rank_name: plan?.ranks.find(({ id }) => id === rank)?.name ?? rank,
    ...{ pv: volumeText(pv), gv: volumeText(volumes.gvOf(no)), frontline: sums.frontlineOf(no), downline: sums.belowOf(no) },
  };
}

const rankOf = (network: Network, no: number, at: Date): string | null => network.standingAt(no, at.getTime())?.rank ?? null;

const towardAnswer = (toward: TowardRank | null) =>
  toward && { rank: { id: toward.id, name: toward.name }, by: toward.by, needed: formatVolume(toward.needed) };

/** Whether somebody is active by what is known of their volume alone; null where the plan asks for more. */
function activityOf(
  rule: TreeVolumes["active"],
  { status, pv }: { status: string; pv: number | null },
): { active: boolean | null; short: bigint } {
  if (rule === null || pv === null) return { active: null, short: 0n };
  if (!rule.statuses.includes(status)) return { active: false, short: 0n };
  const short = rule.minimumPv - BigInt(pv);
  if (short > 0n) return { active: false, short };
  return { active: rule.isByVolumeAlone ? true : null, short: 0n };
}

import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope, signedInOnly } from "../http/auth.ts";
import { answer, listOf, newRoutes, pageOf, problems, time } from "../http/shapes.ts";
import type { NetworkOf } from "../network/routes.ts";
import type { HubParts } from "../parts.ts";
import { readHighlights } from "./highlights.ts";
import { sellerOf } from "./seller.ts";
import { spanName, tags, teammate, volume, volumeText } from "./shapes.ts";
import {
  activityOf,
  type DownlineMember,
  type DownlinePage,
  describeDownline,
  frontlinePage,
  needBelow,
  searchPage,
  walkPage,
} from "./team.ts";

const member = teammate
  .extend({
    level: z.int().openapi({ description: "Distance: 1 is one's own frontline" }),
    status: z.string(),
    rank: z.string().nullable(),
    enrolled_at: time,
    pv: volume
      .nullable()
      .openapi({ description: "Personal volume in the period; null where none is open, or they were not below then" }),
    gv: volume.nullable().openapi({ description: "Group volume, of a closed period" }),
    was_below: z
      .boolean()
      .openapi({ description: "False of a closed period in which they were not below: nothing of it is told" }),
    active: z.boolean().nullable().openapi({ description: "Null where volume alone does not tell" }),
    short_of_active: volume,
    people_below: z.int().nullable().openapi({ description: "Null in a very large downline" }),
    last_sold_at: time.nullable(),
    email: z.string().nullable().openapi({ description: "Of one's own frontline only, where the company shows it" }),
  })
  .openapi("PortalTeamMember");

const CURSOR = /^\d{1,5}~\d{1,9}$/;
const list = createRoute({
  method: "get",
  path: "/team",
  security: signedInOnly(),
  operationId: "listPortalTeam",
  tags,
  summary: "Everyone below, level by level",
  description:
    "Or the frontline of one person (`under`), one level, or whoever is called so (`q`). Names are shown as far as the company lets them be seen. " +
    "Of a closed period (`span`) those who are below now, as its close found them; of whoever was not below then nothing is told.",
  request: {
    query: z.object({
      under: z.string().max(255).optional(),
      level: z.coerce.number().int().min(1).max(1000).optional(),
      span: spanName,
      q: z.string().trim().min(1).max(100).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      before: z.string().regex(CURSOR, "take it from `next` of the page before").optional(),
    }),
  },
  responses: { 200: answer("A page of people", listOf(member)), ...problems(400, 401, 403, 404) },
});

const one = createRoute({
  method: "get",
  path: "/team/{distributor_id}",
  security: signedInOnly(),
  operationId: "getPortalTeamMember",
  tags,
  summary: "Somebody of the team, with the way down to them",
  request: { params: z.object({ distributor_id: z.string().max(255) }), query: z.object({ span: spanName }) },
  responses: {
    200: answer("The person", member.extend({ path: z.array(teammate) })),
    ...problems(400, 401, 403, 404),
  },
});

const word = teammate.extend({
  pv: volume.nullable().openapi({ description: "Personal volume in the present period; null where none is open" }),
  ...{ volume: volume.nullable(), at: time.nullable(), sponsor: teammate.nullable() },
  orders: z.int().nullable().openapi({ description: "How often whoever joined has sold; null of all others" }),
});
const highlights = createRoute({
  method: "get",
  path: "/highlights",
  security: signedInOnly(),
  operationId: "getPortalHighlights",
  tags,
  summary: "Who is worth a word: near to being active, quiet for weeks, new",
  responses: {
    200: answer(
      "A few of each",
      z
        .object({
          near: z.array(word).openapi({ description: "`volume` is missing for being active" }),
          quiet: z.array(word).openapi({ description: "`at` is their last sale" }),
          joined: z.array(word).openapi({ description: "`at` is when they joined" }),
        })
        .openapi("PortalHighlights"),
    ),
    ...problems(401, 403, 404),
  },
});

export function downlineRoutes(hub: HubParts, networkOf: NetworkOf) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const { under, level, q, span: name, limit, before } = c.req.valid("query");
      const network = await networkOf(seller.companyId);
      const wanted = { limit: limit + 1, after: before === undefined ? undefined : cursorOf(before) };
      const walked =
        q !== undefined
          ? await asCompany(hub.db, seller.companyId, (tx) => searchPage(tx, network, seller, q, limit))
          : under !== undefined
            ? frontlinePage(network, seller, under, wanted)
            : await walkPage(network, seller, { ...wanted, level });
      const shown = pageOf(walked, limit, (each) => `${each.level}~${each.no}`);
      const page = await describeDownline(hub, { seller, network, name }, shown.rows);
      return c.json({ items: page.members.map((each) => memberAnswer(page, each)), next: shown.next }, 200);
    })
    .openapi(one, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const network = await networkOf(seller.companyId);
      const no = needBelow(network, seller, c.req.valid("param").distributor_id);
      const upline = network.uplineAt(no, Date.now());
      const between = upline.slice(0, Math.max(0, upline.indexOf(seller.distributorNo))).reverse();
      const level = no === seller.distributorNo ? 0 : between.length + 1;
      const walked = [{ no, level }, ...between.map((each, index) => ({ no: each, level: index + 1 }))];
      const page = await describeDownline(hub, { seller, network, name: c.req.valid("query").span }, walked);
      const [found, ...path] = page.members;
      if (found === undefined) throw new Error("somebody stands in the network and is not there");
      const ways = path.map(({ view, name }) => ({ distributor_id: view.distributorId, name }));
      return c.json({ ...memberAnswer(page, found), path: ways }, 200);
    })
    .openapi(highlights, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const network = await networkOf(seller.companyId);
      return c.json(await readHighlights(hub, { seller, network }), 200);
    });
}

function cursorOf(text: string): { level: number; no: number } {
  const [level = 1, no = 0] = text.split("~").map(Number);
  return { level, no };
}

function memberAnswer({ plan, run }: DownlinePage, each: DownlineMember): z.infer<typeof member> {
  const { view, level, name, email, pv, atClose, wasBelow, below, lastSoldAt } = each;
  const nowRank = plan?.ranks.find(({ id }) => id === view.rank)?.name ?? view.rank;
  const { active, short } = activityOf(plan, each);
  return {
    ...{ distributor_id: view.distributorId, name, level, status: view.status, email, people_below: below },
    rank: run === null ? nowRank : (plan?.ranks[atClose?.rank ?? -1]?.name ?? null),
    gv: atClose === null ? null : volumeText(Number(atClose.gv)),
    was_below: wasBelow,
    enrolled_at: view.enrolledAt.toISOString(),
    pv: pv === null ? null : volumeText(Number(pv)),
    ...{ active, short_of_active: volumeText(Number(short)), last_sold_at: lastSoldAt?.toISOString() ?? null },
  };
}

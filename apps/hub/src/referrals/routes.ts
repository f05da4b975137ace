import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type Caller, type CallerVariables, requireScope } from "../http/auth.ts";
import { publicUrlOf } from "../http/public-url.ts";
import {
  amountText,
  answer,
  asked,
  currencyText,
  day,
  decimal,
  demandAdmin,
  distributorText,
  exactJson,
  idText,
  instant,
  listOf,
  momentOf,
  newRoutes,
  numberOf,
  numberParam,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import { findDistributorNo } from "../network/queries.ts";
import type { HubParts } from "../parts.ts";
import { makeLink, withdrawLink } from "./links.ts";
import { type ClicksAt, type LinkView, listClicks, listConversions, listLinks } from "./queries.ts";
import { TAG_NAMES } from "./target.ts";
import { referralUrls } from "./urls.ts";

const tags = ["Referrals"];
const OWN = "A distributor who is signed in sees their own only.";
const campaign = z
  .strictObject(
    Object.fromEntries(TAG_NAMES.map((name) => [name, z.string().max(100).optional()])) as Record<
      (typeof TAG_NAMES)[number],
      z.ZodOptional<z.ZodString>
    >,
  )
  .openapi({ example: { utm_campaign: "summer" } });

const link = z
  .object({
    link_id: idText,
    name: z.string().openapi({ example: "anna-summer" }),
    url: z.string().openapi({ example: "https://hub.example.com/r/anna-summer" }),
    code: z.string(),
    distributor_id: distributorText,
    store_id: z.string().nullable(),
    path: z.string(),
    tags: z.record(z.string(), z.string()),
    expires_at: time.nullable(),
    created_at: time,
  })
  .openapi("ReferralLink");

const ofDistributor = z.object({ distributor: z.string().max(255).optional().openapi({ description: "A distributor's id" }) });

const list = createRoute({
  method: "get",
  path: "/links",
  operationId: "listReferralLinks",
  tags,
  summary: "Links with a name of their own, the newest first",
  description: `Every referral code is a link without one: \`/r/{code}\`. ${OWN}`,
  request: { query: page.extend(ofDistributor.shape) },
  responses: { 200: answer("A page of links", listOf(link)), ...problems(400, 401, 403, 404) },
});

const create = createRoute({
  method: "post",
  path: "/links",
  operationId: "createReferralLink",
  tags,
  summary: "Make a link to a place in a shop",
  description: `Whoever follows it comes to the shop with the code. After its end it leads to the shop still, for nobody. Audited. ${OWN}`,
  middleware: [demandAdmin, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            name: z.string().max(240).openapi({ example: "anna-summer" }),
            code: z.string().max(240).openapi({ example: "ANNA77" }),
            store_id: z.string().max(64).optional(),
            path: z.string().max(500).optional().openapi({ example: "/products/tea" }),
            tags: campaign.optional(),
            expires_at: instant.optional(),
          }),
        },
      },
    },
  },
  responses: {
    201: answer("The link", z.object({ link_id: idText, url: z.string() }).openapi("NewReferralLink")),
    ...problems(400, 401, 403, 404, 409, 422),
  },
});

const withdraw = createRoute({
  method: "delete",
  path: "/links/{link_id}",
  operationId: "withdrawReferralLink",
  tags,
  summary: "Take a link back",
  description: `It leads to the shop still, for nobody. Audited. ${OWN}`,
  middleware: [demandAdmin] as const,
  request: { params: z.object({ link_id: numberParam }) },
  responses: { 200: answer("Taken back", z.object({ link_id: idText })), ...problems(400, 401, 403, 404) },
});

const CLICKS_AT = /^(\d{4}-\d{2}-\d{2})~(\d{1,18})~(.{0,255})$/s;

/** Where a page of clicks ended, as its `next` says it: a day, a link and a code. */
function clicksAt(text: string): ClicksAt | null {
  const [, onDay, link, foldedCode] = CLICKS_AT.exec(text) ?? [];
  if (onDay === undefined || link === undefined || foldedCode === undefined) return null;
  return day.safeParse(onDay).success ? { day: onDay, linkNo: BigInt(link), foldedCode } : null;
}

const clicks = createRoute({
  method: "get",
  path: "/clicks",
  operationId: "listReferralClicks",
  tags,
  summary: "Clicks by day, code and link, the newest day first",
  description: `Days are UTC. What is known to be a program is counted apart. Nothing is kept of who came. ${OWN}`,
  request: {
    query: ofDistributor.extend({
      from: day.default("2000-01-01"),
      to: day.default("9999-12-31"),
      limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
      before: z
        .string()
        .refine((text) => clicksAt(text) !== null, "take it from `next` of the page before")
        .optional()
        .openapi({ description: "The `next` of the page before" }),
    }),
  },
  responses: {
    200: answer(
      "The clicks",
      listOf(
        z
          .object({
            day: z.string(),
            code: z.string().openapi({ description: "Folded; empty for names that lead to nobody" }),
            link_id: idText.nullable(),
            clicks: z.int(),
            visitors: z.int(),
            bots: z.int(),
          })
          .openapi("ReferralClicks"),
      ),
    ),
    ...problems(400, 401, 403, 404),
  },
});

const conversions = createRoute({
  method: "get",
  path: "/conversions",
  operationId: "listReferralConversions",
  tags,
  summary: "Orders that came by a code, the newest first",
  description: OWN,
  request: { query: page.extend(ofDistributor.shape) },
  responses: {
    200: answer(
      "A page of orders",
      listOf(
        z
          .object({
            order_id: idText,
            name: z.string(),
            store_id: z.string(),
            code: z.string(),
            placed_at: time,
            stage: z.string(),
            net: decimal.openapi({ description: "Less what was refunded" }),
            currency: currencyText,
          })
          .openapi("ReferralConversion"),
      ),
    ),
    ...problems(400, 401, 403, 404),
  },
});

/** A distributor's own number, where one is signed in as such. */
const ownOf = (caller: Caller) => caller.person?.distributorNo ?? undefined;

/** Whose links are asked for: null where the named distributor is nobody, or not the one who asks. */
async function wantedOf(hub: HubParts, caller: Caller, distributorId: string | undefined): Promise<number | undefined | null> {
  const own = ownOf(caller);
  if (distributorId === undefined) return own;
  const { companyId } = caller;
  const wanted = await asCompany(hub.db, companyId, (tx) => findDistributorNo(tx, { companyId, distributorId }));
  return wanted === null || (own !== undefined && own !== wanted) ? null : wanted;
}

/** Links with names of their own. */
export function referralRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const urlOf = (requestUrl: string, companyId: number) => referralUrls(hub, publicUrlOf(hub.env, requestUrl), companyId);
  return routes
    .openapi(list, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      const { distributor, ...query } = c.req.valid("query");
      const distributorNo = await wantedOf(hub, caller, distributor);
      if (distributorNo === null) return c.json({ items: [], next: null }, 200);
      const rows = await asCompany(hub.db, companyId, (tx) => listLinks(tx, { companyId, distributorNo, ...asked(query) }));
      const found = pageOf(rows, query.limit, ({ linkNo }) => String(linkNo));
      const url = await urlOf(c.req.url, companyId);
      return c.json({ items: found.rows.map((row) => linkAnswer(row, url)), next: found.next }, 200);
    })
    .openapi(create, async (c) => {
      const caller = c.get("caller");
      const { companyId, actor } = caller;
      const { name, code, store_id: storeId, path, tags = {}, expires_at } = c.req.valid("json");
      const given = Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined)) as Record<string, string>;
      const wanted = {
        companyId,
        name,
        code,
        storeId,
        path,
        tags: given,
        expiresAt: momentOf(expires_at),
        own: ownOf(caller),
        actor,
      };
      const linkNo = await makeLink(hub, wanted);
      return c.json({ link_id: String(linkNo), url: (await urlOf(c.req.url, companyId))(name.trim()) }, 201);
    })
    .openapi(withdraw, async (c) => {
      const caller = c.get("caller");
      const { link_id } = c.req.valid("param");
      await withdrawLink(hub, {
        companyId: caller.companyId,
        linkNo: numberOf(link_id) ?? 0n,
        own: ownOf(caller),
        actor: caller.actor,
      });
      return c.json({ link_id }, 200);
    });
}

/** What links became: clicks, and orders. */
export function referralCountRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(clicks, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      const { distributor, from, to, limit, before } = c.req.valid("query");
      const distributorNo = await wantedOf(hub, caller, distributor);
      if (distributorNo === null) return c.json({ items: [], next: null }, 200);
      const behind = before === undefined ? null : clicksAt(before);
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listClicks(tx, { companyId, distributorNo, from, to, behind, limit: limit + 1 }),
      );
      const found = pageOf(rows, limit, (row) => `${row.day}~${row.linkNo}~${row.foldedCode}`);
      const items = found.rows.map(({ foldedCode, linkNo, ...row }) => ({
        ...row,
        code: foldedCode,
        link_id: linkNo === 0n ? null : String(linkNo),
      }));
      return c.json({ items, next: found.next }, 200);
    })
    .openapi(conversions, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      const { distributor, ...query } = c.req.valid("query");
      const distributorNo = await wantedOf(hub, caller, distributor);
      if (distributorNo === null) return c.json({ items: [], next: null }, 200);
      const rows = await asCompany(hub.db, companyId, (tx) => listConversions(tx, { companyId, distributorNo, ...asked(query) }));
      const found = pageOf(rows, query.limit, ({ orderNo }) => String(orderNo));
      const items = found.rows.map((row) => ({
        ...{ order_id: String(row.orderNo), name: row.orderName, store_id: row.storeId, code: row.referralCode ?? "" },
        ...{ placed_at: row.placedAt.toISOString(), stage: row.stage, currency: row.currency },
        net: amountText(row.netMinor - row.refundedNetMinor, row.currency),
      }));
      return c.json({ items, next: found.next }, 200);
    });
}

function linkAnswer(row: LinkView, url: (name: string) => string): z.infer<typeof link> {
  return {
    ...{ link_id: String(row.linkNo), name: row.name, url: url(row.name), code: row.code, distributor_id: row.distributorId },
    ...{ store_id: row.storeId, path: row.path, tags: row.tags as Record<string, string> },
    ...{ expires_at: row.expiresAt?.toISOString() ?? null, created_at: row.createdAt.toISOString() },
  };
}

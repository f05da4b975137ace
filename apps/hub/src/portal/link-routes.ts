import { createRoute, z } from "@hono/zod-openapi";
import { foldCode } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { type CallerVariables, requireScope, signedInOnly } from "../http/auth.ts";
import { publicUrlOf } from "../http/public-url.ts";
import { answer, idText, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { listLinks } from "../referrals/queries.ts";
import { referralUrls } from "../referrals/urls.ts";
import { listStores } from "../stores/queries.ts";
import { countByLink, ordersByCode } from "./link-queries.ts";
import { readSeller, type Seller, sellerOf } from "./seller.ts";
import { span, spanAnswer, tags } from "./shapes.ts";
import { readSpans } from "./spans.ts";

const MOST_LINKS = 200;

const link = z
  .object({
    link_id: idText.nullable().openapi({ description: "Null: a code, which is a link by itself" }),
    name: z.string(),
    url: z.string(),
    code: z.string(),
    shop: z.string().nullable(),
    path: z.string(),
    campaign: z.string().nullable(),
    expires_at: time.nullable(),
    visitors: z.int(),
    clicks: z.int(),
    orders: z.int().openapi({ description: "By the code, whichever of its links led there" }),
  })
  .openapi("PortalLink");

const list = createRoute({
  method: "get",
  path: "/links",
  security: signedInOnly(),
  operationId: "listPortalLinks",
  tags,
  summary: "One's own codes and links, with who came and what was bought in the present period",
  description: `Codes first, then the newest ${MOST_LINKS} links. They are made and taken back at \`/referrals/links\`.`,
  responses: { 200: answer("The links", z.object({ span, items: z.array(link) })), ...problems(401, 403, 404) },
});

const shops = createRoute({
  method: "get",
  path: "/shops",
  security: signedInOnly(),
  operationId: "listPortalShops",
  tags,
  summary: "The shops that a link may lead to",
  responses: {
    200: answer("The shops", z.object({ items: z.array(z.object({ store_id: z.string(), domain: z.string() })) })),
    ...problems(401, 403, 404),
  },
});

export function linkRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const url = await referralUrls(hub, publicUrlOf(hub.env, c.req.url), seller.companyId);
      return c.json(await asCompany(hub.db, seller.companyId, (tx) => readLinks(tx, seller, url)), 200);
    })
    .openapi(shops, async (c) => {
      const { companyId } = sellerOf(c.get("caller"));
      const rows = await asCompany(hub.db, companyId, (tx) => listStores(tx, companyId));
      const items = rows
        .filter(({ status }) => status === "active")
        .map(({ storeId, domain }) => ({ store_id: storeId, domain }));
      return c.json({ items }, 200);
    });
}

async function readLinks(tx: Tx, seller: Seller, url: (name: string) => string) {
  const { companyId, distributorNo } = seller;
  const [present] = (await readSpans(tx, { companyId, now: new Date(), since: null })).spans;
  if (present === undefined) throw new Error("there is no present period");
  const me = await readSeller(tx, seller);
  const within = { companyId, distributorNo, startsAt: present.startsAt, endsAt: present.endsAt };
  const counts = await countByLink(tx, within);
  const sold = await ordersByCode(tx, within);
  const domains = new Map((await listStores(tx, companyId)).map(({ storeId, domain }) => [storeId, domain]));
  const came = (folded: string, linkNo: bigint) => {
    const found = counts.find((each) => each.foldedCode === folded && each.linkNo === linkNo);
    return { visitors: found?.visitors ?? 0, clicks: found?.clicks ?? 0 };
  };
  const bought = (code: string) =>
    sold
      .filter(({ referralCode }) => foldCode(referralCode ?? "") === foldCode(code))
      .reduce((sum, { orders }) => sum + orders, 0);
  const codes = [...(me.codes ?? []), me.distributorId].map((code) => ({
    ...{ link_id: null, name: code, url: url(code), code, shop: null, path: "/", campaign: null, expires_at: null },
    ...{ ...came(foldCode(code), 0n), orders: bought(code) },
  }));
  const links = (await listLinks(tx, { companyId, distributorNo, limit: MOST_LINKS, before: undefined })).map((row) => ({
    ...{ link_id: String(row.linkNo), name: row.name, url: url(row.name), code: row.code, path: row.path },
    shop: row.storeId === null ? null : (domains.get(row.storeId) ?? null),
    campaign: (row.tags as Record<string, string>).utm_campaign ?? null,
    expires_at: row.expiresAt?.toISOString() ?? null,
    ...{ ...came(foldCode(row.code), row.linkNo), orders: bought(row.code) },
  }));
  return { span: spanAnswer(present), items: [...codes, ...links] };
}

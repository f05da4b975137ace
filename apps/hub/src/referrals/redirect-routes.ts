import { Hono } from "hono";
import { HubError } from "../errors.ts";
import { problemResponse } from "../http/problem.ts";
import { clientOf } from "../http/wrong-tries.ts";
import type { HubParts } from "../parts.ts";
import { isBot } from "./bots.ts";
import type { ClickBook } from "./click-book.ts";
import type { Resolver } from "./resolve.ts";
import { tagsIn, targetOf } from "./target.ts";

/** `GET /r/{code}` and `/r/{code}/{path}`: to the shop, with the code. Whatever is wrong with the code, whoever came still gets to the shop. */
export function redirectRoutes(hub: Pick<HubParts, "env"> & { readonly resolver: Resolver; readonly clicks: ClickBook }): Hono {
  const routes = new Hono();
  routes.get("/:name/:path{.*}?", async (c) => {
    const { name, path } = c.req.param();
    const link = await hub.resolver.resolve(name, c.req.query("company"));
    if (link === null)
      return problemResponse(new HubError("not-found", "This link leads to no shop: ask whoever gave it to you."));
    const wanted = c.req.query("shop");
    const shop =
      link.shops.find(({ storeId, domain }) => storeId === wanted || domain === wanted) ??
      link.shops.find(({ storeId }) => storeId === link.storeId) ??
      link.shops[0];
    if (shop === undefined) return problemResponse(new HubError("not-found", "This link leads to no shop."));
    const target = targetOf({
      shop,
      code: link.owner?.code ?? null,
      path: path === undefined || path === "" ? link.path : path,
      tags: { ...tagsIn((tag) => c.req.query(tag)), ...link.tags },
    });
    const who = {
      isBot: isBot(c.req.raw),
      address: clientOf(c, hub.env.proxies) ?? "",
      browser: c.req.header("user-agent") ?? "",
    };
    setImmediate(() => hub.clicks.note(link, who));
    return new Response(null, {
      status: 302,
      headers: {
        location: target,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer-when-downgrade",
        "x-robots-tag": "noindex",
      },
    });
  });
  return routes;
}

import { Hono } from "hono";
import { ERROR_CODES, HubError } from "../errors.ts";
import { readForm } from "../http/form.ts";
import { publicUrlOf } from "../http/public-url.ts";
import type { HubParts } from "../parts.ts";
import { adminOfKey, demandOwnForm } from "./agree.ts";
import { beginGrant, finishGrant } from "./grant.ts";
import { pageResponse } from "./page.ts";

/** A store's REST key by one click: the hub's page, WooCommerce's own page, the store's POST, and back here. */
export function grantRoutes(hub: HubParts): Hono {
  const routes = new Hono();
  routes.get("/authorize", (c) => askPage({ storeId: c.req.query("store") ?? "" }));
  routes.post("/authorize", async (c) => {
    demandOwnForm(c.req.raw);
    const field = await readForm(c);
    const storeId = field("store");
    const admin = await adminOfKey(hub.db, field("key"));
    if (admin === null) return askPage({ storeId, problem: "This is no valid API key with the scope admin.", status: 401 });
    try {
      const url = await beginGrant(hub, { admin, storeId, publicUrl: publicUrlOf(hub.env, c.req.url) });
      // The shop's address is known only now, so that a policy for redirects of the form could not name it: a link goes there.
      return await pageResponse({
        title: "On to your shop",
        text: "Your shop asks whether Upline may read its orders and look after its webhooks. You can take that back there at any time.",
        facts: { "The shop": new URL(url).host },
        link: { href: url, text: "Go to the shop" },
      });
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      return askPage({ storeId, problem: error.message, status: ERROR_CODES[error.code].status === 404 ? 404 : 422 });
    }
  });
  routes.post("/keys", async (c) => {
    const { storeId } = await finishGrant(hub, await c.req.text());
    hub.log.info({ store: storeId }, "a store gave a REST key");
    return c.json({ ok: true });
  });
  routes.get("/authorized", (c) => {
    const isGranted = c.req.query("success") === "1";
    return pageResponse({
      title: isGranted ? "The shop gave access" : "The shop gave no access",
      text: isGranted
        ? "From now on the hub finds by itself what the shop's messages missed. You can close this page."
        : "Nothing was changed. Begin again whenever you like.",
    });
  });
  return routes;
}

function askPage(args: { storeId: string; problem?: string; status?: 401 | 404 | 422 }): Promise<Response> {
  if (!/^st_[\w-]{8,40}$/.test(args.storeId)) {
    return pageResponse({
      title: "This link is not complete",
      text: "It ends with the store's id, such as ?store=st_AbC123. See pnpm upline store list.",
      status: 400,
    });
  }
  return pageResponse({
    title: "Let the hub read a shop",
    text: "The hub then compares its orders with the shop's and finds what got lost. The shop asks you once more.",
    facts: { Store: args.storeId },
    problem: args.problem,
    form: { action: "/connect/woocommerce/authorize", button: "Continue", hidden: { store: args.storeId } },
    ...(args.status === undefined ? {} : { status: args.status }),
  });
}

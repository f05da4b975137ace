import { displayNameOf, fieldSentence, foldCode, isStorable } from "@upline/core";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { z } from "zod";
import { readEvidenceOrder, toldToShops } from "../companies/evidence.ts";
import { actorOf } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { readForm } from "../http/form.ts";
import { refuseOddText } from "../http/odd-text.ts";
import { publicUrlOf } from "../http/public-url.ts";
import type { HubParts } from "../parts.ts";
import { sha256 } from "../secret-box.ts";
import { adminOfKey, demandOwnForm, returnUrlOf } from "./agree.ts";
import { makeConnectionCode } from "./code.ts";
import { connectRequest, connectStore, disconnectStore, refuseToken, type StoreDoor } from "./connect.ts";
import { findDistributorName, findReferral, findStoreOfToken, type StoreCaller } from "./connection-queries.ts";
import { grantRoutes } from "./grant-routes.ts";
import { moveRequest, moveShop } from "./move.ts";
import { type Page, pageResponse } from "./page.ts";

const LIMIT_BYTES = 32_768;

export interface ConnectParts extends HubParts {
  readonly door: StoreDoor;
  /** Whose a code is at this moment, as the pipeline sees it. */
  findByCode(args: { companyId: number; foldedCode: string }): Promise<{ readonly eligible: boolean } | null>;
  /** Whom an order is credited to, which a store names by its platform's id. */
  creditOf(order: OrderOfStore): Promise<OrderCredit>;
}

interface OrderOfStore {
  readonly companyId: number;
  readonly storeId: string;
  readonly platformOrderId: string;
}

interface OrderCredit {
  readonly state: string;
  readonly code: string | null;
  readonly distributorId: string | null;
  readonly reason: string | null;
}

/**
 * How shops' plugins and the hub find each other. A plugin brings a one-time code and gets its keys;
 * with its token it asks whose a referral code is, tries the connection, and ends it.
 */
export function connectRoutes(hub: ConnectParts): Hono {
  const routes = new Hono();
  routes.use(
    bodyLimit({
      maxSize: LIMIT_BYTES,
      onError: () => {
        throw new HubError("too-large", `A body may have at most ${LIMIT_BYTES} bytes here.`);
      },
    }),
  );
  routes.post("/", async (c) => {
    const sent = connectRequest.safeParse(await bodyOf(c), { error: fieldSentence });
    if (!sent.success) throw badFields(sent.error, "Send code, platform, domain, url and versions as JSON.");
    const connected = await connectStore(hub, { request: sent.data, publicUrl: publicUrlOf(hub.env, c.req.url) });
    hub.log.info({ store: connected.store, platform: sent.data.platform }, "a shop is connected");
    return c.json(connected);
  });
  routes.delete("/", async (c) => {
    const { companyId, storeId } = await storeOf(hub, c);
    await disconnectStore(hub, { companyId, storeId, actor: actorOf("store", storeId) });
    hub.log.info({ store: storeId }, "a shop disconnected itself");
    return c.json({ ok: true });
  });
  routes.post("/moved", async (c) => {
    const caller = await storeOf(hub, c);
    const sent = moveRequest.safeParse(await bodyOf(c));
    if (!sent.success) throw badFields(sent.error, "Send url, domain and from as JSON.");
    const { platform } = await moveShop(hub, caller, sent.data);
    hub.log.info({ store: caller.storeId }, "a shop has moved");
    return c.json({
      store: caller.storeId,
      ingestUrl: `${publicUrlOf(hub.env, c.req.url)}/ingest/${platform}/${caller.storeId}`,
    });
  });
  routes.post("/test", async (c) => {
    const { companyId, company, storeId } = await storeOf(hub, c);
    const evidenceOrder = toldToShops(await asCompany(hub.db, companyId, (tx) => readEvidenceOrder(tx, companyId)));
    return c.json({ ok: true, company, store: storeId, evidenceOrder });
  });
  routes.get("/referrals/:code", async (c) => {
    const { companyId } = await storeOf(hub, c);
    return c.json(await lookUpReferral(hub, companyId, c.req.param("code")));
  });
  routes.get("/orders/:id", async (c) => {
    const { companyId, storeId } = await storeOf(hub, c);
    return c.json(await lookUpCredit(hub, { companyId, storeId, platformOrderId: c.req.param("id") }));
  });
  for (const platform of ["woocommerce", "magento"] as const) {
    routes.get(`/${platform}`, (c) => {
      const { return_url: returnUrl = "", state = "" } = c.req.query();
      return agreePage({ platform, returnUrl, state });
    });
    routes.post(`/${platform}`, (c) => agree(hub, c, platform));
  }
  return routes.route("/woocommerce", grantRoutes(hub));
}

/** What a plugin sent; null where it is no JSON. Throws HubError where it holds what no database does. */
async function bodyOf(c: Context): Promise<unknown> {
  const body: unknown = await c.req.json().catch(() => null);
  refuseOddText(body);
  return body;
}

function badFields(error: z.ZodError, detail: string): HubError {
  const fields = error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
  return new HubError("bad-request", detail, { fields });
}

async function storeOf(hub: HubParts, c: Context): Promise<StoreCaller> {
  const token = /^Bearer (upt_[\w-]{10,100})$/.exec(c.req.header("authorization") ?? "")?.[1];
  return refuseToken(token === undefined ? null : await findStoreOfToken(hub.db.gate, sha256(token)));
}

/** Answers as the pipeline would attribute an order of this moment. */
async function lookUpReferral(hub: ConnectParts, companyId: number, code: string) {
  const foldedCode = foldCode(code);
  const found = await hub.findByCode({ companyId, foldedCode });
  const referral = found && (await asCompany(hub.db, companyId, (tx) => findReferral(tx, { companyId, foldedCode })));
  if (!found || !referral) throw new HubError("not-found", "This code belongs to nobody.");
  return { code: referral.code, displayName: displayNameOf(referral.name), active: found.eligible };
}

/** An order that is not here is pending: the shop's delivery may be on its way. */
async function lookUpCredit(hub: ConnectParts, order: OrderOfStore) {
  const { companyId, platformOrderId } = order;
  if (!isStorable(platformOrderId)) return { state: "pending", code: null, displayName: null, reason: null };
  const { distributorId, ...credit } = await hub.creditOf(order);
  if (distributorId === null) return { ...credit, displayName: null };
  const name = await asCompany(hub.db, companyId, (tx) => findDistributorName(tx, { companyId, distributorId }));
  return { ...credit, displayName: name === null ? null : displayNameOf(name) };
}

/** Where in a shop's admin its owner begins, and the part of its addresses that the admin's pages add to the shop's own. */
const ADMINS = {
  woocommerce: { begin: "WooCommerce, Upline, Connect", path: "/wp-admin" },
  magento: { begin: "Stores, Configuration, Upline, Connect", path: "/index.php/" },
} as const;

interface Asked {
  readonly platform: keyof typeof ADMINS;
  readonly returnUrl: string;
  readonly state: string;
}

/** The page on which an admin agrees that a shop joins the company. */
function agreePage(asked: Asked, problem?: string): Promise<Response> {
  const back = returnUrlOf(asked.returnUrl);
  if (back === null || !/^[\w-]{8,200}$/.test(asked.state)) {
    return pageResponse({
      title: "This link is not complete",
      text: `Begin in your shop: ${ADMINS[asked.platform].begin}. The shop then sends you here.`,
      status: 400,
    });
  }
  const page: Page = {
    title: "Connect a shop",
    text: "If you agree, this shop sends its orders to your company here. Check that it is yours.",
    facts: { "The shop": `${back.host}${shopPathOf(back, asked.platform)}`, "You are sent back to": back.href },
    form: {
      action: `/connect/${asked.platform}`,
      button: "Connect this shop",
      hidden: { return_url: back.href, state: asked.state },
    },
    goesTo: back.href,
    ...(problem === undefined ? {} : { problem, status: 401 as const }),
  };
  return pageResponse(page);
}

/** Shops below a folder of a host. */
function shopPathOf({ pathname }: URL, platform: Asked["platform"]): string {
  const end = pathname.indexOf(ADMINS[platform].path);
  return end > 0 ? pathname.slice(0, end) : "";
}

async function agree(hub: HubParts, c: Context, platform: Asked["platform"]): Promise<Response> {
  demandOwnForm(c.req.raw);
  const field = await readForm(c);
  const asked = { platform, returnUrl: field("return_url"), state: field("state") };
  const back = returnUrlOf(asked.returnUrl);
  if (back === null || !/^[\w-]{8,200}$/.test(asked.state)) return agreePage(asked);
  const admin = await adminOfKey(hub.db, field("key"));
  if (admin === null) return agreePage(asked, "This is no valid API key with the scope admin.");
  const { code } = await makeConnectionCode(hub, { ...admin, publicUrl: publicUrlOf(hub.env, c.req.url) });
  back.searchParams.set("code", code);
  back.searchParams.set("state", asked.state);
  return new Response(null, {
    status: 303,
    headers: { location: back.href, "referrer-policy": "no-referrer", "cache-control": "no-store" },
  });
}

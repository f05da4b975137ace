import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { requireService, type ServiceVariables } from "../http/service-auth.ts";
import { answer, exactJson, newRoutes, problems, time } from "../http/shapes.ts";
import { listReconciliations } from "../sync/queries.ts";
import { connectShop } from "./connect-shop.ts";
import type { AppShop } from "./queries.ts";
import { readReceived } from "./received.ts";
import { needShop, type TellParts } from "./tell.ts";

/** What the app of a platform says for the shops it is installed in. It shows a service key, which opens nothing else. */

export const shopDomain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/, "the shop's own domain, such as acme.myshopify.com")
  .openapi({ example: "acme.myshopify.com" });

export const shopParams = z.object({ domain: shopDomain });

const words = (most: number) => z.string().trim().min(1).max(most);

const join = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("create"), company_name: words(200).openapi({ example: "Acme Tea" }) }),
    z.strictObject({ kind: z.literal("code"), code: words(1000).openapi({ description: "A connection code of the hub" }) }),
    z.strictObject({ kind: z.literal("again") }),
  ])
  .openapi("JoinCompany", { description: "A new company, the one that made the code, or the one that the shop is in" });

const connect = createRoute({
  method: "post",
  path: "/",
  operationId: "connectShop",
  tags: ["Service"],
  summary: "Connect a shop that an app is installed in",
  description:
    "Needs a service key (`ups_…`) with the scope `companies`. A shop that is connected stays in its company, whichever way it asks, and gets a new key; " +
    "the app's earlier key of this shop stops working. Brings a store back that was paused because the app was gone. " +
    "The answer's `key` is an API key of the company with the scope `admin`, of the owner `shopify:<domain>`; it is shown now only.",
  security: [{ service: [] }],
  middleware: [exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .strictObject({
              platform: z.literal("shopify"),
              domain: shopDomain,
              shop_id: z
                .string()
                .regex(/^(gid:\/\/shopify\/Shop\/)?[1-9]\d{0,19}$/, "the shop's number, such as 548380009")
                .openapi({ example: "548380009" }),
              name: words(200).openapi({ example: "Acme Tea" }),
              currency: z
                .string()
                .regex(/^[A-Z]{3}$/, "an ISO 4217 code, such as EUR")
                .openapi({ example: "EUR" }),
              time_zone: words(60).openapi({ example: "Europe/Berlin" }),
              join,
            })
            .openapi("ShopToConnect"),
        },
      },
    },
  },
  responses: {
    200: answer("It was connected already", connectedShop()),
    201: answer("It is connected now", connectedShop()),
    ...problems(400, 401, 403, 404, 409, 422),
  },
});

function connectedShop() {
  return z
    .object({
      store_id: z.string(),
      company: z.object({ slug: z.string(), name: z.string() }),
      key: z.string().openapi({ example: "upk_…" }),
      created: z.boolean(),
    })
    .openapi("ConnectedShop");
}

const read = createRoute({
  method: "get",
  path: "/{domain}",
  operationId: "getConnectedShop",
  tags: ["Service"],
  summary: "How a shop is connected, and what came of its last deliveries",
  description: "Needs a service key with the scope `companies`.",
  security: [{ service: [] }],
  request: { params: shopParams },
  responses: {
    200: answer(
      "The shop",
      z
        .object({
          store_id: z.string(),
          domain: z.string(),
          shop_id: z.string().nullable(),
          name: z.string(),
          currency: z.string().nullable(),
          time_zone: z.string().nullable(),
          company: z.object({ slug: z.string(), name: z.string() }),
          status: z.string().openapi({ example: "active", description: "`active`, `paused` or `disconnected`" }),
          paused_because: z.string().nullable().openapi({ example: "uninstalled" }),
          connected_at: time.nullable(),
          uninstalled_at: time.nullable(),
          last_hint_at: time.nullable(),
          deliveries: z.object({
            last_at: time.nullable().openapi({ description: "Of the company's newest 20,000" }),
            outcomes: z
              .record(z.string(), z.int())
              .openapi({ description: "Of the shop's newest hundred, how many came to what" }),
          }),
          last_reconciliation: z
            .object({ outcome: z.string(), finished_at: time, delta: z.record(z.string(), z.string()) })
            .nullable(),
        })
        .openapi("ShopConnection"),
    ),
    ...problems(400, 401, 403, 404),
  },
});

export function serviceShopRoutes(hub: TellParts) {
  const routes = newRoutes<ServiceVariables>();
  routes.use(requireService(hub.db, "companies"));
  return routes
    .openapi(connect, async (c) => {
      const { platform, domain, shop_id, name, currency, time_zone, join } = c.req.valid("json");
      const { storeId, company, key, created } = await connectShop(hub, {
        shop: { platform, domain, shopId: digitsOf(shop_id), name, currency, timeZone: time_zone },
        join: join.kind === "create" ? { kind: join.kind, companyName: join.company_name } : join,
        actor: c.get("service").actor,
      });
      return c.json({ store_id: storeId, company, key, created }, created ? 201 : 200);
    })
    .openapi(read, async (c) => c.json(await shopAnswer(hub, await needShop(hub, c.req.valid("param").domain)), 200));
}

/** The number within one of the platform's global ids. */
export const digitsOf = (id: string): string => id.slice(id.lastIndexOf("/") + 1);

async function shopAnswer(hub: Pick<TellParts, "db">, shop: AppShop) {
  const { companyId, storeId } = shop;
  const { received, last } = await asCompany(hub.db, companyId, async (tx) => ({
    received: await readReceived(tx, { companyId, storeId }),
    last: (await listReconciliations(tx, { companyId, storeId, limit: 1 }))[0],
  }));
  return {
    store_id: storeId,
    domain: shop.domain,
    shop_id: shop.platformShopId,
    name: shop.name,
    currency: shop.currency,
    time_zone: shop.timeZone,
    company: { slug: shop.slug, name: shop.company },
    status: shop.status,
    paused_because: shop.status === "paused" && shop.uninstalledAt !== null ? "uninstalled" : null,
    connected_at: shop.connectedAt?.toISOString() ?? null,
    uninstalled_at: shop.uninstalledAt?.toISOString() ?? null,
    last_hint_at: shop.hintedAt?.toISOString() ?? null,
    deliveries: { last_at: received.lastAt?.toISOString() ?? null, outcomes: received.outcomes },
    last_reconciliation:
      last === undefined ? null : { outcome: last.outcome, finished_at: last.finishedAt.toISOString(), delta: { ...last.delta } },
  };
}

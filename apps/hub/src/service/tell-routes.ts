import { createRoute, z } from "@hono/zod-openapi";
import { foldEmail, readCode } from "@upline/core";
import { refused } from "../errors.ts";
import { requireService, type ServiceVariables } from "../http/service-auth.ts";
import { answer, exactJson, instant, newRoutes, problems } from "../http/shapes.ts";
import { digitsOf, shopParams } from "./routes.ts";
import { needShop, type TellParts, takeEvidence, takeHints, takeRequest, takeUninstalled } from "./tell.ts";

const MOST_IDS = 250;

const idOf = (what: string) =>
  z
    .string()
    .regex(new RegExp(`^(gid://shopify/${what}/)?[1-9]\\d{0,19}$`), `a number, or gid://shopify/${what}/…`)
    .transform(digitsOf);
const orderId = idOf("Order");
const customerId = idOf("Customer");
const orderIds = z
  .array(orderId)
  .max(MOST_IDS)
  .default([])
  .openapi({ example: ["gid://shopify/Order/450789469"] });

const taken = z.object({ taken: z.literal(true) }).openapi("Taken");
const SECURITY = [{ service: [] }];

function body<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } };
}

const shared = {
  method: "post" as const,
  tags: ["Service"],
  security: SECURITY,
  middleware: exactJson,
  responses: { 202: answer("It is kept", taken), ...problems(400, 401, 403, 404, 422) },
};

const hints = createRoute({
  ...shared,
  path: "/{domain}/hints",
  operationId: "hintAtShop",
  summary: "Say that something of a shop may have changed",
  description:
    "Nothing of it is believed: the hub asks that shop itself, at once. For messages of the platform whose bodies name no shop. Needs a service key.",
  request: {
    params: shopParams,
    body: body(
      z
        .strictObject({
          topic: z.string().min(1).max(200).openapi({ example: "refunds/create" }),
          webhook_id: z.string().min(1).max(200),
          triggered_at: instant,
          order_ids: orderIds,
          product_ids: z.array(idOf("Product")).max(MOST_IDS).default([]),
        })
        .openapi("ShopHints"),
    ),
  },
});

const uninstalled = createRoute({
  ...shared,
  path: "/{domain}/uninstalled",
  operationId: "uninstallShop",
  summary: "Say that the app is gone from a shop",
  description:
    "Pauses the store until the shop connects again. What is dated before the last time that it connected changes nothing: such messages come late. Needs a service key.",
  request: { params: shopParams, body: body(z.strictObject({ triggered_at: instant }).openapi("ShopUninstalled")) },
});

const redactions = createRoute({
  ...shared,
  path: "/{domain}/redactions",
  operationId: "redactInShop",
  summary: "Pass on what a shop asks for by law",
  description:
    "`customer`: the bodies of that buyer's deliveries and the hashes they are known by are erased. `shop`: the same for everything that the shop sent. " +
    "`data-request` is noted in the company's audit log: the hub holds no name and no address of a buyer. Works for a shop that is gone. Needs a service key.",
  request: {
    params: shopParams,
    body: body(
      z
        .discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("customer"), customer_id: customerId, order_ids: orderIds }),
          z.strictObject({ kind: z.literal("shop") }),
          z.strictObject({ kind: z.literal("data-request"), customer_id: customerId, order_ids: orderIds }),
        ])
        .openapi("ShopRedaction"),
    ),
  },
});

const evidence = createRoute({
  ...shared,
  path: "/{domain}/evidence",
  operationId: "tellEvidence",
  summary: "Pass on evidence that is not on the order",
  description:
    "`pixel`: what the storefront's pixel saw at the checkout. `claim`: whom the buyer named afterwards; it waits in `GET /api/claims` for a person. " +
    "Neither ever makes a commission by itself. Telling the same thing again changes nothing. Needs a service key.",
  request: {
    params: shopParams,
    body: body(
      z
        .strictObject({
          kind: z.enum(["pixel", "claim"]),
          order_id: orderId.optional(),
          checkout_token: z.string().trim().min(1).max(200).optional(),
          code: z.string().trim().min(1).max(255).openapi({ example: "ABC123" }),
          at: instant,
          client_id: z
            .string()
            .min(1)
            .max(200)
            .optional()
            .openapi({ description: "The browser's own number; kept as a keyed hash" }),
        })
        .openapi("ToldEvidence"),
    ),
  },
});

export function serviceTellRoutes(hub: TellParts) {
  const routes = newRoutes<ServiceVariables>();
  routes.use(requireService(hub.db, "companies"));
  return routes
    .openapi(hints, async (c) => {
      const shop = await needShop(hub, c.req.valid("param").domain);
      const { topic, webhook_id, order_ids, product_ids } = c.req.valid("json");
      await takeHints(hub, shop, {
        topic,
        webhookId: webhook_id,
        orderIds: [...new Set(order_ids)],
        productIds: [...new Set(product_ids)],
      });
      return c.json({ taken: true as const }, 202);
    })
    .openapi(uninstalled, async (c) => {
      const shop = await needShop(hub, c.req.valid("param").domain);
      const at = new Date(c.req.valid("json").triggered_at);
      await takeUninstalled(hub, shop, { at, actor: c.get("service").actor });
      return c.json({ taken: true as const }, 202);
    })
    .openapi(redactions, async (c) => {
      const shop = await needShop(hub, c.req.valid("param").domain);
      const asked = c.req.valid("json");
      const request =
        asked.kind === "shop" ? asked : { kind: asked.kind, customerId: asked.customer_id, orderIds: asked.order_ids };
      await takeRequest(hub, shop, { request, actor: c.get("service").actor });
      return c.json({ taken: true as const }, 202);
    })
    .openapi(evidence, async (c) => {
      const shop = await needShop(hub, c.req.valid("param").domain);
      const { kind, order_id, checkout_token, code, at, client_id } = c.req.valid("json");
      if (order_id === undefined && checkout_token === undefined)
        throw refused("order_id", "name the order, or the checkout by checkout_token");
      const problem = wrongCode(code);
      if (problem !== null) throw refused("code", problem);
      await takeEvidence(hub, shop, {
        ...{ kind, code, at: new Date(at) },
        orderId: order_id ?? null,
        checkoutToken: checkout_token ?? null,
        clientId: client_id ?? null,
      });
      return c.json({ taken: true as const }, 202);
    });
}

/** What buyers type may be anything, an address among others, which is stored nowhere. */
function wrongCode(code: string): string | null {
  if (foldEmail(code) !== null) return "is an e-mail address and no referral code";
  const read = readCode(code);
  return "wrong" in read ? read.wrong : null;
}

import { Hono } from "hono";
import { z } from "zod";
import { financialStatus, type Order } from "./order.ts";
import type { Site } from "./site.ts";

/** Other processes steer the stand-in here; inside one process `site` does the same with types. */

const named = z.object({ name: z.string(), value: z.string() });
const line = z.object({
  variant: z.string().optional(),
  title: z.string().optional(),
  price: z.string().optional(),
  quantity: z.number().int().positive().optional(),
  properties: z.array(named).optional(),
});
const order = z.object({
  lines: z.array(line).min(1),
  attributes: z.array(named).optional(),
  discountCode: z.string().nullish(),
  manualDiscount: z.object({ title: z.string(), amount: z.string() }).optional(),
  shipping: z.string().nullish(),
  tip: z.string().optional(),
  customerId: z.string().nullish(),
  landingSite: z.string().nullish(),
  referringSite: z.string().nullish(),
  presentment: z.object({ currency: z.string(), rate: z.string() }).optional(),
  sourceName: z.string().optional(),
  test: z.boolean().optional(),
  paid: z.boolean().optional(),
  secondsAgo: z.number().optional(),
});
const pieces = z.object({
  line: z.string(),
  quantity: z.number().int().positive(),
  restock: z.enum(["return", "cancel", "no_restock"]).optional(),
});
const refund = z.object({
  lines: z.array(pieces).optional(),
  shipping: z.boolean().optional(),
  money: z.string().optional(),
  pending: z.boolean().optional(),
  note: z.string().optional(),
});
const edit = z.object({ add: z.array(line).optional(), remove: z.array(pieces.pick({ line: true, quantity: true })).optional() });
const weather = z.object({
  lose: z.boolean().optional(),
  copies: z.number().int().positive().optional(),
  delayMs: z.number().optional(),
  holdUntil: z.number().int().optional(),
  topics: z.array(z.string()).optional(),
});
const fault = z.object({
  on: z.enum(["graphql", "token"]),
  kind: z.enum(["THROTTLED", "401", "402", "403", "423", "429", "500", "503", "hang-up"]),
  count: z.number().int().positive(),
});
const scopes = z.object({ scopes: z.array(z.string()) });
const compliance = z.object({
  topic: z.enum(["customers/data_request", "customers/redact", "shop/redact"]),
  customerId: z.string().optional(),
});

const shown = (one: Order) => ({
  id: one.id,
  name: `#${one.number}`,
  status: financialStatus(one),
  lines: one.lines.map(({ id, sku }) => ({ id, sku })),
});

export function control(site: Site): Hono {
  const app = new Hono();
  app.onError((error, c) => c.json({ error: error.message }, 400));
  app.post("/reset", (c) => {
    site.reset();
    return c.json({ ok: true });
  });
  app.get("/shops", (c) => c.json([...site.shops.values()].map(({ domain, id, name }) => ({ domain, id, name }))));
  app.get("/deliveries", (c) => c.json(site.webhooks.deliveries));
  app.get("/counts", (c) => c.json(site.tokens.counts));
  app.post("/settled", async (c) => {
    await site.webhooks.settled();
    return c.json({ ok: true });
  });
  app.post("/clock", async (c) => {
    site.clock.advance(z.object({ seconds: z.number() }).parse(await c.req.json()).seconds);
    return c.json({ now: site.clock.now().toISOString() });
  });
  app.route("/:domain", ofShop(site));
  return app;
}

function ofShop(site: Site): Hono {
  const app = new Hono();
  const domain = (c: { req: { param: (name: string) => string | undefined } }) => c.req.param("domain") ?? "";
  const id = (c: { req: { param: (name: string) => string | undefined } }) => c.req.param("id") ?? "";
  app.post("/install", async (c) => {
    const asked = z.object({ scopes: z.array(z.string()).optional() }).parse(await c.req.json().catch(() => ({})));
    site.install(domain(c), asked.scopes);
    return c.json({ ok: true });
  });
  app.post("/uninstall", (c) => {
    site.uninstall(domain(c));
    return c.json({ ok: true });
  });
  app.post("/scopes", async (c) => {
    site.grantScopes(domain(c), scopes.parse(await c.req.json()).scopes);
    return c.json({ ok: true });
  });
  app.post("/expire-tokens", (c) => {
    site.tokens.expire(site.shopOf(domain(c)));
    return c.json({ ok: true });
  });
  app.get("/scopes", (c) => c.json(site.scopesOf(domain(c))));
  app.get("/extensions", (c) => c.json({ extensions: site.extensions }));
  app.get("/session-token", (c) => c.json({ token: site.tokens.sessionToken(site.shopOf(domain(c))) }));
  app.post("/weather", async (c) => {
    site.webhooks.setWeather(domain(c), weather.parse(await c.req.json()));
    return c.json({ ok: true });
  });
  app.post("/faults", async (c) => {
    site.addFault(domain(c), fault.parse(await c.req.json()));
    return c.json({ ok: true });
  });
  app.post("/compliance", async (c) => {
    const { topic, customerId } = compliance.parse(await c.req.json());
    site.compliance(domain(c), topic, customerId);
    return c.json({ ok: true });
  });
  app.post("/orders", async (c) => c.json(shown(site.order(domain(c), order.parse(await c.req.json()))), 201));
  app.get("/orders", (c) => c.json([...site.shopOf(domain(c)).orders.values()].map(shown)));
  app.post("/orders/:id/pay", (c) => c.json(shown(site.pay(domain(c), id(c)))));
  app.post("/orders/:id/refund", async (c) => c.json(shown(site.refund(domain(c), id(c), refund.parse(await c.req.json())))));
  app.post("/orders/:id/edit", async (c) => c.json(shown(site.edit(domain(c), id(c), edit.parse(await c.req.json())))));
  app.post("/orders/:id/cancel", (c) => c.json(shown(site.cancel(domain(c), id(c)))));
  app.post("/orders/:id/update", (c) => c.json(shown(site.update(domain(c), id(c)))));
  app.delete("/orders/:id", (c) => {
    site.delete(domain(c), id(c));
    return c.json({ ok: true });
  });
  return app;
}

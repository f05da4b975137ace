import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HubService } from "./hub-service.ts";
import { passOnDue } from "./pass-on.ts";
import { deliveries } from "./schema.ts";
import { openTestApp, signed, type TestApp } from "./testing/open-test-app.ts";

/** A hub in small: it says what it heard, and answers as it is told. */
interface SmallHub {
  readonly heard: { path: string; key: string | undefined; body: unknown }[];
  status: number;
}

let app: TestApp;
let server: Server;
const small: SmallHub = { heard: [], status: 202 };
let hub: HubService;
beforeAll(async () => {
  app = await openTestApp({}, { passesOn: false });
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    small.heard.push({ path: request.url ?? "", key: request.headers.authorization, body });
    const said = { code: "unprocessable", title: "No", detail: "The hub knows no such shop." };
    response.writeHead(small.status, { "content-type": "application/json" }).end(JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  hub = new HubService({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: "ups_small" });
});
afterAll(async () => {
  server.close();
  await app.close();
});

const away = new HubService({ url: "http://127.0.0.1:9", key: "ups_small" });
const refund = async (shop: string, orderId: number) => {
  const delivery = signed({ topic: "refunds/create", shop, body: { order_id: orderId }, webhookId: `w-${orderId}` });
  expect((await app.server.request("/webhooks/resources", delivery)).status).toBe(200);
};
const outcomes = async (shop: string) =>
  (await app.db.select().from(deliveries).where(eq(deliveries.shop, shop)).orderBy(deliveries.deliveryNo)).map(
    ({ outcome, attempts, said }) => [outcome, attempts, said],
  );
const later = (hours: number) => new Date(Date.now() + hours * 3_600_000);

it("what came while the hub was away reaches it when it is back, once", async () => {
  const shop = "away.myshopify.com";
  await refund(shop, 11);
  await passOnDue({ ...app, hub: away }, later(1));
  const [first] = await outcomes(shop);
  expect([first?.[0], first?.[2]]).toStrictEqual(["waiting", "The hub could not be reached."]);
  small.status = 503;
  await passOnDue({ ...app, hub }, later(2));
  small.status = 401;
  await passOnDue({ ...app, hub }, later(3));
  expect((await outcomes(shop)).map(([outcome]) => outcome)).toStrictEqual(["waiting"]);
  small.status = 202;
  small.heard.length = 0;
  await passOnDue({ ...app, hub }, later(4));
  await passOnDue({ ...app, hub }, later(5));
  expect(small.heard).toStrictEqual([
    {
      path: `/api/service/shops/${shop}/hints`,
      key: "Bearer ups_small",
      body: expect.objectContaining({ topic: "refunds/create", webhook_id: "w-11", order_ids: ["11"], product_ids: [] }),
    },
  ]);
  expect((await outcomes(shop)).map(([outcome]) => outcome)).toStrictEqual(["passed"]);
});

it("what the hub refuses for good is not told again, and says why", async () => {
  const shop = "refused.myshopify.com";
  await refund(shop, 12);
  small.status = 422;
  await passOnDue({ ...app, hub }, later(1));
  small.heard.length = 0;
  await passOnDue({ ...app, hub }, later(2));
  expect(small.heard).toHaveLength(0);
  expect((await outcomes(shop)).map(([outcome, , said]) => [outcome, said])).toStrictEqual([
    ["refused", "The hub knows no such shop."],
  ]);
});

it("two processes that pass on at once tell each thing once", async () => {
  const shop = "twice.myshopify.com";
  small.status = 202;
  for (let id = 100; id < 130; id++) await refund(shop, id);
  small.heard.length = 0;
  await Promise.all([1, 2, 3].map(() => passOnDue({ ...app, hub }, later(1))));
  while (await passOnDue({ ...app, hub }, later(1)));
  expect(small.heard.map(({ body }) => (body as { webhook_id: string }).webhook_id).sort()).toStrictEqual(
    Array.from({ length: 30 }, (_, index) => `w-${100 + index}`),
  );
});

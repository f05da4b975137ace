import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { TOKEN } from "@upline/shopify/fixtures/admin";
import type { TestContext } from "vitest";

/** The service address of a Shopify app, as the hub asks it for tokens. */
export interface FakeApp {
  readonly settings: Readonly<Record<string, string>>;
  /** Shops that were asked about, one after the other. */
  readonly asked: string[];
  /** What it answers. */
  answer: { status: number; body: unknown };
}

export const APP_KEY = "key-of-the-app-and-the-hub";

export async function startFakeApp(t: Pick<TestContext, "onTestFinished">): Promise<FakeApp> {
  const app = {
    settings: {} as Record<string, string>,
    asked: [] as string[],
    answer: { status: 200, body: tokenFor(3_600_000) as unknown },
  };
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const isRight = request.headers.authorization === `Bearer ${APP_KEY}` && request.url === "/service/admin-token";
    app.asked.push((JSON.parse(text) as { shop: string }).shop);
    response.writeHead(isRight ? app.answer.status : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(isRight ? app.answer.body : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.onTestFinished(() => void server.close());
  t.onTestFinished(() => server.closeAllConnections());
  app.settings = {
    UPLINE_SHOPIFY_APP_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    UPLINE_SHOPIFY_APP_KEY: APP_KEY,
  };
  return app;
}

/** A token that counts for so long. */
export function tokenFor(ms: number, accessToken: string = TOKEN) {
  return {
    accessToken,
    expiresAt: new Date(Date.now() + ms).toISOString(),
    scopes: ["read_orders", "read_all_orders", "read_products", "write_discounts", "read_customers"],
  };
}

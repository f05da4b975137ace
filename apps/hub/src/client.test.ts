import { readFileSync } from "node:fs";
import { afterAll, assert, beforeAll, describe, expect, it } from "vitest";
import { answerOf, createHubClient, type HubClient, HubProblem } from "./client.ts";
import { openTestHub, type TestHub } from "./testing/test-hub.ts";

describe("the typed client", () => {
  let hub: TestHub;
  let client: HubClient;
  beforeAll(async () => {
    hub = await openTestHub();
    client = createHubClient({
      url: "http://hub.test/",
      key: hub.company.keys.admin,
      fetch: (input, init) => hub.app.request(input as string, init),
    });
  });
  afterAll(() => hub.close());

  it("reads and writes with the routes' own types", async () => {
    const { items } = await answerOf(client.stores.$get());
    expect(items.map((one) => one.platform).sort()).toStrictEqual(["magento", "shopify", "woocommerce"]);
    const taken = await answerOf(
      client.mlm.orders.$post({ json: { shopify_order_id: "1", sku: "KIT-STARTER", referrer_id: "MAYA21", amount: "10.00" } }),
    );
    const replayed: boolean = taken.replayed;
    expect(replayed).toBe(false);
    const order = await answerOf(client.orders[":order_id"].$get({ param: { order_id: taken.order_id } }));
    expect(order.attribution.distributor_id).toBe("D03");
    const [first] = order.commissions;
    assert.ok(first);
    const explained = await answerOf(
      client.commissions[":order_id"][":entry"].$get({ param: { order_id: order.order_id, entry: first.entry } }),
    );
    expect(explained.amount).toBe("1.00");
  });

  it("throws one error class for every refusal, with the fields", async () => {
    await expect(answerOf(client.orders[":order_id"].$get({ param: { order_id: "999" } }))).rejects.toThrow(
      expect.toSatisfy((error) => {
        assert.ok(error instanceof HubProblem);
        expect([error.status, error.code]).toStrictEqual([404, "not-found"]);
        expect(error.message).toMatch(/no such order/);
        return true;
      }),
    );
    await expect(answerOf(client.orders.$get({ query: { since: "yesterday" } }))).rejects.toThrow(
      expect.toSatisfy((error) => {
        assert.ok(error instanceof HubProblem);
        expect(error.fields.map((one) => one.path)).toStrictEqual(["since"]);
        return true;
      }),
    );
  });

  it("says so when the hub is away, late, or when something else answers", async () => {
    const other = (answer: () => Promise<Response>) =>
      createHubClient({ url: "http://hub.test", key: "upk_x", timeoutMs: 20, fetch: answer });
    const codeOf = async (of: HubClient) =>
      answerOf(of.stores.$get()).then(
        () => "none",
        (error: HubProblem) => `${error.code} ${error.status}: ${error.message}`,
      );
    expect(await codeOf(other(() => Promise.reject(new TypeError("fetch failed"))))).toBe(
      "unreachable 0: The hub could not be reached.",
    );
    expect(await codeOf(other(async () => new Response("<html>", { status: 502 })))).toBe(
      "unavailable 502: HTTP 502 from the hub's address.",
    );
    const late = createHubClient({
      url: "http://hub.test",
      key: async () => "upk_x",
      timeoutMs: 20,
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    });
    expect(await codeOf(late)).toBe("unreachable 0: The hub did not answer in time.");
  });

  it("imports nothing of the server at run time", () => {
    const imports = readFileSync(new URL("./client.ts", import.meta.url), "utf8").matchAll(
      /^import (?!type )(.*) from "(.*)";$/gm,
    );
    expect([...imports].map(([, , from]) => from)).toStrictEqual(["hono/client"]);
  });
});

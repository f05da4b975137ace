import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { answerOf, createHubClient, type HubClient, HubProblem } from "./client.ts";
import { openTestHub, type TestHub } from "./testing/test-hub.ts";

describe("the typed client", () => {
  let hub: TestHub;
  let client: HubClient;
  before(async () => {
    hub = await openTestHub();
    client = createHubClient({
      url: "http://hub.test/",
      key: hub.company.keys.admin,
      fetch: (input, init) => hub.app.request(input as string, init),
    });
  });
  after(() => hub.close());

  it("reads and writes with the routes' own types", async () => {
    const { items } = await answerOf(client.stores.$get());
    assert.deepEqual(items.map((one) => one.platform).sort(), ["magento", "shopify", "woocommerce"]);
    const taken = await answerOf(
      client.mlm.orders.$post({ json: { shopify_order_id: "1", sku: "KIT-STARTER", referrer_id: "MAYA21", amount: "10.00" } }),
    );
    const replayed: boolean = taken.replayed;
    assert.equal(replayed, false);
    const order = await answerOf(client.orders[":order_id"].$get({ param: { order_id: taken.order_id } }));
    assert.equal(order.attribution.distributor_id, "D03");
    const [first] = order.commissions;
    assert.ok(first);
    const explained = await answerOf(
      client.commissions[":order_id"][":entry"].$get({ param: { order_id: order.order_id, entry: first.entry } }),
    );
    assert.equal(explained.amount, "1.00");
  });

  it("throws one error class for every refusal, with the fields", async () => {
    await assert.rejects(answerOf(client.orders[":order_id"].$get({ param: { order_id: "999" } })), (error) => {
      assert.ok(error instanceof HubProblem);
      assert.deepEqual([error.status, error.code], [404, "not-found"]);
      assert.match(error.message, /no such order/);
      return true;
    });
    await assert.rejects(answerOf(client.orders.$get({ query: { since: "yesterday" } })), (error) => {
      assert.ok(error instanceof HubProblem);
      assert.deepEqual(
        error.fields.map((one) => one.path),
        ["since"],
      );
      return true;
    });
  });

  it("says so when the hub is away, late, or when something else answers", async () => {
    const other = (answer: () => Promise<Response>) =>
      createHubClient({ url: "http://hub.test", key: "upk_x", timeoutMs: 20, fetch: answer });
    const codeOf = async (of: HubClient) =>
      answerOf(of.stores.$get()).then(
        () => "none",
        (error: HubProblem) => `${error.code} ${error.status}: ${error.message}`,
      );
    assert.equal(
      await codeOf(other(() => Promise.reject(new TypeError("fetch failed")))),
      "unreachable 0: The hub could not be reached.",
    );
    assert.equal(
      await codeOf(other(async () => new Response("<html>", { status: 502 }))),
      "unavailable 502: HTTP 502 from the hub's address.",
    );
    const late = createHubClient({
      url: "http://hub.test",
      key: async () => "upk_x",
      timeoutMs: 20,
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    });
    assert.equal(await codeOf(late), "unreachable 0: The hub did not answer in time.");
  });

  it("imports nothing of the server at run time", () => {
    const imports = readFileSync(new URL("./client.ts", import.meta.url), "utf8").matchAll(
      /^import (?!type )(.*) from "(.*)";$/gm,
    );
    assert.deepEqual(
      [...imports].map(([, , from]) => from),
      ["hono/client"],
    );
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { asCompany } from "../db/connect.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub } from "../testing/test-hub.ts";

test("a late delivery loses against a newer one that changed nothing", async (t) => {
  const hub = await openTestHub();
  t.after(() => hub.close());
  const life = recordedLives().find(
    (one) => one.platform === "shopify" && one.topic === "orders/create" && one.body.includes("9007199254740993118"),
  );
  assert.ok(life);
  const send = async (updatedAt: string, financialStatus: string) => {
    const order = life.body
      .replace(/"updated_at":"[^"]+"/, `"updated_at":"${updatedAt}"`)
      .replace(/"financial_status":"\w+"/, `"financial_status":"${financialStatus}"`);
    const { path, init } = signedRequest(hub.company.stores.shopify, { ...life, body: order });
    assert.equal((await hub.app.request(path, init)).status, 200);
    await hub.settled();
  };
  const stage = async () => {
    const [row] = await asCompany(hub.db, hub.company.companyId, (tx) => tx`select stage, revision from orders`);
    return [row?.stage, row?.revision];
  };
  await send("2026-11-02T10:00:00Z", "paid");
  await send("2026-11-02T12:00:00Z", "paid");
  assert.deepEqual(await stage(), ["earned", 1]);
  await send("2026-11-02T11:00:00Z", "pending");
  assert.deepEqual(await stage(), ["earned", 1]);
  await send("2026-11-02T13:00:00Z", "voided");
  assert.deepEqual(await stage(), ["void", 2]);
});

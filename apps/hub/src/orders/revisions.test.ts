import postgres from "postgres";
import { assert, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub } from "../testing/test-hub.ts";
import { readSnapshot } from "./snapshot.ts";

test("a late delivery loses against a newer one that changed nothing", async (t) => {
  const hub = await openTestHub();
  t.onTestFinished(() => hub.close());
  const life = recordedLives().find(
    (one) => one.platform === "shopify" && one.topic === "orders/create" && one.body.includes("9007199254740993118"),
  );
  assert.ok(life);
  const send = async (updatedAt: string, financialStatus: string) => {
    const order = life.body
      .replace(/"updated_at":"[^"]+"/, `"updated_at":"${updatedAt}"`)
      .replace(/"financial_status":"\w+"/, `"financial_status":"${financialStatus}"`);
    const { path, init } = signedRequest(hub.company.stores.shopify, { ...life, body: order });
    expect((await hub.app.request(path, init)).status).toBe(200);
    await hub.settled();
  };
  const stage = async () => {
    const [row] = await asCompany(hub.db, hub.company.companyId, (tx) => tx`select stage, revision from orders`);
    return [row?.stage, row?.revision];
  };
  await send("2026-11-02T10:00:00Z", "paid");
  await send("2026-11-02T12:00:00Z", "paid");
  expect(await stage()).toStrictEqual(["earned", 1]);
  await send("2026-11-02T11:00:00Z", "pending");
  expect(await stage()).toStrictEqual(["earned", 1]);
  await send("2026-11-02T13:00:00Z", "voided");
  expect(await stage()).toStrictEqual(["void", 2]);
});

test("an order that an earlier program stored is no other order for being heard again, and goes on from what was locked", async (t) => {
  const hub = await openTestHub();
  t.onTestFinished(() => hub.close());
  const life = recordedLives().find(
    (one) => one.platform === "shopify" && one.topic === "orders/create" && one.body.includes("9007199254740993118"),
  );
  assert.ok(life);
  const send = async (updatedAt: string, financialStatus: string) => {
    const order = life.body
      .replace(/"updated_at":"[^"]+"/, `"updated_at":"${updatedAt}"`)
      .replace(/"financial_status":"\w+"/, `"financial_status":"${financialStatus}"`);
    const { path, init } = signedRequest(hub.company.stores.shopify, { ...life, body: order });
    expect((await hub.app.request(path, init)).status).toBe(200);
    await hub.settled();
  };
  const newest = async () => {
    const [row] = await asCompany(
      hub.db,
      hub.company.companyId,
      (tx) => tx<{ revision: number; snapshot: string }[]>`
        select o.revision, r.snapshot from orders o join order_revisions r using (company_id, order_no, revision)`,
    );
    return row ?? { revision: 0, snapshot: "" };
  };
  await send("2026-11-02T10:00:00Z", "paid");
  const { snapshot } = await newest();
  const { locked, entries } = readSnapshot(snapshot);
  const { state } = JSON.parse(snapshot);
  const stored = JSON.stringify({ format: "upline-order/2", state, locked, entries }, (_key, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  t.onTestFinished(() => owner.end());
  await owner`alter table order_revisions disable trigger user`;
  await owner`update order_revisions set snapshot = ${stored}`;
  await owner`update orders set state_hash = 'of the text that it was'`;
  await send("2026-11-02T12:00:00Z", "paid");
  expect(await newest()).toStrictEqual({ revision: 1, snapshot: stored });
  await send("2026-11-02T13:00:00Z", "voided");
  const after = await newest();
  expect([after.revision, JSON.parse(after.snapshot).format]).toStrictEqual([2, "upline-order/3"]);
  expect(readSnapshot(after.snapshot).locked).toStrictEqual(locked);
});

test("a refund sent by itself counts before and after its order, and is not counted again when the order lists it", async (t) => {
  const basket = (part: string) => {
    const life = recordedLives().find(
      (one) =>
        one.platform === "shopify" && one.body.includes("6811001001") && part.split(",").every((text) => one.body.includes(text)),
    );
    assert.ok(life, part);
    return life;
  };
  const bought = basket('"refunds":[]');
  const listed = recordedLives().find((one) => one.body.includes('"id":6811001001') && JSON.parse(one.body).refunds.length === 1);
  assert.ok(listed);
  const [refund] = JSON.parse(listed.body).refunds;
  const alone = {
    platform: "shopify" as const,
    topic: "refunds/create",
    body: JSON.stringify({ ...refund, order_id: 6811001001 }),
  };
  const booked: string[] = [];
  for (const order of [[bought, alone], [alone, bought], [bought, alone, listed], [listed]]) {
    const hub = await openTestHub();
    for (const life of order) {
      const { path, init } = signedRequest(hub.company.stores.shopify, life);
      expect((await hub.app.request(path, init)).status).toBe(200);
      await hub.settled();
    }
    const rows = await asCompany(
      hub.db,
      hub.company.companyId,
      (tx) => tx`
      select entry_key, sum(case when kind in ('commission', 'breakage') then amount else -amount end)::text as amount from transfers group by entry_key order by entry_key`,
    );
    booked.push(JSON.stringify(rows));
    await hub.close();
  }
  await t.annotate(booked[0] as string);
  expect(new Set(booked).size, booked.join("\n")).toStrictEqual(1);
});

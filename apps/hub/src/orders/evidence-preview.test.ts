import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedRequest } from "../testing/recorded-lives.ts";
import { bodyOf } from "../testing/simple-orders.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  // MAYA21 and ANNA77 are D03's, GREG1 is D02's; HEAD7, which buys number 6, is D07's.
  await buy(1, { code: "MAYA21", discount: "GREG1" });
  await buy(2, { code: "MAYA21", discount: "ANNA77" });
  await buy(3, {});
  await buy(4, { code: "MAYA21" });
  await buy(5, { discount: "GREG1" });
  await buy(6, { discount: "GREG1", email: "d07@acme.example.com" });
  await buy(7, { code: "MAYA21", discount: "GREG1" });
  await hub.settled();
  const orderNo = (await owner`select order_no::text as no from orders where platform_order_id = '7'`)[0]?.no;
  const decided = await ask(`/api/orders/${orderNo}/attribution`, { distributor_id: "D04", reason: "By the distributor's word" });
  expect(decided.status).toBe(200);
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

async function buy(id: number, { code, discount, email }: { code?: string; discount?: string; email?: string }): Promise<void> {
  const told = {
    platform: "shopify" as const,
    id,
    placed: `2026-03-0${id}T10:00:00`,
    ...(code && { code }),
    ...(email && { email }),
  };
  const applied = { type: "discount_code", value_type: "percentage", value: "0.0", target_type: "line_item" };
  const discounts = discount === undefined ? [] : [{ ...applied, code: discount }];
  const body = { ...JSON.parse(bodyOf(told)), discount_applications: discounts };
  const life = { platform: "shopify" as const, topic: "orders/updated", body: JSON.stringify(body) };
  const { path, init } = signedRequest(hub.company.stores.shopify, life);
  expect((await hub.app.request(path, init)).status).toBe(200);
}

const ask = (path: string, body: object, method = "POST", key = hub.company.keys.admin) =>
  hub.app.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const preview = async (order: readonly string[] | null, newest = 500) => {
  const answer = await ask("/api/company/evidence-order/preview", { order, newest });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown> & {
    examples: { order_name: string; now: unknown; proposed: unknown }[];
  };
};
const owners = () => owner`select order_no, distributor_no, revision from orders order by order_no`;

const decided = (facts: Record<string, string>) => ({ kind: "decided-by-evidence", facts });

test("another order is held against the one of now, order by order; nothing changes by it", async () => {
  const before = [await owners(), await owner`select count(*) from transfer_rows`];
  const found = await preview(["cart-attribute", "discount-code"]);
  expect(found).toMatchObject({
    ...{
      looked: 7,
      by_hand: 1,
      without_evidence: 1,
      to_another: 1,
      to_nobody: 0,
      from_nobody: 0,
      otherwise_decided: 1,
      pay: null,
    },
    order: ["manual", "cart-attribute", "discount-code"],
  });
  expect(found.examples).toStrictEqual([
    {
      ...{ order_id: expect.any(String), order_name: "#1", placed_at: "2026-03-01T10:00:00.000Z" },
      now: {
        ...{ distributor_id: "D02", source: "discount-code", why: expect.stringContaining('the discount code "GREG1"') },
        reason: decided({ source: "discount-code", code: "GREG1", where: "discount_applications[0]", distributor: "D02" }),
      },
      proposed: {
        ...{ distributor_id: "D03", source: "cart-attribute", why: expect.stringContaining('the cart attribute "MAYA21"') },
        reason: decided({ source: "cart-attribute", code: "MAYA21", where: "note_attributes.ref", distributor: "D03" }),
      },
    },
  ]);
  // Without discount codes: 1 goes to another, 5 to the company, 6 is the buyer's own purchase.
  const without = await preview(["cart-attribute"]);
  expect(without).toMatchObject({ to_another: 2, to_nobody: 1, from_nobody: 0, otherwise_decided: 1 });
  expect(without.examples.map(({ order_name }) => order_name)).toStrictEqual(["#6", "#5", "#1"]);
  expect(without.examples[0]?.proposed).toMatchObject({ distributor_id: "D07", source: null });
  expect(await preview(["discount-code", "checkout-field", "cart-attribute"])).toMatchObject({ to_another: 0, examples: [] });
  expect(await preview(null, 2)).toMatchObject({ looked: 2, by_hand: 1, to_another: 0 });
  expect([await owners(), await owner`select count(*) from transfer_rows`]).toStrictEqual(before);
});

test("once an order is set, the next is held against it; what is wrong is named, and only an admin may ask", async () => {
  expect((await ask("/api/company/evidence-order", { order: ["discount-code"] }, "PUT")).status).toBe(200);
  const before = await owners();
  // What the cart said counts for nothing now: 2 is D03's by its discount code, 4 is the company's.
  expect(await preview(null)).toMatchObject({ from_nobody: 1, to_another: 0, otherwise_decided: 0 });
  expect(await owners()).toStrictEqual(before);
  expect((await ask("/api/company/evidence-order/preview", { order: ["horoscope"] })).status).toBe(422);
  expect((await ask("/api/company/evidence-order/preview", { order: null, newest: 2_001 })).status).toBe(400);
  expect((await ask("/api/company/evidence-order/preview", { order: null }, "POST", hub.company.keys.read)).status).toBe(403);
});

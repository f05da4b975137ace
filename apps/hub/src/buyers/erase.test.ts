import { createHmac } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditLedger } from "../orders/audit.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub, TEST_SHOPIFY_APP_SECRET, type TestHub } from "../testing/test-hub.ts";
import { redactJob } from "./job.ts";

let hub: TestHub;
let sql: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

const RECORDED = "9007199254740993118";
const life = recordedLives().find(
  ({ platform, topic, body }) => platform === "shopify" && topic === "orders/create" && body.includes(RECORDED),
);
if (!life) throw new Error("the fixture is missing");

/** The recorded order as another one, of a buyer of ours. */
function orderOf(id: string, email: string): string {
  const { body } = life as NonNullable<typeof life>;
  return body
    .replaceAll(RECORDED, id)
    .replaceAll(/"(email|contact_email)":\s*("[^"]*"|null)/g, `"$1":"${email}"`)
    .replace(/"customer":\s*\{"id":\s*\d+/, `"customer":{"id":${id}9`);
}

async function deliver(body: string): Promise<string> {
  const { path, init } = signedRequest(hub.company.stores.shopify, { ...(life as NonNullable<typeof life>), body });
  const response = await hub.app.request(path, init);
  expect(response.status).toBe(200);
  await hub.settled();
  return ((await response.json()) as { delivery: string }).delivery;
}

const readable = async (...ids: string[]) => {
  const rows = await sql`select i.delivery_id::text as id from inbox i join inbox_groups g on g.group_no = i.group_no
     where salt_in(g.delivery_ids, g.salts, i.delivery_id) is not null`;
  return ids.map((id) => rows.some((row) => row.id === id));
};
const erase = (body: unknown, key: string) =>
  hub.app.request("/api/erasures", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
const ledger = async () => JSON.stringify(await sql`select * from transfers order by 1, 2, 3, 4`);

test("erasing a buyer makes every delivery that names them unreadable, and nobody else's; ledger and audit stay whole", async () => {
  const jane = await deliver(orderOf("811000000001", "Jane.Doe+shop@Example.com"));
  const again = await deliver(orderOf("811000000001", "Jane.Doe+shop@Example.com"));
  const dead = await deliver('{"broken": "jane.doe@example.com"');
  const john = await deliver(orderOf("811000000002", "john@example.com"));
  expect(await readable(jane, again, dead, john)).toStrictEqual([true, true, true, true]);
  const before = await ledger();
  const { admin, read } = hub.company.keys;
  expect((await erase({ email: "jane.doe@example.com" }, read)).status).toBe(403);
  expect((await erase({}, admin)).status).toBe(422);
  const answer = await erase({ email: "jane.doe@example.com" }, admin);
  expect([answer.status, await answer.json()]).toStrictEqual([200, { orders: 1, bodies: 3, waiting: 0 }]);
  expect(await readable(jane, again, dead, john)).toStrictEqual([false, false, false, true]);
  expect(await ledger()).toBe(before);
  const audit = await auditLedger(hub.pipeline, hub.company.companyId);
  expect([audit.balanced, audit.differences, audit.orders]).toStrictEqual([true, [], 2]);
  expect(await (await erase({ email: "jane.doe@example.com" }, admin)).json()).toStrictEqual({
    orders: 1,
    bodies: 0,
    waiting: 0,
  });
  const audits = await sql`select subject, details::text as details from audit_log where act = 'buyer.erase'`;
  expect(audits.length).toBe(2);
  expect(JSON.stringify(audits)).not.toMatch(/jane|doe/i);
});

test("a shop's own request erases a buyer's deliveries, and then itself; a request of another shape erases nothing", async () => {
  const order = await deliver(orderOf("811000000003", "mary@example.com"));
  const other = await deliver(orderOf("811000000004", "sue@example.com"));
  const ask = async (topic: string, body: Record<string, unknown>) => {
    const text = JSON.stringify({ shop_domain: hub.company.stores.shopify.domain, shop_id: 1, ...body });
    const response = await hub.app.request("/ingest/shopify", {
      method: "POST",
      body: text,
      headers: {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": createHmac("sha256", TEST_SHOPIFY_APP_SECRET).update(text).digest("base64"),
      },
    });
    expect(response.status).toBe(200);
    await hub.settled();
    return ((await response.json()) as { delivery: string }).delivery;
  };
  const run = () => redactJob(hub).run({ companyId: hub.company.companyId, subject: "company" }, new AbortController().signal);
  const customer = { id: 77, email: "mary@example.com", phone: null };
  // A data request sent again under another topic asks for no erasure.
  const replayed = await ask("shop/redact", { customer, orders_requested: [811000000003] });
  await run();
  expect(await readable(order, other, replayed)).toStrictEqual([true, true, false]);
  const request = await ask("customers/redact", { customer, orders_to_redact: [811000000003] });
  await run();
  expect(await readable(order, other, request)).toStrictEqual([false, true, false]);
  await ask("shop/redact", {});
  await run();
  expect(await readable(other)).toStrictEqual([false]);
});

test("a code that is an e-mail address is stored nowhere", async () => {
  const body = orderOf("811000000005", "zoe@example.com").replace(
    /"note_attributes":\[[^\]]*\]/,
    '"note_attributes":[{"name":"ref","value":"friend@example.com"}]',
  );
  expect(body).toContain("friend@example.com");
  await deliver(body);
  const [row] = await sql`
    select o.referral_code, r.snapshot from orders o join order_revisions r using (company_id, order_no) where o.platform_order_id = '811000000005'`;
  expect(row?.snapshot).toContain("811000000005");
  expect(JSON.stringify(row)).not.toContain("friend");
});

import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forgetBodiesJob, pruneDeliveriesJob } from "../inbox/job.ts";
import { pruneClicksJob } from "../referrals/job.ts";
import { tell } from "../testing/simple-orders.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub({ UPLINE_BODY_RETENTION_DAYS: "90", UPLINE_DELIVERY_RETENTION_DAYS: "180" });
  await setUpTestCompany(hub, "rival");
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  // Five deliveries, of 200, 100, 50, 20 and 0 days ago.
  for (const id of [1, 2, 3, 4, 5])
    await tell(hub, { platform: "shopify", id, placed: `2026-03-0${id}T10:00:00`, code: "MAYA21" });
  await hub.settled();
  const ids = (await owner`select delivery_id::text as id from inbox order by delivery_id`).map(({ id }) => String(id));
  await owner`alter table inbox disable trigger append_only`;
  for (const [index, days] of [200, 100, 50, 20, 0].entries()) {
    const id = ids[index] ?? "";
    await owner`update inbox set received_at = received_at - make_interval(days => ${days}) where delivery_id = ${id}`;
    await owner`update inbox_outcomes set processed_at = processed_at - make_interval(days => ${days}) where delivery_id = ${id}`;
  }
  await owner`alter table inbox enable trigger append_only`;
  await owner`insert into referral_clicks (company_id, day, folded_code, link_no, distributor_no, clicks, visitors, bots)
    select ${hub.company.companyId}, current_date - d, 'maya21', 0, 3, 1, 1, 0 from unnest(array[400, 100, 31, 30, 1]) d`;
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const call = async (method: string, path: string, body?: object, key = hub.company.keys.admin) => {
  const answer = await hub.app.request(`/api/retention${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const days = (body_days: number | null, delivery_days: number | null, click_days: number | null) => ({
  body_days,
  delivery_days,
  click_days,
});
const NOTHING = days(null, null, null);
const signal = new AbortController().signal;
const target = () => ({ companyId: hub.company.companyId, subject: "company" });

test("a company that decided nothing goes by the hub; a preview counts what the next run would take, and takes nothing", async () => {
  const defaults = { body_days: 90, delivery_days: 180, click_days: 0 };
  expect((await call("GET", "")).body).toStrictEqual({ ...NOTHING, defaults });
  expect((await call("POST", "/preview", NOTHING)).body).toStrictEqual({ bodies: 2, deliveries: 0, clicks: 0 });
  expect((await call("POST", "/preview", days(30, 60, 30))).body).toStrictEqual({ bodies: 3, deliveries: 0, clicks: 3 });
  expect((await call("POST", "/preview", days(0, 0, 365))).body).toStrictEqual({ bodies: 0, deliveries: 0, clicks: 1 });
  expect((await call("POST", "/preview", days(30, 60, 30))).body).toMatchObject({ bodies: 3, clicks: 3 });
});

test("the jobs take what was previewed, of this company alone, and what is set stands in the log", async () => {
  expect((await call("PUT", "", days(30, 60, 30))).body).toMatchObject(days(30, 60, 30));
  expect((await call("POST", "/preview", days(30, 60, 30))).body).toStrictEqual({ bodies: 3, deliveries: 0, clicks: 3 });
  expect(await forgetBodiesJob(hub).run(target(), signal)).toBe("3 bodies erased.");
  expect(await pruneClicksJob(hub).run(target(), signal)).toBe("3 counts of clicks deleted.");
  expect((await call("POST", "/preview", days(30, 60, 30))).body).toStrictEqual({ bodies: 0, deliveries: 2, clicks: 0 });
  expect(await pruneDeliveriesJob(hub).run(target(), signal)).toBe("2 deliveries deleted.");
  expect((await call("POST", "/preview", days(30, 60, 30))).body).toStrictEqual({ bodies: 0, deliveries: 0, clicks: 0 });
  expect((await owner`select from orders`).length).toBe(5);
  const [rival] = await owner`select company_id from companies where slug = 'rival'`;
  expect(await pruneClicksJob(hub).run({ companyId: Number(rival?.company_id), subject: "company" }, signal)).toMatch(/for ever/);
  const [entry] = await owner`select act, details from audit_log where act = 'company.retention'`;
  expect(entry?.details).toMatchObject({ before: { bodyDays: null }, after: { bodyDays: 30, deliveryDays: 60, clickDays: 30 } });
  expect((await call("PUT", "", days(0, 0, 0))).status).toBe(200);
  expect(await forgetBodiesJob(hub).run(target(), signal)).toMatch(/for ever/);
});

test("days out of bounds are refused by their field, and deliveries never go before their bodies", async () => {
  const refused = async (body: object) => {
    const { status, body: said } = await call("PUT", "", body);
    return [status, (said.errors as { path: string }[])[0]?.path];
  };
  expect(await refused(days(6, null, null))).toStrictEqual([400, "body_days"]);
  expect(await refused(days(null, 3_651, null))).toStrictEqual([400, "delivery_days"]);
  expect(await refused(days(null, null, 29))).toStrictEqual([400, "click_days"]);
  expect(await refused(days(200, null, null))).toStrictEqual([422, "delivery_days"]);
  expect(await refused(days(0, 60, null))).toStrictEqual([422, "delivery_days"]);
  expect((await call("PUT", "", NOTHING, hub.company.keys.read)).status).toBe(403);
});

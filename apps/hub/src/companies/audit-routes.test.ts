import { afterAll, beforeAll, expect, test } from "vitest";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { call } from "../testing/seed-fixture.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  const rival = await setUpTestCompany(hub, "rival");
  for (const { companyId, subject } of [
    { companyId: hub.company.companyId, subject: "first" },
    { companyId: hub.company.companyId, subject: "second" },
    { companyId: rival.companyId, subject: "foreign" },
  ])
    await asCompany(hub.db, companyId, (tx) =>
      insertAudit(tx, { companyId, actor: "person:p_1", act: "test.act", subject, details: { note: subject } }),
    );
});
afterAll(() => hub.close());

const get = (path: string, key = hub.company.keys.admin) => call(hub, `/api/audit${path}`, { key });

test("own entries, the newest first, page by page, by what was done and to what", async () => {
  const first = await get("?act=test.act&limit=1");
  expect(first.body.items).toMatchObject([{ actor: "person:p_1", subject: "second", details: { note: "second" } }]);
  const second = await get(`?act=test.act&limit=1&before=${first.body.next}`);
  expect([second.body.items.map(({ subject }: { subject: string }) => subject), second.body.next]).toStrictEqual([
    ["first"],
    null,
  ]);
  expect((await get("?subject=first&actor=person:p_1")).body.items).toHaveLength(1);
  expect((await get("?subject=foreign")).body.items).toStrictEqual([]);
  expect((await get("?act=test.act&until=2020-01-01")).body.items).toStrictEqual([]);
  expect((await get("?act=test.act&since=2020-01-01")).body.items).toHaveLength(2);
});

test("a key that may only read is told why", async () => {
  expect((await get("", hub.company.keys.read)).status).toBe(403);
});

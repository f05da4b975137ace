import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let rival: TestCompany;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  rival = await setUpTestCompany(hub, "rival");
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  await owner`update distributors set name = 'Anna Muster_Mann' where distributor_id = 'D03'`;
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

async function find(q: string, key = hub.company.keys.admin): Promise<string[]> {
  const answer = await hub.app.request(`/api/search?q=${encodeURIComponent(q)}`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status, q).toBe(200);
  const { items } = (await answer.json()) as { items: { kind: string; id: string; title: string; detail: string }[] };
  return items.map(({ kind, id, title }) => `${kind} ${id} ${title}`).sort();
}

test("orders by the beginning of their name or their shop's number, people by id and any part of a name, codes, products", async () => {
  const { body } = await sendOrder(hub, {
    ...{ ...JSON.parse(TRANSFORM), platform_order_id: "778899", distributor_ref: "ANNA77", total: null },
    items: [{ platform_sku: "KIT-STARTER", qty: 1, unit_price: 30 }],
  });
  const [row] = await owner`select order_name from orders where order_no = ${body.order_id}`;
  const order = `order ${body.order_id} ${row?.order_name}`;
  expect(await find("778899")).toStrictEqual([order]);
  expect(await find("7788")).toStrictEqual(String(row?.order_name).includes("7788") ? [order] : []);
  // An id is a code as well.
  expect(await find("D03")).toStrictEqual(["code D03 D03", "distributor D03 D03"]);
  expect(await find("uster")).toStrictEqual(["distributor D03 D03"]);
  expect(await find("anna7")).toStrictEqual(["code D03 ANNA77"]);
  expect(await find("nna77")).toStrictEqual(["code D03 ANNA77"]);
  expect(await find("tea collagen")).toStrictEqual(["sku COLLAGEN-JP COLLAGEN-JP"]);
});

test("signs of patterns are letters like others; another company's are not found; names are for who may read them", async () => {
  for (const q of ["%", "_", "%%%", "___", "\\", "D%3"]) expect(await find(q), q).toStrictEqual([]);
  expect(await find("r_mann")).toStrictEqual(["distributor D03 D03"]);
  expect(await find("rxmann")).toStrictEqual([]);
  await owner`update distributors set name = 'Only Theirs' where distributor_id = 'D07' and company_id = ${rival.companyId}`;
  expect(await find("only theirs")).toStrictEqual([]);
  expect(await find("only theirs", rival.keys.admin)).toStrictEqual(["distributor D07 D07"]);
  expect(await find("muster", hub.company.keys.read)).toStrictEqual([]);
});

test("parts and beginnings come from indexes", async () => {
  await owner`insert into distributors (company_id, distributor_no, distributor_id, name, enrolled_at, version)
    select ${hub.company.companyId}, 1000 + n, 'X' || n, 'Person ' || md5(n::text), now(), 1 from generate_series(1, 20000) n`;
  await owner`analyze distributors, referral_codes, orders`;
  const read = async () => {
    await owner`select pg_stat_force_next_flush()`;
    await owner`select pg_stat_clear_snapshot()`;
    const [row] = await owner`select seq_tup_read as read from pg_stat_user_tables where relname = 'distributors'`;
    return Number(row?.read);
  };
  const before = await read();
  await find("X19999");
  expect(await find("muster_m")).toStrictEqual(["distributor D03 D03"]);
  await hub.db.app`select pg_stat_force_next_flush()`;
  // What other tests read of the dozen that were there may be told late; none of the 20,000 was read.
  expect((await read()) - before).toBeLessThan(1_000);
});

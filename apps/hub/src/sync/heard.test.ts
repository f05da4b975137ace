import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { addStore } from "../stores/add.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { findLastDelivery, readHeard } from "./queries.ts";

/** How a store was heard is counted from its newest deliveries, and not from more of them than the day's and a few. */

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

let shops = 0;
async function storeWith(counts: { old: number; today: number; fetched: number }): Promise<string> {
  const { companyId } = hub.company;
  const { storeId } = await addStore(hub, {
    ...{ companyId, platform: "magento", domain: `heard${++shops}.example`, publicUrl: "https://hub.example", actor: "test" },
  });
  const rows = async (topic: string, count: number, age: string) => {
    await owner`
      insert into inbox (company_id, store_id, topic, sealed, received_at)
      select ${companyId}, ${storeId}, ${topic}, '\\x00', now() - ${age}::interval from generate_series(1, ${count}::integer)`;
  };
  await rows("order", counts.old, "30 hours");
  await rows("order", counts.today, "3 hours 10 minutes");
  await rows("import/order", counts.fetched, "1 minute");
  return storeId;
}

const read = (storeId: string) => {
  const { companyId } = hub.company;
  return asCompany(hub.db, companyId, async (tx) => {
    const { hours, isCut } = await readHeard(tx, { companyId, storeId });
    return { hours, isCut, last: await findLastDelivery(tx, { companyId, storeId }) };
  });
};

test.each([
  [{ old: 0, today: 0, fetched: 0 }],
  [{ old: 3, today: 5, fetched: 2 }],
  [{ old: 500, today: 0, fetched: 0 }],
  [{ old: 500, today: 199, fetched: 0 }],
  [{ old: 500, today: 200, fetched: 0 }],
  [{ old: 500, today: 201, fetched: 0 }],
  [{ old: 3_000, today: 1_500, fetched: 400 }],
  [{ old: 300, today: 2_100, fetched: 0 }],
])("of %o", async (counts) => {
  const { hours, isCut, last } = await read(await storeWith(counts));
  // The hour that is three hours back, of 24 of which the last is the present one.
  expect(hours).toStrictEqual(Array.from({ length: 24 }, (_, hour) => (hour === 20 ? counts.today : 0)));
  expect(isCut).toBe(false);
  const ageHours = last === null ? null : Math.floor((Date.now() - last.getTime()) / 3_600_000);
  expect(ageHours).toBe(counts.today > 0 ? 3 : counts.old > 0 ? 30 : null);
});

test("what came behind the beginning of the transaction that looks is of the present hour, and changes nothing else", async () => {
  const storeId = await storeWith({ old: 0, today: 2, fetched: 0 });
  const { companyId } = hub.company;
  await owner`
    insert into inbox_outcomes (company_id, delivery_id, outcome, processed_at)
    select company_id, delivery_id, 'applied', received_at + interval '250 milliseconds' from inbox where store_id = ${storeId}`;
  const heard = await asCompany(hub.db, companyId, async (tx) => {
    await tx`select 1`;
    await owner`insert into inbox (company_id, store_id, topic, sealed) values (${companyId}, ${storeId}, 'order', '\\x00')`;
    return readHeard(tx, { companyId, storeId });
  });
  expect([heard.hours[20], heard.hours[23], heard.processedMs]).toStrictEqual([2, 1, 250]);
});

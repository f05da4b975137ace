import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { auditLedger } from "../orders/audit.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { forgetOldBodies } from "./forget-bodies.ts";
import { insertDeliveries } from "./insert.ts";
import { pruneDeliveries } from "./prune.ts";

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

const [life] = recordedLives().filter(({ platform, topic }) => platform === "shopify" && topic === "orders/create");
if (!life) throw new Error("the fixture is missing");

async function deliver(body: string): Promise<bigint> {
  const { path, init } = signedRequest(hub.company.stores.shopify, { ...(life as NonNullable<typeof life>), body });
  const response = await hub.app.request(path, init);
  await hub.settled();
  return BigInt(((await response.json()) as { delivery: string }).delivery);
}

/** As if it had come and been processed so many days ago. */
async function age(deliveryIds: readonly bigint[], days: number): Promise<void> {
  const ids = deliveryIds.map(String);
  await owner.begin(async (tx) => {
    await tx`alter table inbox disable trigger append_only`;
    await tx`update inbox set received_at = received_at - make_interval(days => ${days}) where delivery_id = any(${ids}::bigint[])`;
    await tx`update inbox_outcomes set processed_at = processed_at - make_interval(days => ${days}) where delivery_id = any(${ids}::bigint[])`;
    await tx`alter table inbox enable trigger append_only`;
  });
}

async function left(deliveryIds: readonly bigint[]): Promise<boolean[]> {
  const rows = await owner`select delivery_id::text as id from inbox`;
  return deliveryIds.map((deliveryId) => rows.some((row) => row.id === String(deliveryId)));
}

const everywhere = async (deliveryId: bigint) => {
  const id = String(deliveryId);
  const [row] = await owner`
    select (select count(*) from inbox where delivery_id = ${id})::int as inbox, (select count(*) from inbox_outcomes where delivery_id = ${id})::int as outcomes,
           (select count(*) from inbox_groups where ${id}::bigint = any(delivery_ids))::int as groups`;
  return [row?.inbox, row?.outcomes, row?.groups];
};

test("what was processed half a year ago and is erased goes, and nothing else does; orders and ledger stay whole", async () => {
  const { companyId, stores } = hub.company;
  const bravo = await setUpTestCompany(hub, "bravo");
  const old = await deliver(life.body);
  const young = await deliver(life.body);
  const dead = await deliver("{");
  const given = (company: typeof bravo) => ({
    companyId: company.companyId,
    storeId: company.stores.shopify.storeId,
    topic: "orders/create",
    platformDeliveryId: null,
    encoding: "utf8" as const,
    body: "{}",
  });
  // Committed together: one waits, so that its group is not done.
  const together = (await insertDeliveries(hub, [given(hub.company), given(hub.company)])).map(({ deliveryId }) => deliveryId);
  const [foreign = 0n] = (await insertDeliveries(hub, [given(bravo)])).map(({ deliveryId }) => deliveryId);
  await owner`insert into inbox_outcomes (company_id, delivery_id, outcome) values (${companyId}, ${String(together[0])}, 'ignored'),
    (${bravo.companyId}, ${String(foreign)}, 'ignored')`;
  const hint = await deliver(life.body);
  await owner`update inbox_outcomes set outcome = 'hint', detail = 'order 1' where delivery_id = ${String(hint)}`;
  const all = [old, young, dead, ...together, foreign, hint];
  await age(all, 181);
  await age([young], -2);
  const ledger = JSON.stringify(await owner`select * from transfers order by 1, 2, 3, 4`);

  // A body that can be read is never deleted.
  expect(await pruneDeliveries(hub, { companyId, days: 180 })).toBe(0);
  await forgetOldBodies(hub, { companyId, before: new Date(Date.now() - 90 * 86_400_000) });
  await forgetOldBodies(hub, { companyId: bravo.companyId, before: new Date(Date.now() - 90 * 86_400_000) });
  expect(await pruneDeliveries(hub, { companyId, days: 180 })).toBe(1);
  expect(await left(all)).toStrictEqual([false, true, true, true, true, true, true]);
  expect(await everywhere(old)).toStrictEqual([0, 0, 0]);
  expect(await pruneDeliveries(hub, { companyId, days: 178 })).toBe(1);
  expect(await left(all)).toStrictEqual([false, false, true, true, true, true, true]);

  await owner`insert into answered_hints (company_id, delivery_id, answer) values (${companyId}, ${String(hint)}, 'order')`;
  expect(await pruneDeliveries(hub, { companyId, days: 178 })).toBe(1);
  expect(await everywhere(hint)).toStrictEqual([0, 0, 0]);
  expect((await owner`select count(*)::int as n from answered_hints`)[0]?.n).toBe(0);

  expect(JSON.stringify(await owner`select * from transfers order by 1, 2, 3, 4`)).toBe(ledger);
  const audit = await auditLedger(hub.pipeline, companyId);
  expect([audit.balanced, audit.differences, audit.orders]).toStrictEqual([true, [], 1]);
  // The same order again finds what it did before, and pays nobody twice.
  await deliver(life.body);
  expect(JSON.stringify(await owner`select * from transfers order by 1, 2, 3, 4`)).toBe(ledger);
  expect(stores.shopify.storeId).toBe(given(hub.company).storeId);
});

test("the inbox is append-only for everybody else, and pruned by a company for itself only", async () => {
  const { companyId } = hub.company;
  await expect(owner`delete from inbox`).rejects.toThrow(/append-only/);
  await expect(owner`truncate inbox`).rejects.toThrow(/append-only/);
  const asApp = (work: Parameters<typeof asCompany>[2]) => asCompany(hub.db, companyId, work);
  await expect(asApp((tx) => tx`delete from inbox`)).rejects.toThrow(/permission denied/);
  await expect(
    asApp(async (tx) => {
      await tx`select set_config('upline.pruning', 'yes', true)`;
      return tx`delete from inbox`;
    }),
  ).rejects.toThrow(/permission denied/);
  await expect(asApp((tx) => tx`select * from prune_deliveries(${companyId + 1}, 0, 180, 10)`)).rejects.toThrow(/not of company/);
  await expect(asApp((tx) => tx`select * from prune_deliveries(${companyId}, 0, 0, 10)`)).rejects.toThrow(/at least a day/);
  await expect(hub.db.gate`select * from prune_deliveries(${companyId}, 0, 180, 10)`).rejects.toThrow(/permission denied/);
  // Having pruned once, a transaction may delete nothing more.
  await expect(
    owner.begin(async (tx) => {
      await tx`select set_config('upline.company_id', ${String(companyId)}, true)`;
      await tx`select * from prune_deliveries(${companyId}, 0, 180, 10)`;
      await tx`delete from inbox`;
    }),
  ).rejects.toThrow(/append-only/);
});

test("however many there are, they go in bounded transactions, and what stays in between is passed over", async () => {
  const { companyId, stores } = hub.company;
  const delivery = {
    companyId,
    storeId: stores.shopify.storeId,
    topic: "x",
    platformDeliveryId: null,
    encoding: "utf8" as const,
  };
  const ids: bigint[] = [];
  for (let commit = 0; commit < 450; commit++)
    ids.push(...(await insertDeliveries(hub, [{ ...delivery, body: "{}" }])).map((kept) => kept.deliveryId));
  await owner`
    insert into inbox_outcomes (company_id, delivery_id, outcome)
    select ${companyId}, id, case when id % 10 = 0 then 'dead' else 'ignored' end from unnest(${ids.map(String)}::bigint[]) as id`;
  await owner`update inbox_groups set salts = null where group_no = any(${ids.map(String)}::bigint[])`;
  await age(ids, 200);
  const kept = ids.filter((id) => id % 10n === 0n);
  expect(await pruneDeliveries(hub, { companyId, days: 180 })).toBe(ids.length - kept.length);
  expect(await left(ids)).toStrictEqual(ids.map((id) => id % 10n === 0n));
});

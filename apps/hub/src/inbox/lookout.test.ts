import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordedLives } from "../testing/recorded-lives.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { insertDeliveries } from "./insert.ts";
import { countPending, markInbox, raiseFloor } from "./waiting.ts";

let hub: TestHub;
let bravo: TestCompany;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  bravo = await setUpTestCompany(hub, "bravo");
  owner = postgres(hub.db.url, { max: 2, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const BACKLOG = 20_600;
const [life] = recordedLives().filter(({ platform, topic }) => platform === "shopify" && topic === "orders/create");
if (!life) throw new Error("the fixture is missing");
const { body } = life;

/** Acknowledged deliveries of bravo that nobody holds in memory, as a crash leaves them. */
async function leaveBehind(count: number): Promise<bigint[]> {
  const delivery = {
    companyId: bravo.companyId,
    storeId: bravo.stores.shopify.storeId,
    topic: "orders/create",
    platformDeliveryId: null,
    encoding: "utf8" as const,
    body,
  };
  const kept = await insertDeliveries(
    hub,
    Array.from({ length: count }, () => delivery),
  );
  return kept.map(({ deliveryId }) => deliveryId);
}

const processed = async () =>
  (await owner`select count(*)::int as done from inbox_outcomes where company_id = ${bravo.companyId}`)[0]?.done as number;
const floor = async () => (await owner`select delivery_id::int as floor from inbox_floor`)[0]?.floor as number;

test("however many deliveries of one company wait for an attempt, those of another behind them are found, and the floor passes none that waits", async () => {
  const first = await leaveBehind(1);
  await owner`
    insert into inbox (company_id, store_id, topic, body)
    select ${hub.company.companyId}, ${hub.company.stores.shopify.storeId}, 'orders/create', '{}' from generate_series(1, ${BACKLOG})`;
  await owner`
    insert into inbox_retries (company_id, delivery_id, attempts, next_attempt_at, error)
    select company_id, delivery_id, 3, now() + interval '1 hour', 'waits' from inbox where company_id = ${hub.company.companyId}`;
  await leaveBehind(100);
  await raiseFloor(hub.db.gate, await markInbox(hub.db.gate));
  expect(await floor()).toBeLessThan(Number(first[0]));

  await hub.worker.sweep(0);
  await hub.settled();
  expect(await processed()).toBe(101);

  await raiseFloor(hub.db.gate, await markInbox(hub.db.gate));
  expect(await floor()).toBe(Number(first[0]));
  expect(await countPending(hub.db.gate)).toBe(20_000);
});

test("a backlog that is due in one company is taken in as far as there is room, and another company's delivery with the first look", async () => {
  await owner`update inbox_retries set next_attempt_at = now()`;
  await leaveBehind(5);
  const before = await processed();
  await hub.worker.sweep(0);
  await hub.settled();
  expect(await processed()).toBe(before + 5);
  const waiting = await countPending(hub.db.gate);
  expect(waiting).toBeGreaterThan(0);
  for (let looks = 0; looks < 50 && (await countPending(hub.db.gate)) > 0; looks++) {
    await hub.worker.sweep(0);
    await hub.settled();
  }
  expect(await countPending(hub.db.gate)).toBe(0);
});

test("the floor does not rise over a delivery that a running transaction may still commit", async () => {
  const [row] = await owner`select nextval(pg_get_serial_sequence('inbox', 'delivery_id'))::text as number`;
  await leaveBehind(1);
  await hub.worker.sweep(0);
  await hub.settled();
  const mark = await markInbox(hub.db.gate);
  await owner.begin(async (late) => {
    await late`
      insert into inbox (company_id, delivery_id, store_id, topic, body) overriding system value
      values (${bravo.companyId}, ${row?.number}, ${bravo.stores.shopify.storeId}, 'orders/create', ${body})`;
    // Still running: nothing at all may be passed over yet that it may commit below.
    const before = await floor();
    await raiseFloor(hub.db.gate, await markInbox(hub.db.gate));
    expect(await floor()).toBe(before);
  });
  await raiseFloor(hub.db.gate, mark);
  expect(await floor()).toBeLessThan(Number(row?.number));
});

import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordedLives } from "../testing/recorded-lives.ts";
import { setUpTestCompany, type TestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { insertDeliveries } from "./insert.ts";
import { Lookout } from "./lookout.ts";
import { countPending } from "./waiting.ts";

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

/** Deliveries of a company that the owner writes; each is a group of its own. */
async function write(
  tx: postgres.Sql | postgres.TransactionSql,
  company: TestCompany,
  args: { count?: number; first?: string; body: string },
): Promise<void> {
  const { count = 1, first, body } = args;
  await tx`
    with given as materialized (
      select coalesce(${first ?? null}::bigint, nextval('inbox_delivery_id_seq')) as delivery_id from generate_series(1, ${count})),
    grouped as (
      insert into inbox_groups (company_id, group_no, delivery_ids)
      select ${company.companyId}, delivery_id, array[delivery_id] from given)
    insert into inbox (company_id, delivery_id, store_id, topic, body) overriding system value
    select ${company.companyId}, delivery_id, ${company.stores.shopify.storeId}, 'orders/create', ${body} from given`;
}

test("however many deliveries of one company wait for an attempt, those of another behind them are found, and the floor passes none that waits otherwise", async () => {
  const [first = 0n] = await leaveBehind(1);
  await write(owner, hub.company, { count: BACKLOG, body: "{}" });
  await owner`
    insert into inbox_retries (company_id, delivery_id, attempts, next_attempt_at, error)
    select company_id, delivery_id, 3, now() + interval '1 hour', 'waits' from inbox where company_id = ${hub.company.companyId}`;
  await leaveBehind(100);
  expect(await countPending(hub.db.gate)).toBe(20_000);
  // Of a process that has room for none of bravo's, and looks at everybody else's.
  const full = new Lookout(hub.db.gate);
  const room = { of: (companyId: number) => (companyId === bravo.companyId ? 0 : 100), holds: () => false, did: () => false };
  for (let looks = 0; looks < 30; looks++) await full.look(room, { olderThanMs: 0, take: () => true });
  expect(await floor()).toBeLessThan(Number(first));

  await hub.worker.sweep(0);
  await hub.worker.idle();
  expect(await processed()).toBe(101);
  expect(await countPending(hub.db.gate)).toBe(20_000);
});

test("a backlog that is due in one company is taken in as far as there is room, and another company's delivery with the first look", async () => {
  await owner`update inbox_retries set next_attempt_at = now()`;
  await leaveBehind(5);
  const before = await processed();
  await hub.worker.sweep(0);
  await hub.worker.idle();
  expect(await processed()).toBe(before + 5);
  const waiting = await countPending(hub.db.gate);
  expect(waiting).toBeGreaterThan(0);
  for (let looks = 0; looks < 50 && (await countPending(hub.db.gate)) > 0; looks++) {
    await hub.worker.sweep(0);
    await hub.worker.idle();
  }
  expect(await countPending(hub.db.gate)).toBe(0);
});

test("what a transaction commits behind numbers that were looked through is found by the same process, and no floor rises over it", async () => {
  const [row] = await owner`select nextval('inbox_delivery_id_seq')::text as number`;
  const before = await processed();
  const late = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const committed = owner.begin(async (tx) => {
    await write(tx, bravo, { first: row?.number, body });
    written.resolve();
    await late.promise;
  });
  await written.promise;
  await leaveBehind(1);
  for (let looks = 0; looks < 3; looks++) {
    await hub.worker.sweep(0);
    await hub.worker.idle();
  }
  expect(await processed()).toBe(before + 1);
  const other = new Lookout(hub.db.gate);
  const room = { of: () => 100, holds: () => false, did: () => false };
  await other.look(room, { olderThanMs: 0, take: () => true });
  expect(await floor()).toBeLessThan(Number(row?.number));
  late.resolve();
  await committed;
  await hub.worker.sweep(0);
  await hub.worker.idle();
  expect(await processed()).toBe(before + 2);
});

test("what is let go of while a look is under way is found by the next", async () => {
  const [left = 0n] = await leaveBehind(1);
  const lookout = new Lookout(hub.db.gate);
  let held = true;
  const taken: bigint[] = [];
  const take = (deliveries: readonly { deliveryId: bigint }[]) => {
    taken.push(...deliveries.map(({ deliveryId }) => deliveryId));
    return true;
  };
  // Held when the look asks, and let go before it is over, as when the database went away meanwhile.
  const room = {
    of: () => 100,
    did: () => false,
    holds: (deliveryId: bigint) => {
      const answer = held && deliveryId === left;
      if (answer) {
        queueMicrotask(() => {
          held = false;
          lookout.again(bravo.companyId);
        });
      }
      return answer;
    },
  };
  await lookout.look(room, { olderThanMs: 0, take });
  await lookout.look(room, { olderThanMs: 0, take });
  expect(taken).toContain(left);
  await hub.worker.sweep(0);
  await hub.worker.idle();
});

test("what a look saw before it failed is found by the next, and no floor rises over it meanwhile", async () => {
  const [left = 0n] = await leaveBehind(1);
  for (const failing of ["pg_column_size(sealed)", "join stores on", "next_attempt_at <= now()"]) {
    let isAway = true;
    const gate = new Proxy(hub.db.gate, {
      apply: (target, self, args: readonly unknown[]) => {
        const [strings] = args;
        const asked = Array.isArray(strings) ? strings.join("") : "";
        if (isAway && asked.includes(failing)) return Promise.reject(new Error("the database went away"));
        return Reflect.apply(target, self, args);
      },
    });
    const lookout = new Lookout(gate);
    const taken: bigint[] = [];
    const take = (deliveries: readonly { deliveryId: bigint }[]) => {
      taken.push(...deliveries.map(({ deliveryId }) => deliveryId));
      return true;
    };
    const room = { of: () => 100, holds: (deliveryId: bigint) => taken.includes(deliveryId), did: () => false };
    await expect(lookout.look(room, { olderThanMs: 0, take })).rejects.toThrow("the database went away");
    isAway = false;
    await lookout.look(room, { olderThanMs: 0, take });
    expect(await floor()).toBeLessThan(Number(left));
    expect(taken, failing).toContain(left);
  }
});

test("a delivery that its group names and that is not there holds up nothing behind it", async () => {
  await hub.worker.sweep(0);
  await hub.worker.idle();
  const before = await processed();
  const [gone = 0n] = await leaveBehind(1);
  await owner.begin(async (tx) => {
    await tx`alter table inbox disable trigger user`;
    await tx`delete from inbox where delivery_id = ${String(gone)}::bigint`;
    await tx`alter table inbox enable trigger user`;
  });
  await write(owner, bravo, { count: 1_200, body });
  for (let looks = 0; looks < 5; looks++) {
    await hub.worker.sweep(0);
    await hub.worker.idle();
  }
  expect(await processed()).toBe(before + 1_200);
});

import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { insertDeliveries } from "../inbox/insert.ts";
import { openBody, scheduleRetry } from "../inbox/queries.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let sql: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  // From here on it looks through the inbox when it is told to, and not in between: what is put off is due a second later.
  await hub.worker.stop();
  sql = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await hub.close();
});

const paid = recordedLives().find(
  (life) => life.platform === "shopify" && life.topic === "orders/create" && life.body.includes("9007199254740993118"),
);
if (!paid) throw new Error("the fixture is missing");

/** The same order under another id. */
function another(id: string): { platform: "shopify"; topic: string; body: string } {
  return {
    platform: "shopify",
    topic: "orders/create",
    body: (paid as { body: string }).body.replaceAll("9007199254740993118", id),
  };
}

async function outcomeOf(orderId: string): Promise<string | undefined> {
  const rows = await sql<{ outcome: string; salt: Buffer; sealed: Buffer; packedFrom: number | null }[]>`
    select o.outcome, salt_in(g.delivery_ids, g.salts, i.delivery_id) as salt, i.sealed, i.packed_from as "packedFrom"
      from inbox_outcomes o join inbox i using (delivery_id) join inbox_groups g on g.group_no = i.group_no`;
  const bodyOf = (row: (typeof rows)[number]) => {
    try {
      return openBody(hub.box, { body: row, encoding: "utf8" });
    } catch {
      return null;
    }
  };
  return rows.find((row) => bodyOf(row)?.includes(`"id":${orderId},`))?.outcome;
}

test("a poison order is bisected out of its batch: the others are paid, it becomes a dead letter", async () => {
  const ids = Array.from({ length: 24 }, (_, index) => String(7_100_000_000_000 + index));
  const poison = ids[9] as string;
  const send = (id: string) => {
    const life = another(id);
    // More than the ledger's integers hold, in a body that is sound otherwise.
    const body = id === poison ? life.body.replace(/"amount":"49\.90"/g, '"amount":"99999999999999999.90"') : life.body;
    if (id === poison) expect(body).not.toBe(life.body);
    const { path, init } = signedRequest(hub.company.stores.shopify, { ...life, body });
    return hub.app.request(path, init);
  };
  const answers = await Promise.all(ids.map(send));
  assert.ok(answers.every((answer) => answer.status === 200));
  await hub.worker.idle();
  for (const id of ids) expect(await outcomeOf(id), id).toBe(id === poison ? "dead" : "applied");
  const [paidOrders] = await sql<{ count: number }[]>`select count(distinct source_no)::int as count from transfers`;
  expect(paidOrders?.count).toBe(ids.length - 1);
});

test("the sweeper finds what nobody holds, and leaves what waits for its next attempt", async () => {
  const { companyId, stores } = hub.company;
  const rows = ["7200000000001", "7200000000002"].map((id) => ({
    companyId,
    storeId: stores.shopify.storeId,
    topic: "orders/create",
    platformDeliveryId: null,
    encoding: "utf8" as const,
    body: another(id).body,
  }));
  const [, later] = await insertDeliveries(hub, rows);
  assert.ok(later);
  await scheduleRetry(hub.db.gate, {
    companyId,
    deliveryId: later.deliveryId,
    attempts: 1,
    delayMs: 600_000,
    error: "database error 57P01",
  });
  await hub.worker.sweep(0);
  await hub.worker.idle();
  expect([await outcomeOf("7200000000001"), await outcomeOf("7200000000002")]).toStrictEqual(["applied", undefined]);
  await sql`update inbox_retries set next_attempt_at = now()`;
  await hub.worker.sweep(0);
  await hub.worker.idle();
  expect(await outcomeOf("7200000000002")).toBe("applied");
});

test("a unique violation that is no race is bisected out as well, put off a bounded number of times, and then a dead letter", async () => {
  const ids = Array.from({ length: 24 }, (_, index) => String(7_400_000_000_000 + index));
  const poison = ids[13] as string;
  await sql.unsafe(`
    create function refuse_poison() returns trigger language plpgsql as $$ begin
      raise exception 'twice' using errcode = 'unique_violation';
    end $$;
    create trigger refuse_poison before insert on orders for each row when (new.platform_order_id = '${poison}') execute function refuse_poison()`);
  const sent = ids.map((id) => {
    const { path, init } = signedRequest(hub.company.stores.shopify, another(id));
    return hub.app.request(path, init);
  });
  await Promise.all(sent);
  await hub.worker.idle();
  for (const id of ids) expect(await outcomeOf(id)).toBe(id === poison ? undefined : "applied");
  const attempts = async () => (await sql`select attempts from inbox_retries where error = 'database error 23505'`)[0]?.attempts;
  for (let attempt = 2; attempt <= 12; attempt++) {
    expect(await attempts()).toBe(attempt - 1);
    expect(await outcomeOf(poison)).toBe(undefined);
    await sql`update inbox_retries set next_attempt_at = now()`;
    await hub.worker.sweep(0);
    await hub.worker.idle();
  }
  expect(await outcomeOf(poison)).toBe("dead");
});

test("a stored body that cannot be opened becomes a dead letter, and what is read with it goes through", async () => {
  const { companyId, stores } = hub.company;
  const rows = ["7500000000001", "7500000000002", "7500000000003"].map((id) => ({
    ...{ companyId, storeId: stores.shopify.storeId, topic: "orders/create", platformDeliveryId: null },
    ...{ encoding: "utf8" as const, body: another(id).body },
  }));
  const [, damaged] = await insertDeliveries(hub, rows);
  assert.ok(damaged);
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update inbox set sealed = set_byte(sealed, 5, get_byte(sealed, 5) # 1) where delivery_id = ${String(damaged.deliveryId)}`;
  });
  await hub.worker.sweep(0);
  await hub.worker.idle();
  expect([await outcomeOf("7500000000001"), await outcomeOf("7500000000003")]).toStrictEqual(["applied", "applied"]);
  const [dead] = await sql`select outcome, detail from inbox_outcomes where delivery_id = ${String(damaged.deliveryId)}`;
  expect(dead).toStrictEqual({ outcome: "dead", detail: "its stored body is damaged" });
});

import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import postgres from "postgres";
import { assert, expect, test } from "vitest";
import { prepareCompany } from "./bench/company.ts";
import { startHubProcess } from "./bench/hub-process.ts";
import { LoadMaker, type OrderEvent } from "./bench/load.ts";
import { Wire } from "./bench/wire.ts";
import { createTestDatabase } from "./testing/test-database.ts";

const KILLS = 20;
const ORDERS = 1_200;

/** Every order's life, in the order it happened; some end refunded. Deliveries come shuffled, and one in five comes twice. */
function lives(): OrderEvent[] {
  const events = Array.from({ length: ORDERS }, (_, order): OrderEvent[] => [
    { order, topic: "orders/create", minute: 1, financialStatus: "pending", unitsBack: 0 },
    { order, topic: "orders/paid", minute: 2, financialStatus: "paid", unitsBack: 0 },
    ...(order % 3 === 0
      ? [{ order, topic: "orders/updated", minute: 3, financialStatus: "partially_refunded" as const, unitsBack: 1 as const }]
      : []),
    ...(order % 6 === 0
      ? [{ order, topic: "orders/updated", minute: 4, financialStatus: "refunded" as const, unitsBack: 2 as const }]
      : []),
  ]).flat();
  const doubled = events.flatMap((event) => (randomInt(5) === 0 ? [event, event] : [event]));
  for (let index = doubled.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [doubled[index], doubled[other]] = [doubled[other] as OrderEvent, doubled[index] as OrderEvent];
  }
  return doubled;
}

test(`kill -9 at ${KILLS} random moments under load: every acknowledged delivery has exactly one effect`, {
  timeout: 900_000,
}, async (t) => {
  const database = await createTestDatabase();
  t.onTestFinished(() => database.drop());
  const secretKey = Buffer.alloc(32, 7).toString("base64");
  const company = await prepareCompany({ url: database.url, secretKey });
  const maker = new LoadMaker({ storePath: company.storePath, secret: company.secret, bodyBytes: 3_000, codes: company.codes });
  const unsent = lives().map((event) => maker.request(event));
  const total = unsent.length;
  let acknowledged = 0;
  let kills = 0;
  let asked = false;
  let child: ChildProcess | null = null;
  t.onTestFinished(() => void child?.kill("SIGKILL"));

  while (unsent.length > 0 || kills < KILLS) {
    const hub = await startHubProcess({ url: database.url, secretKey, role: "all" });
    child = hub.child;
    const wire = await Wire.open({ host: "127.0.0.1", port: hub.port, connections: 16 });
    const share = kills < KILLS ? Math.ceil(total / KILLS) + 20 : unsent.length;
    const batch = unsent.splice(0, share);
    const untilKill = randomInt(batch.length + 1);
    const reached = Promise.withResolvers<void>();
    let answered = 0;
    if (untilKill === 0) reached.resolve();
    const sending = batch.map(async (request) => {
      const { status } = await wire.send(request);
      if (status === 200) acknowledged++;
      else unsent.push(request);
      if (++answered === untilKill) reached.resolve();
    });
    if (kills < KILLS) {
      // The moment is one of progress, not of time: a random number of answers, and a little later, while others are under way.
      await reached.promise;
      await new Promise((resolve) => setTimeout(resolve, randomInt(20)));
      hub.child.kill("SIGKILL");
      kills++;
    } else if (!asked) {
      // One stop is a polite one, in the middle of the load: the hub finishes what it took and ends well.
      asked = true;
      const ended = new Promise<number | null>((resolve) => hub.child.on("exit", resolve));
      hub.child.kill("SIGTERM");
      expect(await ended).toBe(0);
    } else {
      await Promise.all(sending);
      await settled(database.url);
      hub.child.kill("SIGKILL");
    }
    await Promise.all(sending);
    wire.close();
  }

  const sql = postgres(database.url, { max: 1 });
  t.onTestFinished(() => sql.end());
  const [counts] = await sql`
    select (select count(*)::int from inbox) as stored, (select count(*)::int from inbox_outcomes) as outcomes,
           (select count(*)::int from inbox_outcomes where outcome = 'dead') as dead, (select count(*)::int from orders) as orders`;
  expect(acknowledged).toBe(total);
  // A delivery may be stored although its answer was lost with the hub: the shop then sends it again, and it is a duplicate.
  assert.ok(counts?.stored >= total, `${counts?.stored} stored of ${total} acknowledged`);
  expect([counts?.outcomes, counts?.dead, counts?.orders]).toStrictEqual([counts?.stored, 0, ORDERS]);

  const rows = await sql<{ order: number; entry: string; amount: string }[]>`
    select o.platform_order_id::bigint - 7000000000000 as order, split_part(t.entry_key, ':', 1) || ':' || split_part(t.entry_key, ':', 3) as entry,
           sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end)::text as amount
      from transfers t join orders o on o.company_id = t.company_id and o.order_no = t.source_no
     group by 1, 2 order by 1, 2`;
  const byOrder = Map.groupBy(rows, (row) => Number(row.order));
  for (let order = 0; order < ORDERS; order++) {
    const kept = order % 6 === 0 ? 0n : order % 3 === 0 ? 1n : 2n;
    const paid = byOrder.get(order) ?? [];
    assert.ok(kept === 0n || paid.length > 0, `order ${order} has no commission`);
    for (const row of paid) {
      const whole = company.wholeAmountMinor(row.entry);
      // Two units of 49.90: one given back leaves the stored amount less half of it, rounded half up.
      const expected = kept === 2n ? whole : kept === 1n ? whole - (whole + 1n) / 2n : 0n;
      expect(BigInt(row.amount), `order ${order}, ${row.entry}`).toBe(expected);
    }
  }
  await t.annotate(
    `${kills} kills, ${total} deliveries acknowledged, ${counts?.stored} stored, ${rows.length} entries to the last unit`,
  );
});

async function settled(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  try {
    for (;;) {
      const [row] = await sql`select (select count(*) from inbox)::int - (select count(*) from inbox_outcomes)::int as left`;
      if (row?.left === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await sql.end();
  }
}

import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { insertDeliveries } from "./insert.ts";
import { Lookout } from "./lookout.ts";

/** What a look costs is counted in pages and rows, as PostgreSQL itself counts them: it must be the same however much lies behind it. */

let hub: TestHub;
let owner: postgres.Sql;
let gate: postgres.Sql<{ bigint: bigint }>;
let asked: { text: string; parameters: unknown[] }[] = [];
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  gate = postgres(hub.db.url, {
    max: 1,
    types: { bigint: postgres.BigInt },
    connection: { role: "upline_gate", plan_cache_mode: "force_custom_plan" },
    debug: (_connection, text, parameters) => void asked.push({ text, parameters: [...parameters] }),
  });
});
afterAll(async () => {
  await gate.end();
  await owner.end();
  await hub.close();
});

interface Plan {
  readonly "Actual Rows"?: number;
  readonly "Actual Loops"?: number;
  readonly "Node Type": string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
}

/** Pages that a plan touched, and rows that its scans read. */
function costOf(plan: Plan): { pages: number; rows: number } {
  const rowsOf = (node: Plan): number =>
    (/Scan$/.test(node["Node Type"]) ? (node["Actual Rows"] ?? 0) * (node["Actual Loops"] ?? 1) : 0) +
    (node.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), 0);
  return { pages: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], rows: rowsOf(plan) };
}

/** Runs every statement of the last look once more, and asks PostgreSQL what it did. */
async function costOfLook(): Promise<{ statements: number; pages: number; rows: number }> {
  const statements = asked.filter(({ text }) => /^\s*(select|update|delete)/.test(text));
  const total = { statements: statements.length, pages: 0, rows: 0 };
  for (const { text, parameters } of statements) {
    const [row] = await owner.unsafe(`explain (analyze, buffers, format json) ${text}`, parameters as never[]);
    const { pages, rows } = costOf(row?.["QUERY PLAN"][0].Plan);
    total.pages += pages;
    total.rows += rows;
  }
  return total;
}

/** As much as lies in an inbox that works: groups of a hundred, all done, and the floor at the last of them. */
async function processed(deliveries: number): Promise<void> {
  await owner`truncate inbox_groups, inbox_outcomes`;
  const { companyId } = hub.company;
  await owner`
    insert into inbox_groups (company_id, group_no, delivery_ids)
    select ${companyId}, n * 100 + 1, array(select n * 100 + i from generate_series(1, 100) i) from generate_series(0, ${deliveries / 100 - 1}::bigint) n`;
  await owner`insert into inbox_outcomes (company_id, delivery_id, outcome) select ${companyId}, n, 'applied' from generate_series(1, ${deliveries}::bigint) n`;
  await owner`update inbox_floor set delivery_id = ${deliveries - 99}`;
  await owner`select setval('inbox_delivery_id_seq', ${deliveries})`;
  for (const table of ["inbox_groups", "inbox_outcomes"]) await owner.unsafe(`vacuum analyze ${table}`);
}

/** A look of a process that has been at work for a while, after these deliveries came, in commits of so many. */
async function look(args: { commits: number; each: number; did: boolean }) {
  const lookout = new Lookout(gate);
  let [holding, did] = [true, false];
  const room = { of: () => 1_000, holds: () => holding, did: () => did };
  const options = { olderThanMs: 0, take: () => true };
  await lookout.look(room, options);
  const { companyId, stores } = hub.company;
  for (let commit = 0; commit < args.commits; commit++) {
    const delivery = { companyId, storeId: stores.shopify.storeId, topic: "orders/create", platformDeliveryId: null };
    await insertDeliveries(
      hub,
      Array.from({ length: args.each }, () => ({ ...delivery, encoding: "utf8" as const, body: "{}" })),
    );
  }
  [holding, did] = [false, args.did];
  asked = [];
  const { found } = await lookout.look(room, options);
  return { found, ...(await costOfLook()) };
}

test("a look costs the same over a thousand deliveries and over a million, and nothing for each that this process saw through", async () => {
  await processed(1_000);
  const few = await look({ commits: 3, each: 10, did: false });
  const own = await look({ commits: 3, each: 10, did: true });
  const ownAtTenTimesTheRate = await look({ commits: 3, each: 100, did: true });
  await processed(1_000_000);
  const many = await look({ commits: 3, each: 10, did: false });
  const ownOfMany = await look({ commits: 3, each: 100, did: true });

  expect([few.found, many.found]).toStrictEqual([30, 30]);
  expect([own.found, ownAtTenTimesTheRate.found, ownOfMany.found]).toStrictEqual([0, 0, 0]);
  // Small tables are read whole, because that is cheaper.
  expect(many.rows).toBeLessThanOrEqual(few.rows);
  // An index of a million entries is a page or two deeper: for each of the thirty, and for each statement.
  expect(many.pages - few.pages).toBeLessThanOrEqual(2 * 30 + 2 * many.statements);
  expect(own.statements).toBeLessThan(few.statements);
  expect(ownAtTenTimesTheRate.rows).toBe(own.rows);
  expect(ownAtTenTimesTheRate.pages - own.pages).toBeLessThanOrEqual(5);
  expect(ownOfMany.rows).toBe(own.rows);
  expect(ownOfMany.pages - own.pages).toBeLessThanOrEqual(5 + 2 * ownOfMany.statements);
});

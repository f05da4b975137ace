import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";

const run = promisify(execFile);

/** What PostgreSQL does without us on this machine: the two ceilings that the hub is measured against. */
export interface PostgresAlone {
  readonly tool: "pgbench" | "driver loop";
  /** Single-row inserts of the body size per second, each its own commit. */
  readonly singleRowPerSecond: number;
  /** Orders per second, each with the same lean rows the pipeline writes, 50 orders a commit. */
  readonly batchedOrdersPerSecond: number;
}

const ORDERS_PER_COMMIT = 50;

/** Tables like the hub's own, with their indexes, but without the guards. */
const TABLES = `
  drop schema if exists bench cascade;
  create schema bench;
  create table bench.inbox (like public.inbox including all);
  create table bench.orders (like public.orders including all);
  create table bench.order_revisions (like public.order_revisions including all);
  alter table bench.inbox set (toast_tuple_target = 8160);
  alter table bench.order_revisions set (toast_tuple_target = 8160);
  create table bench.transfers (like public.transfers including all);
  create table bench.inbox_outcomes (like public.inbox_outcomes including all);
  create sequence bench.numbers;`;

function singleRow(bodyBytes: number): string {
  return `insert into bench.inbox (company_id, store_id, topic, encoding, body) values (1, 'st_bench', 'orders/paid', 'utf8', '${"x".repeat(bodyBytes)}')`;
}

/** One commit of 50 orders: an order, its revision with a snapshot, four transfers and the delivery's outcome each. */
function batch(snapshotBytes: number): string {
  return `with n as materialized (select nextval('bench.numbers') as no from generate_series(1, ${ORDERS_PER_COMMIT})),
  o as (insert into bench.orders (company_id, order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie, state_hash,
      stage, platform_status, placed_at, currency, total_minor, net_minor, refunded_net_minor, distributor_no, referral_code, buyer_hash)
    select 1, no, 'st_bench', 'shopify', cast(7000000000000 + no as text), '#' || no, 1, now(), 'tie', 'hash-of-forty-three-characters-base64url-xxxxx',
      'earned', 'paid', now(), 'EUR', 11876, 9980, 0, cast(no % 200 as int) + 1, 'CODE', 'hash-of-twenty-two-cha' from n),
  r as (insert into bench.order_revisions (company_id, order_no, revision, delivery_id, cause, snapshot)
    select 1, no, 1, no, 'delivery', repeat('x', ${snapshotBytes}) from n),
  t as (insert into bench.transfers (company_id, source_kind, source_no, revision, seq, kind, entry_key, distributor_no, debit_owner, debit_account,
      credit_owner, credit_account, amount, currency, effective_at)
    select 1, 1, no, 1, s, 'commission', 'unilevel-70000000000011-' || s || '-D100', cast(no % 200 as int) + 1, 0, 10, cast(no % 200 as int) + 1, 1, 499, 'EUR', now()
      from n, generate_series(0, 3) as s)
  insert into bench.inbox_outcomes (company_id, delivery_id, outcome, order_no) select 1, no, 'applied', no from n`;
}

/** Measures both for some seconds each, with pgbench where it is installed, else with the driver the hub uses. */
export async function measurePostgresAlone(args: {
  url: string;
  bodyBytes: number;
  snapshotBytes: number;
  seconds: number;
}): Promise<PostgresAlone> {
  const sql = postgres(args.url, { max: 1, onnotice: () => {} });
  await sql.unsafe(TABLES);
  const hasPgbench = spawnSync("pgbench", ["--version"], { stdio: "ignore" }).status === 0;
  const rate = hasPgbench ? withPgbench : withDriver;
  const singleRowPerSecond = await rate(args.url, singleRow(args.bodyBytes), { clients: 16, seconds: args.seconds });
  const batchesPerSecond = await rate(args.url, batch(args.snapshotBytes), { clients: 4, seconds: args.seconds });
  await sql.unsafe("drop schema bench cascade");
  await sql.end();
  return {
    tool: hasPgbench ? "pgbench" : "driver loop",
    singleRowPerSecond,
    batchedOrdersPerSecond: batchesPerSecond * ORDERS_PER_COMMIT,
  };
}

async function withPgbench(url: string, statement: string, at: { clients: number; seconds: number }): Promise<number> {
  const script = join(mkdtempSync(join(tmpdir(), "upline-bench-")), "statement.sql");
  writeFileSync(script, `${statement.replaceAll("\n", " ")};\n`);
  const { stdout } = await run("pgbench", [
    "-n",
    "-M",
    "prepared",
    "-c",
    String(at.clients),
    "-j",
    "2",
    "-T",
    String(at.seconds),
    "-f",
    script,
    url,
  ]);
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? "0");
}

async function withDriver(url: string, statement: string, at: { clients: number; seconds: number }): Promise<number> {
  const sql = postgres(url, { max: at.clients, onnotice: () => {} });
  const end = performance.now() + at.seconds * 1000;
  let done = 0;
  const client = async () => {
    while (performance.now() < end) {
      await sql.unsafe(statement, [], { prepare: true });
      done++;
    }
  };
  await Promise.all(Array.from({ length: at.clients }, client));
  await sql.end();
  return done / at.seconds;
}

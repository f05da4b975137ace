/**
 * `pnpm bench`: PostgreSQL alone, then the hub over HTTP, on the same machine and in one go, so that
 * the ratios mean something on any machine. Prints a table and one JSON line.
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { dropLogins } from "../db/logins.ts";
import { readEnv } from "../env.ts";
import { prepareCompany } from "./company.ts";
import { readMetrics, startHubProcess } from "./hub-process.ts";
import { LoadMaker } from "./load.ts";
import { pace } from "./pace.ts";
import { measurePostgresAlone } from "./postgres-alone.ts";
import { Wire } from "./wire.ts";

const BODY_BYTES = 6_000;
const SECONDS = Number(process.argv.includes("--quick") ? 2 : 8);
/** As many shops as send at once: enough that a group commit has company. */
const CONNECTIONS = 128;
/** The target's rate; a machine that cannot do it is measured at 60 % of what it can, and the report says so. */
const STEADY_PER_SECOND = 5_000;

const dataDir = mkdtempSync(join(tmpdir(), "upline-bench-"));
// As root the database runs under another account, which must be able to enter.
chmodSync(dataDir, 0o755);
const outside = readEnv().databaseUrl;
const embedded = outside === null ? await startEmbeddedPostgres({ dataDir, port: 0 }) : null;
const admin = outside ?? (embedded?.url as string);
const database = `upline_bench_${randomBytes(4).toString("hex")}`;
const owner = postgres(admin, { max: 1, onnotice: () => {} });
await owner.unsafe(`create database ${database}`);
const url = admin.replace(/\/[^/?]*(\?|$)/, `/${database}$1`);
const secretKey = randomBytes(32).toString("base64");
const children: ChildProcess[] = [];

try {
  progress("preparing a company of 2,000 distributors");
  const company = await prepareCompany({ url, secretKey });
  const maker = new LoadMaker({
    storePath: company.storePath,
    secret: company.secret,
    bodyBytes: BODY_BYTES,
    codes: company.codes,
  });
  const [version] = await owner`select version()`;

  progress(`PostgreSQL alone, ${SECONDS} s each`);
  const alone = await measurePostgresAlone({
    url,
    bodyBytes: BODY_BYTES,
    snapshotBytes: company.snapshotBytes,
    seconds: SECONDS,
  });

  progress("acknowledgements: a hub that only takes deliveries");
  const acks = await measureHub({ role: "ingest", perSecond: alone.singleRowPerSecond * 1.5, first: 0 });
  const truncated = postgres(url, { max: 1, onnotice: () => {} });
  await truncated.unsafe(
    "alter table inbox disable trigger user; truncate inbox, inbox_outcomes, inbox_retries; alter table inbox enable trigger user",
  );
  await truncated.end();

  progress("cart to commission: arrival rate above what the hub can do");
  const flood = await measureHub({ role: "all", perSecond: 6_000, first: 1_000_000 });
  const steadyPerSecond = Math.min(STEADY_PER_SECOND, Math.round(flood.ordersPerSecond * 0.6));
  progress(`cart to commission: steady ${steadyPerSecond} orders a second`);
  const steady = await measureHub({ role: "all", perSecond: steadyPerSecond, first: 2_000_000 });

  report({ alone, acks, flood, steady, steadyPerSecond, version: String(version?.version).split(" ").slice(0, 2).join(" ") });

  async function measureHub(args: { role: "all" | "ingest"; perSecond: number; first: number }) {
    const count = Math.round(args.perSecond * SECONDS);
    const requests = Array.from({ length: count }, (_, index) =>
      maker.request({ order: args.first + index, topic: "orders/paid", minute: 1, financialStatus: "paid", unitsBack: 0 }),
    );
    const hub = await startHubProcess({ url, secretKey, role: args.role });
    children.push(hub.child);
    const wire = await Wire.open({ host: "127.0.0.1", port: hub.port, connections: CONNECTIONS });
    const warm = Array.from({ length: 2_000 }, (_, index) =>
      maker.request({
        order: args.first + 500_000 + index,
        topic: "orders/paid",
        minute: 1,
        financialStatus: "paid",
        unitsBack: 0,
      }),
    );
    await pace({ wire, requests: warm, perSecond: 2_000 });
    await drained(args.role);
    await readMetrics(hub);
    const started = performance.now();
    const result = await pace({ wire, requests, perSecond: args.perSecond });
    const committed = args.role === "all" ? await drained(args.role) : 0;
    const seconds = (performance.now() - started) / 1000;
    const metrics = await readMetrics(hub);
    const figure = (name: string) => Number(new RegExp(`^${name} ([\\d.e+-]+)$`, "m").exec(metrics)?.[1] ?? "0");
    const memoryMb = Math.round(residentBytes(hub.child.pid as number, figure("process_resident_memory_bytes")) / 1e6);
    wire.close();
    await stopHub(hub.child);
    return {
      ...result,
      ackPerSecond: result.accepted / result.seconds,
      ordersPerSecond: count / seconds,
      committed,
      emitP50Ms: figure("upline_recent_emit_p50_ms"),
      emitP99Ms: figure("upline_recent_emit_p99_ms"),
      hubAckP50Ms: figure("upline_recent_ack_p50_ms"),
      hubAckP99Ms: figure("upline_recent_ack_p99_ms"),
      memoryMb,
    };
  }
} finally {
  for (const child of children) child.kill("SIGKILL");
  await owner.unsafe(`drop database if exists ${database} with (force)`);
  await dropLogins(owner, database);
  await owner.end();
  await embedded?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Waits until every delivery has its outcome. */
async function drained(role: string): Promise<number> {
  if (role !== "all") return 0;
  const sql = postgres(url, { max: 1 });
  try {
    for (;;) {
      const [row] =
        await sql`select (select count(*) from inbox) - (select count(*) from inbox_outcomes) as left, (select count(*) from orders) as orders`;
      if (Number(row?.left) === 0) return Number(row?.orders);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await sql.end();
  }
}

function stopHub(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

function residentBytes(pid: number, reported: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0") * 1024 || reported;
  } catch {
    return reported;
  }
}

function progress(text: string): void {
  process.stderr.write(`… ${text}\n`);
}

type Measured = Awaited<ReturnType<typeof pace>> & {
  ackPerSecond: number;
  ordersPerSecond: number;
  emitP50Ms: number;
  emitP99Ms: number;
  memoryMb: number;
};

function report(args: {
  alone: Awaited<ReturnType<typeof measurePostgresAlone>>;
  acks: Measured;
  flood: Measured;
  steady: Measured;
  steadyPerSecond: number;
  version: string;
}): void {
  const { alone, acks, flood, steady, steadyPerSecond, version } = args;
  const round = (value: number, digits = 0) => Number(value.toFixed(digits));
  const rows: [string, string][] = [
    [`PostgreSQL alone (${alone.tool}, ${version}): single-row 6 KB inserts`, `${round(alone.singleRowPerSecond)} /s`],
    ["PostgreSQL alone: lean orders, 50 a commit", `${round(alone.batchedOrdersPerSecond)} /s`],
    [
      "hub: durable acknowledgements",
      `${round(acks.ackPerSecond)} /s   ratio ${round(acks.ackPerSecond / alone.singleRowPerSecond, 2)} (target 0.7)`,
    ],
    [
      "hub: cart to commission",
      `${round(flood.ordersPerSecond)} orders/s   ratio ${round(flood.ordersPerSecond / alone.batchedOrdersPerSecond, 2)} (target 0.25)`,
    ],
    [
      `hub at ${steadyPerSecond} orders/s: ack p50 / p99`,
      `${round(steady.p50Ms, 1)} / ${round(steady.p99Ms, 1)} ms (target p99 25)`,
    ],
    [
      `hub at ${steadyPerSecond} orders/s: commission p50 / p99`,
      `${round(steady.emitP50Ms, 1)} / ${round(steady.emitP99Ms, 1)} ms (target p99 50)`,
    ],
    ["hub: largest memory", `${Math.max(acks.memoryMb, flood.memoryMb, steady.memoryMb)} MB`],
    ["machine", `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${round(totalmem() / 1e9)} GB, load generator included`],
  ];
  for (const [name, value] of rows) console.log(`${name.padEnd(78)} ${value}`);
  console.log(
    JSON.stringify({
      tool: alone.tool,
      postgres: version,
      singleRowPerSecond: round(alone.singleRowPerSecond),
      batchedOrdersPerSecond: round(alone.batchedOrdersPerSecond),
      ackPerSecond: round(acks.ackPerSecond),
      ackRatio: round(acks.ackPerSecond / alone.singleRowPerSecond, 3),
      ordersPerSecond: round(flood.ordersPerSecond),
      orderRatio: round(flood.ordersPerSecond / alone.batchedOrdersPerSecond, 3),
      steadyPerSecond,
      ackP50Ms: round(steady.p50Ms, 2),
      ackP99Ms: round(steady.p99Ms, 2),
      emitP50Ms: round(steady.emitP50Ms, 2),
      emitP99Ms: round(steady.emitP99Ms, 2),
      memoryMb: Math.max(acks.memoryMb, flood.memoryMb, steady.memoryMb),
    }),
  );
}

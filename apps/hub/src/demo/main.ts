/**
 * `pnpm demo`: a whole company in one command. A real PostgreSQL, a network, three shops whose
 * deliveries arrive over HTTP with signatures, and what everyone earned. `--once` ends by itself; `--large` is large/main.ts.
 */
import postgres from "postgres";
import { importSkus } from "../catalogue/import.ts";
import { createCompany } from "../companies/create.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../db/embedded.ts";
import { EnvError, readEnv } from "../env.ts";
import { type Hub, type Listening, listen, openHub } from "../hub.ts";
import { createKey } from "../keys/create.ts";
import { importDistributors } from "../network/import.ts";
import { auditLedger } from "../orders/audit.ts";
import { auditCloses } from "../periods/audit.ts";
import { publishPlan } from "../plans/publish.ts";
import { addStore } from "../stores/add.ts";
import { DEMO_PLAN, DEMO_PLAN_2, demoDistributors, demoSkus } from "./company.ts";
import { buildConsole } from "./console.ts";
import { DEMO_SECRETS, type DemoDelivery, demoDeliveries } from "./deliveries.ts";
import { demoLarge } from "./large/main.ts";
import { playSixMonths } from "./life/play.ts";
import { UNREADABLE } from "./life/shop-bodies.ts";
import { type DemoPeople, demoPeople, signInLines } from "./people.ts";
import { progress, step } from "./progress.ts";
import { reconDelta } from "./reconcile.ts";
import { commissionTable, slaTable } from "./report.ts";
import { Shops } from "./shops.ts";

const once = process.argv.includes("--once");
const large = process.argv.includes("--large");
const ROWS_PER_ORDER = 4;
/** Of six months every so many deliveries come a second time. */
const REPEATED = 10;

try {
  if (large) await demoLarge(process.argv.slice(2));
  else await demo();
} catch (error) {
  const sentence = error instanceof EnvError || error instanceof Error ? error.message : "The demo could not run.";
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

async function demo(): Promise<void> {
  // Nothing runs by the clock: what the demo shows is always the same.
  const env = { ...readEnv(), logLevel: "warn" as const, reconcileMinutes: 0, bookVolumesMinutes: 0, foldMinutes: 0 };
  // A program of its own: it works while the database is made.
  const built = once ? Promise.resolve() : buildConsole();
  step(env.databaseUrl === null ? `starting PostgreSQL in ${env.dataDir}/` : "using the PostgreSQL of DATABASE_URL");
  const embedded =
    env.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: env.dataDir, port: env.databasePort }) : null;
  try {
    const url = await freshDatabase(env.databaseUrl ?? (embedded?.url as string));
    // The hub reads what there is of the console's files when it is put together.
    await built;
    const hub = await openHub(env, url);
    const listening = await listen(hub, env);
    await show(hub, listening, embedded);
  } catch (error) {
    if (embedded?.startedHere) await embedded.stop();
    throw error;
  }
}

async function show(hub: Hub, listening: Listening, embedded: EmbeddedPostgres | null): Promise<void> {
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    await listening.close();
    if (embedded?.startedHere) await embedded.stop();
    process.exit(code);
  };
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));

  const company = await demoCompany(hub, hub.env.publicUrl ?? listening.url);
  const figures = await play(hub, company);
  console.log(slaTable(figures).join("\n"));
  console.log(
    `\n${figures.distributors} distributors, ${figures.orders} orders, ${figures.commissions} commissions, ${figures.transfers} transfers, ledger ${figures.balanced ? "balanced" : "NOT BALANCED"}`,
  );
  console.log(`\nThe API and its documentation: ${listening.url}/docs\nA key for it:                  ${company.key}\n`);
  console.log(`${signInLines(hub, company.people).join("\n")}\n`);
  if (once) {
    console.log(JSON.stringify(figures));
    await stop(figures.balanced && figures.idempotentAccuracy === 1 && figures.reconDelta === 0 ? 0 : 1);
  }
  console.log("The hub stays up. Ctrl-C ends it; the next demo starts afresh.");
}

/** A database of its own, made anew, so that the demo never touches a company that somebody set up. */
async function freshDatabase(admin: string): Promise<string> {
  const sql = postgres(admin, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe("drop database if exists upline_demo with (force)");
    await sql.unsafe("create database upline_demo");
  } finally {
    await sql.end();
  }
  const url = new URL(admin);
  url.pathname = "/upline_demo";
  return url.href;
}

interface DemoCompany {
  readonly companyId: number;
  readonly people: DemoPeople;
  readonly stores: Readonly<Record<string, string>>;
  readonly key: string;
}

async function demoCompany(hub: Hub, publicUrl: string): Promise<DemoCompany> {
  step("creating a company: 200 distributors, SKUs, a plan, three stores");
  const actor = "demo";
  const { companyId } = await createCompany(hub, { slug: "demo", name: "Demo Wellness" });
  const rows = demoDistributors();
  const effectiveFrom = new Date("2024-01-01T00:00:00Z");
  await publishPlan(hub, { companyId, document: DEMO_PLAN, effectiveFrom, actor });
  await publishPlan(hub, { companyId, document: DEMO_PLAN_2, effectiveFrom: new Date("2026-07-01T00:00:00Z"), actor });
  refuseErrors(await importDistributors(hub, { companyId, rows, actor }));
  refuseErrors(await importSkus(hub, { companyId, rows: demoSkus(), actor }));
  const stores: Record<string, string> = {};
  for (const platform of ["shopify", "woocommerce", "magento"] as const) {
    const domain = platform === "shopify" ? "upline-demo.myshopify.com" : `${platform}.demo.example`;
    const added = await addStore(hub, { companyId, platform, domain, secret: DEMO_SECRETS[platform], publicUrl });
    stores[platform] = added.ingestUrl;
  }
  const { key } = await createKey(hub, { companyId, name: "demo", owner: "demo", scopes: ["read", "orders", "admin"], actor });
  return { companyId, people: await demoPeople(hub, companyId), stores, key };
}

function refuseErrors(result: { errors: readonly { line: number; field: string; message: string }[] }): void {
  const [first] = result.errors;
  if (first) throw new Error(`the demo's own data was refused: line ${first.line}, ${first.field}: ${first.message}`);
}

/** The recorded deliveries one by one, then six months of the company; at last some of all a second time, which must change nothing. */
async function play(hub: Hub, { companyId, people, stores }: DemoCompany) {
  const shops = new Shops(hub, stores);
  const recorded = demoDeliveries();
  const first = await shops.inTurn(recorded, "replaying recorded deliveries over HTTP");
  console.log(`\n${(await commissionTable(hub, companyId, ROWS_PER_ORDER)).join("\n")}`);
  console.log(`(at most ${ROWS_PER_ORDER} rows of an order; all of them: GET /api/commissions)\n`);
  // Six months within seconds say nothing of how long an order takes.
  const ackP99Ms = hub.metrics.recentAcks.quantile(0.99);
  const emitP99Ms = hub.metrics.recentEmits.quantile(0.99);
  const onMonth = (month: string) => progress(`six months of orders: ${month}`, month === "2026-11");
  const sold = await playSixMonths({ hub, companyId, people, onMonth, send: (deliveries) => shops.atOnce(deliveries) });
  const before = await counts(hub, companyId);
  const isReadable = (delivery: DemoDelivery) => delivery !== UNREADABLE;
  const again = sold.filter((delivery, index) => index % REPEATED === 0 && isReadable(delivery));
  await shops.inTurn(recorded, "sending deliveries a second time, which may change nothing");
  await shops.atOnce(again);
  const after = await counts(hub, companyId);
  const effects = after.transfers - before.transfers + (after.orders - before.orders);
  step("computing every commission again from its stored inputs");
  const audit = await auditLedger(hub.pipeline, companyId);
  const closes = await auditCloses(hub, { companyId });
  const delta = await reconDelta(hub, companyId, [...recorded, ...sold.filter(isReadable)]);
  const { duplicates, quarantined, ...counted } = before;
  return {
    deliveries: first.accepted + sold.length,
    ...counted,
    balanced: audit.balanced && closes.changed.length + closes.differences.length === 0,
    duplicatesAbsorbed: duplicates,
    quarantinedLines: quarantined,
    rejectedSignatures: first.rejected,
    ackP99Ms: Number(ackP99Ms.toFixed(2)),
    emitP99Ms: Number(emitP99Ms.toFixed(2)),
    idempotentAccuracy: 1 - Math.min(1, effects / (first.accepted + again.length)),
    reconDelta: delta,
  };
}

async function counts(hub: Hub, companyId: number) {
  const sql = postgres(hub.db.url, { max: 1 });
  try {
    const [row] = await sql<
      (Record<
        "distributors" | "orders" | "commissions" | "transfers" | "unresolvedOrders" | "deadLetters" | "closedPeriods",
        number
      > &
        Record<"duplicates" | "quarantined", number>)[]
    >`
      select (select count(*)::int from distributors where company_id = ${companyId}) as distributors,
             (select count(*)::int from orders where company_id = ${companyId}) as orders,
             (select count(distinct (source_no, entry_key))::int from transfers where company_id = ${companyId} and distributor_no > 0) as commissions,
             (select count(*)::int from transfers where company_id = ${companyId}) as transfers,
             (select count(*)::int from orders where company_id = ${companyId} and unresolved) as "unresolvedOrders",
             (select count(*)::int from inbox_outcomes where company_id = ${companyId} and outcome = 'dead') as "deadLetters",
             (select count(*)::int from periods where company_id = ${companyId} and state = 'closed') as "closedPeriods",
             (select count(*)::int from inbox_outcomes where company_id = ${companyId} and outcome = 'duplicate') as duplicates,
             (select count(*)::int from quarantine where company_id = ${companyId}) as quarantined`;
    if (!row) throw new Error("the demo's figures could not be read");
    return row;
  } finally {
    await sql.end();
  }
}

/**
 * `pnpm bench close-load [distributors] [volume rows]`: 500 orders a second, first in calm, then while a large company's period is
 * proposed and committed over the API of the same hub: once the orders of another company, once those of the company itself.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { fullPlan } from "../../../../packages/core/bench/network.ts";
import { importSkus } from "../catalogue/import.ts";
import { createCompany } from "../companies/create.ts";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { readEnv } from "../env.ts";
import { openHub } from "../hub.ts";
import { createKey } from "../keys/create.ts";
import { openPeriod } from "../periods/open.ts";
import { publishPlan } from "../plans/publish.ts";
import { addStore } from "../stores/add.ts";
import { seedPeople, seedVolumes } from "./close-company.ts";
import { prepareCompany } from "./company.ts";
import { type HubProcess, readMetrics, startHubProcess } from "./hub-process.ts";
import { LoadMaker } from "./load.ts";
import { pace } from "./pace.ts";
import { Wire } from "./wire.ts";

const [distributors = 1_000_000, rows = 5 * distributors] = process.argv
  .slice(2)
  .filter((text) => /^\d+$/.test(text))
  .map(Number);
const PER_SECOND = 500;
const SLICE_SECONDS = 4;
const CALM_SLICES = 5;
const DOMAIN = "large.myshopify.com";
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

const dataDir = mkdtempSync(join(tmpdir(), "upline-bench-close-load-"));
// As root the database runs under another account, which must be able to enter.
chmodSync(dataDir, 0o755);
const embedded = await startEmbeddedPostgres({ dataDir, port: 0 });
const secretKey = randomBytes(32).toString("base64");
const hubs: HubProcess[] = [];
try {
  await measure();
} finally {
  for (const { child } of hubs) child.kill("SIGTERM");
  await embedded.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

interface Large {
  readonly storePath: string;
  readonly secret: string;
  readonly codes: readonly string[];
  readonly keys: Readonly<Record<"ann" | "bob", string>>;
  readonly periods: readonly number[];
}

async function measure(): Promise<void> {
  const small = await prepareCompany({ url: embedded.url, secretKey });
  progress(`a company of ${distributors.toLocaleString("en")} distributors and twice ${rows.toLocaleString("en")} volume rows`);
  const large = await prepareLarge(small.secret);
  const hub = await startHubProcess({ url: embedded.url, secretKey, role: "all" });
  hubs.push(hub);
  const makers = {
    other: new LoadMaker({ storePath: small.storePath, secret: small.secret, bodyBytes: 6_000, codes: small.codes }),
    same: new LoadMaker({ ...large, bodyBytes: 6_000, domain: DOMAIN }),
  };
  const table: Record<string, Latencies> = {};
  let order = 1;
  for (const [index, whose] of (["other", "same"] as const).entries()) {
    const load = { hub, maker: makers[whose], nextOrder: () => order++ };
    await slices(load, () => false, 2);
    table[`${whose} company's orders, calm`] = await slices(load, () => false, CALM_SLICES);
    let done = false;
    const started = performance.now();
    const closing = closeBy(hub, large, large.periods[index] as number).finally(() => {
      done = true;
    });
    const during = await slices(load, () => !done, 1);
    await closing;
    progress(`  the close took ${((performance.now() - started) / 1000).toFixed(0)} s`);
    table[`${whose} company's orders, during the close`] = during;
    table[`${whose} company's orders, right after it`] = await slices(load, () => false, 2);
  }
  console.table(table);
  process.stdout.write(`${JSON.stringify({ distributors, rows, perSecond: PER_SECOND, latencies: table })}\n`);
}

async function prepareLarge(secret: string): Promise<Large> {
  const env = readEnv({
    DATABASE_URL: embedded.url,
    UPLINE_SECRET_KEY: secretKey,
    UPLINE_LOG_LEVEL: "silent",
    UPLINE_JOBS: "off",
  });
  const opened = await openHub(env, embedded.url);
  const owner = postgres(embedded.url, { max: 1, onnotice: () => {} });
  try {
    const actor = "bench";
    const { companyId } = await createCompany(opened, { slug: "large", name: "Large" });
    const atOrder = { ...fullPlan.bonuses[0], id: "at-order", snapshot: "order" };
    const document = { ...fullPlan, id: "large", bonuses: [atOrder, ...fullPlan.bonuses] };
    await publishPlan(opened, { companyId, document, effectiveFrom: new Date("2025-01-01T00:00:00Z"), actor });
    const volumes = { pv: "100%", qv: "100%", cv: "100%" };
    const sku = {
      line: 2,
      skuId: "KIT",
      platform: "shopify",
      platformSku: "KIT-STARTER",
      name: "Kit",
      commissionClass: "standard",
    } as const;
    await importSkus(opened, { companyId, rows: [{ ...sku, ...volumes }], actor });
    const { ingestUrl } = await addStore(opened, {
      companyId,
      platform: "shopify",
      domain: DOMAIN,
      secret,
      publicUrl: "http://127.0.0.1",
    });
    const keyOf = async (name: string) =>
      (await createKey(opened, { companyId, name, scopes: ["read", "admin"], owner: name, actor })).key;
    const keys = { ann: await keyOf("ann"), bob: await keyOf("bob") };
    await seedPeople(owner, { companyId, distributors });
    const periods: number[] = [];
    for (const month of ["2026-06", "2026-07"]) {
      const { periodNo } = await openPeriod(opened, { companyId, month, currency: "USD", actor });
      await seedVolumes(owner, { companyId, periodNo, distributors, rows });
      periods.push(periodNo);
    }
    const codes = Array.from({ length: 2_000 }, (_, index) => `D${1 + Math.floor((index * distributors) / 2_000)}`);
    return { storePath: new URL(ingestUrl).pathname, secret, codes, keys, periods };
  } finally {
    await owner.end();
    await opened.close();
  }
}

async function closeBy(at: HubProcess, large: Large, periodNo: number): Promise<void> {
  for (const [act, key] of [
    ["close", large.keys.ann],
    ["commit", large.keys.bob],
  ] as const) {
    const response = await fetch(`http://127.0.0.1:${at.port}/api/periods/${periodNo}/${act}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
    });
    if (!response.ok) throw new Error(`the ${act} was answered ${response.status}: ${await response.text()}`);
    progress(`  ${act} done`);
  }
}

interface Load {
  readonly hub: HubProcess;
  readonly maker: LoadMaker;
  readonly nextOrder: () => number;
}

/** Medians over slices of the load, the worst slice's last hundredth, and the commissions' of all of it. */
type Latencies = Readonly<Record<"ack p50" | "ack p99" | "worst slice's ack p99" | "emit p50" | "emit p99", number>>;

/** At least so many slices of load, and on while `more` says so. */
async function slices({ hub: at, maker, nextOrder }: Load, more: () => boolean, least: number): Promise<Latencies> {
  const wire = await Wire.open({ host: "127.0.0.1", port: at.port, connections: 32 });
  at.child.kill("SIGUSR2");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const p50s: number[] = [];
  const p99s: number[] = [];
  for (let slice = 0; slice < least || more(); slice++) {
    const requests = Array.from({ length: PER_SECOND * SLICE_SECONDS }, () =>
      maker.request({ order: nextOrder(), topic: "orders/paid", minute: 1, financialStatus: "paid", unitsBack: 0 }),
    );
    const paced = await pace({ wire, requests, perSecond: PER_SECOND });
    if (paced.accepted < paced.sent) progress(`  ${paced.sent - paced.accepted} of ${paced.sent} deliveries were refused`);
    p50s.push(paced.p50Ms);
    p99s.push(paced.p99Ms);
  }
  wire.close();
  const metrics = await readMetrics(at);
  const figure = (name: string) => Math.round(Number(new RegExp(`^${name} ([\\d.e+-]+)$`, "m").exec(metrics)?.[1] ?? "NaN"));
  const median = (values: readonly number[]) => Math.round([...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN);
  return {
    "ack p50": median(p50s),
    "ack p99": median(p99s),
    "worst slice's ack p99": Math.round(Math.max(...p99s)),
    "emit p50": figure("upline_recent_emit_p50_ms"),
    "emit p99": figure("upline_recent_emit_p99_ms"),
  };
}

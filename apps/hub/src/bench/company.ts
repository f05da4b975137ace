import postgres from "postgres";
import { importSkus } from "../catalogue/import.ts";
import { createCompany } from "../companies/create.ts";
import { readEnv } from "../env.ts";
import { openHub } from "../hub.ts";
import { importDistributors } from "../network/import.ts";
import { publishPlan } from "../plans/publish.ts";
import { addStore } from "../stores/add.ts";
import { LoadMaker } from "./load.ts";

const SECRET = "bench-client-secret";
const DISTRIBUTORS = 2_000;
/** What the four levels earn on 99.80 net, in cents. */
const WHOLE: Readonly<Record<string, bigint>> = { "levels:1": 998n, "levels:2": 499n, "levels:3": 299n, "levels:4": 200n };

const PLAN = {
  format: "upline-plan/1",
  id: "bench",
  name: "Four levels for everyone",
  version: 1,
  timeZone: "UTC",
  rounding: "half-up",
  ownPurchase: "pays-upline",
  cvRates: { "*": "1" },
  active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
  ranks: [],
  commissionClasses: [{ id: "standard", name: "Products" }],
  bonuses: [
    {
      id: "levels",
      kind: "unilevel",
      snapshot: "order",
      base: "net",
      rates: { "*": ["0.10", "0.05", "0.03", "0.02"] },
      levelOne: "owner",
      compression: "standard",
      unqualifiedSource: "pay-in-place",
      unqualifiedEarner: "company",
    },
  ],
};

export interface BenchCompany {
  readonly storePath: string;
  readonly secret: string;
  readonly codes: readonly string[];
  /** What an entry of a `LoadMaker` order pays while nothing is given back. */
  wholeAmountMinor(entry: string): bigint;
}

/** A company whose every load order pays four levels, in a database of its own. Shared by the benchmark and the survival test. */
export async function prepareCompany(args: { url: string; secretKey: string }): Promise<BenchCompany> {
  const env = readEnv({
    DATABASE_URL: args.url,
    UPLINE_SECRET_KEY: args.secretKey,
    UPLINE_LOG_LEVEL: "silent",
    UPLINE_JOBS: "off",
  });
  const hub = await openHub(env, args.url);
  try {
    const actor = "bench";
    const { companyId } = await createCompany(hub, { slug: "bench", name: "Bench" });
    await publishPlan(hub, { companyId, document: PLAN, effectiveFrom: new Date("2025-01-01T00:00:00Z"), actor });
    const rows = Array.from({ length: DISTRIBUTORS }, (_, index) => ({
      line: index + 2,
      distributorId: `B${index}`,
      // Ternary, so that everyone from B121 on has at least four sponsors above.
      sponsorId: index === 0 ? null : `B${Math.floor((index - 1) / 3)}`,
      status: "active",
      enrolledAt: "2025-01-01T00:00:00Z",
    }));
    await importDistributors(hub, { companyId, rows, actor });
    const sku = {
      line: 2,
      skuId: "KIT",
      platform: "shopify",
      platformSku: "KIT-STARTER",
      name: "Starter Kit",
      commissionClass: "standard",
      pv: "100%",
      qv: "100%",
      cv: "100%",
    } as const;
    await importSkus(hub, { companyId, rows: [sku], actor });
    const store = await addStore(hub, {
      companyId,
      platform: "shopify",
      domain: "bench.myshopify.com",
      secret: SECRET,
      publicUrl: "http://127.0.0.1",
    });
    const storePath = new URL(store.ingestUrl).pathname;
    const codes = rows.slice(200).map((row) => row.distributorId);
    await payOneOrder(hub, { storePath, codes, url: args.url });
    return { storePath, secret: SECRET, codes, wholeAmountMinor: (entry) => WHOLE[entry] ?? -1n };
  } finally {
    await hub.close();
  }
}

/** One order through the whole pipeline, and away again: proof that the company pays. */
async function payOneOrder(
  hub: Awaited<ReturnType<typeof openHub>>,
  args: { storePath: string; codes: readonly string[]; url: string },
): Promise<void> {
  const maker = new LoadMaker({ storePath: args.storePath, secret: SECRET, bodyBytes: 6_000, codes: args.codes });
  const raw = maker
    .request({ order: 999_999_999, topic: "orders/paid", minute: 1, financialStatus: "paid", unitsBack: 0 })
    .toString();
  const [head = "", body = ""] = raw.split("\r\n\r\n");
  const headers = Object.fromEntries(
    head
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(": ") as [string, string]),
  );
  const response = await hub.app.request(args.storePath, { method: "POST", headers, body });
  if (response.status !== 200) throw new Error(`the sample order was answered ${response.status}`);
  await hub.worker.idle();
  const sql = postgres(args.url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql<{ paid: number }[]>`select count(*)::int as paid from transfers`;
    if (row?.paid !== 4) throw new Error(`the sample order paid ${row?.paid} levels instead of 4`);
    await sql`alter table order_revisions disable trigger user`;
    await sql`alter table transfer_rows disable trigger user`;
    await sql`alter table inbox disable trigger user`;
    await sql`truncate orders, order_revisions, transfer_rows, inbox, inbox_groups, inbox_outcomes`;
    await sql`alter table order_revisions enable trigger user`;
    await sql`alter table transfer_rows enable trigger user`;
    await sql`alter table inbox enable trigger user`;
  } finally {
    await sql.end();
  }
}

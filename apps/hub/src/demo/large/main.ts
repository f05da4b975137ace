/**
 * `pnpm demo --large`: the data of a large company, made once and kept in a folder: a million orders with all that follows from
 * them, a million distributors. Every order goes through the hub's own pipeline, so that all of it is what a hub would have written.
 * Broken off, it goes on where it was. `UPLINE_DATA_DIR=<folder> pnpm upline start` opens it afterwards.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { readCompany } from "../../companies/directory.ts";
import { asCompany } from "../../db/connect.ts";
import { startEmbeddedPostgres } from "../../db/embedded.ts";
import { openDatabase } from "../../db/open.ts";
import { readEnv } from "../../env.ts";
import { createKey } from "../../keys/create.ts";
import { foldLedger } from "../../ledger/fold.ts";
import { openPipeline } from "../../orders/pipeline.ts";
import type { HubParts } from "../../parts.ts";
import { openSecretBox } from "../../secret-box.ts";
import { writeHistory, writePeriods } from "./history.ts";
import { writeNetwork } from "./network.ts";
import type { LargeCompany } from "./order-lives.ts";
import { writeOrders } from "./orders.ts";
import { largeCatalogue, largeCompany, largeShops } from "./shops.ts";

export interface LargeSize {
  readonly distributors: number;
  readonly orders: number;
}

type Parts = Pick<HubParts, "db" | "box" | "env">;

/** Makes what is missing of it in an open database. */
export async function makeLarge(parts: Parts, size: LargeSize, onProgress: (text: string) => void): Promise<LargeCompany> {
  const owner = postgres(parts.db.url, { max: 4, onnotice: () => {} });
  try {
    const companyId = await largeCompany(parts);
    const shops = await largeShops(parts, owner, companyId);
    const company = { companyId, shops, ...size };
    await largeCatalogue(parts, companyId);
    const [enrolled] = await owner`select from distributors where company_id = ${companyId} limit 1`;
    if (enrolled === undefined) {
      const buyerKey = await buyerKeyOf(parts, companyId);
      await writeNetwork(owner, { companyId, buyerKey, taxId: parts.box.seal("DE811907980"), ...size }, onProgress);
      await analyse(owner);
    }
    const context = openPipeline(parts);
    onProgress("the directory of the network");
    await context.directories.refresh(companyId);
    await writeOrders({
      context,
      owner,
      company,
      box: parts.box,
      onProgress: (orders) => onProgress(`${orders} of ${size.orders} orders`),
    });
    await analyse(owner);
    onProgress("comparisons, runs, periods");
    await writeHistory(owner, company);
    await writePeriods(parts, { owner, companyId, onProgress });
    onProgress("folding the ledger");
    await foldLedger(parts.db, { companyId });
    await analyse(owner);
    return company;
  } finally {
    await owner.end();
  }
}

/** As autovacuum leaves tables that were there for a while. */
async function analyse(owner: postgres.Sql): Promise<void> {
  await owner.unsafe("vacuum (analyze)");
}

async function buyerKeyOf(parts: Parts, companyId: number): Promise<string> {
  const company = await asCompany(parts.db, companyId, (tx) => readCompany(tx, companyId));
  if (company === null) throw new Error("the company was not made");
  return parts.box.open(company.buyerKey);
}

/** What a user of the folder needs: the company's API key, which is kept nowhere else. */
const KEY_FILE = "key";

/** The key of the company in a folder that `pnpm demo --large` made. */
export function readLargeKey(folder: string): string {
  const path = join(folder, KEY_FILE);
  if (!existsSync(path))
    throw new Error(`${folder} holds no large company: make it with \`pnpm demo --large --folder ${folder}\`.`);
  return readFileSync(path, "utf8").trim();
}

/** The command: reads its options, starts the folder's database, and stops it again. */
export async function demoLarge(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      large: { type: "boolean" },
      folder: { type: "string", default: ".upline/large" },
      distributors: { type: "string", default: "1000000" },
      orders: { type: "string", default: "1000000" },
    },
  });
  const env = { ...readEnv(), databaseUrl: null, dataDir: values.folder };
  const begun = Date.now();
  const show = progressLine(begun);
  // A half-made folder is made anew at worst: nothing is lost that this could not write again.
  const embedded = await startEmbeddedPostgres({ dataDir: env.dataDir, port: env.databasePort, unsafeFast: true });
  try {
    const box = openSecretBox(env);
    const db = await openDatabase(embedded.url, { env, box, sizes: { app: 4, gate: 1 } });
    try {
      const size = { distributors: Number(values.distributors), orders: Number(values.orders) };
      const { companyId } = await makeLarge({ env, db, box }, size, show);
      if (!existsSync(join(env.dataDir, KEY_FILE))) {
        const { key } = await createKey(
          { db },
          { companyId, name: "demo", owner: "demo", scopes: ["read", "orders", "admin"], actor: "demo" },
        );
        writeFileSync(join(env.dataDir, KEY_FILE), `${key}\n`, { mode: 0o600 });
      }
      const bytes = await sizeOf(embedded.url);
      process.stdout.write(
        `${JSON.stringify({ folder: values.folder, ...size, seconds: Math.round((Date.now() - begun) / 1000), bytes })}\n`,
      );
    } finally {
      await db.close();
    }
  } finally {
    if (embedded.startedHere) await embedded.stop();
  }
}

async function sizeOf(url: string): Promise<number> {
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  const [row] = await owner<{ bytes: string }[]>`select pg_database_size(current_database())::text as bytes`;
  await owner.end();
  return Number(row?.bytes ?? 0);
}

/** One line that changes at a terminal; elsewhere a line now and then. */
function progressLine(begun: number): (text: string) => void {
  let shownAt = 0;
  let stage = "";
  return (text) => {
    const kind = text.replace(/\d+/g, "");
    if (kind === stage && Date.now() - shownAt < (process.stderr.isTTY ? 200 : 15_000)) return;
    [shownAt, stage] = [Date.now(), kind];
    const line = `• ${Math.round((Date.now() - begun) / 1000)} s: ${text}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
}

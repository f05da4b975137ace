/**
 * The hub's half of `pnpm bench console`: the large company's folder with people who can sign in, served until it is told to stop. Says
 * on one line of JSON where, who, and what there is to look at. The browser's half is the console's own.
 */
import { parseArgs } from "node:util";
import postgres from "postgres";
import { findCompany } from "../companies/create.ts";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { readLargeKey } from "../demo/large/main.ts";
import { largeSeats } from "../demo/large/seats.ts";
import { SLUG } from "../demo/large/shops.ts";
import { readEnv } from "../env.ts";
import { listen, openHub } from "../hub.ts";

const { values } = parseArgs({ options: { folder: { type: "string", default: ".upline/large" } } });
const { folder } = values;
const key = readLargeKey(folder);
const embedded = await startEmbeddedPostgres({ dataDir: folder, port: 0 });
const settings = { UPLINE_DATA_DIR: folder, UPLINE_PORT: "0", UPLINE_JOBS: "off", UPLINE_LOG_LEVEL: "error" };
const hub = await openHub(readEnv(settings), embedded.url);
const listening = await listen(hub, { host: "127.0.0.1", port: 0 });
const company = await findCompany(hub, SLUG);
if (company === null) throw new Error(`${folder} holds no large company`);
const owner = postgres(embedded.url, { max: 1, onnotice: () => {} });
const seats = await largeSeats(hub, { folder, companyId: company.companyId, owner });
await owner.end();

const ask = async (path: string) => {
  const response = await fetch(`${listening.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return (await response.json()) as { readonly items: readonly Record<string, string>[] };
};
const [commission] = (await ask("/api/commissions?limit=1")).items;
const sample = { orderId: commission?.order_id, entry: commission?.entry, earnerId: commission?.distributor_id };
const url = listening.url.replace("127.0.0.1", "localhost");
process.stdout.write(`${JSON.stringify({ url, seats, sample })}\n`);

process.once("SIGTERM", async () => {
  await listening.close();
  if (embedded.startedHere) await embedded.stop();
  process.exit(0);
});

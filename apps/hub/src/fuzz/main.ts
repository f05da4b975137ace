/**
 * `pnpm fuzz`: calls drawn from the API's own description and recorded deliveries with something wrong in them, against a
 * hub on a real PostgreSQL. No answer may be a fault (5xx, but for a 503 that says when to come again), and none may stay
 * away. The last line is one JSON object.
 */
import { randomBytes, randomInt } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { readEnv } from "../env.ts";
import { openHub } from "../hub.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { fuzz } from "./fuzz.ts";

const { values: flags } = parseArgs({
  options: {
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    calls: { type: "string", default: "20000" },
    deliveries: { type: "string", default: "6000" },
  },
});
const [seed, calls, deliveries] = [flags.seed, flags.calls, flags.deliveries].map((text) => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`"${text}" is no number: give --seed, --calls and --deliveries as whole numbers.`);
  return Number(text);
}) as [number, number, number];

const dataDir = mkdtempSync(join(tmpdir(), "upline-fuzz-"));
// As root the database runs under another account, which must be able to enter.
chmodSync(dataDir, 0o755);
const database = await startEmbeddedPostgres({ dataDir, port: 0 });
const settings = {
  DATABASE_URL: database.url,
  UPLINE_SECRET_KEY: randomBytes(32).toString("base64"),
  UPLINE_SHOPIFY_APP_SECRETS: "shopify-app-fuzz-secret",
  UPLINE_LOG_LEVEL: "silent",
  UPLINE_JOBS: "off",
};
const hub = await openHub(readEnv(settings), database.url);
try {
  const company = await setUpTestCompany(hub);
  process.stderr.write(`fuzz: seed ${seed}, ${calls} calls, ${deliveries} deliveries\n`);
  const report = await fuzz({
    ...{ hub, company, seed, calls, deliveries },
    onProgress: (done, total) => void process.stderr.write(`fuzz: ${done} of ${total}\n`),
  });
  for (const failure of report.failures) process.stderr.write(`${failure}\n`);
  process.stdout.write(`${JSON.stringify({ ...report, failures: report.failures.length })}\n`);
  process.exitCode = report.ok ? 0 : 1;
} finally {
  await hub.close();
  await database.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** `pnpm bench redirects`: how many referral links a second one hub answers over HTTP, with clicks counted behind them. */
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { readEnv } from "../env.ts";
import { listen, openHub } from "../hub.ts";
import { setUpTestCompany } from "../testing/test-company.ts";

const SECONDS = process.argv.includes("--quick") ? 3 : 10;
const AT_ONCE = 64;
const CODES = ["ANNA77", "MAYA21", "GREG1", "CARLA9", "EXT42", "ALICE42", "BOB7", "NOBODY"];
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";

const dataDir = mkdtempSync(join(tmpdir(), "upline-bench-"));
const embedded = await startEmbeddedPostgres({ dataDir, port: 0 });
const settings = { UPLINE_DATA_DIR: dataDir, UPLINE_PORT: "0", UPLINE_JOBS: "off", UPLINE_LOG_LEVEL: "error" };
const hub = await openHub(readEnv(settings), embedded.url);
const listening = await listen(hub, { host: "127.0.0.1", port: 0 });
try {
  await setUpTestCompany(hub);
  const { port } = new URL(listening.url);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const latencies: number[] = [];
  const until = performance.now() + SECONDS * 1_000;
  const follow = (code: string) =>
    new Promise<void>((resolve, reject) => {
      const begun = performance.now();
      const options = {
        host: "127.0.0.1",
        port,
        path: `/r/${code}/tea?utm_campaign=bench`,
        agent,
        headers: { "user-agent": BROWSER },
      };
      const sent = request(options, (answer) => {
        answer.resume().on("end", () => {
          if (answer.statusCode !== 302) reject(new Error(`answered ${answer.statusCode}`));
          latencies.push(performance.now() - begun);
          resolve();
        });
      });
      sent.on("error", reject).end();
    });
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, index) => {
      for (let sent = index; performance.now() < until; sent++) await follow(CODES[sent % CODES.length] ?? "ANNA77");
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  await hub.clicks.flush();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Number((latencies[Math.floor((latencies.length - 1) * share)] ?? 0).toFixed(2));
  const figures = {
    redirectsPerSecond: Math.round(latencies.length / seconds),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    answered: latencies.length,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await listening.close();
  await embedded.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(0);

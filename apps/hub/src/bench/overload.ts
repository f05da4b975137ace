/**
 * `pnpm bench overload`: how much memory a hub takes while somebody half-sends 600 bodies of 2 MB, to a store that is here and to
 * one that is not, and while a shop sends 128 signed bodies of 1.9 MB at once. Prints one JSON line.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../db/embedded.ts";
import { prepareCompany } from "./company.ts";
import { startHubProcess } from "./hub-process.ts";
import { LoadMaker } from "./load.ts";

const BODY_BYTES = 1_900_000;
const HALVES = 600;
const WHOLES = 128;

const dataDir = mkdtempSync(join(tmpdir(), "upline-bench-"));
chmodSync(dataDir, 0o755);
const embedded = await startEmbeddedPostgres({ dataDir, port: 0 });
const database = `upline_bench_${randomBytes(4).toString("hex")}`;
const owner = postgres(embedded.url, { max: 1, onnotice: () => {} });
await owner.unsafe(`create database ${database}`);
await owner.end();
const url = embedded.url.replace(/\/[^/?]*(\?|$)/, `/${database}$1`);
const secretKey = randomBytes(32).toString("base64");

try {
  const company = await prepareCompany({ url, secretKey });
  const hub = await startHubProcess({ url, secretKey, role: "all" });
  const base = `http://127.0.0.1:${hub.port}`;
  await wait(2_000);
  const idleMb = residentMb(hub.child.pid);
  const results: Record<string, unknown> = {};
  for (const [name, path] of [
    ["half bodies, unknown store", "/ingest/shopify/st_nobody"],
    ["half bodies, known store", company.storePath],
  ] as const)
    results[name] = await watch(hub.child.pid, base, () => sendHalves(hub.port, path));
  const maker = new LoadMaker({
    storePath: company.storePath,
    secret: company.secret,
    bodyBytes: BODY_BYTES,
    codes: company.codes,
  });
  const wholes = Array.from({ length: WHOLES }, (_, order) =>
    maker.request({ order, topic: "orders/paid", minute: 2, financialStatus: "paid", unitsBack: 0 }),
  );
  results["signed bodies"] = await watch(hub.child.pid, base, () => sendWholes(hub.port, wholes));
  process.stdout.write(`${JSON.stringify({ idleMb, ...results })}\n`);
  hub.child.kill("SIGTERM");
} finally {
  await embedded.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

function residentMb(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) >> 10;
}

async function watch(pid: number | undefined, base: string, attack: () => Promise<unknown>) {
  let done = false;
  let mostMb = 0;
  const healthMs: number[] = [];
  const attacked = attack().finally(() => {
    done = true;
  });
  while (!done) {
    const begun = performance.now();
    await (await fetch(`${base}/healthz`)).text();
    healthMs.push(Math.round(performance.now() - begun));
    mostMb = Math.max(mostMb, residentMb(pid));
    await wait(50);
  }
  return { mostMb, slowestHealthMs: Math.max(...healthMs), result: await attacked };
}

async function sendHalves(port: number, path: string): Promise<unknown> {
  const half = Buffer.alloc(BODY_BYTES - 1, 97);
  const statuses: Record<string, number> = {};
  const sockets: Socket[] = [];
  for (let count = 0; count < HALVES; count++) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.once("data", (chunk) => {
      const status = String(chunk).split(" ")[1] ?? "";
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
    socket.write(half);
    sockets.push(socket);
    if (count % 50 === 49) await wait(100);
  }
  await wait(15_000);
  for (const socket of sockets) socket.destroy();
  await wait(1_000);
  return statuses;
}

async function sendWholes(port: number, requests: readonly Buffer[]): Promise<unknown> {
  const statuses: Record<string, number> = {};
  await Promise.all(
    requests.map(
      (request) =>
        new Promise<void>((resolve) => {
          const socket = connect(port, "127.0.0.1", () => socket.write(request));
          socket.on("error", () => resolve());
          socket.once("data", (chunk) => {
            const status = String(chunk).split(" ")[1] ?? "";
            statuses[status] = (statuses[status] ?? 0) + 1;
            socket.destroy();
            resolve();
          });
        }),
    ),
  );
  return statuses;
}

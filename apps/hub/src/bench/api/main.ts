/**
 * `pnpm bench api`: asks every GET of the API, with every filter, of the company that `pnpm demo --large` made, and fails where an
 * answer takes longer than the limits. Each question's first call after the start is among its figures. Ends with one JSON line.
 *
 * `--folder`, `--repeats`, `--p95`, `--max` (milliseconds), `--plans <how many>`; further words choose routes by part of their path.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../../db/embedded.ts";
import { readLargeKey } from "../../demo/large/main.ts";
import type { ApiDescription } from "../../fuzz/api-calls.ts";
import { type HubProcess, startHubProcess } from "../hub-process.ts";
import { failureOf, type Limits, type Measured, measure, tableOf } from "./measure.ts";
import { explainSlow, ServerLog } from "./plans.ts";
import { type Question, questionsOf } from "./questions.ts";
import { readSamples } from "./samples.ts";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    folder: { type: "string", default: ".upline/large" },
    repeats: { type: "string", default: "20" },
    p95: { type: "string", default: "50" },
    max: { type: "string", default: "200" },
    plans: { type: "string", default: "10" },
  },
});
const limits: Limits = { p95Ms: Number(values.p95), maxMs: Number(values.max) };
const folder = resolve(values.folder);
const key = readLargeKey(folder);
/** A route whose slowest answers add up to more is not asked further. */
const ROUTE_MS = 20_000;
const progress = (text: string): void => void process.stderr.write(`… ${text}\n`);

const embedded = await startEmbeddedPostgres({ dataDir: folder, port: 0 });
const owner = postgres(embedded.url, { max: 1, onnotice: () => {} });
try {
  await explainSlow(owner, null);
  const all = await withHub(measureAll);
  process.stdout.write(`${tableOf(all, limits).join("\n")}\n`);
  const slow = all.filter((measured) => failureOf(measured, limits) !== null).toSorted((a, b) => b.p50Ms - a.p50Ms);
  await showPlans(slow.slice(0, Number(values.plans)));
  const [slowest] = all.toSorted((a, b) => b.p95Ms - a.p95Ms);
  const figures = {
    questions: all.length,
    over: slow.length,
    p95Ms: round(Math.max(...all.map(({ p95Ms }) => p95Ms))),
    maxMs: round(Math.max(...all.map(({ maxMs }) => maxMs))),
    slowest: slowest?.address,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  process.exitCode = slow.length === 0 ? 0 : 1;
} finally {
  await owner.end();
  if (embedded.startedHere) await embedded.stop();
}

async function withHub<T>(work: (hub: HubProcess) => Promise<T>): Promise<T> {
  const path = join(folder, "secret.key");
  const secretKey = existsSync(path) ? readFileSync(path, "utf8").trim() : (process.env.UPLINE_SECRET_KEY ?? "");
  const begun = performance.now();
  const hub = await startHubProcess({ url: embedded.url, secretKey, role: "all" });
  try {
    while (!(await fetch(`http://127.0.0.1:${hub.port}/readyz`)).ok) await new Promise((done) => setTimeout(done, 100));
    progress(`the hub is ready after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    return await work(hub);
  } finally {
    const over = new Promise((done) => hub.child.once("exit", done));
    hub.child.kill("SIGTERM");
    await over;
  }
}

async function measureAll(hub: HubProcess): Promise<Measured[]> {
  const base = `http://127.0.0.1:${hub.port}`;
  const ask = async (address: string) => {
    const response = await fetch(`${base}${address}`, { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) throw new Error(`${address} was answered ${response.status}`);
    return response.json();
  };
  const description = (await ask("/openapi.json")) as ApiDescription;
  await firstCall(base);
  const questions = questionsOf(description, await readSamples(ask)).filter(isWanted);
  const all: Measured[] = [];
  const spent = new Map<string, number>();
  for (const [index, question] of questions.entries()) {
    if (index % 50 === 0) progress(`${index} of ${questions.length} questions`);
    const { route } = question;
    // What takes so long has failed already: the rest of it would say nothing new.
    if ((spent.get(route) ?? 0) > ROUTE_MS) continue;
    const measured = await measure(question, { base, key, repeats: Number(values.repeats) });
    spent.set(route, (spent.get(route) ?? 0) + measured.maxMs);
    all.push(measured);
  }
  if (all.length < questions.length) progress(`${questions.length - all.length} questions of slow routes were left out`);
  return all;
}

/** The very first call has what a start leaves for later. One that is told to come again does. */
async function firstCall(base: string): Promise<void> {
  const first = { route: "", filter: "", address: "/api/commissions?limit=1" };
  for (let status = 503; status === 503; ) {
    const measured = await measure(first, { base, key, repeats: 1 });
    status = measured.status;
    progress(`the first call was answered ${status} after ${measured.firstMs.toFixed(0)} ms`);
  }
}

function isWanted({ route }: Question): boolean {
  return positionals.length === 0 || positionals.some((word) => route.includes(word));
}

/** Asks once more what was slow, with PostgreSQL telling its plans. */
async function showPlans(slow: readonly Measured[]): Promise<void> {
  if (slow.length === 0) return;
  await explainSlow(owner, 20);
  const log = new ServerLog(folder);
  await withHub(async (hub) => {
    for (const question of slow) {
      const text = await log.during(() => measure(question, { base: `http://127.0.0.1:${hub.port}`, key, repeats: 1 }));
      process.stdout.write(
        `\n${question.address}: ${failureOf(question, limits)}\n${text === "" ? "  no slow statement" : text}\n`,
      );
    }
  });
  await explainSlow(owner, null);
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

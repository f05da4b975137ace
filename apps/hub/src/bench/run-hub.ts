import type { ChildProcess } from "node:child_process";
import type postgres from "postgres";
import { type Cost, peakMemoryMb, startMeter } from "./cost.ts";
import { readMetrics, startHubProcess } from "./hub-process.ts";
import type { LoadMaker } from "./load.ts";
import { type PaceResult, pace } from "./pace.ts";
import { Wire } from "./wire.ts";

/** As many shops as send at once: enough that a group commit has company. */
const CONNECTIONS = 128;
const WARM_UP = 2_000;
const WARM_UP_PER_SECOND = 1_000;
/** The hub gets the signal between two turns of its loop. */
const SIGNAL_MS = 200;

export interface HubRun extends PaceResult {
  /** From the first request until the last was answered, or, where the hub processes them, until the last order was committed. */
  readonly cost: Cost;
  /** Of these requests, after a warm-up that counts for nothing. */
  readonly count: number;
  readonly emitP50Ms: number;
  readonly emitP99Ms: number;
  readonly memoryMb: number | null;
}

export interface HubLoad {
  /** Only acknowledges, or works through to the commission. */
  readonly role: "ingest" | "all";
  readonly perSecond: number;
  readonly count: number;
  /** The number of the first order; those before are not used again. */
  readonly first: number;
  /** Deliveries that nobody processes may be the same ones over and over. */
  readonly distinct?: number;
}

/** Runs a hub in a process of its own under an open-loop load. */
export async function runHub(
  at: { owner: postgres.Sql; url: string; secretKey: string; maker: LoadMaker; children: ChildProcess[] },
  load: HubLoad,
): Promise<HubRun> {
  const { owner, maker } = at;
  const paid = (order: number) =>
    maker.request({ order, topic: "orders/paid", minute: 1, financialStatus: "paid", unitsBack: 0 });
  const distinct = Array.from({ length: Math.min(load.count, load.distinct ?? load.count) }, (_, index) =>
    paid(load.first + WARM_UP + index),
  );
  const requests = Array.from({ length: load.count }, (_, index) => distinct[index % distinct.length] ?? Buffer.alloc(0));
  const hub = await startHubProcess({ url: at.url, secretKey: at.secretKey, role: load.role });
  at.children.push(hub.child);
  const pid = hub.child.pid ?? 0;
  const wire = await Wire.open({ host: "127.0.0.1", port: hub.port, connections: CONNECTIONS });
  const drain = () => (load.role === "all" ? drained(owner) : Promise.resolve());
  const warmUp = Array.from({ length: WARM_UP }, (_, index) => paid(load.first + index));
  await pace({ wire, requests: warmUp, perSecond: WARM_UP_PER_SECOND });
  await drain();
  hub.child.kill("SIGUSR2");
  await new Promise((resolve) => setTimeout(resolve, SIGNAL_MS));
  const stopMeter = await startMeter(owner, pid);
  const result = await pace({ wire, requests, perSecond: load.perSecond });
  await drain();
  const cost = await stopMeter();
  const metrics = await readMetrics(hub);
  const figure = (name: string) => Number(new RegExp(`^${name} ([\\d.e+-]+)$`, "m").exec(metrics)?.[1] ?? "0");
  const run = {
    ...result,
    cost,
    count: load.count,
    emitP50Ms: figure("upline_recent_emit_p50_ms"),
    emitP99Ms: figure("upline_recent_emit_p99_ms"),
    memoryMb: peakMemoryMb(pid),
  };
  wire.close();
  await stopped(hub.child);
  if (result.accepted < result.sent)
    throw new Error(`the hub refused ${result.sent - result.accepted} of ${result.sent} deliveries`);
  return run;
}

/** Waits until every delivery has its outcome. Counts them only when the newest has its own, so that waiting costs the database little. */
async function drained(owner: postgres.Sql): Promise<void> {
  for (let pauseMs = 20; ; ) {
    const [newest] = await owner`
      select exists (select from inbox_outcomes where delivery_id = (select max(delivery_id) from inbox)) as done`;
    if (newest?.done === true) {
      const [row] = await owner`select (select count(*) from inbox) - (select count(*) from inbox_outcomes) as left`;
      if (Number(row?.left) === 0) return;
      pauseMs = 100;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createApp, type RunningParts, type Surface } from "./app.ts";
import { backgroundJobs } from "./background.ts";
import { openDatabase } from "./db/open.ts";
import { Pulse } from "./db/pulse.ts";
import type { Env } from "./env.ts";
import { Door } from "./inbox/door.ts";
import { JobRunner } from "./jobs/runner.ts";
import { Folder } from "./ledger/folder.ts";
import { openLog } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { openPipeline } from "./orders/pipeline.ts";
import { WarmUp } from "./orders/warm-up.ts";
import { FOUND_ONLY, HANDED_OVER, Worker } from "./orders/worker.ts";
import { Announcer } from "./overview/announcer.ts";
import { People } from "./people/open-people.ts";
import { readVolumesAhead } from "./periods/group-volumes.ts";
import { ClickBook } from "./referrals/click-book.ts";
import { openSecretBox } from "./secret-box.ts";

/** All parts of a running hub, put together in one place. */
export interface Hub extends RunningParts, Surface {
  close(): Promise<void>;
}

/** Migrates the database and builds the hub on it; nothing listens yet. */
export async function openHub(env: Env, databaseUrl: string): Promise<Hub> {
  const box = openSecretBox(env);
  const db = await openDatabase(databaseUrl, { env, box });
  const log = openLog(env.logLevel);
  const metrics = new Metrics();
  const pulse = new Pulse(db);
  const door = new Door(db, box);
  const pipeline = openPipeline({ db, box, env, log, metrics });
  const { directories } = pipeline;
  const more = readVolumesAhead(db, (companyId) => directories.fresh(companyId));
  const warmUp = new WarmUp({ directories, gate: db.gate, log, more });
  const folder = new Folder({ db, log });
  const announcer = new Announcer({ db, log });
  const worker = new Worker({
    context: pipeline,
    log,
    metrics,
    options: env.role === "worker" ? FOUND_ONLY : HANDED_OVER,
    wrote: (companyId, transfers) => {
      announcer.say(companyId, "deliveries");
      if (env.foldMinutes !== 0) folder.wrote(companyId, transfers);
    },
  });
  const takesJobs = env.role !== "ingest" && env.jobs === "on";
  const people = new People({ env, db, box, log });
  const told = (companyId: number) => announcer.say(companyId, "progress");
  const work = backgroundJobs({ env, db, box, log, pipeline, handOff: worker, told, people });
  const jobs = new JobRunner({ url: db.jobsUrl, log }, work, { takesJobs, ran: told });
  const clicks = new ClickBook({ db, box, log });
  const parts = { env, db, box, log, metrics, door, pipeline, worker, jobs, pulse, warmUp, people, clicks, announcer };
  const surface = createApp(parts);
  pulse.start();
  // A hub that only takes deliveries reads what somebody asks it for.
  if (env.role !== "ingest") warmUp.start();
  if (env.role !== "ingest") worker.start();
  if (takesJobs) await jobs.start();
  const close = async () => {
    await warmUp.stop();
    await jobs.stop();
    await worker.stop();
    await folder.stop();
    await pulse.stop();
    await people.idle();
    await clicks.flush();
    await announcer.stop();
    await db.close();
  };
  return { ...parts, ...surface, close };
}

export interface Listening {
  readonly url: string;
  /** Stops taking requests, finishes those under way and everything they handed over. */
  close(): Promise<void>;
}

/** How long a connection may take for what it sends: half a request must not hold memory and sockets for ever. */
export const TIME_LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

/** Listens for HTTP. Throws with a clear sentence where the port is taken. */
export function listen(hub: Hub, at: { host: string; port: number }, limits = TIME_LIMITS): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const routes = getRequestListener(hub.app.fetch, { hostname: at.host });
    const server = createServer(limits, (request, response) => {
      if (!hub.direct(request, response)) void routes(request, response);
    });
    server.listen(at.port, at.host, () => {
      const close = async () => {
        await new Promise<void>((done) => {
          server.close(() => done());
          server.closeIdleConnections();
          setTimeout(() => server.closeAllConnections(), 5_000).unref();
        });
        await hub.close();
      };
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : at.port;
      hub.people.listensAt(port);
      resolve({ url: `http://${at.host.includes(":") ? `[${at.host}]` : at.host}:${port}`, close });
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE" ? new Error(`Port ${at.port} is taken: set UPLINE_PORT to a free one (0 takes any).`) : error,
      );
    });
  });
}

import { OpenAPIHono } from "@hono/zod-openapi";
import { requestId } from "hono/request-id";
import { apiRoutes } from "./api.ts";
import { watchCommits } from "./db/commits.ts";
import { asCompany, sqlState } from "./db/connect.ts";
import type { Pulse } from "./db/pulse.ts";
import { joiningRoutes } from "./enrolments/joining-routes.ts";
import { HubError } from "./errors.ts";
import { BodyRoom } from "./http/body-room.ts";
import { consoleFiles } from "./http/console-files.ts";
import { csvOfLists } from "./http/csv-lists.ts";
import { DISK_FULL, Disk } from "./http/disk.ts";
import { docsRoutes } from "./http/docs.ts";
import { healthRoutes } from "./http/health.ts";
import { refuseUnknownParameters } from "./http/known-parameters.ts";
import { pageHeaders } from "./http/page-headers.ts";
import { answerFailure, type FailedRequest, failedRequest, problemResponse } from "./http/problem.ts";
import { limitWrongTries, TRY_LIMIT } from "./http/wrong-tries.ts";
import { openReceiver } from "./inbox/accept.ts";
import { type DirectDoor, directDoor } from "./inbox/direct.ts";
import type { Door } from "./inbox/door.ts";
import type { HandOff } from "./inbox/hand-off.ts";
import { receiveRoutes } from "./inbox/receive.ts";
import { countPending } from "./inbox/waiting.ts";
import type { JobRunner } from "./jobs/runner.ts";
import { creditOf } from "./orders/credit.ts";
import type { OrderParts } from "./orders/pipeline.ts";
import { rebindBuyers } from "./orders/rebind.ts";
import type { WarmUp } from "./orders/warm-up.ts";
import type { Worker } from "./orders/worker.ts";
import type { Announcer } from "./overview/announcer.ts";
import { authRoutes } from "./people/auth-routes.ts";
import type { People } from "./people/open-people.ts";
import type { ClickBook } from "./referrals/click-book.ts";
import { redirectRoutes } from "./referrals/redirect-routes.ts";
import { Resolver } from "./referrals/resolve.ts";
import { connectRoutes } from "./stores/connect-routes.ts";
import { Copies } from "./stores/move.ts";

/** All parts of a running hub. */
export interface RunningParts extends OrderParts {
  readonly door: Door;
  readonly worker: Worker;
  readonly pulse: Pulse;
  readonly jobs: JobRunner;
  readonly warmUp: WarmUp;
  readonly people: People;
  readonly clicks: ClickBook;
  readonly announcer: Announcer;
}

/** The whole HTTP surface: ingest for shops, the API for companies, health for operators. */
export interface Surface {
  readonly app: OpenAPIHono;
  /** Takes most deliveries before the routes see them. */
  readonly direct: DirectDoor;
}

export function createApp(hub: RunningParts): Surface {
  const app = new OpenAPIHono();
  const disk = new Disk(hub.env);
  const limited = limitWrongTries({ ...TRY_LIMIT, proxies: hub.env.proxies });
  app.use(requestId());
  // A read of the API changes nothing; any other call is told so only where it is certain.
  app.use((c, next) => (c.req.method === "GET" && c.req.path.startsWith("/api/") ? next() : watchCommits(next)));
  for (const path of ["/api/*", "/connect", "/connect/*"]) app.use(path, limited);
  for (const path of ["/docs", "/docs/*", "/openapi.json", "/api/*", "/auth/*", "/joining/*", "/connect", "/connect/*"])
    app.use(path, pageHeaders);
  // A hub that only takes deliveries leaves them in the inbox for the workers' sweep.
  const handOff: HandOff = hub.env.role === "all" ? hub.worker : { offer: () => {} };
  const api = apiRoutes({ ...hub, handOff });
  const receiver = openReceiver({
    db: hub.db,
    box: hub.box,
    door: hub.door,
    handOff,
    metrics: hub.metrics,
    copies: new Copies(hub.db),
    room: new BodyRoom(),
    bodyLimitBytes: hub.env.bodyLimitBytes,
    shopifyAppSecrets: hub.env.shopifyAppSecrets,
  });
  app.route("/ingest", receiveRoutes(receiver));
  app.route(
    "/connect",
    connectRoutes({
      ...hub,
      findByCode: async ({ companyId, foldedCode }) =>
        (await hub.pipeline.directories.fresh(companyId)).findByCode(foldedCode, Date.now()),
      creditOf: async (order) => {
        await hub.pipeline.directories.ready(order.companyId);
        return asCompany(hub.db, order.companyId, (tx) => creditOf(hub.pipeline, tx, order));
      },
    }),
  );
  const countWaiting = () => countPending(hub.db.gate);
  const directoriesLeft = () => hub.warmUp.left;
  app.route("/", healthRoutes({ ...hub, disk, countWaiting, directoriesLeft, isStuck: () => hub.pulse.stuck }));
  app.use("/api/*", refuseUnknownParameters(api));
  app.use(
    "/api/*",
    csvOfLists(api, (request, env) => app.fetch(request, env as object)),
  );
  app.route("/api", api);
  const auth = authRoutes(hub.people);
  app.route("/auth", auth);
  const joining = joiningRoutes(hub.people, {
    rebind: (companyId, distributorId) => rebindBuyers(hub.pipeline, { companyId, distributorId }),
  });
  app.route("/joining", joining);
  app.route("/r", redirectRoutes({ env: hub.env, resolver: new Resolver(hub), clicks: hub.clicks }));
  app.route(
    "/",
    docsRoutes([
      ["/api", api],
      ["/auth", auth],
      ["/joining", joining],
    ]),
  );
  app.route("/", consoleFiles());
  app.notFound((c) => problemResponse(new HubError("not-found", `Nothing is at ${c.req.path}. The API is described at /docs.`)));
  const failed = (request: FailedRequest, error: Error) => {
    if (sqlState(error) === DISK_FULL) disk.noteFull();
    return answerFailure(request, hub.log, error);
  };
  app.onError((error, c) => failed(failedRequest(c), error));
  return { app, direct: directDoor(receiver, failed) };
}

import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { apiRoutes } from "./api.ts";
import { HubError, problemOf } from "./errors.ts";
import { docsRoutes } from "./http/docs.ts";
import { healthRoutes } from "./http/health.ts";
import type { Door } from "./inbox/door.ts";
import { receiveRoutes } from "./inbox/receive.ts";
import { countPending } from "./inbox/waiting.ts";
import type { JobRunner } from "./jobs/runner.ts";
import type { OrderParts } from "./orders/pipeline.ts";
import type { Worker } from "./orders/worker.ts";
import { connectRoutes } from "./stores/connect-routes.ts";

/** All parts of a running hub. */
export interface RunningParts extends OrderParts {
  readonly door: Door;
  readonly worker: Worker;
  readonly jobs: JobRunner;
}

/** The whole HTTP surface: ingest for shops, the API for companies, health for operators. */
export function createApp(hub: RunningParts): OpenAPIHono {
  const app = new OpenAPIHono();
  app.route(
    "/ingest",
    receiveRoutes({
      db: hub.db,
      door: hub.door,
      // A hub that only takes deliveries leaves them in the inbox for the workers' sweep.
      handOff: hub.env.role === "all" ? hub.worker : { offer: () => {} },
      metrics: hub.metrics,
      bodyLimitBytes: hub.env.bodyLimitBytes,
      shopifyAppSecrets: hub.env.shopifyAppSecrets,
    }),
  );
  app.route(
    "/connect",
    connectRoutes({
      ...hub,
      findByCode: async (tx, { companyId, foldedCode }) =>
        (await hub.pipeline.directories.current(tx, companyId)).findByCode(foldedCode, Date.now()),
    }),
  );
  app.route("/", healthRoutes({ ...hub, countWaiting: () => countPending(hub.db.gate) }));
  const api = apiRoutes(hub);
  app.route("/api", api);
  app.route("/", docsRoutes(api));
  app.notFound((c) => problemResponse(new HubError("not-found", `Nothing is at ${c.req.path}. The API is described at /docs.`)));
  app.onError((error) => {
    const known = error instanceof HTTPException ? new HubError("bad-request", error.message, { cause: error }) : error;
    if (!(known instanceof HubError))
      hub.log.error({ error: error.name, at: error.stack?.split("\n")[1]?.trim() }, "a request failed unexpectedly");
    return problemResponse(known);
  });
  return app;
}

function problemResponse(error: unknown): Response {
  const problem = problemOf(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json" },
  });
}

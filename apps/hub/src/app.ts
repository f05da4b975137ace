import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { apiRoutes } from "./api.ts";
import type { Pulse } from "./db/pulse.ts";
import { failureKind } from "./db/retry.ts";
import { HubError, problemOf } from "./errors.ts";
import { BodyRoom } from "./http/body-room.ts";
import { docsRoutes } from "./http/docs.ts";
import { healthRoutes } from "./http/health.ts";
import type { Door } from "./inbox/door.ts";
import { receiveRoutes } from "./inbox/receive.ts";
import { countPending } from "./inbox/waiting.ts";
import type { JobRunner } from "./jobs/runner.ts";
import type { OrderParts } from "./orders/pipeline.ts";
import type { Worker } from "./orders/worker.ts";
import { connectRoutes } from "./stores/connect-routes.ts";
import { Copies } from "./stores/move.ts";

/** All parts of a running hub. */
export interface RunningParts extends OrderParts {
  readonly door: Door;
  readonly worker: Worker;
  readonly pulse: Pulse;
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
      copies: new Copies(hub.db),
      room: new BodyRoom(),
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
  app.route("/", healthRoutes({ ...hub, countWaiting: () => countPending(hub.db.gate), isStuck: () => hub.pulse.stuck }));
  const api = apiRoutes(hub);
  app.route("/api", api);
  app.route("/", docsRoutes(api));
  app.notFound((c) => problemResponse(new HubError("not-found", `Nothing is at ${c.req.path}. The API is described at /docs.`)));
  app.onError((error) => {
    const known = refusalOf(error);
    if (!(known instanceof HubError))
      hub.log.error({ error: error.name, at: error.stack?.split("\n")[1]?.trim() }, "a request failed unexpectedly");
    return problemResponse(known);
  });
  return app;
}

/** What passes by itself is said so: the caller may come again, as a shop does with a delivery. */
function refusalOf(error: Error): Error {
  if (error instanceof HTTPException) return new HubError("bad-request", error.message, { cause: error });
  switch (failureKind(error)) {
    case "away":
      return new HubError(
        "unavailable",
        "The database cannot be reached at the moment. Nothing was changed. Try again shortly.",
        {
          cause: error,
        },
      );
    case "busy":
      return new HubError(
        "unavailable",
        "Another change of this company is under way, such as an import or a close. Nothing was changed. Try again shortly.",
        { cause: error },
      );
    default:
      return error;
  }
}

const RETRY_AFTER_SECONDS = 2;

function problemResponse(error: unknown): Response {
  const problem = problemOf(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      ...(problem.status === 503 ? { "retry-after": String(RETRY_AFTER_SECONDS) } : {}),
    },
  });
}

import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { HubError, problemOf } from "./errors.ts";
import { receiveRoutes } from "./ingest/receive.ts";
import type { HubParts } from "./parts.ts";
import { apiRoutes } from "./routes/api.ts";
import { connectRoutes } from "./routes/connect.ts";
import { docsRoutes } from "./routes/docs.ts";
import { healthRoutes } from "./routes/health.ts";

/** The whole HTTP surface: ingest for shops, the API for companies, health for operators. */
export function createApp(hub: HubParts): OpenAPIHono {
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
  app.route("/connect", connectRoutes(hub));
  app.route("/", healthRoutes(hub));
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

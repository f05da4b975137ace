import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import { HubError } from "../errors.ts";

const SWAGGER = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const ASSETS: Readonly<Record<string, string>> = { "swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript" };

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Upline API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" href="data:,"></head>
<body><div id="docs">Loading the API's description …</div><noscript>This page needs JavaScript; the plain description is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, persistAuthorization: true, docExpansion: "list", defaultModelsExpandDepth: 0 });`;

/** The API's description: `/openapi.json`, and a page to browse it that works without internet. */
export function docsRoutes(api: OpenAPIHono): Hono {
  const routes = new Hono();
  routes.get("/openapi.json", (c) =>
    c.json(
      api.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: "Upline",
          version: "0.1.0",
          description: "From cart to commission: orders, commissions with their explanation, and the ledger.",
        },
        servers: [{ url: "/api" }],
        security: [{ key: [] }],
      }),
    ),
  );
  routes.get("/docs", (c) => c.html(PAGE));
  routes.get("/docs/start.js", (c) => c.body(START, 200, { "content-type": "text/javascript" }));
  routes.get("/docs/:file", (c) => {
    const file = c.req.param("file");
    const type = ASSETS[file];
    if (!type) throw new HubError("not-found", "No such file.");
    return c.body(readFileSync(join(SWAGGER, file)), 200, { "content-type": type, "cache-control": "max-age=86400" });
  });
  return routes;
}

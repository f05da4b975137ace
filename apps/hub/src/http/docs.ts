import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import { HubError } from "../errors.ts";
import { routeName } from "./called-route.ts";
import { CSV_TYPE, listShapes } from "./csv-lists.ts";

const SWAGGER = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const ASSETS: ReadonlyMap<string, string> = new Map([
  ["swagger-ui.css", "text/css"],
  ["swagger-ui-bundle.js", "text/javascript"],
]);

/** The page loads what is the hub's own and asks nobody else; Swagger UI writes styles into its elements. */
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:",
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
].join("; ");

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Upline API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="stylesheet" href="/docs/look.css"><link rel="icon" href="data:,"></head>
<body><div id="docs"><p class="waiting">Loading the API's description …</p></div><noscript>This page needs JavaScript; the plain description is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, persistAuthorization: false, docExpansion: "list",
  defaultModelsExpandDepth: -1, defaultModelExpandDepth: 3, defaultModelRendering: "example", displayRequestDuration: true, filter: true,
  tryItOutEnabled: true, syntaxHighlight: { theme: "idea" } });`;

/** One server needs no chooser; the rest is room, wrapping and a focus that can be seen. */
const LOOK = `body { margin: 0; } .waiting { margin: 3rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
.swagger-ui .servers, .swagger-ui .servers-title { display: none; }
.swagger-ui .info { margin: 24px 0 8px; } .swagger-ui .info .title small { vertical-align: middle; top: 0; }
.swagger-ui .scheme-container { box-shadow: none; padding: 0; margin: 0; background: none; }
.swagger-ui .scheme-container .schemes { justify-content: flex-end; }
.swagger-ui .info p, .swagger-ui .info li, .swagger-ui .opblock-description-wrapper p { font-size: 15px; line-height: 1.5; max-width: 75ch; margin-left: 0; margin-right: 0; }
.swagger-ui .opblock-description-wrapper { padding: 12px 20px; } .swagger-ui .try-out, .swagger-ui .response-col_links { display: none; }
.swagger-ui .info code, .swagger-ui .renderedMarkdown code { color: #3b4151; background: #eef0f3; font-weight: 600; overflow-wrap: anywhere; }
.swagger-ui .info pre { overflow-x: auto; } .swagger-ui .info pre code { color: #fff; background: none; white-space: pre; overflow-wrap: normal; }
.swagger-ui :focus-visible { outline: 3px solid #4990e2; outline-offset: 2px; }
.swagger-ui .filter .operation-filter-input { margin: 12px 0; }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 12px; } .swagger-ui .opblock .opblock-summary-method { min-width: 56px; }
  .swagger-ui .opblock-tag small { display: none; } .swagger-ui .opblock-tag { padding: 10px 0; }
  .swagger-ui .opblock .opblock-section-header { flex-wrap: wrap; gap: 8px; } .swagger-ui .opblock-body pre { font-size: 12px; }
  .swagger-ui table.parameters, .swagger-ui table.parameters tbody, .swagger-ui table.parameters tr, .swagger-ui table.parameters td { display: block; width: 100%; }
  .swagger-ui table.parameters thead { display: none; } .swagger-ui .parameters-col_name { padding-bottom: 0; }
  .swagger-ui .parameters-col_description input, .swagger-ui .parameters-col_description select { width: 100%; max-width: 100%; box-sizing: border-box; }
  .swagger-ui .response-col_status { width: 3.5rem; } .swagger-ui td.response-col_description { max-width: 0; }
}`;

const FILES: ReadonlyMap<string, { readonly type: string; readonly body: string }> = new Map([
  ["start.js", { type: "text/javascript", body: START }],
  ["look.css", { type: "text/css", body: LOOK }],
]);

const ABOUT = `From cart to commission: orders, what they earn whom and why, and the ledger behind it.

Every call needs a key, or a browser that is signed in: \`Authorization: Bearer upk_…\`. \`pnpm upline key create --name me --scope read\` makes one; the scopes are \`read\`, \`orders\`
(sending orders) and \`admin\` (everything). Press **Authorize** to use it on this page. A key sees its own company; what belongs to another is not there.

- Money is decimal text with a currency of its own; ids are text. Nothing here is a float.
- Lists are newest first. \`next\` of a page, sent as \`before\`, brings the next one; null is the end.
- Every list is there as CSV too, whole and with the same filters: \`Accept: text/csv\`, or \`?format=csv\`.
- A refusal is [problem details](https://www.rfc-editor.org/rfc/rfc9457) with a \`code\` and, for inputs, the fields in \`errors\`.`;

const TAGS = [
  { name: "Orders", description: "What was bought, and whose it is" },
  { name: "Commissions", description: "What an order earns whom, and why" },
  { name: "Ledger", description: "Every movement of value, and what accounts hold" },
  { name: "Distributors", description: "Who sells, and under whom, as of any time" },
  { name: "Periods", description: "Closes: what a period's volumes and ranks earn, decided by two people" },
  { name: "Plans", description: "Compensation plans: versions, and from when on they judge orders" },
  { name: "Placements", description: "Who stands where in binary and matrix trees" },
  { name: "SKU map", description: "What a shop's products are to the plan" },
  { name: "Exchange rates", description: "How orders in other currencies become the plan's money" },
  { name: "Deliveries", description: "What shops sent, and what became of it" },
  { name: "Erasures", description: "Buyers whose names and addresses are to be forgotten" },
  { name: "Stores", description: "The shops of the company" },
  { name: "Company", description: "Settings of the company itself" },
  { name: "Service", description: "What the app of a platform says for the shops it is installed in, with a service key" },
  { name: "Overview", description: "What waits for somebody" },
  { name: "Referrals", description: "Links of distributors, who followed them, and what came of it" },
  { name: "Enrolments", description: "Who wants to join by a link, and what becomes of it" },
  { name: "Joining", description: "What the page asks that a distributor's link to join leads to; for strangers" },
  { name: "Questions", description: "What distributors ask the company, and what it answers" },
  { name: "Materials", description: "Texts, links and pictures that the company offers its distributors" },
  { name: "Views", description: "What people keep of the console's tables: filters and columns under a name" },
  { name: "Portal", description: "What a distributor who is signed in sees of their own: earnings, rank, team, links" },
  { name: "People", description: "Who works for the company, and as what" },
  { name: "Me", description: "Whoever is signed in" },
  { name: "Keys", description: "API keys" },
  {
    name: "Signing in",
    description: "Links by mail, invitations and distributors' claims; passwords, codes and passkeys: docs/people.md",
  },
  { name: "Jobs", description: "What the hub does in the background, and what came of it" },
];

/** The API's description: `/openapi.json`, and a page to browse it that works without internet. */
export function docsRoutes(rooms: readonly DescribedRoutes[]): Hono {
  const routes = new Hono();
  routes.get("/openapi.json", (c) => c.json(describe(rooms)));
  routes.get("/docs", (c) => c.html(PAGE, 200, { "content-security-policy": POLICY }));
  routes.get("/docs/:file", (c) => {
    const file = c.req.param("file");
    const own = FILES.get(file);
    if (own) return c.body(own.body, 200, { "content-type": own.type });
    const type = ASSETS.get(file);
    if (type === undefined) throw new HubError("not-found", "No such file.");
    return c.body(readFileSync(join(SWAGGER, file)), 200, { "content-type": type, "cache-control": "max-age=86400" });
  });
  return routes;
}

/** Routes that describe themselves, and where they are. */
export type DescribedRoutes = readonly [at: string, routes: Pick<OpenAPIHono, "getOpenAPI31Document" | "openAPIRegistry">];

/** Every path in full, as it is called. */
function describe(rooms: readonly DescribedRoutes[]) {
  const documents = rooms.map(([at, routes]) => {
    const document = routes.getOpenAPI31Document({
      openapi: "3.1.0",
      info: { title: "Upline", version: "0.1.0", description: ABOUT, license: { name: "MIT" } },
      servers: [{ url: "/" }],
      tags: TAGS,
      security: [{ key: [] }, { session: [] }],
    });
    const lists = listShapes(routes);
    const paths = Object.entries(document.paths ?? {}).map(([path, operations]) => {
      const list = lists.has(routeName("get", path)) ? operations?.get?.responses?.["200"] : undefined;
      if (list && "content" in list) list.content = { ...list.content, [CSV_TYPE]: { schema: { type: "string" } } };
      return [`${at}${path}`, operations] as const;
    });
    return { ...document, paths: Object.fromEntries(paths) };
  });
  const components = (part: "schemas" | "securitySchemes") =>
    Object.assign({}, ...documents.map((each) => each.components?.[part]));
  return {
    ...documents[0],
    components: { ...documents[0]?.components, schemas: components("schemas"), securitySchemes: components("securitySchemes") },
    paths: Object.assign({}, ...documents.map(({ paths }) => paths)),
  };
}

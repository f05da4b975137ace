import { serveStatic } from "@hono/node-server/serve-static";
import { sql } from "drizzle-orm";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { answerAdminToken } from "./admin-token-route.ts";
import { receiveEvidence } from "./evidence.ts";
import { Names } from "./names.ts";
import type { AppParts } from "./parts.ts";
import { problem } from "./problem.ts";
import { receiveWebhook, type WebhookRoom } from "./webhooks.ts";

/** Answers what is a page: the build of app/, whichever framework made it. */
export type Pages = (request: Request, parts: AppParts) => Promise<Response>;

const ROOMS: readonly WebhookRoom[] = ["resources", "app", "compliance"];

/** The app as a web server. What has no page (webhooks, tokens, health) is answered here and knows no framework. */
export function createServer(parts: AppParts, pages: { readonly answer: Pages; readonly assets: string } | null) {
  const server = new Hono();
  server.onError((error) => {
    // An error of the database carries parameters: its name is all that may be logged.
    parts.log.error({ error: error.name, code: codeOf(error) }, "a request failed");
    return problem(
      isPassing(error) ? 503 : 500,
      isPassing(error) ? "unavailable" : "internal",
      "The error was logged. Trying again is safe.",
    );
  });
  const webhook = { ...parts, apiSecrets: parts.env.apiSecrets };
  for (const room of ROOMS) server.all(`/webhooks/${room}`, (c) => receiveWebhook(webhook, room, c.req.raw));
  server.all("/service/admin-token", (c) => answerAdminToken({ keeper: parts.keeper, hubsKey: parts.env.hubsKey }, c.req.raw));
  const evidence = { ...webhook, apiKey: parts.env.apiKey };
  for (const kind of ["claim", "pixel"] as const)
    server.all(`/evidence/${kind}`, (c) => receiveEvidence(evidence, kind, c.req.raw));
  const names = new Names(parts);
  server.all("/names", (c) => names.answer(c.req.raw));
  server.get("/healthz", async (c) => {
    await parts.db.execute(sql`select 1`);
    return c.json({ ok: true });
  });
  if (pages === null) return server;
  const { answer, assets } = pages;
  server.use(compress());
  server.use("/assets/*", async (c, next) => {
    await next();
    // Their names hold a hash of what is in them.
    if (c.res.ok) c.header("cache-control", "public, max-age=31536000, immutable");
  });
  server.use("/assets/*", serveStatic({ root: assets }));
  server.all("/assets/*", (c) => c.text("Not found", 404));
  server.all("*", (c) => answer(c.req.raw, parts));
  return server;
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
}

/** The database is away, or starting: Shopify and the hub come again by themselves. */
function isPassing(error: unknown): boolean {
  return /^(ECONN|CONNECT|CONNECTION|EPIPE|ETIMEDOUT|57P0|53|08)/.test(codeOf(error) ?? "");
}

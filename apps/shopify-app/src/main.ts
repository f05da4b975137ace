import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { serve } from "@hono/node-server";
import { EnvError, readEnv } from "./env.ts";
import { openParts } from "./parts.ts";
import { createServer, type Pages } from "./server.ts";

/** `pnpm --filter @upline/shopify-app start`: the built app on HOST and PORT, until it is told to end. */

const BUILD = join(import.meta.dirname, "../build");

/** What the build of the pages exports, as far as it concerns whoever serves them. */
interface BuiltPages {
  readonly entry: { readonly module: { answerPages(build: BuiltPages, ...asked: Parameters<Pages>): ReturnType<Pages> } };
}

async function readPages(): Promise<{ answer: Pages; assets: string }> {
  const path = join(BUILD, "server/index.js");
  if (!existsSync(path)) throw new EnvError("The pages are not built: run `pnpm --filter @upline/shopify-app build` first.");
  const built = (await import(pathToFileURL(path).href)) as BuiltPages;
  return { answer: (request, parts) => built.entry.module.answerPages(built, request, parts), assets: join(BUILD, "client") };
}

try {
  const env = readEnv();
  const pages = await readPages();
  const parts = await openParts(env);
  const server = serve({ fetch: createServer(parts, pages).fetch, hostname: env.host, port: env.port }, ({ port }) => {
    parts.log.info({ host: env.host, port }, "the Shopify app listens");
  });
  const stop = () => {
    server.close(() => parts.close().then(() => process.exit(0)));
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
} catch (error) {
  if (!(error instanceof EnvError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/**
 * The web framework of the pages, on the server. Together with `client.ts` and `shopify.ts` this is the only file that
 * names it (a test looks): moving to another one changes these three and the build (`vite.config.ts`).
 */
import { createReadableStreamFromReadable, createRequestHandler, data, redirect, type ServerBuild } from "@remix-run/node";
import type { AppParts } from "../../src/parts.ts";

export type { ActionFunctionArgs, EntryContext, HeadersArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
export { createReadableStreamFromReadable, data, redirect };

const handlers = new WeakMap<ServerBuild, ReturnType<typeof createRequestHandler>>();

/** Answers a request by the built pages, which find the app's parts in their context. */
export function answerPages(build: ServerBuild, request: Request, parts: AppParts): Promise<Response> {
  const handler = handlers.get(build) ?? createRequestHandler(build, parts.env.isProduction ? "production" : "development");
  handlers.set(build, handler);
  return handler(request, { parts });
}

/** What `answerPages` put into the context. */
export function partsIn(context: Readonly<Record<string, unknown>>): AppParts {
  return context.parts as AppParts;
}

import type { HonoRequest } from "hono";
import type { Env } from "../env.ts";
import { HubError } from "../errors.ts";

/**
 * Whoever is signed in by a cookie is signed in for every page that makes their browser call the hub: what changes something is taken
 * from the hub's own pages only. A browser says where a call comes from; what is no browser has no cookie to be abused.
 */
export function demandOwnOrigin(request: HonoRequest, env: Pick<Env, "publicUrl">): void {
  const origin = request.header("origin");
  const site = request.header("sec-fetch-site");
  const isOwn =
    origin === undefined
      ? site === "same-origin" || (site === undefined && request.header("cookie") === undefined)
      : isOwnOrigin(origin, request, env);
  if (isOwn && (site === undefined || site === "same-origin" || site === "none")) return;
  throw new HubError(
    "foreign-origin",
    "This was called from another site than the hub's own. Open the hub's own address and try again.",
  );
}

function isOwnOrigin(origin: string, request: HonoRequest, { publicUrl }: Pick<Env, "publicUrl">): boolean {
  if (!URL.canParse(origin)) return false;
  if (publicUrl !== null) return new URL(origin).origin === new URL(publicUrl).origin;
  // A hub that is tried out has no name of its own: then it is the one that the browser called.
  return new URL(origin).host === (request.header("host") ?? new URL(request.url).host);
}

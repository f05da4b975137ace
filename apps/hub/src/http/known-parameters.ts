import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { HubError } from "../errors.ts";
import { calledRoute, routeName } from "./called-route.ts";

/**
 * What every route may be asked with: a list's file, which company is meant where somebody has several, which edition of a picture;
 * and the pages of a list, for whoever reads all lists alike: one that comes whole has no use for them, and leaves nothing out.
 */
const EVERYWHERE = ["format", "company", "v", "limit", "before", "after"];

/**
 * A parameter that a route does not know is refused: a filter that is spelled wrong would be left out, and the answer would be
 * everything where somebody asked for little.
 */
export function refuseUnknownParameters(api: Pick<OpenAPIHono, "openAPIRegistry">): MiddlewareHandler {
  const known = knownParameters(api);
  return async (c, next) => {
    const names = known.get(calledRoute(c) ?? "");
    const unknown = names === undefined ? [] : Object.keys(c.req.query()).filter((name) => !names.has(name));
    if (unknown.length > 0) throw unknownParameters(unknown, [...(names ?? [])].sort());
    return next();
  };
}

function unknownParameters(unknown: readonly string[], names: readonly string[]): HubError {
  const shown = unknown.slice(0, 10).map((name) => name.slice(0, 100));
  return new HubError("bad-request", `Check ${shown.join(", ")}: this address knows ${names.join(", ")}.`, {
    fields: shown.map((path) => ({ path, message: "is no parameter of this address: leave it out, or correct its spelling" })),
  });
}

/** By a route's name; a route whose query is described in another way than by its names takes what it takes. */
function knownParameters(api: Pick<OpenAPIHono, "openAPIRegistry">): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, ReadonlySet<string>>();
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path, request } = definition.route;
    const query = request?.query;
    if (query !== undefined && !(query instanceof z.ZodObject)) continue;
    known.set(routeName(method, path), new Set([...Object.keys(query?.shape ?? {}), ...EVERYWHERE]));
  }
  return known;
}

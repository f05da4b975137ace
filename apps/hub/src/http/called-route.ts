import type { Context } from "hono";
import { matchedRoutes } from "hono/route";

/** The route that is asked for, as the API's description names it (`GET /orders/{order_id}`); null where there is none. */
export function calledRoute(c: Context): string | null {
  const found = matchedRoutes(c).findLast(({ path, method }) => method === c.req.method && !path.endsWith("/*"));
  return found === undefined ? null : routeName(found.method, found.path.replace(/^\/api/, ""));
}

/** One name for a route, whether it stands in the router or in its own description. */
export function routeName(method: string, path: string): string {
  const plain = path.replace(/:(\w+)(\{[^}]*\})?/g, "{$1}");
  return `${method.toUpperCase()} ${plain === "/" ? plain : plain.replace(/\/$/, "")}`;
}

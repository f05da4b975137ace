import type { Context } from "hono";
import { matchedRoutes } from "hono/route";

/** The route that is asked for, as the API's description names it (`GET /orders/{order_id}`); null where there is none. */
export function calledRoute(c: Context): string | null {
  // HEAD is answered as GET is, without the body.
  const called = c.req.method === "HEAD" ? "GET" : c.req.method;
  const found = matchedRoutes(c).findLast(({ path, method }) => method === called && !path.endsWith("/*"));
  return found === undefined ? null : routeName(found.method, found.path.replace(/^\/api/, ""));
}

/** One name for a route, whether it stands in the router or in its own description. */
export function routeName(method: string, path: string): string {
  const plain = path.replace(/:(\w+)(\{[^}]*\})?/g, "{$1}");
  return `${method.toUpperCase()} ${plain === "/" ? plain : plain.replace(/\/$/, "")}`;
}

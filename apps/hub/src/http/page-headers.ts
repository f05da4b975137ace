import type { MiddlewareHandler } from "hono";

const STRICT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** No answer is guessed to be something else, and none is framed; a page that says nothing else of itself may load nothing. */
export const pageHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  headers.set("x-content-type-options", "nosniff");
  if (!headers.get("content-type")?.startsWith("text/html")) return;
  headers.set("x-frame-options", "DENY");
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", STRICT);
  if (!headers.has("referrer-policy")) headers.set("referrer-policy", "same-origin");
};

import { isStorable } from "@upline/core";
import type { MiddlewareHandler } from "hono";
import { HubError } from "../errors.ts";

/** Text that no database holds, NUL and halves of characters, is refused once for every route, with the field that has it. */

const WRONG = "holds a NUL or half a character: remove it";

function refusal(path: string): HubError {
  return new HubError("bad-request", `Check ${path || "the body"}: ${WRONG}.`, { fields: [{ path, message: WRONG }] });
}

/** In a body: names of fields too. Throws HubError. */
export function refuseOddText(body: unknown): void {
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value: body, path: "" }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === "string" && !isStorable(value)) throw refusal(path);
    if (typeof value !== "object" || value === null) continue;
    for (const [name, inner] of Object.entries(value)) {
      if (!isStorable(name)) throw refusal(path);
      waiting.push({ value: inner, path: path === "" ? name : `${path}.${name}` });
    }
  }
}

/** In an address: its path and its query. */
export const plainAddress: MiddlewareHandler = async (c, next) => {
  for (const [name, values] of Object.entries(c.req.queries())) {
    if (!isStorable(name) || !values.every(isStorable)) throw refusal(isStorable(name) ? name : "the address");
  }
  if (/%00/.test(c.req.path) || !isStorable(c.req.path)) throw refusal("the address");
  await next();
};

import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { tooLarge } from "../http/body.ts";
import { plainAddress } from "../http/odd-text.ts";
import { demandOwnOrigin } from "../http/origin.ts";
import { clientOf } from "../http/wrong-tries.ts";
import { LIMITS } from "./attempts.ts";
import type { People } from "./open-people.ts";

const BODY_BYTES = 20_000;

/** What a call has to pass that anybody may make: the hub's own pages, so many from one address, small bodies, and no cache that keeps it. */
export function forStrangers(people: People): [MiddlewareHandler, MiddlewareHandler, MiddlewareHandler] {
  const guard: MiddlewareHandler = async (c, next) => {
    if (c.req.method !== "GET") demandOwnOrigin(c.req, people.env);
    await people.attempts.demand(LIMITS.fromAddress, clientOf(c, people.env.proxies) ?? "");
    await next();
    c.res.headers.set("cache-control", "no-store");
    c.res.headers.set("referrer-policy", "no-referrer");
  };
  const limit = bodyLimit({
    maxSize: BODY_BYTES,
    onError: () => {
      throw tooLarge(BODY_BYTES);
    },
  });
  return [guard, plainAddress, limit];
}

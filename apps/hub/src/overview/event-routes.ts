import { createRoute, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { type Announcer, TOPICS, type Topic } from "./announcer.ts";

/** A line that says nothing keeps proxies from closing what is quiet. */
const HEARTBEAT_MS = 15_000;
/** Then the browser comes again, and its session is looked at anew. */
const LONGEST_MS = 600_000;
const COME_AGAIN_MS = 3_000;

const hear = createRoute({
  method: "get",
  path: "/",
  operationId: "hearEvents",
  tags: ["Overview"],
  summary: "Be told when something changes",
  description:
    "Asked with `Accept: text/event-stream`, a stream of server-sent events for ten minutes: `deliveries` were processed, `changes` were made by somebody, " +
    "background work made `progress`. They carry nothing: ask for what you show. Whoever comes from a browser and has several companies names one as `company`. " +
    "Asked otherwise, the names of the events.",
  responses: { 200: answer("The events there are", z.object({ events: z.array(z.enum(TOPICS)) })), ...problems(401, 403) },
});

export function eventRoutes(hub: Pick<HubParts, "db"> & { readonly announcer: Announcer }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  routes.use("/", async (c, next) => {
    if (!(c.req.header("accept") ?? "").includes("text/event-stream")) return next();
    const { companyId } = c.get("caller");
    // Proxies that keep answers back until they are whole are asked not to.
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, async (stream) => {
      const until = Date.now() + LONGEST_MS;
      let waiting: Topic[] = [];
      let wake = () => {};
      const stop = await hub.announcer.hear(companyId, (topic) => {
        if (!waiting.includes(topic)) waiting.push(topic);
        wake();
      });
      stream.onAbort(() => {
        stop();
        wake();
      });
      try {
        await stream.writeSSE({ event: "open", data: "", retry: COME_AGAIN_MS });
        while (!stream.aborted && Date.now() < until) {
          const told = waiting;
          waiting = [];
          for (const topic of told) await stream.writeSSE({ event: topic, data: "" });
          if (told.length === 0) await stream.write(": still here\n\n");
          await new Promise<void>((resolve) => {
            const beat = setTimeout(resolve, HEARTBEAT_MS);
            wake = () => {
              clearTimeout(beat);
              resolve();
            };
            if (waiting.length > 0 || stream.aborted) wake();
          });
        }
      } finally {
        stop();
      }
    });
  });
  return routes.openapi(hear, (c) => c.json({ events: [...TOPICS] }, 200));
}

import { Hono } from "hono";
import type { HubParts } from "../parts.ts";

/** A hub that is this far behind should get no new traffic. */
const MAX_WAITING = 20_000;

export interface HealthParts extends HubParts {
  readonly countWaiting: () => Promise<number>;
  /** Whether the process cannot recover by itself and is to be started again. */
  readonly isStuck: () => boolean;
}

/** `/healthz`: the process lives, and can recover from whatever is wrong now. `/readyz`: it can do its work. `/metrics`: Prometheus. */
export function healthRoutes(hub: HealthParts): Hono {
  const routes = new Hono();
  routes.get("/healthz", (c) => {
    const ok = !hub.isStuck();
    return c.json({ ok }, ok ? 200 : 503);
  });
  routes.get("/readyz", async (c) => {
    try {
      const waiting = await hub.countWaiting();
      return c.json({ ok: waiting < MAX_WAITING, database: true, waiting }, waiting < MAX_WAITING ? 200 : 503);
    } catch {
      return c.json({ ok: false, database: false, waiting: null }, 503);
    }
  });
  routes.get("/metrics", async (c) =>
    c.text(await hub.metrics.registry.metrics(), 200, { "content-type": hub.metrics.registry.contentType }),
  );
  return routes;
}

import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { sha256 } from "../secret-box.ts";
import type { Disk } from "./disk.ts";

/** A hub that is this far behind should get no new traffic. */
const MAX_WAITING = 20_000;

export interface HealthParts extends HubParts {
  readonly disk: Disk;
  readonly countWaiting: () => Promise<number>;
  /** How many directories are still read before the hub is ready. */
  readonly directoriesLeft: () => number;
  /** Whether the process cannot recover by itself and is to be started again. */
  readonly isStuck: () => boolean;
}

/** `/healthz`: the process lives, and can recover from whatever is wrong now. `/readyz`: it can do its work. `/metrics`: Prometheus, with a key. */
export function healthRoutes(hub: HealthParts): Hono {
  const routes = new Hono();
  routes.get("/healthz", (c) => {
    const ok = !hub.isStuck();
    return c.json({ ok }, ok ? 200 : 503);
  });
  routes.get("/readyz", async (c) => {
    try {
      const [waiting, disk] = await Promise.all([hub.countWaiting(), hub.disk.hasRoom()]);
      const directories = hub.directoriesLeft();
      const waitsFor = [
        ...(waiting < MAX_WAITING ? [] : [`${waiting} deliveries wait in the inbox`]),
        ...(disk ? [] : ["the disk of the data folder is nearly full"]),
        ...(directories === 0 ? [] : [`${directories} companies' directories are being read into memory`]),
      ];
      const ok = waitsFor.length === 0;
      return c.json({ ok, database: true, waiting, disk, directories, waits_for: waitsFor }, ok ? 200 : 503);
    } catch {
      return c.json({ ok: false, database: false, waiting: null, waits_for: ["the database does not answer"] }, 503);
    }
  });
  routes.get("/metrics", async (c) => {
    const { metricsKey } = hub.env;
    if (metricsKey === null)
      throw new HubError("not-found", "Metrics are shown to whoever has the key in UPLINE_METRICS_KEY: set one.");
    const shown = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if (!timingSafeEqual(sha256(shown), sha256(metricsKey)))
      throw new HubError("unauthorized", "Send `Authorization: Bearer …` with the key in UPLINE_METRICS_KEY.");
    return c.text(await hub.metrics.registry.metrics(), 200, { "content-type": hub.metrics.registry.contentType });
  });
  return routes;
}

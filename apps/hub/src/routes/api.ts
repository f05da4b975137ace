import type { HubParts } from "../hub.ts";
import { ledgerRoutes } from "./ledger.ts";
import { newRoutes } from "./shapes.ts";

/** Every noun of the API is a Hono of its own, mounted here. */
export function apiRoutes(hub: HubParts) {
  const api = newRoutes();
  api.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key: `pnpm upline key create`",
  });
  return api.route("/ledger", ledgerRoutes(hub));
}

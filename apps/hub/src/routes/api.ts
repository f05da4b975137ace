import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { HubError, problemOf } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { balanceRoutes } from "./balances.ts";
import { commissionRoutes } from "./commissions.ts";
import { connectionCodeRoutes } from "./connection-codes.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { distributorRoutes } from "./distributors.ts";
import { ledgerRoutes } from "./ledger.ts";
import { mlmOrderRoutes } from "./mlm-orders.ts";
import { orderRoutes } from "./orders.ts";
import { periodRoutes } from "./periods.ts";
import { placementRoutes } from "./placements.ts";
import { quarantineRoutes } from "./quarantine.ts";
import { newRoutes } from "./shapes.ts";
import { skuMapRoutes } from "./sku-map.ts";
import { storeReadRoutes } from "./store-reads.ts";
import { storeRoutes } from "./stores.ts";

/** Every noun of the API is a Hono of its own, mounted here. */
export function apiRoutes(hub: HubParts) {
  const api = newRoutes();
  api.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key: `pnpm upline key create`",
  });
  const limit = hub.env.bodyLimitBytes;
  api.use(
    bodyLimit({
      maxSize: limit,
      onError: () => {
        throw new HubError("too-large", `A body may have at most ${limit} bytes.`);
      },
    }),
  );
  api.use(methodNotAllowed({ app: api, onMethodNotAllowed: (_c, methods) => wrongMethod(methods) }));
  return api
    .route("/mlm", mlmOrderRoutes(hub))
    .route("/orders", orderRoutes(hub))
    .route("/commissions", commissionRoutes(hub))
    .route("/ledger", ledgerRoutes(hub))
    .route("/balances", balanceRoutes(hub))
    .route("/distributors", distributorRoutes(hub))
    .route("/periods", periodRoutes(hub))
    .route("/placements", placementRoutes(hub))
    .route("/sku-map", skuMapRoutes(hub))
    .route("/quarantine", quarantineRoutes(hub))
    .route("/deliveries", deliveryRoutes(hub))
    .route("/connection-codes", connectionCodeRoutes(hub))
    .route("/stores", storeRoutes(hub))
    .route("/stores", storeReadRoutes(hub));
}

/** The API's type, for the typed client. */
export type Api = ReturnType<typeof apiRoutes>;

function wrongMethod(methods: readonly string[]): Response {
  const allow = methods.join(", ");
  const problem = problemOf(new HubError("method-not-allowed", `This address takes ${allow}.`));
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", allow },
  });
}

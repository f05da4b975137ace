import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { erasureRoutes } from "./buyers/routes.ts";
import { quarantineRoutes } from "./catalogue/quarantine-routes.ts";
import { skuMapRoutes } from "./catalogue/routes.ts";
import { companyRoutes } from "./companies/routes.ts";
import { HubError } from "./errors.ts";
import { callerOf } from "./http/auth.ts";
import { announcedBytes, tooLarge } from "./http/body.ts";
import { BodyRoom, SMALL_BYTES } from "./http/body-room.ts";
import { plainAddress } from "./http/odd-text.ts";
import { problemResponse } from "./http/problem.ts";
import { newRoutes } from "./http/shapes.ts";
import { jobRoutes } from "./jobs/routes.ts";
import type { JobRunner } from "./jobs/runner.ts";
import { balanceRoutes } from "./ledger/balance-routes.ts";
import { dayRoutes } from "./ledger/day-routes.ts";
import { ledgerRoutes } from "./ledger/routes.ts";
import { placementRoutes } from "./network/placement-routes.ts";
import { distributorRoutes, type NetworkOf } from "./network/routes.ts";
import { commissionRoutes } from "./orders/commission-routes.ts";
import { deliveryRoutes } from "./orders/delivery-routes.ts";
import { mlmOrderRoutes } from "./orders/mlm-routes.ts";
import type { OrderParts } from "./orders/pipeline.ts";
import { rebindBuyers } from "./orders/rebind.ts";
import { remapQuarantined } from "./orders/remap.ts";
import { orderRoutes } from "./orders/routes.ts";
import { periodRoutes } from "./periods/routes.ts";
import { planRoutes } from "./plans/routes.ts";
import { rateRoutes } from "./rates/routes.ts";
import { connectionCodeRoutes } from "./stores/code-routes.ts";
import type { StoreDoor } from "./stores/connect.ts";
import { storeRoutes } from "./stores/routes.ts";
import { storeSettingsRoutes } from "./stores/settings-routes.ts";
import { storeReadRoutes } from "./sync/routes.ts";

/** Every noun of the API is a Hono of its own, mounted here. */
export function apiRoutes(hub: OrderParts & { readonly jobs: JobRunner; readonly door: StoreDoor }) {
  const api = newRoutes();
  api.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key: `pnpm upline key create`",
  });
  api.use(plainAddress);
  const limit = hub.env.bodyLimitBytes;
  const room = new BodyRoom();
  api.use(async (c, next) => {
    const bytes = announcedBytes(c.req.raw, limit);
    // A large body is read only of somebody with a key.
    if (bytes <= SMALL_BYTES) return next();
    const { companyId } = await callerOf(hub.db, c.req);
    return room.hold(String(companyId), bytes, next);
  });
  api.use(
    bodyLimit({
      maxSize: limit,
      onError: () => {
        throw tooLarge(limit);
      },
    }),
  );
  api.use(methodNotAllowed({ app: api, onMethodNotAllowed: (_c, methods) => wrongMethod(methods) }));
  const networkOf: NetworkOf = async (companyId) => (await hub.pipeline.directories.fresh(companyId)).network;
  return api
    .route("/mlm", mlmOrderRoutes(hub))
    .route("/orders", orderRoutes(hub))
    .route("/commissions", commissionRoutes(hub))
    .route("/ledger", ledgerRoutes(hub))
    .route("/ledger/days", dayRoutes(hub))
    .route("/balances", balanceRoutes(hub))
    .route(
      "/distributors",
      distributorRoutes(hub, {
        rebind: (companyId, distributorId) => rebindBuyers(hub.pipeline, { companyId, distributorId }),
        networkOf,
      }),
    )
    .route("/periods", periodRoutes(hub))
    .route("/plans", planRoutes(hub))
    .route("/placements", placementRoutes(hub, networkOf))
    .route(
      "/sku-map",
      skuMapRoutes(hub, (companyId) => remapQuarantined(hub.pipeline, companyId)),
    )
    .route("/quarantine", quarantineRoutes(hub))
    .route(
      "/exchange-rates",
      rateRoutes(hub, (companyId) => remapQuarantined(hub.pipeline, companyId)),
    )
    .route("/deliveries", deliveryRoutes(hub))
    .route("/connection-codes", connectionCodeRoutes(hub))
    .route("/stores", storeRoutes(hub))
    .route("/stores", storeReadRoutes(hub))
    .route("/stores", storeSettingsRoutes(hub))
    .route("/jobs", jobRoutes(hub))
    .route("/company", companyRoutes(hub))
    .route("/erasures", erasureRoutes(hub));
}

/** The API's type, for the typed client. */
export type Api = ReturnType<typeof apiRoutes>;

function wrongMethod(methods: readonly string[]): Response {
  const allow = methods.join(", ");
  return problemResponse(new HubError("method-not-allowed", `This address takes ${allow}.`), { allow });
}

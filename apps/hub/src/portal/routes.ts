import { newRoutes } from "../http/shapes.ts";
import type { NetworkOf } from "../network/routes.ts";
import type { OrderParts } from "../orders/pipeline.ts";
import { earningRoutes } from "./earning-routes.ts";
import { homeRoutes } from "./home-routes.ts";
import { linkRoutes } from "./link-routes.ts";
import { standingRoutes } from "./standing-routes.ts";
import { storyRoutes } from "./story-routes.ts";
import { downlineRoutes } from "./team-routes.ts";

/** A distributor's own pages. */
export function portalRoutes(hub: OrderParts, networkOf: NetworkOf) {
  return newRoutes()
    .route("/", homeRoutes(hub, networkOf))
    .route("/", standingRoutes(hub, networkOf))
    .route("/", earningRoutes(hub, networkOf))
    .route("/", storyRoutes(hub, networkOf))
    .route("/", downlineRoutes(hub, networkOf))
    .route("/", linkRoutes(hub));
}

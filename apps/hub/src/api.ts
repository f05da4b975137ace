import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { erasureRoutes } from "./buyers/routes.ts";
import { quarantineRoutes } from "./catalogue/quarantine-routes.ts";
import { skuMapRoutes } from "./catalogue/routes.ts";
import { auditRoutes } from "./companies/audit-routes.ts";
import { brandingRoutes } from "./companies/branding-routes.ts";
import { companyRoutes } from "./companies/routes.ts";
import type { Database } from "./db/connect.ts";
import { enrolmentRoutes, enrolmentSettingsRoutes } from "./enrolments/routes.ts";
import { HubError } from "./errors.ts";
import { type CallerVariables, callerOf } from "./http/auth.ts";
import { announcedBytes, tooLarge } from "./http/body.ts";
import { BodyRoom, SMALL_BYTES } from "./http/body-room.ts";
import { calledRoute } from "./http/called-route.ts";
import { mountAll } from "./http/mounted.ts";
import { plainAddress } from "./http/odd-text.ts";
import { problemResponse } from "./http/problem.ts";
import { serviceOf } from "./http/service-auth.ts";
import { newRoutes } from "./http/shapes.ts";
import type { Door } from "./inbox/door.ts";
import type { HandOff } from "./inbox/hand-off.ts";
import { jobRoutes } from "./jobs/routes.ts";
import type { JobRunner } from "./jobs/runner.ts";
import { keyRoutes } from "./keys/routes.ts";
import { balanceRoutes } from "./ledger/balance-routes.ts";
import { dayRoutes } from "./ledger/day-routes.ts";
import { ledgerRoutes } from "./ledger/routes.ts";
import { outboxRoutes } from "./mail/routes.ts";
import { materialRoutes } from "./materials/routes.ts";
import { frontlineRoutes } from "./network/frontline-routes.ts";
import { importRoutes } from "./network/import-routes.ts";
import { moveRoutes } from "./network/move-routes.ts";
import { noteRoutes } from "./network/note-routes.ts";
import { placeMoveRoutes } from "./network/place-move-routes.ts";
import { placeViewRoutes } from "./network/place-view-routes.ts";
import { placementRoutes } from "./network/placement-routes.ts";
import { placingRoutes } from "./network/placing-routes.ts";
import { distributorRoutes, type NetworkOf } from "./network/routes.ts";
import { claimRoutes } from "./orders/claim-routes.ts";
import { commissionRoutes } from "./orders/commission-routes.ts";
import { deliveryRoutes } from "./orders/delivery-routes.ts";
import { evidencePreviewRoutes } from "./orders/evidence-preview-routes.ts";
import { mapFileRoutes } from "./orders/map-file-routes.ts";
import { mlmOrderRoutes } from "./orders/mlm-routes.ts";
import { networksWithin } from "./orders/networks.ts";
import { attributionPreviewRoutes, mappingPreviewRoutes } from "./orders/pay-preview-routes.ts";
import type { OrderParts } from "./orders/pipeline.ts";
import { rebindBuyers } from "./orders/rebind.ts";
import { remapQuarantined } from "./orders/remap.ts";
import { orderRoutes } from "./orders/routes.ts";
import { storeSummaryRoutes } from "./orders/summary-routes.ts";
import type { Announcer } from "./overview/announcer.ts";
import { eventRoutes } from "./overview/event-routes.ts";
import { importProgressRoutes } from "./overview/import-routes.ts";
import { overviewRoutes } from "./overview/routes.ts";
import { meRoutes } from "./people/me-routes.ts";
import type { People } from "./people/open-people.ts";
import { peopleRoutes } from "./people/routes.ts";
import type { SignedInVariables } from "./people/signed-in.ts";
import { groupVolumes } from "./periods/group-volumes.ts";
import { effectsOfMoves, volumesOfPeople } from "./periods/move-effects.ts";
import { periodRoutes } from "./periods/routes.ts";
import { findTimeZone } from "./plans/queries.ts";
import { planRoutes } from "./plans/routes.ts";
import { personRoutes } from "./portal/person-routes.ts";
import { portalRoutes } from "./portal/routes.ts";
import { portalSettingsRoutes } from "./portal/settings-routes.ts";
import { ownQuestionRoutes, questionRoutes } from "./questions/routes.ts";
import { rateRoutes } from "./rates/routes.ts";
import { referralCountRoutes, referralRoutes } from "./referrals/routes.ts";
import { retentionRoutes } from "./retention/routes.ts";
import { searchRoutes } from "./search/routes.ts";
import { serviceShopRoutes } from "./service/routes.ts";
import { serviceTellRoutes } from "./service/tell-routes.ts";
import { connectionCodeRoutes } from "./stores/code-routes.ts";
import { discountCodeRoutes } from "./stores/discount-routes.ts";
import { storeRoutes } from "./stores/routes.ts";
import { storeSettingsRoutes } from "./stores/settings-routes.ts";
import { storeImportRoutes } from "./sync/import-routes.ts";
import { storeReadRoutes } from "./sync/routes.ts";
import { viewRoutes } from "./views/routes.ts";

/** Every noun of the API is a Hono of its own, mounted here. */
export function apiRoutes(
  hub: OrderParts & {
    readonly announcer: Announcer;
    readonly jobs: JobRunner;
    readonly door: Door;
    readonly handOff: HandOff;
    readonly people: People;
  },
) {
  const api = newRoutes();
  guardCalls(api, hub);
  const rebind = (companyId: number, distributorId: string) => rebindBuyers(hub.pipeline, { companyId, distributorId });
  const rebindAll = (companyId: number) => rebindBuyers(hub.pipeline, { companyId, distributorId: null });
  const networkOf: NetworkOf = async (companyId) => (await hub.pipeline.directories.fresh(companyId)).network;
  const networks = networksWithin(hub.pipeline.directories);
  return mountAll(api, {
    "/mlm": mlmOrderRoutes(hub),
    "/orders": orderRoutes(hub).route("/", attributionPreviewRoutes(hub)),
    "/claims": claimRoutes(hub),
    "/commissions": commissionRoutes(hub),
    "/ledger": ledgerRoutes(hub),
    "/ledger/days": dayRoutes(hub),
    "/balances": balanceRoutes(hub),
    "/distributors": distributorRoutes(hub, { rebind, networkOf })
      .route("/", noteRoutes(hub))
      .route("/", moveRoutes(hub, { networks, effectsOf: effectsOfMoves }))
      .route("/", personRoutes(hub, networkOf))
      .route("/", importRoutes(hub, { networks, effectsOf: effectsOfMoves, rebindAll, moved: movedOf(hub) })),
    "/frontline": frontlineRoutes(hub, {
      seen: (companyId) => hub.pipeline.directories.fresh(companyId),
      volumesOf: groupVolumes(hub.db),
    }),
    "/periods": periodRoutes(hub),
    "/plans": planRoutes(hub),
    "/placements": placementRoutes(hub, networkOf)
      .route("/", placeViewRoutes(hub, networkOf))
      .route("/", placingRoutes(hub, { networks, volumesOf: volumesOfPeople }))
      .route("/", placeMoveRoutes(hub, { networks, volumesOf: volumesOfPeople })),
    "/sku-map": skuMapRoutes(hub, (companyId) => remapQuarantined(hub.pipeline, companyId))
      .route("/", mappingPreviewRoutes(hub))
      .route("/", mapFileRoutes(hub, { moved: movedOf(hub) })),
    "/quarantine": quarantineRoutes(hub),
    "/exchange-rates": rateRoutes(hub, (companyId) => remapQuarantined(hub.pipeline, companyId)),
    "/deliveries": deliveryRoutes(hub),
    "/connection-codes": connectionCodeRoutes(hub),
    "/stores": allOfStores(hub),
    "/jobs": jobRoutes(hub),
    "/company": allOfCompany(hub),
    "/erasures": erasureRoutes(hub),
    "/service/shops": serviceShopRoutes(hub).route("/", serviceTellRoutes(hub)),
    "/people": peopleRoutes(hub.people),
    "/me": meRoutes(hub.people),
    "/keys": keyRoutes(hub),
    "/outbox": outboxRoutes(hub.people),
    "/overview": overviewRoutes(hub),
    "/events": eventRoutes(hub),
    "/imports": importProgressRoutes(hub),
    "/audit": auditRoutes(hub),
    "/search": searchRoutes(hub),
    "/referrals": referralRoutes(hub).route("/", referralCountRoutes(hub)),
    "/portal": portalRoutes(hub, networkOf).route("/questions", ownQuestionRoutes(hub)),
    "/portal-settings": portalSettingsRoutes(hub),
    "/enrolments": enrolmentRoutes(hub, { rebind }),
    "/enrolment-settings": enrolmentSettingsRoutes(hub),
    "/retention": retentionRoutes(hub),
    "/views": viewRoutes(hub),
    "/questions": questionRoutes(hub),
    "/materials": materialRoutes(hub),
  });
}

function allOfCompany(hub: OrderParts) {
  return companyRoutes(hub, (tx, companyId) => findTimeZone(tx, { companyId, at: new Date() }))
    .route("/", brandingRoutes(hub))
    .route("/", evidencePreviewRoutes(hub));
}

function allOfStores(hub: OrderParts & { readonly door: Door; readonly jobs: JobRunner }) {
  return storeRoutes(hub)
    .route("/", storeReadRoutes(hub))
    .route("/", storeImportRoutes(hub))
    .route("/", storeSummaryRoutes(hub))
    .route("/", storeSettingsRoutes(hub))
    .route("/", discountCodeRoutes(hub));
}

/** What every call goes through: who calls, how large it is, what becomes known of it. */
function guardCalls(
  api: ReturnType<typeof newRoutes>,
  hub: Pick<OrderParts, "db" | "env"> & { announcer: Announcer; people: People },
): void {
  describeCallers(api);
  api.use(plainAddress);
  api.use(signedInCaller(hub.people));
  api.use(announceActs(hub.announcer));
  const limit = hub.env.bodyLimitBytes;
  api.use(holdLargeBodies(hub.db, limit));
  api.use(
    bodyLimit({
      maxSize: limit,
      onError: () => {
        throw tooLarge(limit);
      },
    }),
  );
  api.use(methodNotAllowed({ app: api, onMethodNotAllowed: (_c, methods) => wrongMethod(methods) }));
}

/** The API's type, for the typed client. */
export type Api = ReturnType<typeof apiRoutes>;

/** A large body is read only of somebody with a key. */
function holdLargeBodies(db: Database, limit: number): MiddlewareHandler {
  const room = new BodyRoom();
  return async (c, next) => {
    const bytes = announcedBytes(c.req.raw, limit);
    if (bytes <= SMALL_BYTES) return next();
    const holder = c.req.path.startsWith("/api/service/")
      ? (await serviceOf(db, c.req)).actor
      : String((await callerOf(db, c)).companyId);
    return room.hold(holder, bytes, next);
  };
}

function describeCallers(api: ReturnType<typeof newRoutes>): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key: `pnpm upline key create`",
  });
  api.openAPIRegistry.registerComponent("securitySchemes", "service", {
    type: "http",
    scheme: "bearer",
    description: "A service key, of a program that serves the shops of all companies: `pnpm upline service-key create`",
  });
  api.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "upline.session_token",
    description: "A browser that is signed in; `Upline-Company` names the company where there are several",
  });
}

/** Who is signed in calls as what their role is; whoever is not goes by the key that they send. */
function signedInCaller(people: People): MiddlewareHandler<CallerVariables & SignedInVariables> {
  return async (c, next) => {
    const signedIn = await people.signedIn(c);
    if (signedIn !== null) {
      c.set("signedIn", signedIn);
      const route = calledRoute(c);
      const caller = route === null ? null : people.callerFor(signedIn, c, route);
      if (caller !== null) c.set("caller", caller);
    }
    await next();
    if (signedIn !== null) c.res.headers.set("cache-control", "no-store");
  };
}

/** Tells the pages that are open that something which takes long is further. */
const movedOf =
  ({ announcer }: { announcer: Announcer }) =>
  (companyId: number) =>
    announcer.say(companyId, "progress");

/** Every act that went well is told to the pages that are open. */
function announceActs(announcer: Announcer): MiddlewareHandler<CallerVariables> {
  return async (c, next) => {
    await next();
    // Whoever was refused has no place yet.
    const caller: CallerVariables["Variables"]["caller"] | undefined = c.get("caller");
    if (caller === undefined || c.req.method === "GET" || c.req.method === "HEAD" || !c.res.ok) return;
    // A preview changes nothing. Told of, pages that show one would ask for it again, and that would be told of.
    // A trial of a close leaves a run behind, and no page asks for one by itself.
    const leavesNothing = c.req.path.endsWith("/preview") && !c.req.path.startsWith("/api/periods/");
    if (!leavesNothing) announcer.say(caller.companyId, "changes");
  };
}

function wrongMethod(methods: readonly string[]): Response {
  const allow = methods.join(", ");
  return problemResponse(new HubError("method-not-allowed", `This address takes ${allow}.`), { allow });
}

/**
 * The arrows of the house, checked by `pnpm verify`: no circle anywhere, the rooms of the hub on floors (an import goes to
 * the same room or a lower floor), core ← connectors ← hub, and everything else reaches the hub over HTTP.
 */

/** Folders of apps/hub/src, the lowest first. */
const FLOORS = [
  "db",
  "http",
  "cli",
  "mail",
  "companies",
  "jobs",
  "keys",
  "plans",
  "network",
  "people",
  "stores",
  "inbox",
  "catalogue",
  "rates",
  "ledger",
  "orders",
  "buyers",
  "periods",
  "sync",
  "referrals",
  "overview",
  "search",
  "service",
  "portal",
  "materials",
  "questions",
  "enrolments",
  "retention",
];

const HUB = "^apps/hub/src/";
const TESTS = "\\.test\\.ts$";
/** Parts of apps beside the hub that are for tests and for trying things out. */
const STAGE = "^apps/(?!hub/)[^/]+/(src/testing|standin|e2e)/";
/** Files beside the rooms that any room may use, and those that put the rooms together. */
const GROUND = "(csv-read|csv-text|env|errors|latency|log|metrics|parts|platforms|row-errors|row-outcomes|secret-box)\\.ts$";

const floors = FLOORS.map((room, index) => {
  const above = FLOORS.slice(index + 1).join("|");
  const higher = above === "" ? "" : `(${above})/|`;
  return {
    name: `floor-${room}`,
    comment: `${room}/ imports from rooms below it only; what it needs from above is handed to it`,
    severity: "error",
    from: { path: `${HUB}${room}/`, pathNot: TESTS },
    to: { path: `${HUB}(${higher}(demo|bench|chaos|testing)/|[^/]+\\.ts$)`, pathNot: `${HUB}${GROUND}` },
  };
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    { name: "unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    ...floors,
    {
      name: "floor-ground",
      comment: "what every room uses knows no room; parts.ts alone names the database's type",
      severity: "error",
      from: { path: `${HUB}${GROUND}`, pathNot: "parts\\.ts$" },
      to: { path: `${HUB}[^/]+/` },
    },
    {
      name: "floor-parts",
      severity: "error",
      from: { path: `${HUB}parts\\.ts$` },
      to: { path: `${HUB}[^/]+/`, pathNot: `${HUB}db/connect\\.ts$` },
    },
    {
      name: "core-is-pure",
      comment: "core knows zod and hashes; no I/O, no other room",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: `${TESTS}|(contract|arbitrary|testing)\\.ts$` },
      to: { pathNot: "^packages/core/src/|node_modules/(zod|@noble/hashes)/" },
    },
    {
      name: "connectors-alone",
      comment: "a connector knows core and its platform, never a sibling or the hub",
      severity: "error",
      from: { path: "^connectors/([^/]+)/src/", pathNot: TESTS },
      to: { path: "^(apps|connectors|packages)/", pathNot: "^(connectors/$1|packages/core)/" },
    },
    {
      name: "connectors-no-hub-parts",
      comment: "the web framework and the database are the hub's",
      severity: "error",
      from: { path: "^connectors/([^/]+)/src/", pathNot: TESTS },
      to: { path: "node_modules/(hono|@hono|postgres|drizzle-orm)/" },
    },
    {
      name: "connectors-through-one-file",
      comment: "the hub reaches connectors through platforms.ts",
      severity: "error",
      from: { path: HUB, pathNot: `${HUB}(platforms\\.ts|demo/|bench/|testing/)|${TESTS}` },
      to: { path: "^connectors/" },
    },
    {
      name: "apps-over-http",
      comment: "apps reach the hub over HTTP; its typed client names types only",
      severity: "error",
      from: { path: "^apps/(?!hub/)", pathNot: STAGE },
      to: { path: "^apps/hub/", pathNot: `${HUB}client\\.ts$` },
    },
    {
      name: "stage-over-http",
      comment: "tests and stand-ins of apps may start the hub's embedded database besides",
      severity: "error",
      from: { path: STAGE },
      to: { path: "^apps/hub/", pathNot: `${HUB}(client|db/embedded)\\.ts$` },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|build|fixtures)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};

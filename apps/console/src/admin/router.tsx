import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  stringifySearchWith,
} from "@tanstack/react-router";
import { z } from "zod";
import { Failure, Missing } from "./failure.tsx";
import { Shell } from "./shell.tsx";

/** Filters, chosen rows and dates live in the address; what is none of them is left out, so that an old link still opens. */
// The router makes a number of a text of figures where nothing is lost by it.
const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
const flag = z
  .union([z.boolean(), z.literal("true").transform(() => true)])
  .optional()
  .catch(undefined);

/** Every page: columns of its table that are not looked at. */
const looks = z.object({ hide: text });
const root = createRootRoute({
  component: Shell,
  notFoundComponent: Missing,
  errorComponent: Failure,
  validateSearch: looks,
});
const page = { getParentRoute: () => root } as const;

const overview = createRoute({ ...page, path: "/", component: lazyRouteComponent(() => import("./pages/overview.tsx")) });
const orders = createRoute({
  ...page,
  path: "/orders",
  validateSearch: z.object({
    store: text,
    stage: z.enum(["earned", "pending", "void"]).optional().catch(undefined),
    distributor: text,
    platform_order_id: text,
    placed_on: z.iso.date().optional().catch(undefined),
    unresolved: flag,
    quarantined: flag,
  }),
  component: lazyRouteComponent(() => import("./pages/orders.tsx")),
});
const order = createRoute({
  ...page,
  path: "/orders/$orderId",
  component: lazyRouteComponent(() => import("./pages/order.tsx")),
});
const cent = createRoute({
  ...page,
  path: "/orders/$orderId/$entry",
  component: lazyRouteComponent(() => import("./pages/cent.tsx")),
});
const skus = createRoute({ ...page, path: "/skus", component: lazyRouteComponent(() => import("./pages/sku-inbox.tsx")) });
const skuMap = createRoute({
  ...page,
  path: "/skus/map",
  validateSearch: z.object({
    platform: z.enum(["shopify", "woocommerce", "magento"]).optional().catch(undefined),
    platform_sku: text,
  }),
  component: lazyRouteComponent(() => import("./pages/sku-map.tsx")),
});
const importSkus = createRoute({
  ...page,
  path: "/skus/import",
  component: lazyRouteComponent(() => import("./pages/import-skus.tsx")),
});
const stores = createRoute({ ...page, path: "/stores", component: lazyRouteComponent(() => import("./pages/stores.tsx")) });
const connect = createRoute({
  ...page,
  path: "/stores/connect",
  validateSearch: z.object({
    platform: z.enum(["shopify", "woocommerce", "magento"]).optional().catch(undefined),
    since: text,
    store: text,
  }),
  component: lazyRouteComponent(() => import("./pages/connect.tsx")),
});
const deliveries = createRoute({
  ...page,
  path: "/deliveries",
  validateSearch: z.object({
    store: text,
    order_id: text,
    outcome: z
      .enum(["waiting", "applied", "duplicate", "outdated", "hint", "ignored", "shop", "dead"])
      .optional()
      .catch(undefined),
  }),
  component: lazyRouteComponent(() => import("./pages/deliveries.tsx")),
});
const network = createRoute({
  ...page,
  path: "/network",
  validateSearch: z.object({ chosen: text, at: text, tree: text }),
  component: lazyRouteComponent(() => import("./pages/network.tsx")),
});
const waiting = createRoute({
  ...page,
  path: "/network/waiting",
  validateSearch: z.object({ tree: text, chosen: text }),
  component: lazyRouteComponent(() => import("./pages/holding-tank.tsx")),
});
const importPeople = createRoute({
  ...page,
  path: "/network/import",
  component: lazyRouteComponent(() => import("./pages/import-people.tsx")),
});
const distributor = createRoute({
  ...page,
  path: "/network/people/$distributorId",
  validateSearch: z.object({ span: text, bonus: text }),
  component: lazyRouteComponent(() => import("./pages/distributor.tsx")),
});
const plans = createRoute({ ...page, path: "/plans", component: lazyRouteComponent(() => import("./pages/plans.tsx")) });
const plan = createRoute({ ...page, path: "/plans/$planHash", component: lazyRouteComponent(() => import("./pages/plan.tsx")) });
const periods = createRoute({ ...page, path: "/periods", component: lazyRouteComponent(() => import("./pages/periods.tsx")) });
const period = createRoute({
  ...page,
  path: "/periods/$periodId",
  validateSearch: z.object({ distributor: text }),
  component: lazyRouteComponent(() => import("./pages/period.tsx")),
});
const ledger = createRoute({
  ...page,
  path: "/ledger",
  validateSearch: z.object({ distributor_id: text, order_id: text }),
  component: lazyRouteComponent(() => import("./pages/ledger.tsx")),
});
const balances = createRoute({
  ...page,
  path: "/ledger/balances",
  validateSearch: z.object({ distributor_id: text }),
  component: lazyRouteComponent(() => import("./pages/balances.tsx")),
});
const commissions = createRoute({
  ...page,
  path: "/ledger/commissions",
  validateSearch: z.object({ distributor_id: text, order_id: text, breakage: flag }),
  component: lazyRouteComponent(() => import("./pages/commissions.tsx")),
});
const questions = createRoute({
  ...page,
  path: "/questions",
  validateSearch: z.object({ all: flag, chosen: text }),
  component: lazyRouteComponent(() => import("./pages/questions.tsx")),
});
const enrolments = createRoute({
  ...page,
  path: "/enrolments",
  validateSearch: z.object({
    state: z.enum(["waiting", "confirmed", "approved", "refused"]).optional().catch(undefined),
    chosen: text,
  }),
  component: lazyRouteComponent(() => import("./pages/enrolments.tsx")),
});
const enrolmentSettings = createRoute({
  ...page,
  path: "/settings/enrolment",
  component: lazyRouteComponent(() => import("./pages/enrolment-settings.tsx")),
});
const portalSettings = createRoute({
  ...page,
  path: "/settings/portal",
  component: lazyRouteComponent(() => import("./pages/portal-settings.tsx")),
});
const retention = createRoute({
  ...page,
  path: "/settings/retention",
  component: lazyRouteComponent(() => import("./pages/retention.tsx")),
});
const materials = createRoute({
  ...page,
  path: "/materials",
  validateSearch: z.object({ chosen: text }),
  component: lazyRouteComponent(() => import("./pages/materials.tsx")),
});
const settings = createRoute({ ...page, path: "/settings", component: lazyRouteComponent(() => import("./pages/settings.tsx")) });
const people = createRoute({
  ...page,
  path: "/settings/people",
  component: lazyRouteComponent(() => import("./pages/people.tsx")),
});
const audit = createRoute({
  ...page,
  path: "/settings/audit",
  validateSearch: z.object({ act: text, actor: text, subject: text }),
  component: lazyRouteComponent(() => import("./pages/audit.tsx")),
});
const referrals = createRoute({
  ...page,
  path: "/referrals",
  validateSearch: z.object({ distributor: text }),
  component: lazyRouteComponent(() => import("./pages/referrals.tsx")),
});
const jobs = createRoute({ ...page, path: "/settings/jobs", component: lazyRouteComponent(() => import("./pages/jobs.tsx")) });

const routeTree = root.addChildren([
  overview,
  orders,
  order,
  cent,
  skus,
  skuMap,
  stores,
  connect,
  deliveries,
  network,
  waiting,
  distributor,
  importPeople,
  importSkus,
  plans,
  plan,
  periods,
  period,
  ledger,
  balances,
  commissions,
  questions,
  enrolments,
  enrolmentSettings,
  portalSettings,
  retention,
  materials,
  settings,
  people,
  jobs,
  audit,
  referrals,
]);

export const router = createRouter({
  routeTree,
  basepath: "/console",
  defaultPreload: "intent",
  scrollRestoration: true,
  // Numbers of orders and distributors are texts, however many figures they have.
  parseSearch: parseSearchWith((text) => text),
  stringifySearch: stringifySearchWith(String),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

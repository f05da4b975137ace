import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  stringifySearchWith,
} from "@tanstack/react-router";
import { Failure, Missing } from "./failure.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: Failure });
const page = { getParentRoute: () => root } as const;

/** What of an address is kept: texts of these names, so that an old link still opens. No schema library for so little. */
function texts<Name extends string>(...names: readonly Name[]) {
  return (search: Record<string, unknown>): { [Each in Name]?: string | undefined } => {
    const kept: { [Each in Name]?: string } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === "string" || typeof value === "number") kept[name] = String(value);
    }
    return kept;
  };
}

const home = createRoute({ ...page, path: "/", component: lazyRouteComponent(() => import("./pages/home.tsx")) });
const share = createRoute({ ...page, path: "/share", component: lazyRouteComponent(() => import("./pages/share.tsx")) });
const rank = createRoute({
  ...page,
  path: "/rank",
  validateSearch: texts("span"),
  component: lazyRouteComponent(() => import("./pages/rank.tsx")),
});
const earnings = createRoute({
  ...page,
  path: "/earnings",
  validateSearch: texts("span", "bonus", "back", "open"),
  component: lazyRouteComponent(() => import("./pages/earnings.tsx")),
});
const orders = createRoute({
  ...page,
  path: "/orders",
  validateSearch: texts("open"),
  component: lazyRouteComponent(() => import("./pages/orders.tsx")),
});
const downline = createRoute({
  ...page,
  path: "/team",
  validateSearch: texts("q", "level", "span"),
  component: lazyRouteComponent(() => import("./pages/team.tsx")),
});
const person = createRoute({
  ...page,
  path: "/team/$distributorId",
  validateSearch: texts("span"),
  component: lazyRouteComponent(() => import("./pages/person.tsx")),
});
const materials = createRoute({
  ...page,
  path: "/materials",
  component: lazyRouteComponent(() => import("./pages/materials.tsx")),
});
const questions = createRoute({
  ...page,
  path: "/me/questions",
  validateSearch: texts("ask", "open", "order_id", "period_id", "bonus", "name"),
  component: lazyRouteComponent(() => import("./pages/questions.tsx")),
});
const me = createRoute({ ...page, path: "/me", component: lazyRouteComponent(() => import("./pages/me.tsx")) });

export const router = createRouter({
  routeTree: root.addChildren([home, share, rank, earnings, orders, downline, person, materials, me, questions]),
  basepath: "/portal",
  defaultPreload: "intent",
  scrollRestoration: true,
  // Numbers of orders and distributors are texts, however many figures they have.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

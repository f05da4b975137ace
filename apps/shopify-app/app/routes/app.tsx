import { Outlet, useLoaderData } from "../framework/client.ts";
import { type HeadersArgs, type LoaderFunctionArgs, redirect } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { reading } from "../page-data.server.ts";
import { PageFailure } from "../ui/failure.tsx";
import { Shell } from "../ui/shell.tsx";
import { openVisit } from "../visit.server.ts";

/** The frame of all pages: who visits, whether the shop has a plan of the app, and what the menu holds. */
export async function loader(args: LoaderFunctionArgs) {
  const { plans, row, shop } = await openVisit(args);
  const { pathname, search } = new URL(args.request.url);
  const plan = await reading(() => plans.check(shop));
  if (plan.kind === "choose" && !/^\/app\/plan(\.data)?$/.test(pathname)) throw redirect(`/app/plan${search}`);
  return { timeZone: row?.timeZone ?? "UTC", isConnected: row?.hubKey != null };
}

/** Shopify's headers, as the one that asks App Bridge for a new session token, pass through every page. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export default function Frame() {
  const { isConnected } = useLoaderData<typeof loader>();
  return (
    <Shell isConnected={isConnected}>
      <Outlet />
    </Shell>
  );
}

export function ErrorBoundary() {
  return (
    <Shell isConnected>
      <PageFailure />
    </Shell>
  );
}

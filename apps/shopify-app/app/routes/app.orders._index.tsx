import { answerOf } from "@upline/hub/client";
import { useLoaderData } from "../framework/client.ts";
import type { HeadersArgs, LoaderFunctionArgs } from "../framework/server.ts";
import { pageBoundary } from "../framework/shopify.ts";
import { reading } from "../page-data.server.ts";
import { PageFailure } from "../ui/failure.tsx";
import { Filters } from "../ui/filters.tsx";
import { OrderTable } from "../ui/order-table.tsx";
import { Door, Page, Section } from "../ui/page.tsx";
import { useSpeech } from "../ui/speech.ts";
import { Empty } from "../ui/states.tsx";
import { openConnected } from "../visit.server.ts";

const VIEWS = ["all", "unattributed", "unresolved", "quarantined", "pending"] as const;
type View = (typeof VIEWS)[number];

const SHOWN = 50;
/** The hub has no list of orders without an owner: they are picked out of the newest. */
const LOOKED_THROUGH = 500;

export async function loader(args: LoaderFunctionArgs) {
  const { asked, storeId } = await openConnected(args);
  const { searchParams } = new URL(args.request.url);
  const view = VIEWS.find((name) => name === searchParams.get("view")) ?? "all";
  const before = searchParams.get("before") ?? undefined;
  const limit = view === "unattributed" ? LOOKED_THROUGH : SHOWN;
  return reading(async () => {
    const { items, next } = await answerOf(
      asked.orders.$get({ query: { store: storeId, limit: String(limit), ...(before ? { before } : {}), ...filterOf(view) } }),
    );
    const orders = view === "unattributed" ? items.filter((order) => order.distributor_id === null).slice(0, SHOWN) : items;
    return { view, orders, next, hasNewer: before !== undefined };
  });
}

function filterOf(view: View) {
  switch (view) {
    case "unresolved":
      return { unresolved: "true" as const };
    case "quarantined":
      return { quarantined: "true" as const };
    case "pending":
      return { stage: "pending" as const };
    default:
      return {};
  }
}

export default function Orders() {
  const { view, orders, next, hasNewer } = useLoaderData<typeof loader>();
  const { text, named } = useSpeech();
  const filters = VIEWS.map((key) => ({
    key,
    name: named("orders.filter", key),
    to: key === "all" ? "/app/orders" : `/app/orders?view=${key}`,
  }));
  return (
    <Page title={text("orders.title")}>
      <Section
        title={named("orders.filter", view)}
        about={view === "unattributed" ? text("orders.newest", { count: LOOKED_THROUGH }) : undefined}
      >
        <Filters label={text("orders.title")} filters={filters} chosen={view} />
        {orders.length === 0 ? (
          <Empty title={text("orders.empty.title")}>{text(view === "all" ? "orders.empty.all" : "orders.empty.filtered")}</Empty>
        ) : (
          <OrderTable caption={named("orders.filter", view)} orders={orders} />
        )}
        <div className="up-actions">
          {hasNewer && <Door to={`/app/orders?view=${view}`}>{text("common.newer")}</Door>}
          {next !== null && <Door to={`/app/orders?view=${view}&before=${next}`}>{text("common.older")}</Door>}
        </div>
      </Section>
    </Page>
  );
}

/** A page with its own error boundary has to hand on the headers of what was thrown: by them App Bridge asks for a scope. */
export const headers = (args: HeadersArgs) => pageBoundary.headers(args);

export { PageFailure as ErrorBoundary };

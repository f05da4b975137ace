import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page, Section } from "../../design/page.tsx";
import { BoneText, Callout } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { DataTable, hasCome } from "../../design/table.tsx";
import { hub } from "../../shared/hub.ts";
import { isMissing, problemOf } from "../../shared/problem.ts";
import { Failure, Missing } from "../failure.tsx";
import { DistributorPanel } from "./distributor-panel.tsx";
import { OrderState } from "./order-state.tsx";
import { PersonEarnings, usePersonPeriod } from "./person-earnings.tsx";
import { PersonPeriods, usePersonPeriods } from "./person-periods.tsx";

const route = getRouteApi("/network/people/$distributorId");
const ORDERS = 10;

/** One distributor: what each period came to and of what, their orders, and beside it who they are. */
export default function Distributor() {
  const { t } = useTranslation();
  const { distributorId: id } = route.useParams();
  const { span, bonus } = route.useSearch();
  const { data: person, error } = useQuery({
    queryKey: ["distributor", id, undefined, "panel"],
    queryFn: () => answerOf(hub.distributors[":distributor_id"].$get({ param: { distributor_id: id }, query: {} })),
  });
  const period = usePersonPeriod(id, span);
  const areSumsKnown = hasCome(usePersonPeriods(id)) && (span === undefined || !period.isPending);
  const areOrdersKnown = !useOrders(id).isPending;
  if (error) return isMissing(error) ? <Missing /> : <Failure error={error} />;
  return (
    <Page
      title={person?.name ?? id}
      crumbs={[
        <Link key="network" to="/network" search={{ chosen: id }}>
          {t("nav.network")}
        </Link>,
      ]}
      status={
        person && (
          <Status is={person.status === "active" ? "good" : "open"} tag>
            {t(`standing.${person.status}` as "standing.active", { defaultValue: person.status })}
          </Status>
        )
      }
      about={
        person === undefined ? (
          <BoneText>
            {id} · diamond · DE · {t("person.since")} <Moment at={new Date().toISOString()} as="day" />
          </BoneText>
        ) : (
          <>
            {[id, person.rank, person.country].filter(Boolean).join(" · ")} · {t("person.since")}{" "}
            <Moment at={person.created_at} as="day" />
          </>
        )
      }
    >
      <div className="cols">
        <div aria-busy={!areSumsKnown || !areOrdersKnown}>
          <PersonPeriods id={id} span={span} />
          {span !== undefined && <PersonEarnings key={`${span} ${bonus}`} id={id} span={span} bonus={bonus} />}
          {/* What the tables above come to decides where this stands. */}
          <div hidden={!areSumsKnown}>
            <Orders id={id} />
          </div>
        </div>
        <DistributorPanel id={id} at={undefined} shape={undefined} isBesidePage />
      </div>
    </Page>
  );
}

function useOrders(id: string) {
  return useQuery({
    queryKey: ["orders", "of", id],
    queryFn: () => answerOf(hub.orders.$get({ query: { distributor: id, limit: String(ORDERS) } })),
  });
}

/** The newest orders that are theirs; the whole list is one door away. */
function Orders({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useOrders(id);
  return (
    <Section
      title={t("nav.orders")}
      aside={
        <Link to="/orders" search={{ distributor: id }}>
          {t("person.allOrders")}
        </Link>
      }
    >
      {error && data !== undefined && <Callout is="bad">{problemOf(error)}</Callout>}
      <DataTable
        label={t("nav.orders")}
        columns={[
          {
            id: "order",
            header: t("order"),
            cell: ({ row: { original } }) => (
              <>
                <Link to="/orders/$orderId" params={{ orderId: original.order_id }} preload="intent">
                  {original.order_name}
                </Link>
                <span className="second narrow">
                  <Moment at={original.order_ts} /> · <OrderState order={original} />
                </span>
              </>
            ),
          },
          {
            id: "placed",
            header: t("orders.placed"),
            meta: { beside: true },
            cell: ({ row }) => <Moment at={row.original.order_ts} />,
          },
          { id: "state", header: t("state"), meta: { beside: true }, cell: ({ row }) => <OrderState order={row.original} /> },
          {
            id: "net",
            header: t("net"),
            meta: { numeric: true },
            cell: ({ row: { original } }) => (
              <Door to="/orders/$orderId" params={{ orderId: original.order_id }}>
                <Amount value={original.net} currency={original.currency} />
              </Door>
            ),
          },
        ]}
        source={{ rows: data?.items, error, refetch: () => void refetch() }}
        keyOf={(one) => one.order_id}
        empty={t("person.noOrders")}
      />
    </Section>
  );
}

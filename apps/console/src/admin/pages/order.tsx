import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Door, Page, Section } from "../../design/page.tsx";
import { Bone, Callout, Equation, Timeline } from "../../design/parts.tsx";
import { Shape } from "../../design/shapes.tsx";
import { usePlace } from "../../shared/company.tsx";
import { momentOf, timeOf, weekdayOf } from "../../shared/moments.ts";
import { differenceOf, sumOf } from "../../shared/money.ts";
import { isMissing } from "../../shared/problem.ts";
import { useTell } from "../../shared/reasons.ts";
import { Failure, Missing } from "../failure.tsx";
import { useStores } from "../waiting.ts";
import { OrderCommissions } from "./order-commissions.tsx";
import { OrderLines } from "./order-lines.tsx";
import { type OrderDetail, orderQuery } from "./order-query.ts";
import { OrderState } from "./order-state.tsx";

const Reattribute = lazy(() => import("./reattribute.tsx"));
const route = getRouteApi("/orders/$orderId");

export default function Order() {
  const { t } = useTranslation();
  const { orderId } = route.useParams();
  const { data: order, error, refetch } = useQuery(orderQuery(orderId));
  const place = usePlace();
  const stores = useStores();
  const [isMoving, setMoving] = useState(false);
  if (error) return isMissing(error) ? <Missing /> : <Failure error={error} reset={() => void refetch()} />;
  const crumbs = [
    <Link key="/orders" to="/orders">
      {t("orders.title")}
    </Link>,
  ];
  if (order === undefined)
    return (
      <Page title={<Bone width={180} />} crumbs={crumbs}>
        <Bone width={420} />
      </Page>
    );
  const store = stores?.find(({ store_id: id }) => id === order.store_id)?.name ?? order.platform;
  const seller = order.attribution.distributor_id;
  return (
    <Page
      title={t("orderPage.title", { name: order.order_name })}
      name={t("orderPage.title", { name: order.order_name })}
      crumbs={[
        ...crumbs,
        <Link key="store" to="/orders" search={{ store: order.store_id }}>
          {store}
        </Link>,
      ]}
      status={<OrderState order={order} tag />}
      about={
        <>
          {weekdayOf(order.order_ts, place)}, {timeOf(order.order_ts, place)} ·{" "}
          {seller === null ? (
            t("orderPage.nobodys")
          ) : (
            <>
              {t("orderPage.soldBy")}{" "}
              <Door shown to="/network" search={{ chosen: seller }}>
                {seller}
              </Door>
            </>
          )}
          {order.plan && (
            <>
              {" · "}
              {t("orderPage.judgedBy")}{" "}
              <Door shown to="/plans/$planHash" params={{ planHash: order.plan.hash }}>
                {order.plan.id} {order.plan.version}
              </Door>{" "}
              {t("orderPage.andNetwork")}
            </>
          )}
        </>
      }
      actions={
        <>
          <Link className="btn" to="/deliveries" search={{ order_id: order.order_id }}>
            {t("orderPage.raw")}
          </Link>
          <button type="button" className="btn" onClick={() => setMoving(true)}>
            {t("orderPage.reattribute")}
          </button>
        </>
      }
    >
      {order.waits_for_rate !== null && (
        <Callout is="warn">{t("orderPage.waitsForRate", { from: order.currency, to: order.waits_for_rate })}</Callout>
      )}
      <Sums order={order} />
      <div className="cols" style={{ marginTop: 32 }}>
        <div>
          <OrderLines order={order} />
          <OrderCommissions order={order} />
        </div>
        <aside>
          <Section first title={seller === null ? t("orderPage.whyNobody") : t("orderPage.why", { seller })}>
            <Evidence order={order} />
          </Section>
          <Section title={t("orderPage.happened")}>
            <Happened order={order} />
          </Section>
        </aside>
      </div>
      {isMoving && (
        <Suspense>
          <Reattribute order={order} onClose={() => setMoving(false)} />
        </Suspense>
      )}
    </Page>
  );
}

/** From what the lines cost to what counts, as an equation that can be read aloud. */
function Sums({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const { lines, currency } = order;
  const gross = sumOf(lines.map((line) => line.gross));
  const off = sumOf(lines.map((line) => line.discount));
  const tax = sumOf(lines.map((line) => line.included_tax));
  const stands = sumOf(order.commissions.filter((one) => one.distributor_id !== null).map((one) => one.amount));
  return (
    <Equation
      label={t("orderPage.equation")}
      terms={[
        { name: t("orderPage.goods"), value: <Amount value={gross} /> },
        { sign: "−", name: t("orderPage.discount"), value: <Amount value={off} /> },
        { sign: "−", name: t("orderPage.tax"), value: <Amount value={tax} /> },
        { sign: "=", name: t("net"), value: <Amount value={order.net} /> },
        { sign: "−", name: t("refunded"), value: <Amount value={order.refunded_net} /> },
        {
          sign: "=",
          name: t("orderPage.netStands"),
          value: <Amount value={differenceOf(order.net, order.refunded_net)} currency={currency} />,
        },
      ]}
      aside={{
        name: t("orderPage.commissionsStand"),
        value: (
          <Door shown to="/ledger" search={{ order_id: order.order_id }}>
            <Amount value={stands} currency={order.plan === null ? currency : (order.commissions[0]?.currency ?? currency)} />
          </Door>
        ),
      }}
    />
  );
}

function Evidence({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const tell = useTell();
  const { candidates, why, reason } = order.attribution;
  return (
    <>
      <ul className="evidence">
        {candidates.map((one) => (
          <li key={`${one.source} ${one.where} ${one.code}`} className={one.outcome === "chosen" ? "won" : undefined}>
            <Shape of={one.outcome === "chosen" ? "good" : one.outcome === "unknown-code" ? "warn" : "skip"} />
            <div>
              <b>
                {t(`evidence.${one.source}` as "evidence.discount-code", { defaultValue: one.source })}, {one.code}
              </b>
              <p>
                {one.distributor_id !== null && `${t("evidence.belongs", { distributor: one.distributor_id })} `}
                {one.outcome === "chosen" ? t("evidence.first") : tell(one.reason, one.why)}
              </p>
            </div>
            <span className="note">{one.outcome === "chosen" ? t("evidence.decided") : t("evidence.lost")}</span>
          </li>
        ))}
      </ul>
      <p className="note" style={{ paddingTop: 8 }}>
        {tell(reason, why)}
      </p>
    </>
  );
}

function Happened({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const place = usePlace();
  const at = (value: string) => <time dateTime={value}>{momentOf(value, place)}</time>;
  return (
    <Timeline
      events={[
        { key: "placed", shape: "open", when: at(order.order_ts), what: t("orderPage.placed", { name: order.order_name }) },
        ...order.revisions.map((revision) => ({
          key: String(revision.revision),
          shape: "good" as const,
          when: at(revision.recorded_at),
          what: t("orderPage.revision", { revision: revision.revision, cause: revision.cause }),
        })),
      ]}
    />
  );
}

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount, Less } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Callout, Defs } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { usePlace } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { isZero, sumOf } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { useStoreHealth } from "../waiting.ts";
import { type OrderDetail, orderQuery } from "./order-query.ts";
import type { Store } from "./store-card.tsx";

type Delivery = BodyOf<Awaited<ReturnType<typeof hub.deliveries.$get>>>["items"][number];

/** What a shop should say, the first that is missing is listened for; the last two come late or never in a shop that only sells. */
const SAID = ["placed", "changed", "refund", "deleted"] as const;
type Said = (typeof SAID)[number];

/** Beside the hub's events, which browsers behind some proxies never hear. */
const LOOK_EVERY_MS = 5_000;

/** Listens to a shop that was just connected: each thing it should tell gets its mark, with what was made of it. */
export function ConnectListening({ store }: { store: Store }) {
  const { t } = useTranslation();
  const { store_id: id } = store;
  const { data, error, refetch } = useQuery({
    queryKey: ["deliveries", "listening", id],
    queryFn: () => answerOf(hub.deliveries.$get({ query: { store: id, limit: "50" } })),
    refetchInterval: LOOK_EVERY_MS,
  });
  const heard = data?.items ?? [];
  const counted = heard.find(({ order_id, outcome }) => order_id !== null && outcome === "applied");
  const about = orderQuery(counted?.order_id ?? "");
  const { data: order } = useQuery({
    ...about,
    // What is told of the same order anew is read anew.
    queryKey: [...about.queryKey, counted?.delivery_id],
    placeholderData: keepPreviousData,
    enabled: counted !== undefined,
  });
  const unread = heard.filter(({ outcome }) => outcome === "dead").length;
  return (
    <>
      <section>
        <h2>{t("connect.change")}</h2>
        <p className="sub lead">{t("connect.changeWhy")}</p>
        {error && (
          <Callout is="bad">
            {problemOf(error)}{" "}
            <button type="button" className="as-link" onClick={() => void refetch()}>
              {t("again")}
            </button>
          </Callout>
        )}
        <HeardTable heard={heard} order={order} isKnown={data !== undefined} />
        <div aria-live="polite">
          {heard.length > 0 && (
            <Callout is="good">
              <b>{t("connect.hear")}</b> {order !== undefined && <CodeOf order={order} />}
            </Callout>
          )}
          {unread > 0 && (
            <Callout is="warn">
              {t("connect.unread", { count: unread })}{" "}
              <Link to="/deliveries" search={{ store: id, outcome: "dead" as const }}>
                {t("connect.unreadSee")}
              </Link>
            </Callout>
          )}
        </div>
        <div className="row act">
          <Link to="/stores" hash={id} className={heard.length > 0 ? "btn primary" : "btn"}>
            {t("connect.toCard")}
          </Link>
          {heard.length > 0 ? (
            <Link to="/skus" className="sub">
              {t("connect.toSkus")}
            </Link>
          ) : (
            <span className="sub">{t("connect.orLater")}</span>
          )}
        </div>
      </section>
      <aside className="panel">
        {order && <Made order={order} />}
        <h3>{t("connect.nothing")}</h3>
        <Checks store={store} />
      </aside>
    </>
  );
}

/**
 * What was heard, by the first delivery of each. The shops' plugins call whatever happens to an order by one topic, so that the first word
 * of an order is its being placed and each further one a change.
 */
function heardOf(heard: readonly Delivery[], order: OrderDetail | undefined): Partial<Record<Said, Delivery>> {
  const found: Partial<Record<Said, Delivery>> = {};
  const known = new Set<string>();
  const isRefunded = order !== undefined && !isZero(order.refunded_net);
  for (const delivery of heard.toReversed()) {
    const { topic, order_id: id } = delivery;
    if (/delete/i.test(topic)) found.deleted ??= delivery;
    else if (/refund|creditmemo/i.test(topic)) found.refund ??= delivery;
    else if (id !== null && known.has(id)) found.changed ??= delivery;
    else if (id !== null) found.placed ??= delivery;
    if (id !== null) known.add(id);
  }
  const newest = heard.find(({ order_id: id }) => id === order?.order_id);
  return isRefunded && newest !== undefined ? { refund: newest, ...found } : found;
}

function HeardTable(props: { heard: readonly Delivery[]; order: OrderDetail | undefined; isKnown: boolean }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const { heard, order, isKnown } = props;
  const marks = heardOf(heard, order);
  const first = SAID.find((said) => marks[said] === undefined);
  return (
    <table className="hear">
      <thead>
        <tr>
          <th>{t("connect.should")}</th>
          <th>{t("connect.heard")}</th>
          <th className="num">{t("connect.answered")}</th>
        </tr>
      </thead>
      <tbody>
        {SAID.map((said) => {
          const delivery = marks[said];
          const isLive = isKnown && said === first;
          return (
            <tr key={said} className={isLive ? "live" : undefined}>
              <td>
                <Status is={delivery ? "good" : isLive ? "wait" : "open"}>{t(`connect.said.${said}`)}</Status>
              </td>
              <td>
                {delivery ? (
                  <>
                    <Moment at={delivery.received_at} />
                    <span className="second">
                      {order !== undefined && delivery.order_id === order.order_id
                        ? t("connect.ofOrder", { name: order.order_name })
                        : t(`outcome.${delivery.outcome}` as "outcome.applied")}
                    </span>
                  </>
                ) : (
                  <>
                    {isLive && <span className="pulse" aria-hidden="true" />}
                    {isLive ? t("connect.listening") : <span className="sub">{t("connect.notYet")}</span>}
                    <span className="second">{t(`connect.do.${said}`)}</span>
                  </>
                )}
              </td>
              <td className="num">{delivery ? millis(delivery, language) : <span className="note">–</span>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** From the receipt to the booked commission. */
function millis({ received_at: from, processed_at: to }: Delivery, language: string): string {
  return to === null ? "–" : `${Math.max(0, Date.parse(to) - Date.parse(from)).toLocaleString(language)} ms`;
}

/** Whether links work, by the first order that came. */
function CodeOf({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const code = order.attribution.candidates.find(({ outcome }) => outcome === "chosen")?.code;
  const name = order.order_name;
  return <>{code === undefined || code === "" ? t("connect.noCode", { name }) : t("connect.withCode", { name, code })}</>;
}

/** The order as the hub understood it, to be held against the shop's own. */
function Made({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const { lines, currency } = order;
  const sum = (of: (line: OrderDetail["lines"][number]) => string) => sumOf(lines.map(of));
  return (
    <>
      <h2>{t("connect.made", { name: order.order_name })}</h2>
      <Defs
        rows={[
          { name: t("orderPage.goods"), value: <Amount value={sum((line) => line.gross)} /> },
          { name: t("orderPage.discount"), value: <Less value={sum((line) => line.discount)} /> },
          { name: t("orderPage.tax"), value: <Less value={sum((line) => line.included_tax)} /> },
          { name: t("net"), value: <Amount value={order.net} currency={currency} />, isTotal: true },
        ]}
      />
      <p className="note">{t("connect.agree", { count: lines.length })}</p>
      <hr className="rule" />
    </>
  );
}

/** What to look at when nothing comes, and the way that does not wait: asking the shop. */
function Checks({ store }: { store: Store }) {
  const { t } = useTranslation();
  const health = useStoreHealth()?.find(({ store_id: id }) => id === store.store_id);
  const ask = useMutation({
    mutationFn: () => answerOf(hub.jobs[":name"].run.$post({ param: { name: "reconcile" }, query: { subject: store.store_id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["stores"] }),
  });
  const seen = health?.plugin_since ?? health?.app_since ?? null;
  const canAsk = health !== undefined && (health.rest_since !== null || health.app_since !== null);
  return (
    <ul className="lines">
      <li>
        {t(`connect.check.${store.platform as "shopify"}`)}{" "}
        {seen !== null && (
          <>
            {t("connect.check.since")} <Moment at={seen} />.
          </>
        )}
      </li>
      <li>{t("connect.check.clock")}</li>
      <li>
        {canAsk ? (
          <>
            {t("connect.check.ask")}{" "}
            <button type="button" className="as-link" disabled={ask.isPending} onClick={() => ask.mutate()}>
              {t("connect.check.askAct")}
            </button>
          </>
        ) : (
          t("connect.check.noKey")
        )}
        {ask.error && <Callout is="bad">{problemOf(ask.error)}</Callout>}
      </li>
    </ul>
  );
}

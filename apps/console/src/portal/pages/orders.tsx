import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { More } from "../../design/more.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { briefly } from "../../shared/moments.ts";
import { differenceOf, isZero } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { Refused } from "../failure.tsx";
import { Story } from "../story.tsx";

type Own = Awaited<ReturnType<typeof readPage>>["items"][number];
const readPage = (before: string | undefined) =>
  answerOf(hub.portal.orders.$get({ query: { limit: "50", ...(before && { before }) } }));

/** One's own sales, whoever bought: that is the shop's business. */
export default function OrdersPage() {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const { open } = useSearch({ from: "/orders" });
  const list = useList<Own>(["own-orders", slug], readPage);
  return (
    <>
      <div className="spread" style={{ paddingBottom: 16 }}>
        <h1>{t("orders.title")}</h1>
        <Link to="/earnings" search={{}}>
          {t("nav.earnings")}
        </Link>
      </div>
      {list.error !== null && list.error !== undefined && <Refused error={list.error} onAgain={() => list.refetch?.()} />}
      <div className="two-up plain">
        <div>
          {list.rows?.length === 0 && <p className="empty">{t("orders.empty")}</p>}
          <div className="rows">
            {list.rows?.map((row) => (
              <Row key={row.order_id} row={row} />
            ))}
          </div>
          <More source={list} />
        </div>
        <aside className="wide-only" style={{ position: "sticky", top: 24 }}>
          {open === undefined ? (
            <p className="sub">{(list.rows?.length ?? 0) > 0 && t("earnings.choose")}</p>
          ) : (
            <div className="opened">
              <Story of={{ kind: "order", order_id: open, period_id: null }} />
            </div>
          )}
        </aside>
      </div>
    </>
  );
}

function Row({ row }: { row: Own }) {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const navigate = useNavigate();
  const { open } = useSearch({ from: "/orders" });
  const isOpen = open === row.order_id;
  const how = row.self_purchase
    ? t("earnings.how.own-order")
    : row.code === null
      ? t("earnings.how.customer")
      : t("orders.byCode", { code: row.code });
  const back = isZero(row.refunded_net) ? "" : ` · ${t("orders.returned")}`;
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-current={isOpen ? "true" : undefined}
        onClick={() =>
          void navigate({ to: "/orders", search: { open: isOpen ? undefined : row.order_id }, replace: true, resetScroll: false })
        }
      >
        <span>
          {row.name} · {t("orders.net")} <Amount value={differenceOf(row.net, row.refunded_net)} currency={row.currency} />
          <span className="second">
            {briefly(row.placed_at, place)}, {how}
            {row.stage === "earned" ? back : ` · ${t(`orders.stage.${row.stage as "pending"}`)}`}
          </span>
        </span>
        <b className="num">
          {row.earned.length === 0
            ? "–"
            : row.earned.map(({ currency, amount }) => <Amount key={currency} value={amount} currency={currency} />)}
        </b>
      </button>
      {isOpen && (
        <div className="opened phone-only">
          <Story of={{ kind: "order", order_id: row.order_id, period_id: null }} />
        </div>
      )}
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { More } from "../../design/more.tsx";
import { Bone, Defs } from "../../design/parts.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { isZero, negated, sumOf } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { earningSource, earningTitle } from "../earning-words.ts";
import { Refused } from "../failure.tsx";
import { spanName } from "../spans.ts";
import { Story } from "../story.tsx";
import { weekdayName } from "../weekdays.ts";

type Earning = Awaited<ReturnType<typeof readPage>>["items"][number];
type Wanted = { span?: string | undefined; bonus?: string | undefined; back?: string | undefined };
const readPage = ({ span, bonus, back }: Wanted, before: string | undefined) =>
  answerOf(
    hub.portal.earnings.$get({
      query: {
        limit: "50",
        ...(span && { span }),
        ...(bonus && { bonus }),
        ...(back && { taken_back: "true" }),
        ...(before && { before }),
      },
    }),
  );

/** By bonus, then by day; each row opens to how it came about. */
export default function EarningsPage() {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const search = useSearch({ from: "/earnings" });
  const { span, bonus, back } = search;
  const sums = useQuery({
    queryKey: ["earnings", "sums", slug, span],
    queryFn: () => answerOf(hub.portal.earnings.sums.$get({ query: { ...(span && { span }) } })),
  });
  const list = useList<Earning>(["earnings", "list", slug, span, bonus, back], (before) =>
    readPage({ span, bonus, back }, before),
  );
  const names = new Map((sums.data?.items ?? []).map((item) => [item.bonus, item.name]));
  const chosen = list.rows?.find(({ key }) => key === search.open);
  return (
    <>
      <Head />
      <div className="two-up plain">
        <div>
          {sums.error ? <Refused error={sums.error} onAgain={() => void sums.refetch()} /> : <Sums data={sums.data} />}
          {(bonus || back) && (
            <p className="ways-on" style={{ paddingTop: 12 }}>
              <Link to="/earnings" search={{ span }}>
                {t("earnings.all")}
              </Link>
            </p>
          )}
          {list.error !== null && list.error !== undefined && <Refused error={list.error} onAgain={() => list.refetch?.()} />}
          {/* What the sums come to decides where the list stands. */}
          <div hidden={sums.isPending}>
            {list.rows?.length === 0 && <p className="empty">{t("earnings.empty")}</p>}
            {list.rows === undefined && list.error === null && <Bones />}
            <Days rows={list.rows ?? []} names={names} />
            <More source={list} />
          </div>
        </div>
        <aside className="wide-only" style={{ position: "sticky", top: 24 }}>
          {chosen ? (
            <div className="opened">
              <h2 style={{ paddingBottom: 8 }}>{earningTitle(chosen, names, t)}</h2>
              <Story of={chosen} />
            </div>
          ) : (
            <p className="sub">{(list.rows?.length ?? 0) > 0 && t("earnings.choose")}</p>
          )}
        </aside>
      </div>
    </>
  );
}

function Head() {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const place = usePlace();
  const navigate = useNavigate();
  const { span } = useSearch({ from: "/earnings" });
  const { data } = useQuery({
    queryKey: ["earnings", "spans", slug],
    queryFn: () => answerOf(hub.portal.earnings.spans.$get()),
  });
  return (
    <>
      <div className="spread head-choice">
        <h1>{t("earnings.title")}</h1>
        <select
          className="input select span-choice"
          aria-label={t("earnings.span")}
          value={span ?? data?.items[0]?.name ?? ""}
          onChange={({ target }) => void navigate({ to: "/earnings", search: { span: target.value } })}
        >
          {(data?.items ?? []).map((each) => (
            <option key={each.name} value={each.name}>
              {spanName(each, place, true)}
            </option>
          ))}
        </select>
      </div>
      <p className="ways-on">
        <Link to="/orders" search={{}}>
          {t("orders.way")}
        </Link>
      </p>
    </>
  );
}

type SumsOf = Awaited<ReturnType<typeof readSums>>;
const readSums = () => answerOf(hub.portal.earnings.sums.$get({ query: {} }));

/** What was earned is the last row of what it sums; a currency has its own. */
function Sums({ data }: { data: SumsOf | undefined }) {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const { span: wanted } = useSearch({ from: "/earnings" });
  if (data === undefined) return <Bone width={200} />;
  const name = spanName(data.span, place, true);
  const isPresent = new Date(data.span.ends_at) > new Date();
  const byCurrency = Map.groupBy(data.items, ({ currency }) => currency);
  return [...byCurrency].map(([currency, items]) => {
    const back = sumOf(items.map((item) => item.taken_back));
    const total = sumOf([...items.map((item) => item.earned), negated(back)]);
    return (
      <div key={currency} style={{ borderTop: "1px solid var(--line-2)", padding: "12px 0" }}>
        <Defs
          rows={[
            ...items.map((item) => ({
              name: item.name,
              value: (
                <Link to="/earnings" search={{ span: wanted, bonus: item.bonus }} className="door shown">
                  <Amount value={item.earned} />
                </Link>
              ),
            })),
            ...(isZero(back)
              ? []
              : [
                  {
                    name: t("earnings.takenBack"),
                    value: (
                      <Link to="/earnings" search={{ span: wanted, back: "true" }} className="door shown">
                        <Amount value={negated(back)} />
                      </Link>
                    ),
                  },
                ]),
            {
              name: t(isPresent ? "earnings.soFar" : "earnings.total", { span: name }),
              value: <Amount value={total} currency={currency} />,
              isTotal: true,
            },
          ]}
        />
      </div>
    );
  });
}

function Days({ rows, names }: { rows: readonly Earning[]; names: ReadonlyMap<string, string> }) {
  const place = usePlace();
  const days = Map.groupBy(rows, ({ at, currency }) => `${weekdayName(at, place)} ${currency}`);
  return [...days].map(([day, items]) => {
    const first = items[0] as Earning;
    return (
      <section key={day}>
        <h2 className="day">
          <span>{weekdayName(first.at, place)}</span>
          <span>
            <Amount value={sumOf(items.map(({ amount }) => amount))} currency={first.currency} />
          </span>
        </h2>
        <div className="rows">
          {items.map((item) => (
            <Row key={item.key} item={item} names={names} />
          ))}
        </div>
      </section>
    );
  });
}

function Row({ item, names }: { item: Earning; names: ReadonlyMap<string, string> }) {
  const { t } = useTranslation("portal");
  const navigate = useNavigate();
  const search = useSearch({ from: "/earnings" });
  const isOpen = search.open === item.key;
  const open = () =>
    void navigate({
      to: "/earnings",
      search: { ...search, open: isOpen ? undefined : item.key },
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <button type="button" aria-expanded={isOpen} aria-current={isOpen ? "true" : undefined} onClick={open}>
        <span>
          {earningTitle(item, names, t)}
          <span className="second">{earningSource(item, t)}</span>
        </span>
        <b className="num">
          <Amount value={item.amount} />
        </b>
      </button>
      {isOpen && (
        <div className="opened phone-only">
          <Story of={item} />
        </div>
      )}
    </>
  );
}

function Bones() {
  return (
    <div className="rows">
      {[180, 140, 160].map((width) => (
        <p key={width} style={{ padding: "16px 0" }}>
          <Bone width={width} />
        </p>
      ))}
    </div>
  );
}

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Bone, Steps } from "../../design/parts.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { momentOf } from "../../shared/moments.ts";
import { formatDecimal, isZero } from "../../shared/money.ts";
import { Refused } from "../failure.tsx";
import { SpanChoice } from "../look-back.tsx";
import { useStanding } from "../me.ts";
import { Conditions, NearestStep } from "../rank-block.tsx";
import { lastDay, spanName } from "../spans.ts";

/** The rank as a close now would find it, what the next one asks, and what a close now would pay. */
export default function RankPage() {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const { name: company } = useCompany();
  const navigate = useNavigate();
  const { span } = useSearch({ from: "/rank" });
  const { data, error, refetch } = useStanding(span);
  const isClosed = data?.span.state === "closed";
  const said = (value: string) => formatDecimal(value, place.language);
  return (
    <>
      <div className="spread" style={{ paddingBottom: 16 }}>
        <h1>{t("rank.title")}</h1>
        <SpanChoice span={span} onChoose={(chosen) => void navigate({ to: "/rank", search: { span: chosen }, replace: true })} />
      </div>
      {error && <Refused error={error} onAgain={() => void refetch()} />}
      {data === undefined && !error && <Bone width={220} />}
      {data && !data.is_computed && <p className="sub">{t(isClosed ? "rank.notKept" : "home.noPeriod")}</p>}
      {data?.is_computed && (
        <div className="two-up">
          <div>
            <section className="block-p o1 hero">
              <p className="label">{t(isClosed ? "rank.asClosed" : "rank.now", { span: spanName(data.span, place, true) })}</p>
              <div className="figure">{data.me?.rank?.name ?? t("home.noRank")}</div>
              <p className="note">
                {data.me?.active
                  ? t("rank.active", { volume: said(data.me.pv) })
                  : t("rank.notActive", { volume: said(data.me?.pv ?? "0"), needed: said(data.minimum_pv) })}
                {data.title && data.title.id !== data.me?.rank?.id && ` ${t("rank.highest", { rank: data.title.name })}`}
              </p>
            </section>
            <section className="block-p o2">
              <div className="section-head">
                <h2>
                  {data.next
                    ? t(isClosed ? "rank.nextThen" : "rank.next", { rank: data.next.rank.name })
                    : t(isClosed ? "rank.topThen" : "home.top")}
                </h2>
                {data.next && !isClosed && <span className="sub">{t("rank.until", { day: lastDay(data.span, place) })}</span>}
              </div>
              {data.next && (
                <>
                  <Conditions next={data.next} />
                  {!isClosed && <NearestStep standing={data} />}
                  {data.next.gain !== null && data.currency !== null && (
                    <p className="note" style={{ paddingTop: 8 }}>
                      {isZero(data.next.gain)
                        ? t("rank.noGain", { rank: data.next.rank.name })
                        : t("rank.gain", { rank: data.next.rank.name, amount: `${said(data.next.gain)} ${data.currency}` })}
                    </p>
                  )}
                </>
              )}
            </section>
          </div>
          <div>
            <section className="block-p o3">
              <div className="section-head">
                <h2>{t(isClosed ? "rank.paid" : "home.ifClosed", { span: spanName(data.span, place, true) })}</h2>
              </div>
              {data.estimate && (
                <Steps
                  steps={[
                    ...data.estimate.bonuses.map((each) => ({
                      name: each.name,
                      value: <Amount value={each.amount} />,
                      ...(each.of_last_run && { why: t("rank.lastRun") }),
                    })),
                    {
                      name: t("rank.onTop"),
                      value: <Amount value={data.estimate.amount} currency={data.currency} />,
                      isSum: true,
                    },
                  ]}
                />
              )}
              <p className="note" style={{ paddingTop: 8 }}>
                {t(isClosed ? "rank.closedOn" : "rank.how", { company, when: momentOf(data.computed_at, place) })}
                {data.estimate?.may_be_capped && ` ${t("rank.capped")}`}
              </p>
            </section>
          </div>
        </div>
      )}
    </>
  );
}

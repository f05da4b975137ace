import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { answerOf } from "@upline/hub/client";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { More } from "../../design/more.tsx";
import { Bone, Defs, Meter } from "../../design/parts.tsx";
import { Shape, Status } from "../../design/shapes.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { briefly } from "../../shared/moments.ts";
import { formatDecimal } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { Refused } from "../failure.tsx";
import { SpanChoice } from "../look-back.tsx";
import { type Standing, useHome, useStanding } from "../me.ts";
import { Person, type SeenMember } from "../person-row.tsx";
import { RowBones } from "../row-bones.tsx";
import { spanName } from "../spans.ts";

/** Who is worth a word, how much each leg brings, and everyone below. */
export default function DownlinePage() {
  const { t } = useTranslation("portal");
  const navigate = useNavigate();
  const { span } = useSearch({ from: "/team" });
  const isWorthKnown = !useHighlights().isPending || span !== undefined;
  const areLegsKnown = !useStanding(span).isPending;
  useMembers();
  return (
    <>
      <div className="spread head-choice">
        <h1>{t("team.title")}</h1>
        <SpanChoice
          span={span}
          onChoose={(chosen) => void navigate({ to: "/team", search: (kept) => ({ ...kept, span: chosen }), replace: true })}
        />
      </div>
      <div className="two-up">
        <div>
          {span === undefined && (
            <section className="block-p o1">
              <WorthAWord />
            </section>
          )}
          <section className="block-p o3">
            {/* What is told above decides where this stands: it is asked for meanwhile. */}
            {isWorthKnown && areLegsKnown && <Everyone />}
          </section>
        </div>
        <div>
          <section className="block-p o2" hidden={!isWorthKnown}>
            <Legs />
          </section>
        </div>
      </div>
    </>
  );
}

function useHighlights() {
  const { slug } = useCompany();
  return useQuery({ queryKey: ["highlights", slug], queryFn: () => answerOf(hub.portal.highlights.$get()) });
}

function WorthAWord() {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const { data, error, refetch } = useHighlights();
  const { data: standing } = useStanding();
  const said = (value: string) => formatDecimal(value, place.language);
  const rows = data && [
    ...data.near.map((who) => ({
      who,
      shape: "draft" as const,
      why: t("team.short", { volume: said(who.volume ?? "0") }) + legEffect(who.distributor_id, standing, t),
    })),
    ...data.quiet.map((who) => ({ who, shape: "warn" as const, why: t("team.quiet", { day: briefly(who.at ?? "", place) }) })),
    ...data.joined.map((who) => ({
      who,
      shape: "good" as const,
      why: `${t("team.joined", {
        day: briefly(who.at ?? "", place),
        sponsor: who.sponsor?.name ?? who.sponsor?.distributor_id ?? "–",
      })}, ${who.orders === 0 ? t("team.soldNothing") : t("team.sold", { count: who.orders ?? 0 })}`,
    })),
  ];
  return (
    <>
      <div className="section-head">
        <h2>{t("team.worth")}</h2>
      </div>
      {error && <Refused error={error} onAgain={() => void refetch()} />}
      {rows?.length === 0 && <p className="sub">{t("team.noWorth")}</p>}
      {rows === undefined && !error && <RowBones count={3} />}
      <div className="rows" hidden={rows === undefined}>
        {rows?.map(({ who, shape, why }) => (
          <Link key={`${shape} ${who.distributor_id}`} to="/team/$distributorId" params={{ distributorId: who.distributor_id }}>
            <span className="shaped">
              <Shape of={shape} />
              <span>
                {who.name ?? who.distributor_id}
                <span className="second">{why}</span>
              </span>
            </span>
            <span className="num sub">{who.pv === null ? "" : t("team.withVolume", { volume: said(who.pv) })}</span>
          </Link>
        ))}
      </div>
    </>
  );
}

/** What it does for the next rank if somebody becomes active; empty where they are no leg, or it asks for no legs. */
function legEffect(id: string, standing: Standing | undefined, t: ReturnType<typeof useTranslation<"portal">>["t"]): string {
  const next = standing?.next;
  const legs = next?.conditions.find(({ kind }) => kind === "active-legs");
  if (!next || !legs || legs.met || !standing?.legs.some((leg) => leg.distributor_id === id)) return "";
  const isLast = next.conditions.every(({ met, kind }) => met || kind === "active-legs");
  const [number, rank] = [Number(legs.had) + 1, next.rank.name];
  const makes = isLast && number === Number(legs.needed);
  return `; ${makes ? t("team.makes", { rank }) : t("team.legOf", { number, needed: legs.needed, rank })}`;
}

function Legs() {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const { span } = useSearch({ from: "/team" });
  const { data, error, refetch } = useStanding(span);
  const isClosed = data?.span.state === "closed";
  const said = (value: string) => formatDecimal(value, place.language);
  const most = Math.max(1, ...(data?.legs ?? []).map(({ gv }) => Number(gv)));
  const [all, setAll] = useState(false);
  const shown = all ? data?.legs : data?.legs.slice(0, 8);
  return (
    <>
      <div className="section-head">
        <h2>{t("team.legs")}</h2>
        {data && (
          <span className="sub">
            {isClosed ? spanName(data.span, place, true) : t("team.soFar", { span: spanName(data.span, place) })}
          </span>
        )}
      </div>
      {error && <Refused error={error} onAgain={() => void refetch()} />}
      {data === undefined && !error && <RowBones count={8} />}
      {data && !data.is_computed && <p className="sub">{t(isClosed ? "rank.notKept" : "home.noPeriod")}</p>}
      {data?.is_computed && data.legs.length === 0 && !isClosed && <p className="sub">{t("home.noTeam")}</p>}
      {data?.is_computed && (data.legs.length > 0 || isClosed) && (
        <>
          <ul className="legs">
            {shown?.map((leg) => (
              <li key={leg.distributor_id}>
                <Status is={leg.active ? "good" : "open"}>{leg.name ?? leg.distributor_id}</Status>
                <Link
                  to="/team/$distributorId"
                  params={{ distributorId: leg.distributor_id }}
                  search={{ span }}
                  className="door shown"
                >
                  {said(leg.gv)}
                </Link>
                <div className={leg.active ? "leg-share" : "leg-share plain"}>
                  <Meter share={Number(leg.gv) / most} label={`${leg.name ?? leg.distributor_id}: ${said(leg.gv)}`} />
                </div>
              </li>
            ))}
          </ul>
          {!all && data.legs.length > 8 && (
            <button type="button" className="btn quiet" onClick={() => setAll(true)}>
              {t("team.allLegs", { count: data.legs.length })}
            </button>
          )}
          <Defs
            rows={[
              ...(data.legs_elsewhere === null
                ? []
                : [
                    {
                      name: t("team.elsewhere", { count: data.legs_elsewhere.people }),
                      value: said(data.legs_elsewhere.gv),
                    },
                  ]),
              { name: t("team.own"), value: said(data.own_volume) },
              { name: t("team.group"), value: said(data.me?.gv ?? "0"), isTotal: true },
            ]}
          />
          <p className="note leg-key">
            <Status is="good">{t("team.activeLeg")}</Status>{" "}
            <Status is="open">{t(isClosed ? "team.otherLegThen" : "team.otherLeg")}</Status>
          </p>
        </>
      )}
    </>
  );
}

type Wanted = { q?: string | undefined; level?: string | undefined; span?: string | undefined };
const readPage = ({ q, level, span }: Wanted, before: string | undefined) =>
  answerOf(
    hub.portal.team.$get({
      query: { limit: "100", ...(q && { q }), ...(level && { level }), ...(span && { span }), ...(before && { before }) },
    }),
  );

/** From so many rows on only those are drawn that can be seen. */
const ROW = 66;

function useMembers() {
  const { slug } = useCompany();
  const { q, level, span } = useSearch({ from: "/team" });
  return useList<SeenMember>(["team", slug, q, level, span], (before) => readPage({ q, level, span }, before));
}

function Everyone() {
  const { t } = useTranslation("portal");
  const navigate = useNavigate();
  const { q, level, span } = useSearch({ from: "/team" });
  const { data: home } = useHome();
  const [typed, setTyped] = useState(q ?? "");
  const list = useMembers();
  const rows = list.rows ?? [];
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW,
    overscan: 10,
    scrollMargin: frame.current?.offsetTop ?? 0,
  });
  const go = (wanted: Wanted) => void navigate({ to: "/team", search: { span, ...wanted }, replace: true, resetScroll: false });
  return (
    <>
      <div className="section-head">
        <h2>{t("team.everyone")}</h2>
        <span className="sub">{home ? t("team.count", { count: home.team.people }) : <Bone width={64} />}</span>
      </div>
      <form
        className="find-below"
        onSubmit={(event) => {
          event.preventDefault();
          go({ q: typed.trim() || undefined });
        }}
      >
        <input
          className="input"
          type="search"
          aria-label={t("team.find")}
          placeholder={t("team.find")}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={() => typed.trim() !== (q ?? "") && go({ q: typed.trim() || undefined })}
        />
        <select
          className="input select"
          aria-label={t("team.level")}
          value={level ?? ""}
          onChange={({ target }) => go({ level: target.value || undefined })}
        >
          <option value="">{t("team.everyLevel")}</option>
          {Array.from({ length: 12 }, (_, index) => (
            <option key={index} value={String(index + 1)}>
              {t("team.levelNo", { level: index + 1 })}
            </option>
          ))}
        </select>
      </form>
      {list.error !== null && list.error !== undefined && <Refused error={list.error} onAgain={() => list.refetch?.()} />}
      {list.rows?.length === 0 && <p className="empty">{q ? t("team.notFound", { q }) : t("home.noTeam")}</p>}
      <div ref={frame} style={{ position: "relative", height: virtual.getTotalSize(), marginTop: 8 }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <div
              key={row.distributor_id}
              ref={virtual.measureElement}
              data-index={item.index}
              className="rows placed"
              style={{ transform: `translateY(${item.start - (frame.current?.offsetTop ?? 0)}px)` }}
            >
              <Person row={row} span={span} />
            </div>
          );
        })}
      </div>
      <More source={list} />
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { More } from "../../design/more.tsx";
import { Bone, Defs } from "../../design/parts.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { briefly, dayOf } from "../../shared/moments.ts";
import { formatDecimal } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { isMissing } from "../../shared/problem.ts";
import { Missing, Refused } from "../failure.tsx";
import { SpanChoice } from "../look-back.tsx";
import { Person, type SeenMember, useMemberNote } from "../person-row.tsx";

type One = Awaited<ReturnType<typeof readOne>>;
const readOne = (distributor_id: string, span: string | undefined) =>
  answerOf(hub.portal.team[":distributor_id"].$get({ param: { distributor_id }, query: { ...(span && { span }) } }));

/** Somebody of the downline: the way down to them, how they stand, and whom they sponsor. */
export default function PersonPage() {
  const { slug } = useCompany();
  const { distributorId } = useParams({ from: "/team/$distributorId" });
  const { span } = useSearch({ from: "/team/$distributorId" });
  const { data, error, refetch } = useQuery({
    queryKey: ["person", slug, distributorId, span],
    queryFn: () => readOne(distributorId, span),
  });
  if (error && isMissing(error)) return <Missing />;
  if (error) return <Refused error={error} onAgain={() => void refetch()} />;
  return data === undefined ? <Bone width={200} /> : <Told one={data} span={span} />;
}

function Told({ one, span }: { one: One; span: string | undefined }) {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const place = usePlace();
  const navigate = useNavigate();
  const under = one.distributor_id;
  const list = useList<SeenMember>(["team", slug, "under", under, span], (before) =>
    answerOf(hub.portal.team.$get({ query: { limit: "100", under, ...(span && { span }), ...(before && { before }) } })),
  );
  const said = (value: string | null) => (value === null ? "–" : formatDecimal(value, place.language));
  return (
    <>
      <p className="ways-on">
        <Link to="/team" search={{ span }}>
          {t("team.title")}
        </Link>
        {one.path.map((each) => (
          <Link
            key={each.distributor_id}
            to="/team/$distributorId"
            params={{ distributorId: each.distributor_id }}
            search={{ span }}
          >
            {each.name ?? each.distributor_id}
          </Link>
        ))}
      </p>
      <div className="spread">
        <h1>{one.name ?? one.distributor_id}</h1>
        <SpanChoice
          span={span}
          onChoose={(chosen) =>
            void navigate({
              to: "/team/$distributorId",
              params: { distributorId: one.distributor_id },
              search: { span: chosen },
              replace: true,
            })
          }
        />
      </div>
      <p className="sub" style={{ paddingBottom: 16 }}>
        {useMemberNote(one)}
      </p>
      <div className="two-up">
        <div>
          <section className="block-p o2">
            <div className="section-head">
              <h2>{t("team.frontline")}</h2>
            </div>
            {list.rows?.length === 0 && <p className="sub">{t("team.nobodyBelow")}</p>}
            <div className="rows">
              {list.rows?.map((row) => (
                <Person key={row.distributor_id} row={row} span={span} />
              ))}
            </div>
            <More source={list} />
          </section>
        </div>
        <div>
          <section className="block-p o1 opened">
            <Defs
              rows={[
                { name: t("team.level"), value: one.level === 0 ? t("story.you") : one.level },
                { name: t("team.rank"), value: one.rank ?? "–" },
                { name: t("team.pv"), value: said(one.pv) },
                ...(one.gv === null ? [] : [{ name: t("team.group"), value: said(one.gv) }]),
                { name: t("team.people"), value: one.people_below ?? "–" },
                { name: t("team.enrolled"), value: dayOf(one.enrolled_at, place) },
                { name: t("team.lastSold"), value: one.last_sold_at === null ? "–" : briefly(one.last_sold_at, place) },
              ]}
            />
            {one.email !== null && (
              <p style={{ paddingTop: 12 }}>
                <a className="btn slim" href={`mailto:${one.email}`}>
                  {t("team.write", { name: one.name?.split(" ")[0] ?? one.distributor_id })}
                </a>
              </p>
            )}
          </section>
        </div>
      </div>
    </>
  );
}

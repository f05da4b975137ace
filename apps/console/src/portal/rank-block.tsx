import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bone, Callout } from "../design/parts.tsx";
import { Shape } from "../design/shapes.tsx";
import { usePlace } from "../shared/company.tsx";
import { formatDecimal } from "../shared/money.ts";
import { useTell } from "../shared/reasons.ts";
import { Refused } from "./failure.tsx";
import { type Standing, useStanding } from "./me.ts";
import { RowBones } from "./row-bones.tsx";
import { lastDay } from "./spans.ts";

/** The rank, what is met and missing of the next one, and the cheapest step to it. */
export function RankBlock() {
  const { t } = useTranslation("portal");
  const { data, error, refetch } = useStanding();
  const [now, next] = [data?.me?.rank?.name ?? t("home.noRank"), data?.next?.rank.name];
  return (
    <>
      <div className="section-head">
        <h2>{t("home.rank")}</h2>
        <span className="sub">{data ? next === undefined ? now : `${now} → ${next}` : <Bone width={120} />}</span>
      </div>
      {error && <Refused error={error} onAgain={() => void refetch()} />}
      {data === undefined && !error && <RowBones count={4} />}
      {data?.next && <Conditions next={data.next} />}
      {data?.next && <NearestStep standing={data} />}
      {data?.is_computed && data.next === null && <p className="sub">{t("home.top")}</p>}
      {data && !data.is_computed && <p className="sub">{t("home.noPeriod")}</p>}
      {data?.is_computed && (
        <p style={{ paddingTop: 12 }}>
          <Link to="/rank" className="btn slim">
            {t("home.fullRank")}
          </Link>
        </p>
      )}
    </>
  );
}

export function Conditions({ next }: { next: NonNullable<Standing["next"]> }) {
  const { t, i18n } = useTranslation("portal");
  const tell = useTell();
  return (
    <ul className="conds rows">
      {next.conditions.map(({ kind, needed, had, met, rank, short, reason }) => (
        <li key={`${kind} ${rank?.id ?? ""}`}>
          <Shape of={met ? "good" : "open"} />
          <span>
            {met ? conditionName(kind, rank?.name, t) : <b>{conditionName(kind, rank?.name, t)}</b>}
            {kind === "condition" && !met && <span className="second">{tell(reason, short)}</span>}
          </span>
          <span className="sub num">
            {kind === "condition"
              ? ""
              : t("cond.of", { had: formatDecimal(had, i18n.language), needed: formatDecimal(needed, i18n.language) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function conditionName(kind: string, rank: string | undefined, t: ReturnType<typeof useTranslation<"portal">>["t"]): string {
  return t(`cond.${kind as "pv"}`, { rank });
}

export function NearestStep({ standing }: { standing: Standing }) {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const step = standing.next?.step;
  if (!standing.next) return null;
  if (!step) return <Callout is="good">{t("home.allMet", { rank: standing.next.rank.name })}</Callout>;
  return (
    <Callout is="accent">
      {t("step.lead")}{" "}
      <b>
        {t(`step.${step.kind}`, {
          name: step.who?.name ?? step.who?.distributor_id ?? "",
          volume: formatDecimal(step.volume ?? "0", place.language),
          day: lastDay(standing.span, place),
        })}
      </b>
    </Callout>
  );
}

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../design/amount.tsx";
import { Section } from "../design/page.tsx";
import { Bone } from "../design/parts.tsx";
import { Status } from "../design/shapes.tsx";
import { usePlace } from "../shared/company.tsx";
import { isZero } from "../shared/money.ts";
import { useOverview } from "./waiting.ts";

/** The four figures that a company is promised, each beside what is good and what is great. */
export function PromiseStrip() {
  const { t } = useTranslation();
  const promise = useOverview()?.promise;
  const delta = promise?.deltas.find((one) => !isZero(one.delta)) ?? promise?.deltas[0];
  return (
    <Section title={t("promise.title")} aside={t("promise.aside")}>
      <div className="sla">
        <Timed
          label={t("promise.answered")}
          ms={promise?.acknowledged_ms}
          great={120}
          good={300}
          outcome={undefined}
          note={t("promise.sinceStart")}
        />
        <Timed
          label={t("promise.emitted")}
          ms={promise?.emitted_ms}
          great={500}
          good={2_000}
          outcome="applied"
          note={promise && t("promise.ofNewest", { count: promise.deliveries })}
        />
        <div>
          <div className="label">{t("promise.repeats")}</div>
          <div className="figure">
            <b>
              <Link className="door shown" to="/deliveries" search={{ outcome: "duplicate" }}>
                {promise === undefined ? <Bone width={64} /> : promise.repeats}
              </Link>
            </b>
            {promise && <Status is="good">{t("promise.great")}</Status>}
          </div>
          <div className="note">{t("promise.repeatsWhy")}</div>
        </div>
        <div>
          <div className="label">{t("promise.delta")}</div>
          <div className="figure">
            <b>
              <Link className="door shown" to="/stores">
                {promise === undefined ? (
                  <Bone width={64} />
                ) : delta === undefined ? (
                  "–"
                ) : (
                  <Amount value={delta.delta} currency={delta.currency} />
                )}
              </Link>
            </b>
            {delta && (
              <Status is={isZero(delta.delta) ? "good" : "warn"}>
                {t(isZero(delta.delta) ? "promise.great" : "promise.differs")}
              </Status>
            )}
          </div>
          <div className="note">
            {promise &&
              (delta === undefined ? t("promise.neverCompared") : t("promise.compared", { count: promise.compared_orders }))}
          </div>
        </div>
      </div>
    </Section>
  );
}

interface TimedProps {
  readonly label: string;
  readonly ms: number | null | undefined;
  readonly great: number;
  readonly good: number;
  /** Which deliveries it was measured on. */
  readonly outcome: "applied" | undefined;
  readonly note: ReactNode;
}

/** A time on a scale that ends a third beyond what is still good. */
function Timed({ label, ms, great, good, outcome, note }: TimedProps) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const share = (value: number) => `${Math.min(100, (value / (good * 1.34)) * 100)}%`;
  const said = (value: number) =>
    value >= 1_000
      ? `${(value / 1_000).toLocaleString(language, { maximumFractionDigits: 2 })} s`
      : `${Math.round(value).toLocaleString(language)} ms`;
  const verdict = typeof ms !== "number" ? null : ms <= great ? "great" : ms <= good ? "good" : "missed";
  return (
    <div>
      <div className="label">{label}</div>
      <div className="figure">
        <b>
          {ms === undefined ? (
            <Bone width={64} />
          ) : (
            <Link className="door shown" to="/deliveries" search={{ outcome }}>
              {ms === null ? "–" : said(ms)}
            </Link>
          )}
        </b>
        {verdict && <Status is={verdict === "missed" ? "warn" : "good"}>{t(`promise.${verdict}`)}</Status>}
      </div>
      <div className="scale" aria-hidden="true">
        <div className="bar">
          <i style={{ width: share(ms ?? 0) }} />
        </div>
        <span className="tick" style={{ left: share(great) }} />
        <span className="tick" style={{ left: share(good) }} />
      </div>
      <div className="scale-label">
        <span style={{ position: "absolute", left: share(great), transform: "translateX(-50%)", whiteSpace: "nowrap" }}>
          {said(great)}
        </span>
        <span style={{ position: "absolute", left: share(good), transform: "translateX(-50%)", whiteSpace: "nowrap" }}>
          {said(good)}
        </span>
      </div>
      <div className="note" style={{ paddingTop: 4 }}>
        {note}
      </div>
    </div>
  );
}

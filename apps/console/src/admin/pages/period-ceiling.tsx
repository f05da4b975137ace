import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Section } from "../../design/page.tsx";
import { Callout, Defs } from "../../design/parts.tsx";
import { differenceOf, formatDecimal, isZero, sumOf } from "../../shared/money.ts";
import type { PeriodDetail } from "./period-query.ts";
import { standingRun, waitingProposal } from "./waiting-proposal.ts";

type Payout = NonNullable<PeriodDetail["runs"][number]["payout"]>;

/** The run that the page is about: what waits, else what stands, else what was computed last. */
export const shownRun = (period: PeriodDetail) => waitingProposal(period) ?? standingRun(period.runs) ?? period.runs[0];

/** What a run pays against what is proven that its plan can pay; what has no such bound, and why, in words. */
export function PeriodCeiling({ period }: { period: PeriodDetail }) {
  const { t, i18n } = useTranslation();
  const payout = shownRun(period)?.payout;
  if (payout == null) return null;
  const percent = (value: string) => t("period.percent", { value: formatDecimal(value, i18n.language) });
  const { shares_of_cv: shares, ceiling } = payout;
  const amount = (value: string, share: string | null | undefined) => (
    <>
      <Amount value={value} /> {share != null && <span className="note">{percent(share)}</span>}
    </>
  );
  return (
    <Section title={t("period.ceiling")} aside={t("period.ceilingAside", { currency: period.currency })}>
      <Gauge payout={payout} />
      <Defs
        rows={[
          { name: t("period.bounded"), value: amount(payout.bounded, shares?.bounded) },
          ...(payout.at_most === null ? [] : [{ name: t("period.atMost"), value: amount(payout.at_most, shares?.at_most) }]),
          ...(payout.fixed_bonuses.length === 0
            ? []
            : [
                {
                  name: t("period.fixed", { bonuses: payout.fixed_bonuses.join(", ") }),
                  value: amount(payout.fixed, shares?.fixed),
                },
              ]),
        ]}
      />
      <Verdict payout={payout} currency={period.currency} />
      {ceiling.of_cv !== null && ceiling.of_net !== null && (
        <p className="note" style={{ paddingTop: 8 }}>
          {isZero(ceiling.of_net)
            ? t("period.ceilingOfCv", { cv: percent(ceiling.of_cv) })
            : t("period.ceilingOfBoth", { cv: percent(ceiling.of_cv), net: percent(ceiling.of_net) })}{" "}
          {t("period.ceilingApart")}
        </p>
      )}
    </Section>
  );
}

/** What to think of it. That it is more than can be is said where it is decided, too. */
function Verdict({ payout, currency }: { payout: Payout; currency: string }) {
  const { t } = useTranslation();
  if (payout.state === "above") return <AboveCeiling payout={payout} currency={currency} />;
  if (payout.state === "rounding") return <p className="note">{t("period.byRounding")}</p>;
  if (payout.state === "no-net") return <p className="note">{t("period.noNet")}</p>;
  if (payout.state === "within") return null;
  return (
    <Callout is="warn">
      {t("period.unproven")}
      <ul>
        {payout.open.map(({ bonus, because, matches, why }) => (
          <li key={bonus}>
            <b>{bonus}</b>: {t(`period.open.${because}`, { defaultValue: why, bonus: matches ?? "" })}
          </li>
        ))}
      </ul>
      {t("period.unprovenAct")}
    </Callout>
  );
}

export function AboveCeiling({ payout, currency }: { payout: Payout; currency: string }) {
  const { t } = useTranslation();
  if (payout.state !== "above" || payout.at_most === null) return null;
  return (
    <Callout is="bad">
      {t("period.aboveCeiling")} <Amount value={differenceOf(payout.bounded, payout.at_most)} currency={currency} />{" "}
      {t("period.aboveWhy")}
    </Callout>
  );
}

/** For the width of what is drawn only: what is written are the shares themselves. */
function Gauge({ payout: { shares_of_cv: shares, state } }: { payout: Payout }) {
  const { t, i18n } = useTranslation();
  if (shares === null) return null;
  const { bounded, fixed, at_most: most } = shares;
  const sizes = [sumOf([bounded, fixed]), most ?? "0"].map((share) => Math.max(0, Number(share)));
  const whole = Math.max(...sizes) * 1.1;
  const width = (share: string) => `${whole === 0 ? 0 : Math.max(0, (100 * Number(share)) / whole)}%`;
  const percent = (value: string) => t("period.percent", { value: formatDecimal(value, i18n.language) });
  const words = [
    t("period.boundedShare", { share: percent(bounded) }),
    ...(isZero(fixed) ? [] : [t("period.fixedShare", { share: percent(fixed) })]),
    ...(most === null ? [] : [t("period.ceilingShare", { share: percent(most) })]),
  ];
  return (
    <div className="gauge" role="img" aria-label={words.join(", ")}>
      <div className="bar">
        <i className={state === "above" ? "bad" : undefined} style={{ width: width(bounded) }} />
        <i className="fixed" style={{ width: width(fixed) }} />
        {most !== null && <span className="mark" style={{ left: width(most) }} />}
      </div>
    </div>
  );
}

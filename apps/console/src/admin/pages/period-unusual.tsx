import { useQueries, useQuery } from "@tanstack/react-query";
import { formatAmount } from "@upline/core/money";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount, Count } from "../../design/amount.tsx";
import { Section } from "../../design/page.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import { Shape } from "../../design/shapes.tsx";
import { hub } from "../../shared/hub.ts";
import { formatDecimal, shareOf } from "../../shared/money.ts";
import { type PeriodDetail, periodQuery } from "./period-query.ts";
import { totalsOf } from "./run-table.tsx";
import { type Compared, compareFigures, type Figure, sizeOf } from "./unusual.ts";
import { standingRun } from "./waiting-proposal.ts";

/** With how many closes before it a period is compared. */
const EARLIER = 3;

type Totals = NonNullable<ReturnType<typeof totalsOf>>;

/** What a close would pay beside what the last ones of the same plan and calendar paid: what is outside of them stands open. */
export function PeriodUnusual({ period }: { period: PeriodDetail }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const earlier = useEarlier(period);
  const now = newestTotals(period);
  if (earlier === undefined || now === null) return null;
  if (earlier.length === 0) return <p className="sub section">{t("period.noEarlier")}</p>;
  const names = {
    ...{ paid: t("period.toPost"), cv: t("period.cv"), stays: t("period.stays") },
    ...{ active: t("period.active"), distributors: t("period.distributors") },
  };
  const compared = compareFigures(
    figuresOf(now, names),
    earlier.map((totals) => figuresOf(totals, names)),
  );
  const odd = compared.filter(({ state }) => state !== "usual");
  const usual = compared.filter(({ state }) => state === "usual");
  return (
    <Section
      title={t("period.unusual", { count: earlier.length })}
      aside={t("period.toLookAt", { odd: odd.length, usual: usual.length })}
    >
      <Scrolled label={t("period.unusual", { count: earlier.length })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("period.what")}</th>
              <th scope="col" className="num">
                {period.name}
              </th>
              <th scope="col" className="num">
                {t("period.usual")}
              </th>
            </tr>
          </thead>
          <tbody>
            {[...odd, ...(isOpen || odd.length === 0 ? usual : [])].map((one) => (
              <Row key={one.figure.key} compared={one} currency={now.currency} />
            ))}
          </tbody>
        </table>
      </Scrolled>
      {odd.length > 0 && usual.length > 0 && (
        <button type="button" className="btn quiet small" onClick={() => setOpen(!isOpen)}>
          {isOpen ? t("period.hideUsual") : t("period.showUsual", { count: usual.length })}
        </button>
      )}
    </Section>
  );
}

function Row({ compared: { figure, low, high, state }, currency }: { compared: Compared; currency: string }) {
  const { t, i18n } = useTranslation();
  const text = (value: bigint) =>
    figure.isMoney ? <Amount value={formatAmount(value, currency)} /> : <Count value={Number(value)} />;
  const away = state === "above" ? figure.value - high : low - figure.value;
  const percent = shareOf(String(away), String(sizeOf(state === "above" ? high : low)), 1) ?? "";
  const what =
    state === "usual" ? figure.name : t(`period.${state}`, { what: figure.name, percent: formatDecimal(percent, i18n.language) });
  return (
    <tr>
      <td>
        <span className="shaped">
          <Shape of={state === "usual" ? "good" : "warn"} />
          <span>{what}</span>
        </span>
      </td>
      <td className="num">{text(figure.value)}</td>
      <td className="num sub">
        {text(low)}
        {low !== high && (
          <>
            {" – "}
            {text(high)}
          </>
        )}
      </td>
    </tr>
  );
}

/** The totals of the last closed periods before this one, of the same plan and calendar; undefined while they are read. */
function useEarlier(period: PeriodDetail): readonly Totals[] | undefined {
  const list = useQuery({
    queryKey: ["periods", "newest"],
    queryFn: () => answerOf(hub.periods.$get({ query: { limit: "100" } })),
  });
  const before = (list.data?.items ?? [])
    .filter((one) => one.state === "closed" && one.plan_id === period.plan_id && one.calendar === period.calendar)
    .filter((one) => one.currency === period.currency && one.ends_at <= period.starts_at)
    .slice(0, EARLIER);
  const details = useQueries({ queries: before.map((one) => periodQuery(one.period_id)) });
  if (list.data === undefined || details.some(({ data }) => data === undefined)) return undefined;
  return details.flatMap(({ data }) => {
    const totals = data === undefined ? null : committedTotals(data);
    return totals === null ? [] : [totals];
  });
}

const committedTotals = (period: PeriodDetail) => {
  const run = standingRun(period.runs);
  return run === undefined ? null : totalsOf(run);
};

const newestTotals = (period: PeriodDetail) => (period.runs[0] === undefined ? null : totalsOf(period.runs[0]));

type Names = Readonly<Record<"paid" | "cv" | "stays" | "active" | "distributors", string>>;

function figuresOf(totals: Totals, names: Names): readonly Figure[] {
  const breakage = totals.bonuses.reduce((sum, { breakageMinor }) => sum + BigInt(breakageMinor), 0n);
  return [
    { key: "paid", name: names.paid, value: BigInt(totals.paidMinor), isMoney: true },
    ...totals.bonuses.map((one) => ({
      ...{ key: `bonus ${one.bonus}`, name: one.bonus, value: BigInt(one.paidMinor), isMoney: true },
    })),
    { key: "cv", name: names.cv, value: BigInt(totals.cvMinor), isMoney: true },
    { key: "stays", name: names.stays, value: breakage, isMoney: true },
    { key: "active", name: names.active, value: BigInt(totals.active), isMoney: false },
    { key: "distributors", name: names.distributors, value: BigInt(totals.distributors), isMoney: false },
  ];
}

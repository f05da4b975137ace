import { formatAmount } from "@upline/core/money";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Amount, Nothing } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import type { PeriodDetail } from "./period-query.ts";

type Run = PeriodDetail["runs"][number];

const minor = z.string().regex(/^-?\d+$/);
const totals = z.object({
  currency: z.string(),
  distributors: z.number(),
  active: z.number(),
  cvMinor: minor,
  paidMinor: minor,
  bonuses: z.array(z.object({ bonus: z.string(), paidMinor: minor, payees: z.number(), breakageMinor: minor, cutMinor: minor })),
  warnings: z.array(z.string()).default([]),
});

/** What a run came to, in whole minor units. */
export function totalsOf(run: Run): z.infer<typeof totals> | null {
  return totals.safeParse(run.totals).data ?? null;
}

export function RunAmount({
  minor,
  currency,
  withCurrency = false,
}: {
  minor: string;
  currency: string;
  withCurrency?: boolean;
}) {
  return <Amount value={formatAmount(BigInt(minor), currency)} currency={withCurrency ? currency : null} />;
}

/** Runs side by side, the oldest shown first, and what changed from the last but one to the last. */
const SIDE_BY_SIDE = 3;

export function RunTable({ runs, currency }: { runs: readonly Run[]; currency: string }) {
  const { t } = useTranslation();
  const shown = runs.slice(0, SIDE_BY_SIDE).toReversed();
  if (shown.length === 0) return <p className="empty">{t("period.noRuns")}</p>;
  const columns = shown.map((run) => ({ run, totals: totalsOf(run) }));
  const bonuses = [...new Set(columns.flatMap(({ totals }) => totals?.bonuses.map(({ bonus }) => bonus) ?? []))];
  const figure = (of: (total: NonNullable<ReturnType<typeof totalsOf>>) => string | undefined) => {
    const values = columns.map(({ totals }) => (totals === null ? undefined : of(totals)));
    const [before, last] = [values.at(-2), values.at(-1)];
    return (
      <>
        {values.map((value, index) => (
          <td key={index} className="num">
            {value === undefined ? <Nothing /> : <RunAmount minor={value} currency={currency} />}
          </td>
        ))}
        {values.length > 1 && (
          <td className="num">
            {before === undefined || last === undefined ? (
              <Nothing />
            ) : (
              <RunAmount minor={String(BigInt(last) - BigInt(before))} currency={currency} />
            )}
          </td>
        )}
      </>
    );
  };
  return (
    <Scrolled label={t("period.runs")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("period.whatPaid")}</th>
            {columns.map(({ run }) => (
              <th key={run.run_id} scope="col" className="num">
                <b>{t(`period.kind.${run.kind}`)}</b>
                <span className="second">
                  <Moment at={run.finished_at} />
                </span>
              </th>
            ))}
            {columns.length > 1 && (
              <th scope="col" className="num">
                {t("period.change")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          <tr className="soft">
            <td>CV</td>
            {figure((total) => total.cvMinor)}
          </tr>
          {bonuses.map((bonus) => (
            <tr key={bonus}>
              <td>{bonus}</td>
              {figure((total) => total.bonuses.find((one) => one.bonus === bonus)?.paidMinor)}
            </tr>
          ))}
          <tr className="total">
            <td>{t("period.toPost")}</td>
            {figure((total) => total.paidMinor)}
          </tr>
        </tbody>
      </table>
    </Scrolled>
  );
}

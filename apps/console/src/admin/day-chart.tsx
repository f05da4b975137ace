import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../design/amount.tsx";
import { Chips } from "../design/filters.tsx";
import { Door } from "../design/page.tsx";
import { hub } from "../shared/hub.ts";
import { differenceOf, formatDecimal, isZero, shareOf, sumOf } from "../shared/money.ts";
import { Failure } from "./failure.tsx";

const DAY_MS = 86_400_000;
const WIDTH = 760;
const HEIGHT = 200;
const LEFT = 56;
const BASE = 170;
const TOP = 12;

/** What one day comes to in the currency that is looked at. */
interface DayFigures {
  readonly day: string;
  /** Of the orders placed that day that are paid, less refunds. */
  readonly sold: string;
  /** Less what was taken back. */
  readonly earned: string;
}

/** The last days of UTC up to today, the first first, such as "2026-11-01". */
export function lastDays(days: number): readonly string[] {
  const today = Math.floor(Date.now() / DAY_MS);
  return Array.from({ length: days }, (_, index) => new Date((today - days + 1 + index) * DAY_MS).toISOString().slice(0, 10));
}

/** What was sold on each of the last days, and what distributors earned of it; one currency at a time, with the sums in a sentence. */
export function DayChart({ days }: { days: number }) {
  const { t } = useTranslation();
  const all = lastDays(days);
  const { data, error } = useQuery({
    queryKey: ["ledger", "days", all[0], all.at(-1)],
    queryFn: () => answerOf(hub.ledger.days.$get({ query: { from: all[0] ?? "", to: all.at(-1) ?? "" } })),
  });
  const [chosen, setChosen] = useState<string | null>(null);
  if (error) return <Failure error={error} />;
  if (data === undefined) return <div style={{ height: HEIGHT }} aria-busy="true" />;
  const currencies = [...new Set(data.items.map(({ currency }) => currency))].sort();
  const daysOf = (one: string) => data.items.filter(({ currency: of }) => of === one).length;
  // At first the one in which something happened on most days.
  const currency = chosen ?? currencies.toSorted((a, b) => daysOf(b) - daysOf(a))[0];
  if (currency === undefined) return <p className="empty">{t("overview.noDays")}</p>;
  const figures = new Map(data.items.filter((one) => one.currency === currency).map((one) => [one.day, one]));
  // With as many decimals as the days that have figures.
  const nothing = differenceOf(data.items[0]?.net_sales ?? "0", data.items[0]?.net_sales ?? "0");
  const shown = all.map((day): DayFigures => {
    const one = figures.get(day);
    return one === undefined
      ? { day, sold: nothing, earned: nothing }
      : { day, sold: one.net_sales, earned: differenceOf(one.commissions, one.clawbacks) };
  });
  return (
    <>
      {currencies.length > 1 && (
        <Chips
          label={t("currency")}
          chips={currencies.map((one) => ({ name: one, isOn: one === currency, onPress: () => setChosen(one) }))}
        />
      )}
      <Sums days={days} currency={currency} of={shown} />
      <Bars currency={currency} of={shown} />
      <Table currency={currency} of={shown} />
    </>
  );
}

const soldIn = (of: readonly DayFigures[]) => sumOf(of.map(({ sold }) => sold));
const earnedIn = (of: readonly DayFigures[]) => sumOf(of.map(({ earned }) => earned));

function Sums({ days, currency, of }: { days: number; currency: string; of: readonly DayFigures[] }) {
  const { t, i18n } = useTranslation();
  const share = shareOf(earnedIn(of), soldIn(of));
  return (
    <p className="sub" style={{ padding: "8px 0" }}>
      {t("overview.lastDays", { days })} <Amount value={earnedIn(of)} currency={currency} /> {t("overview.ofSold")}{" "}
      <Amount value={soldIn(of)} currency={currency} />
      {share !== null && ` (${t("overview.shareOfSold", { share: formatDecimal(share, i18n.language) })})`}
    </p>
  );
}

/** For the height of a bar only: what is written is the text itself. */
const heightOf = (value: string) => Math.max(0, Number(value));

function Bars({ currency, of }: { currency: string; of: readonly DayFigures[] }) {
  const { t, i18n } = useTranslation();
  const top = niceTop(Math.max(...of.flatMap(({ sold, earned }) => [heightOf(sold), heightOf(earned)])));
  const step = (WIDTH - LEFT) / of.length;
  const high = (value: string) => (top === 0 ? 0 : (heightOf(value) / top) * (BASE - TOP));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing with doors in it is no form
    <svg
      className="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      role="group"
      aria-label={t("overview.chart", { days: of.length, currency, sold: soldIn(of), earned: earnedIn(of) })}
    >
      {[0, 0.5, 1].map((part) => {
        const y = BASE - part * (BASE - TOP);
        return (
          <g key={part}>
            <line className={part === 0 ? "axis" : "grid"} x1={LEFT} x2={WIDTH} y1={y} y2={y} />
            <text x={0} y={y + 4}>
              {formatDecimal(String(top * part), i18n.language)}
            </text>
          </g>
        );
      })}
      {of.map(({ day, sold, earned }, index) => {
        const x = LEFT + index * step;
        const name = t("overview.dayBar", {
          ...{ day, currency, sold: formatDecimal(sold, i18n.language), earned: formatDecimal(earned, i18n.language) },
        });
        return (
          <Link key={day} to="/orders" search={{ placed_on: day, stage: "earned" }} aria-label={name}>
            <title>{name}</title>
            <rect className="column" x={x} y={TOP} width={step} height={BASE - TOP} />
            <rect x={x + step * 0.2} y={BASE - high(sold)} width={step * 0.6} height={high(sold)} fill="var(--chart-2)" rx="1" />
            <rect x={x + step * 0.2} y={BASE - high(earned)} width={step * 0.6} height={high(earned)} fill="var(--chart-1)" />
          </Link>
        );
      })}
      {[0, Math.floor(of.length / 2), of.length - 1].map((index) => (
        <text
          key={index}
          x={index === of.length - 1 ? WIDTH : LEFT + index * step + step / 2}
          y={BASE + 18}
          textAnchor={index === of.length - 1 ? "end" : "middle"}
        >
          {of[index]?.day.slice(5)}
        </text>
      ))}
    </svg>
  );
}

/** The same in figures, each a door to its orders, with the sum that the sentence says. */
function Table({ currency, of }: { currency: string; of: readonly DayFigures[] }) {
  const { t } = useTranslation();
  const withSome = of.filter(({ sold, earned }) => !isZero(sold) || !isZero(earned)).toReversed();
  return (
    <details>
      <summary>{t("overview.byDay")}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("overview.day")}</th>
            <th scope="col" className="num">
              {t("overview.sold")} · {currency}
            </th>
            <th scope="col" className="num">
              {t("overview.earned")} · {currency}
            </th>
          </tr>
        </thead>
        <tbody>
          {withSome.map(({ day, sold, earned }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td className="num">
                <Door to="/orders" search={{ placed_on: day, stage: "earned" }}>
                  <Amount value={sold} />
                </Door>
              </td>
              <td className="num">
                <Amount value={earned} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="total">
            <th scope="row">{t("overview.allDays", { count: withSome.length })}</th>
            <td className="num">
              <Amount value={soldIn(of)} />
            </td>
            <td className="num">
              <Amount value={earnedIn(of)} />
            </td>
          </tr>
        </tfoot>
      </table>
    </details>
  );
}

/** One, two or five times a power of ten. */
function niceTop(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

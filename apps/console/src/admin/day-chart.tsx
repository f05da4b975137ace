import { useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../design/amount.tsx";
import { Chips } from "../design/filters.tsx";
import { hub } from "../shared/hub.ts";
import { differenceOf, formatDecimal, sumOf } from "../shared/money.ts";

const DAY_MS = 86_400_000;
const WIDTH = 760;
const HEIGHT = 200;
const LEFT = 56;
const BASE = 170;
const TOP = 12;

/** What distributors earned on each of the last days, less what was taken back; one currency at a time, with the sum in a sentence. */
export function DayChart({ days }: { days: number }) {
  const { t, i18n } = useTranslation();
  const today = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
  const all = Array.from({ length: days }, (_, index) => dayText(new Date(today.getTime() - (days - 1 - index) * DAY_MS)));
  const { data } = useQuery({
    queryKey: ["ledger", "days", all[0], all.at(-1)],
    queryFn: () => answerOf(hub.ledger.days.$get({ query: { from: all[0] ?? "", to: all.at(-1) ?? "" } })),
  });
  const currencies = [...new Set(data?.items.map(({ currency }) => currency))].sort();
  const [chosen, setChosen] = useState<string | null>(null);
  const entriesIn = (one: string) =>
    (data?.items ?? []).reduce((sum, { currency: of, transfers }) => sum + (of === one ? transfers : 0), 0);
  // At first the one in which most was booked.
  const currency = chosen ?? currencies.toSorted((a, b) => entriesIn(b) - entriesIn(a))[0];
  if (data === undefined) return <div style={{ height: HEIGHT }} />;
  if (currency === undefined) return <p className="empty">{t("overview.noDays")}</p>;
  const figures = new Map(
    data.items.filter((one) => one.currency === currency).map((one) => [one.day, differenceOf(one.commissions, one.clawbacks)]),
  );
  // For the height of a bar only: what is written is the text itself.
  const heights = all.map((day) => Math.max(0, Number(figures.get(day) ?? "0")));
  const top = niceTop(Math.max(...heights));
  const step = (WIDTH - LEFT) / days;
  const sum = sumOf(figures.values());
  return (
    <>
      {currencies.length > 1 && (
        <Chips
          label={t("currency")}
          chips={currencies.map((one) => ({ name: one, isOn: one === currency, onPress: () => setChosen(one) }))}
        />
      )}
      <p className="sub" style={{ padding: "8px 0" }}>
        {t("overview.lastDays", { days })} <Amount value={sum} currency={currency} />
      </p>
      <svg
        className="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width="100%"
        role="img"
        aria-label={t("overview.chart", { days, currency, sum })}
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
        {heights.map((height, index) => {
          const barHeight = top === 0 ? 0 : (height / top) * (BASE - TOP);
          const day = all[index] ?? "";
          return (
            <rect
              key={day}
              x={LEFT + index * step + step * 0.2}
              y={BASE - barHeight}
              width={step * 0.6}
              height={barHeight}
              fill="var(--chart-1)"
              rx="1"
            >
              <title>{`${day}: ${formatDecimal(figures.get(day) ?? "0", i18n.language)} ${currency}`}</title>
            </rect>
          );
        })}
        {[0, Math.floor(days / 2), days - 1].map((index) => (
          <text
            key={index}
            x={index === days - 1 ? WIDTH : LEFT + index * step + step / 2}
            y={BASE + 18}
            textAnchor={index === days - 1 ? "end" : "middle"}
          >
            {all[index]?.slice(5)}
          </text>
        ))}
      </svg>
      <div className="vh">
        <table>
          <tbody>
            {all.map((day) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td>{figures.get(day) ?? "0"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function dayText(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** One, two or five times a power of ten. */
function niceTop(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

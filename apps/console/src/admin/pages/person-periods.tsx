import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount, Nothing } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Section } from "../../design/page.tsx";
import { Status } from "../../design/shapes.tsx";
import { DataTable } from "../../design/table.tsx";
import { hub } from "../../shared/hub.ts";
import { isZero, negated, sumOf } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { PERIOD_SHAPES } from "./periods.tsx";

export type PersonPeriod = BodyOf<
  Awaited<ReturnType<(typeof hub.distributors)[":distributor_id"]["periods"]["$get"]>>
>["items"][number];

/** So many are shown, and so many more with each press. */
const SHOWN = "6";

export function usePersonPeriods(id: string) {
  return useList<PersonPeriod>(["person-periods", id], (before) =>
    answerOf(
      hub.distributors[":distributor_id"].periods.$get({
        param: { distributor_id: id },
        query: { limit: SHOWN, ...(before !== undefined && { before }) },
      }),
    ),
  );
}

/** Standing, volumes and earnings, a row for each period; what was earned opens what it is the sum of. */
export function PersonPeriods({ id, span }: { id: string; span: string | undefined }) {
  const { t } = useTranslation();
  const source = usePersonPeriods(id);
  return (
    <Section first title={t("person.periods")} aside={t("person.periodsAside")}>
      <DataTable
        label={t("person.periods")}
        columns={useColumns(id)}
        source={source}
        keyOf={(one) => one.starts_at}
        isChosen={({ name }) => name === span}
        empty={t("person.noBalance")}
      />
    </Section>
  );
}

function useColumns(id: string): ColumnDef<PersonPeriod, unknown>[] {
  const { t } = useTranslation();
  const volume = (value: string | null) => (value === null ? <Nothing /> : <Amount value={value} />);
  return [
    {
      id: "period",
      header: t("person.period"),
      cell: ({ row: { original } }) => (
        <>
          {original.period_id === null ? (
            original.name
          ) : (
            <Door to="/periods/$periodId" params={{ periodId: original.period_id }} search={{ distributor: id }}>
              {original.name}
            </Door>
          )}
          <span className="second">
            <Moment at={original.starts_at} as="day" />
          </span>
          <span className="second narrow">
            {[original.state === null ? t("person.notOpened") : t(`periods.state.${original.state}`), original.rank]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </>
      ),
    },
    {
      id: "state",
      header: t("state"),
      meta: { beside: true },
      cell: ({ row: { original } }) =>
        original.state === null ? (
          t("person.notOpened")
        ) : (
          <Status is={PERIOD_SHAPES[original.state]}>{t(`periods.state.${original.state}`)}</Status>
        ),
    },
    {
      id: "rank",
      header: t("person.paidAs"),
      meta: { beside: true },
      cell: ({ row: { original } }) => (
        <>
          {original.rank ?? <Nothing />}
          {original.title !== null && original.title !== original.rank && (
            <span className="second">{t("person.title", { title: original.title })}</span>
          )}
          {original.is_active === false && <span className="second">{t("period.notActive")}</span>}
        </>
      ),
    },
    { id: "pv", header: "PV", meta: { numeric: true, beside: true }, cell: ({ row }) => volume(row.original.pv) },
    { id: "gv", header: "GV", meta: { numeric: true }, cell: ({ row }) => volume(row.original.gv) },
    {
      id: "earned",
      header: t("person.earned"),
      meta: { numeric: true },
      cell: ({ row: { original } }) => {
        const sums = netOf(original);
        if (sums.length === 0) return <Nothing />;
        return (
          <Door shown to="/network/people/$distributorId" params={{ distributorId: id }} search={{ span: original.name }}>
            {sums.map(({ currency, net }) => (
              <div key={currency}>
                <Amount value={net} currency={currency} />
              </div>
            ))}
          </Door>
        );
      },
    },
  ];
}

/** What stands of the earnings, by currency: amounts of different ones are never summed. */
export function netOf({ bonuses }: Pick<PersonPeriod, "bonuses">): { currency: string; net: string }[] {
  return [...Map.groupBy(bonuses, ({ currency }) => currency)].map(([currency, all]) => ({
    currency,
    net: sumOf(all.flatMap(({ earned, taken_back: back }) => [earned, ...(isZero(back) ? [] : [negated(back)])])),
  }));
}

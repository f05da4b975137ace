import { useQuery } from "@tanstack/react-query";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount, Less } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Section } from "../../design/page.tsx";
import { DataTable } from "../../design/table.tsx";
import { hub } from "../../shared/hub.ts";
import { formatDecimal, isZero, negated, sumOf } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { ListTable } from "../list-table.tsx";
import { netOf, type PersonPeriod } from "./person-periods.tsx";

const earningsOf = hub.distributors[":distributor_id"].earnings;
type Earning = BodyOf<Awaited<ReturnType<typeof earningsOf.$get>>>["items"][number];
type Bonus = PersonPeriod["bonuses"][number];

interface EarningsProps {
  readonly id: string;
  readonly span: string;
  readonly bonus: string | undefined;
}

export function usePersonPeriod(id: string, span: string | undefined) {
  return useQuery({
    queryKey: ["person-periods", id, "one", span],
    enabled: span !== undefined,
    queryFn: () =>
      answerOf(
        hub.distributors[":distributor_id"].periods.$get({
          param: { distributor_id: id },
          query: { span: span ?? "", limit: "1" },
        }),
      ),
  });
}

/** What one period's earnings are the sum of: its bonuses, and of the one that is chosen every order and close. */
export function PersonEarnings({ id, span, bonus }: EarningsProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = usePersonPeriod(id, span);
  const period = data?.items[0];
  if (data !== undefined && period === undefined) return <p className="empty">{t("person.noSpan", { span })}</p>;
  return (
    <Section title={t("person.earnedIn", { span })}>
      <DataTable
        label={t("person.earnedIn", { span })}
        columns={useColumns({ id, span, period })}
        source={{ rows: period?.bonuses, error, refetch: () => void refetch() }}
        keyOf={(one) => `${one.bonus} ${one.currency}`}
        isChosen={(one) => one.bonus === bonus}
        empty={t("person.noBalance")}
        hasSum
      />
      {bonus !== undefined && (
        <Rows id={id} span={span} bonus={bonus} name={period?.bonuses.find((one) => one.bonus === bonus)?.name ?? bonus} />
      )}
    </Section>
  );
}

function useColumns({
  id,
  span,
  period,
}: {
  id: string;
  span: string;
  period: PersonPeriod | undefined;
}): ColumnDef<Bonus, unknown>[] {
  const { t, i18n } = useTranslation();
  const all = period?.bonuses ?? [];
  const sums = (of: (one: Bonus) => string) =>
    [...Map.groupBy(all, ({ currency }) => currency)].map(([currency, some]) => (
      <div key={currency}>
        <Amount value={sumOf(some.map(of))} currency={currency} />
      </div>
    ));
  return [
    {
      id: "bonus",
      header: t("person.bonus"),
      meta: { sum: t("person.together") },
      cell: ({ row: { original } }) => (
        <>
          {original.name}
          {!isZero(original.taken_back) && (
            <span className="second narrow">
              {t("person.backOf", {
                earned: formatDecimal(original.earned, i18n.language),
                back: formatDecimal(original.taken_back, i18n.language),
              })}
            </span>
          )}
        </>
      ),
    },
    {
      id: "earned",
      header: t("person.earned"),
      meta: { numeric: true, beside: true, sum: sums(({ earned }) => earned) },
      cell: ({ row: { original } }) => <Amount value={original.earned} currency={original.currency} />,
    },
    {
      id: "back",
      header: t("person.takenBack"),
      meta: { numeric: true, beside: true, sum: sums(({ taken_back: back }) => (isZero(back) ? back : negated(back))) },
      cell: ({ row }) => <Less value={row.original.taken_back} />,
    },
    {
      id: "stands",
      header: t("person.stands"),
      meta: {
        numeric: true,
        sum: netOf({ bonuses: all }).map(({ currency, net }) => (
          <div key={currency}>
            <Amount value={net} currency={currency} />
          </div>
        )),
      },
      cell: ({ row: { original } }) => (
        <Door
          shown
          to="/network/people/$distributorId"
          params={{ distributorId: id }}
          search={{ span, bonus: original.bonus }}
          resetScroll={false}
        >
          <Amount value={netOf({ bonuses: [original] })[0]?.net ?? "0"} currency={original.currency} />
        </Door>
      ),
    },
  ];
}

/** Every row of one bonus, each a door to the order or the close that it came of. */
function Rows({ id, span, bonus, name }: EarningsProps & { readonly bonus: string; readonly name: string }) {
  const { t } = useTranslation();
  const param = { distributor_id: id };
  const source = useList<Earning>(["person-earnings", id, span, bonus], (before) =>
    answerOf(earningsOf.$get({ param, query: { span, bonus, limit: "50", ...(before !== undefined && { before }) } })),
  );
  const levelTold = ({ level }: Earning) => (level === 0 ? t("person.ownSale") : t("person.level", { level }));
  const columns: ColumnDef<Earning, unknown>[] = [
    {
      id: "source",
      header: t("person.cameOf"),
      cell: ({ row: { original } }) => (
        <>
          {original.order_id === null ? (
            <Door shown to="/periods/$periodId" params={{ periodId: original.period_id ?? "" }} search={{ distributor: id }}>
              {t("move.close", { name: original.source })}
            </Door>
          ) : (
            <Door shown to="/orders/$orderId" params={{ orderId: original.order_id }}>
              {original.source}
            </Door>
          )}
          {original.sold_by !== null && <span className="second">{t("person.soldBy", { id: original.sold_by })}</span>}
          <span className="second narrow">
            {original.kind !== "close" && `${levelTold(original)} · `}
            <Moment at={original.at} />
          </span>
        </>
      ),
    },
    {
      id: "level",
      header: t("person.onLevel"),
      meta: { beside: true },
      cell: ({ row: { original } }) => (original.kind === "close" ? "–" : levelTold(original)),
    },
    { id: "at", header: t("person.when"), meta: { beside: true }, cell: ({ row }) => <Moment at={row.original.at} /> },
    {
      id: "amount",
      header: t("amount"),
      meta: { numeric: true },
      cell: ({ row: { original } }) => <Amount value={original.amount} currency={original.currency} />,
    },
  ];
  return (
    <Section title={t("person.rowsOf", { name })}>
      <ListTable
        csv={earningsOf.$url({ param, query: { span, bonus } })}
        label={t("person.rowsOf", { name })}
        columns={columns}
        source={source}
        keyOf={({ key }) => key}
        empty={t("person.noBalance")}
      />
    </Section>
  );
}

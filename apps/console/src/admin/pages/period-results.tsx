import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Filter } from "../../design/filters.tsx";
import { Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { hub } from "../../shared/hub.ts";
import { sumOf } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { told, useTell } from "../../shared/reasons.ts";
import { ListTable } from "../list-table.tsx";
import type { PeriodDetail } from "./period-query.ts";

const route = getRouteApi("/periods/$periodId");
type Result = BodyOf<Awaited<ReturnType<(typeof hub.periods)[":period_id"]["results"]["$get"]>>>["items"][number];

/** Who came to what in a closed period; each row explains itself. */
export function PeriodResults({ period }: { period: PeriodDetail }) {
  const { t } = useTranslation();
  const { distributor: asked, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const setAsked = (distributor: string | undefined) => void navigate({ search: { ...search, distributor }, replace: true });
  const [chosen, setChosen] = useState<string | null>(asked ?? null);
  const filters = { ...(asked !== undefined && { distributor_id: asked }) };
  const source = useList(["results", period.period_id, asked], (before) =>
    answerOf(
      hub.periods[":period_id"].results.$get({
        param: { period_id: period.period_id },
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const columns: ColumnDef<Result, unknown>[] = [
    {
      id: "who",
      header: t("distributor"),
      cell: ({ row: { original } }) => (
        <button
          type="button"
          className="btn quiet small"
          onClick={() => setChosen(chosen === original.distributor_id ? null : original.distributor_id)}
        >
          {original.distributor_id}
        </button>
      ),
    },
    { id: "rank", header: t("rank"), cell: ({ row }) => row.original.rank ?? "–" },
    {
      id: "active",
      header: t("state"),
      cell: ({ row }) =>
        row.original.active ? (
          <Status is="good">{t("standing.active")}</Status>
        ) : (
          <Status is="open">{t("period.notActive")}</Status>
        ),
    },
    { id: "pv", header: "PV", meta: { numeric: true }, cell: ({ row }) => <Amount value={row.original.pv} /> },
    { id: "gv", header: "GV", meta: { numeric: true }, cell: ({ row }) => <Amount value={row.original.gv} /> },
    {
      id: "paid",
      header: t("period.paid"),
      meta: { numeric: true },
      cell: ({ row: { original } }) => (
        <Amount value={sumOf(original.bonuses.map(({ amount }) => amount))} currency={original.currency} />
      ),
    },
  ];
  return (
    <Section title={t("period.results")}>
      <div className="toolbar">
        <Filter label={t("distributor")} value={asked} onChange={setAsked} />
      </div>
      {chosen !== null && <Explained periodId={period.period_id} id={chosen} />}
      <ListTable
        csv={hub.periods[":period_id"].results.$url({ param: { period_id: period.period_id }, query: filters })}
        label={t("period.results")}
        columns={columns}
        source={source}
        keyOf={(one) => one.distributor_id}
        empty={t("period.noResults")}
        isChosen={(one) => one.distributor_id === chosen}
      />
    </Section>
  );
}

function Explained({ periodId, id }: { periodId: string; id: string }) {
  const { t } = useTranslation();
  const tell = useTell();
  const { data, error } = useQuery({
    queryKey: ["explained", periodId, id],
    queryFn: () =>
      answerOf(
        hub.periods[":period_id"].explanations[":distributor_id"].$get({
          param: { period_id: periodId, distributor_id: id },
          query: {},
        }),
      ),
  });
  if (error) return <Callout is="bad">{problemOf(error)}</Callout>;
  if (data === undefined) return <p className="sub">{t("loading")}</p>;
  return (
    <div className="panel" style={{ marginBottom: 16 }}>
      <h2>{id}</h2>
      <p>{tell(data.reasons?.activity, data.activity)}</p>
      <p>{tell(data.reasons?.rank, data.rank)}</p>
      {told(tell, data.next_rank, data.reasons?.next_rank).map(({ key, text }) => (
        <p key={key} className="sub">
          {text}
        </p>
      ))}
      {data.bonuses.map((bonus) => (
        <div key={bonus.bonus} className="block">
          <h3 className="spread">
            <span>{bonus.bonus}</span>
            <span className="amount">{tell(bonus.reasons?.amount, bonus.amount)}</span>
          </h3>
          {[...told(tell, bonus.lines, bonus.reasons?.lines), ...told(tell, bonus.not_paid, bonus.reasons?.not_paid)].map(
            ({ key, text }) => (
              <p key={key} className="sub">
                {text}
              </p>
            ),
          )}
        </div>
      ))}
    </div>
  );
}

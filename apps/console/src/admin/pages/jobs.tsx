import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";
import { ListTable } from "../list-table.tsx";

type Job = BodyOf<Awaited<ReturnType<typeof hub.jobs.$get>>>["items"][number];

/** What the hub does by itself, when next, and what came of it. */
export default function Jobs() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["jobs"],
    queryFn: () => answerOf(hub.jobs.$get()),
    refetchInterval: 10_000,
  });
  const run = useMutation({
    mutationFn: (name: string) => answerOf(hub.jobs[":name"].run.$post({ param: { name }, query: {} })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
  const columns: ColumnDef<Job, unknown>[] = [
    {
      id: "name",
      header: t("jobs.what"),
      cell: ({ row }) => (
        <>
          {row.original.about}
          <span className="second">{row.original.name}</span>
        </>
      ),
    },
    {
      id: "last",
      header: t("jobs.last"),
      cell: ({ row: { original } }) => {
        const [failure] = original.failures;
        const [last] = original.runs;
        if (failure) return <Status is="bad">{failure.reason}</Status>;
        if (!last) return <Status is="open">{t("jobs.never")}</Status>;
        return (
          <>
            <Status is="good">{last.ended_at ? <Moment at={last.ended_at} /> : t("working")}</Status>
            {last.note && <span className="second">{last.note}</span>}
          </>
        );
      },
    },
    {
      id: "next",
      header: t("jobs.next"),
      cell: ({ row }) => (row.original.next_round_at === null ? t("jobs.asked") : <Moment at={row.original.next_round_at} />),
    },
    {
      id: "run",
      header: () => <span className="vh">{t("jobs.run")}</span>,
      meta: { numeric: true },
      cell: ({ row }) => (
        <button type="button" className="btn small" disabled={run.isPending} onClick={() => run.mutate(row.original.name)}>
          {t("jobs.run")}
        </button>
      ),
    },
  ];
  return (
    <Page
      title={t("jobs.title")}
      crumbs={[
        <Link key="/settings" to="/settings">
          {t("nav.settings")}
        </Link>,
      ]}
      about={t("jobs.about")}
    >
      {run.error && <Callout is="bad">{problemOf(run.error)}</Callout>}
      <ListTable
        csv={hub.jobs.$url()}
        label={t("jobs.title")}
        columns={columns}
        source={{ rows: data?.items, error, refetch: () => void refetch() }}
        keyOf={(one) => one.name}
        empty={t("jobs.empty")}
      />
    </Page>
  );
}

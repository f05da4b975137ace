import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { Status } from "../../design/shapes.tsx";
import { hub } from "../../shared/hub.ts";
import { ListTable } from "../list-table.tsx";

type Version = BodyOf<Awaited<ReturnType<typeof hub.plans.$get>>>["items"][number];

/** All versions of the company's plans; the one in force says so. */
export default function Plans() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ["plans"], queryFn: () => answerOf(hub.plans.$get()) });
  const now = new Date().toISOString();
  const inForce = data?.items.find(({ effective_from: from }) => from !== null && from <= now)?.plan_hash;
  const columns: ColumnDef<Version, unknown>[] = [
    {
      id: "name",
      header: t("plans.version"),
      cell: ({ row: { original } }) => (
        <>
          <Link to="/plans/$planHash" params={{ planHash: original.plan_hash }} preload="intent">
            {original.name}
          </Link>
          <span className="second">
            {original.plan_id} {original.version}
          </span>
        </>
      ),
    },
    {
      id: "state",
      header: t("state"),
      cell: ({ row: { original } }) =>
        original.effective_from === null ? (
          <Status is="bad">{t("plans.withdrawn")}</Status>
        ) : original.plan_hash === inForce ? (
          <Status is="good">{t("plans.inForce")}</Status>
        ) : original.effective_from > now ? (
          <Status is="draft">{t("plans.coming")}</Status>
        ) : (
          <Status is="skip">{t("plans.before")}</Status>
        ),
    },
    {
      id: "from",
      header: t("plans.from"),
      cell: ({ row }) => row.original.effective_from !== null && <Moment at={row.original.effective_from} as="day" />,
    },
    { id: "published", header: t("plans.published"), cell: ({ row }) => <Moment at={row.original.published_at} as="whole" /> },
    {
      id: "hash",
      header: t("plans.hash"),
      cell: ({ row }) => <span className="mono">{row.original.plan_hash.slice(0, 12)}…</span>,
    },
  ];
  return (
    <Page title={t("nav.plan")} about={t("plans.about")}>
      <ListTable
        csv={hub.plans.$url()}
        label={t("nav.plan")}
        columns={columns}
        source={{ rows: data?.items, error, refetch: () => void refetch() }}
        keyOf={(one) => one.plan_hash}
        empty={t("plans.empty")}
      />
    </Page>
  );
}

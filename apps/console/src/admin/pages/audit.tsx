import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Filter } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { hub } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { ListTable } from "../list-table.tsx";

type Entry = BodyOf<Awaited<ReturnType<typeof hub.audit.$get>>>["items"][number];
const route = getRouteApi("/settings/audit");

/** Who did what, the newest first: it was written with each act, and nobody can change it. */
export default function Audit() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filters = {
    ...(search.act !== undefined && { act: search.act }),
    ...(search.subject !== undefined && { subject: search.subject }),
    ...(search.actor !== undefined && { actor: search.actor }),
  };
  const source = useList(["audit", search], (before) =>
    answerOf(
      hub.audit.$get({
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const people = useQuery({
    queryKey: ["people", "names"],
    queryFn: () => answerOf(hub.people.$get({ query: { limit: "500" } })),
    staleTime: 60_000,
  });
  const names = new Map(people.data?.items.map(({ person_id, name }) => [`person:${person_id}`, name]));
  const set = (change: Partial<typeof search>) => void navigate({ search: { ...search, ...change }, replace: true });
  const columns: ColumnDef<Entry, unknown>[] = [
    { id: "at", header: t("audit.at"), cell: ({ row }) => <Moment at={row.original.at} /> },
    {
      id: "who",
      header: t("audit.who"),
      cell: ({ row: { original } }) => (
        <button type="button" className="btn quiet small" style={{ padding: 0 }} onClick={() => set({ actor: original.actor })}>
          {names.get(original.actor) ?? original.actor}
        </button>
      ),
    },
    {
      id: "act",
      header: t("audit.act"),
      cell: ({ row: { original } }) => (
        <button type="button" className="btn quiet small mono" style={{ padding: 0 }} onClick={() => set({ act: original.act })}>
          {original.act}
        </button>
      ),
    },
    {
      id: "subject",
      header: t("audit.subject"),
      cell: ({ row: { original } }) => (
        <>
          <span style={{ overflowWrap: "anywhere" }}>{original.subject}</span>
          <span className="second" style={{ overflowWrap: "anywhere" }}>
            {detailsOf(original.details)}
          </span>
        </>
      ),
    },
  ];
  return (
    <Page
      title={t("audit.title")}
      crumbs={[
        <Link key="/settings" to="/settings">
          {t("nav.settings")}
        </Link>,
      ]}
      about={t("audit.about")}
    >
      <div className="toolbar">
        <Filter label={t("audit.act")} value={search.act} onChange={(act) => set({ act })} />
        <Filter label={t("audit.subject")} value={search.subject} onChange={(subject) => set({ subject })} />
        {search.actor !== undefined && (
          <button type="button" className="chip on" aria-pressed="true" onClick={() => set({ actor: undefined })}>
            {names.get(search.actor) ?? search.actor}
          </button>
        )}
      </div>
      <ListTable
        csv={hub.audit.$url({ query: filters })}
        page="settings/audit"
        label={t("audit.title")}
        columns={columns}
        source={source}
        keyOf={(one) => one.audit_id}
        empty={t("audit.empty")}
      />
    </Page>
  );
}

const detailsOf = (details: Readonly<Record<string, unknown>>) =>
  Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");

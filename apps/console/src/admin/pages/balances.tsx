import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Filter } from "../../design/filters.tsx";
import { Door, Page, Section } from "../../design/page.tsx";
import { hub } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { ListTable } from "../list-table.tsx";

type Balance = BodyOf<Awaited<ReturnType<typeof hub.balances.$get>>>["items"][number];
type Own = BodyOf<Awaited<ReturnType<typeof hub.balances.company.$get>>>["items"][number];
const route = getRouteApi("/ledger/balances");

/** What is owed to whom, and what the company's own accounts say of it. */
export default function Balances() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { distributor_id } = search;
  const own = useQuery({ queryKey: ["balances", "company"], queryFn: () => answerOf(hub.balances.company.$get()) });
  const filters = { ...(distributor_id !== undefined && { distributor_id }) };
  const source = useList(["balances", search], (before) =>
    answerOf(
      hub.balances.$get({
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const amounts = <Row extends { currency: string }>(names: readonly (keyof Row & string)[]): ColumnDef<Row, unknown>[] =>
    names.map((name) => ({
      id: name,
      header: t(`balance.${name}` as "balance.held"),
      meta: { numeric: true },
      cell: ({ row }) => <Amount value={String(row.original[name])} />,
    }));
  const ownColumns: ColumnDef<Own, unknown>[] = [
    { id: "currency", header: t("currency"), cell: ({ row }) => row.original.currency },
    ...amounts<Own>(["commission_expense", "breakage", "payout_clearing", "tax_withheld"]),
  ];
  const columns: ColumnDef<Balance, unknown>[] = [
    {
      id: "who",
      header: t("distributor"),
      cell: ({ row: { original } }) => (
        <Door shown to="/ledger" search={{ distributor_id: original.distributor_id }}>
          {original.distributor_id}
        </Door>
      ),
    },
    { id: "currency", header: t("currency"), cell: ({ row }) => row.original.currency },
    ...amounts<Balance>(["held", "payable", "paid", "recoverable"]),
  ];
  return (
    <Page
      title={t("balance.title")}
      crumbs={[
        <Link key="/ledger" to="/ledger">
          {t("nav.ledger")}
        </Link>,
      ]}
      about={t("balance.about")}
    >
      <Section first title={t("balance.own")}>
        <ListTable
          csv={hub.balances.company.$url()}
          label={t("balance.own")}
          columns={ownColumns}
          source={{ rows: own.data?.items, error: own.error, refetch: () => void own.refetch() }}
          keyOf={(one) => one.currency}
          empty={t("balance.empty")}
        />
      </Section>
      {/* What the table above comes to decides where this stands. */}
      <div hidden={own.isPending}>
        <Section title={t("balance.people")}>
          <div className="toolbar">
            <Filter
              label={t("distributor")}
              value={distributor_id}
              onChange={(value) => void navigate({ search: { distributor_id: value }, replace: true })}
            />
          </div>
          <ListTable
            csv={hub.balances.$url({ query: filters })}
            page="ledger/balances"
            label={t("balance.people")}
            columns={columns}
            source={source}
            keyOf={(one) => `${one.distributor_id} ${one.currency}`}
            empty={t("balance.empty")}
          />
        </Section>
      </div>
    </Page>
  );
}

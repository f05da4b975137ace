import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Chips, Filter } from "../../design/filters.tsx";
import { Door, Page } from "../../design/page.tsx";
import { hub } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { useTell } from "../../shared/reasons.ts";
import { ListTable } from "../list-table.tsx";

type Commission = BodyOf<Awaited<ReturnType<typeof hub.commissions.$get>>>["items"][number];
const route = getRouteApi("/ledger/commissions");

/** What every order earns whom, the newest order first; each opens how it came about. */
export default function Commissions() {
  const { t } = useTranslation();
  const tell = useTell();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { distributor_id, order_id, breakage } = search;
  const filters = {
    ...(distributor_id !== undefined && { distributor_id }),
    ...(order_id !== undefined && { order_id }),
    ...(breakage && { breakage: "true" as const }),
  };
  const source = useList(["commissions", search], (before) =>
    answerOf(
      hub.commissions.$get({
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const columns: ColumnDef<Commission, unknown>[] = [
    {
      id: "who",
      header: t("distributor"),
      cell: ({ row: { original } }) =>
        original.distributor_id === null ? (
          t("commissions.company")
        ) : (
          <Door to="/network" search={{ chosen: original.distributor_id }}>
            {original.distributor_id}
          </Door>
        ),
    },
    {
      id: "for",
      header: t("commissions.for"),
      cell: ({ row: { original } }) => (
        <>
          {original.bonus}
          <span className="second">{tell(original.reason, original.explanation)}</span>
        </>
      ),
    },
    {
      id: "order",
      header: t("order"),
      cell: ({ row: { original } }) => (
        <Door shown to="/orders/$orderId" params={{ orderId: original.order_id }}>
          {original.order_id}
        </Door>
      ),
    },
    {
      id: "first",
      header: t("commissions.first"),
      meta: { numeric: true },
      cell: ({ row }) => <Amount value={row.original.original} />,
    },
    {
      id: "stands",
      header: t("commissions.stands"),
      meta: { numeric: true },
      cell: ({ row: { original } }) => (
        <Door shown to="/orders/$orderId/$entry" params={{ orderId: original.order_id, entry: original.entry }}>
          <Amount value={original.amount} currency={original.currency} />
        </Door>
      ),
    },
  ];
  const set = (change: Partial<typeof search>) => void navigate({ search: { ...search, ...change }, replace: true });
  return (
    <Page
      title={t("commissions.title")}
      crumbs={[
        <Link key="/ledger" to="/ledger">
          {t("nav.ledger")}
        </Link>,
      ]}
      about={t("commissions.about")}
    >
      <div className="toolbar">
        <Chips
          label={t("commissions.title")}
          chips={[
            {
              name: t("commissions.company"),
              isOn: breakage === true,
              onPress: () => set({ breakage: breakage ? undefined : true }),
            },
          ]}
        />
        <span className="push" />
        <Filter label={t("distributor")} value={distributor_id} onChange={(value) => set({ distributor_id: value })} />
        <Filter label={t("ledger.orderNumber")} value={order_id} onChange={(value) => set({ order_id: value })} />
      </div>
      <ListTable
        csv={hub.commissions.$url({ query: filters })}
        page="ledger/commissions"
        label={t("commissions.title")}
        columns={columns}
        source={source}
        keyOf={(one) => `${one.order_id} ${one.entry}`}
        empty={t("commissions.empty")}
      />
    </Page>
  );
}

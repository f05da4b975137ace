import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Filter } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page } from "../../design/page.tsx";
import { type ShapeName, Status } from "../../design/shapes.tsx";
import { hub } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { ListTable } from "../list-table.tsx";

type Entry = BodyOf<Awaited<ReturnType<typeof hub.ledger.$get>>>["items"][number];
const route = getRouteApi("/ledger");
const SHAPES: Readonly<Record<string, ShapeName>> = { commission: "good", clawback: "bad", breakage: "skip" };

/** Every entry, the newest first: nothing of it is ever changed, a correction is an entry beside it. */
export default function Ledger() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { distributor_id, order_id } = search;
  const filters = { ...(distributor_id !== undefined && { distributor_id }), ...(order_id !== undefined && { order_id }) };
  const source = useList(["ledger", search], (before) =>
    answerOf(
      hub.ledger.$get({
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const columns: ColumnDef<Entry, unknown>[] = [
    { id: "number", header: t("ledger.number"), cell: ({ row }) => <span className="mono">{row.original.event_id}</span> },
    {
      id: "at",
      header: t("ledger.at"),
      cell: ({ row }) => (
        <>
          <Moment at={row.original.effective_at} />
          <span className="second">
            {t("ledger.written")} <Moment at={row.original.recorded_at} />
          </span>
        </>
      ),
    },
    {
      id: "kind",
      header: t("ledger.kind"),
      cell: ({ row: { original } }) => (
        <>
          <Status is={SHAPES[original.kind] ?? "open"}>
            {t(`transfer.${original.kind}` as "transfer.commission", { defaultValue: original.kind })}
          </Status>
          <span className="second">{original.entry}</span>
        </>
      ),
    },
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
      id: "order",
      header: t("order"),
      cell: ({ row: { original } }) =>
        original.order_id === null ? (
          t("ledger.close")
        ) : (
          <Door shown to="/orders/$orderId" params={{ orderId: original.order_id }}>
            {original.order_id}
          </Door>
        ),
    },
    {
      id: "amount",
      header: t("amount"),
      meta: { numeric: true },
      cell: ({ row: { original } }) =>
        original.order_id === null ? (
          <Amount value={original.amount} currency={original.currency} />
        ) : (
          <Door shown to="/orders/$orderId/$entry" params={{ orderId: original.order_id, entry: original.entry }}>
            <Amount value={original.amount} currency={original.currency} />
          </Door>
        ),
    },
  ];
  const set = (change: Partial<typeof search>) => void navigate({ search: { ...search, ...change }, replace: true });
  return (
    <Page
      title={t("nav.ledger")}
      about={t("ledger.about")}
      actions={
        <>
          <Link className="btn" to="/ledger/commissions">
            {t("commissions.title")}
          </Link>
          <Link className="btn" to="/ledger/balances">
            {t("balance.title")}
          </Link>
        </>
      }
    >
      <div className="toolbar">
        <Filter label={t("distributor")} value={distributor_id} onChange={(value) => set({ distributor_id: value })} />
        <Filter label={t("ledger.orderNumber")} value={order_id} onChange={(value) => set({ order_id: value })} />
      </div>
      <ListTable
        csv={hub.ledger.$url({ query: filters })}
        page="ledger"
        label={t("nav.ledger")}
        columns={columns}
        source={source}
        keyOf={(one) => one.event_id}
        empty={t("ledger.empty")}
      />
    </Page>
  );
}

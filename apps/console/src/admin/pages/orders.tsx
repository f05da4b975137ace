import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount, Less, Nothing } from "../../design/amount.tsx";
import { Chips, Filter } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page } from "../../design/page.tsx";
import { hub } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { ListTable } from "../list-table.tsx";
import { useStores } from "../waiting.ts";
import { OrderState } from "./order-state.tsx";

type Order = BodyOf<Awaited<ReturnType<typeof hub.orders.$get>>>["items"][number];
const route = getRouteApi("/orders");

export default function Orders() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { stage, unresolved, quarantined, store, distributor, platform_order_id, placed_on } = search;
  const filters = {
    ...(stage !== undefined && { stage }),
    ...(store !== undefined && { store }),
    ...(distributor !== undefined && { distributor }),
    ...(platform_order_id !== undefined && { platform_order_id }),
    ...(placed_on !== undefined && { placed_on }),
    ...(unresolved && { unresolved: "true" as const }),
    ...(quarantined && { quarantined: "true" as const }),
  };
  const source = useList(["orders", search], (before) =>
    answerOf(
      hub.orders.$get({
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const set = (change: Partial<typeof search>) => void navigate({ search: { ...search, ...change }, replace: true });
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Page title={t("orders.title")} about={t("orders.about")}>
      <div className="toolbar">
        <Chips
          label={t("orders.show")}
          chips={[
            {
              name: t("orders.all"),
              isOn: !isFiltered,
              onPress: () => void navigate({ search: { hide: search.hide }, replace: true }),
            },
            {
              name: t("orders.unresolved"),
              isOn: unresolved === true,
              onPress: () => set({ unresolved: unresolved ? undefined : true }),
            },
            {
              name: t("orders.quarantined"),
              isOn: quarantined === true,
              onPress: () => set({ quarantined: quarantined ? undefined : true }),
            },
            ...(["earned", "pending", "void"] as const).map((one) => ({
              name: t(`stage.${one}`),
              isOn: stage === one,
              onPress: () => set({ stage: stage === one ? undefined : one }),
            })),
          ]}
        />
        <StoreChoice chosen={store} onChoose={(chosen) => set({ store: chosen })} />
        <span className="push" />
        <input
          className="input"
          type="date"
          style={{ width: 148 }}
          aria-label={t("orders.placedOn")}
          title={t("orders.placedOn")}
          value={placed_on ?? ""}
          onChange={({ target }) => set({ placed_on: target.value === "" ? undefined : target.value })}
        />
        <Filter label={t("orders.number")} value={platform_order_id} onChange={(value) => set({ platform_order_id: value })} />
        <Filter label={t("distributor")} value={distributor} onChange={(value) => set({ distributor: value })} />
      </div>
      <ListTable
        csv={hub.orders.$url({ query: filters })}
        page="orders"
        label={t("orders.title")}
        columns={useColumns()}
        source={source}
        keyOf={(order) => order.order_id}
        empty={isFiltered ? t("orders.none") : t("orders.empty")}
      />
    </Page>
  );
}

export function StoreChoice({ chosen, onChoose }: { chosen: string | undefined; onChoose: (store: string | undefined) => void }) {
  const { t } = useTranslation();
  const stores = useStores() ?? [];
  return (
    <select
      className="input select"
      aria-label={t("store")}
      value={chosen ?? ""}
      onChange={({ target }) => onChoose(target.value === "" ? undefined : target.value)}
    >
      <option value="">{t("everyStore")}</option>
      {stores.map(({ store_id: id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function useColumns(): ColumnDef<Order, unknown>[] {
  const { t } = useTranslation();
  const stores = new Map(useStores()?.map(({ store_id: id, name }) => [id, name]));
  return [
    {
      id: "order",
      header: t("order"),
      cell: ({ row: { original } }) => (
        <>
          <Link to="/orders/$orderId" params={{ orderId: original.order_id }} preload="intent">
            {original.order_name}
          </Link>
          <span className="second">{stores.get(original.store_id) ?? original.platform}</span>
        </>
      ),
    },
    { id: "placed", header: t("orders.placed"), cell: ({ row }) => <Moment at={row.original.order_ts} /> },
    {
      id: "state",
      header: t("state"),
      cell: ({ row: { original } }) => (
        <>
          <OrderState order={original} />
          <span className="second">{original.status}</span>
        </>
      ),
    },
    {
      id: "owner",
      header: t("orders.owner"),
      cell: ({ row: { original } }) =>
        original.distributor_id === null ? (
          <>
            {original.unresolved ? t("orders.nobodyYet") : t("orders.nobody")}
            {original.referral_code !== null && (
              <span className="second">{t("orders.code", { code: original.referral_code })}</span>
            )}
          </>
        ) : (
          <>
            <Door to="/network" search={{ chosen: original.distributor_id }}>
              {original.distributor_id}
            </Door>
            {original.self_purchase && <span className="second">{t("orders.own")}</span>}
          </>
        ),
    },
    {
      id: "net",
      header: t("net"),
      meta: { numeric: true },
      cell: ({ row: { original } }) => (
        <Door to="/orders/$orderId" params={{ orderId: original.order_id }}>
          <Amount value={original.net} currency={original.currency} />
        </Door>
      ),
    },
    {
      id: "refunded",
      header: t("refunded"),
      meta: { numeric: true },
      cell: ({ row }) => <Less value={row.original.refunded_net} />,
    },
    {
      id: "waits",
      header: t("orders.waitingLines"),
      meta: { numeric: true },
      cell: ({ row }) => (row.original.quarantined_lines === 0 ? <Nothing /> : row.original.quarantined_lines),
    },
  ];
}

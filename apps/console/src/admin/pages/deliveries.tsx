import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Chips } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { type ShapeName, Status } from "../../design/shapes.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { useTell } from "../../shared/reasons.ts";
import { ListTable } from "../list-table.tsx";
import { useStores } from "../waiting.ts";
import { StoreChoice } from "./orders.tsx";

type Delivery = BodyOf<Awaited<ReturnType<typeof hub.deliveries.$get>>>["items"][number];
const route = getRouteApi("/deliveries");
const OUTCOMES = ["applied", "duplicate", "outdated", "hint", "ignored", "shop", "dead", "waiting"] as const;
const SHAPES: Readonly<Record<string, ShapeName>> = {
  applied: "good",
  duplicate: "skip",
  outdated: "skip",
  hint: "open",
  ignored: "skip",
  shop: "open",
  dead: "bad",
  waiting: "wait",
};

/** What shops sent and what became of it; what could not be read can be tried again. */
export default function Deliveries() {
  const { t } = useTranslation();
  const tell = useTell();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { store, outcome, order_id } = search;
  const filters = {
    ...(store !== undefined && { store }),
    ...(outcome !== undefined && { outcome }),
    ...(order_id !== undefined && { order_id }),
  };
  const source = useList(["deliveries", search], (before) =>
    answerOf(
      hub.deliveries.$get({
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const replay = useMutation({
    mutationFn: (delivery_id: string) => answerOf(hub.deliveries[":delivery_id"].replay.$post({ param: { delivery_id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["deliveries"] }),
  });
  const stores = new Map(useStores()?.map(({ store_id: id, name }) => [id, name]));
  const columns: ColumnDef<Delivery, unknown>[] = [
    {
      id: "at",
      header: t("deliveries.at"),
      cell: ({ row }) => (
        <>
          <Moment at={row.original.received_at} />
          <span className="second">{stores.get(row.original.store_id)}</span>
        </>
      ),
    },
    { id: "topic", header: t("deliveries.topic"), cell: ({ row }) => <span className="mono">{row.original.topic}</span> },
    {
      id: "outcome",
      header: t("deliveries.outcome"),
      cell: ({ row: { original } }) => (
        <>
          <Status is={SHAPES[original.outcome ?? "waiting"] ?? "open"}>
            {t(`outcome.${original.outcome ?? "waiting"}` as "outcome.applied", { defaultValue: original.outcome ?? "" })}
          </Status>
          {original.detail !== null && <span className="second">{tell(original.detail_reason, original.detail)}</span>}
        </>
      ),
    },
    {
      id: "order",
      header: t("order"),
      cell: ({ row: { original } }) =>
        original.order_id !== null && (
          <Door shown to="/orders/$orderId" params={{ orderId: original.order_id }}>
            {original.order_id}
          </Door>
        ),
    },
    {
      id: "size",
      header: t("deliveries.size"),
      meta: { numeric: true },
      cell: ({ row }) => `${Math.ceil(row.original.size_bytes / 1024)} KB`,
    },
    {
      id: "again",
      header: () => <span className="vh">{t("deliveries.again")}</span>,
      meta: { numeric: true },
      cell: ({ row: { original } }) =>
        original.outcome === "dead" && (
          <button
            type="button"
            className="btn small"
            disabled={replay.isPending}
            onClick={() => replay.mutate(original.delivery_id)}
          >
            {t("deliveries.again")}
          </button>
        ),
    },
  ];
  return (
    <Page
      title={t("deliveries.title")}
      crumbs={[
        <Link key="/stores" to="/stores">
          {t("nav.stores")}
        </Link>,
      ]}
      about={t("deliveries.about")}
    >
      <div className="toolbar">
        <Chips
          label={t("deliveries.outcome")}
          chips={OUTCOMES.map((one) => ({
            name: t(`outcome.${one}`),
            isOn: outcome === one,
            onPress: () => void navigate({ search: { ...search, outcome: outcome === one ? undefined : one }, replace: true }),
          }))}
        />
        <StoreChoice
          chosen={store}
          onChoose={(chosen) => void navigate({ search: { ...search, store: chosen }, replace: true })}
        />
      </div>
      {replay.error && <Callout is="bad">{problemOf(replay.error)}</Callout>}
      <ListTable
        csv={hub.deliveries.$url({ query: filters })}
        page="deliveries"
        label={t("deliveries.title")}
        columns={columns}
        source={source}
        keyOf={(one) => one.delivery_id}
        empty={t("deliveries.empty")}
      />
    </Page>
  );
}

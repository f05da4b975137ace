import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount, Count } from "../../design/amount.tsx";
import { Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page } from "../../design/page.tsx";
import { Callout, Defs } from "../../design/parts.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { sumOf } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { useClasses } from "../classes.ts";
import { ListTable } from "../list-table.tsx";
import { PayPreview } from "./pay-preview.tsx";

type Waiting = BodyOf<Awaited<ReturnType<typeof hub.quarantine.$get>>>["items"][number];
type Platform = "shopify" | "woocommerce" | "magento";

const keyOf = (one: Waiting) => `${one.platform} ${one.variant_id ?? ""} ${one.platform_sku ?? ""} ${one.name} ${one.currency}`;
/** What one mapping is for: a product that waits in several currencies or variants under one SKU is chosen as a whole. */
const productOf = (one: Waiting) => `${one.platform} ${one.platform_sku ?? one.variant_id}`;
/** Nothing is mapped by its name: a product without a number of its own has to get one in its shop. */
const isMappable = (one: Waiting) => (one.platform_sku ?? one.variant_id) !== null && one.waits_for === "a SKU mapping";

/** Products that earn nothing until somebody says what they are: chosen, given a class, mapped together. */
export default function SkuInbox() {
  const { t } = useTranslation();
  const source = useList(["quarantine", "all"], (before) =>
    answerOf(hub.quarantine.$get({ query: { limit: "100", ...(before !== undefined && { before }) } })),
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const rows = source.rows ?? [];
  const picked = rows.filter((one) => chosen.has(productOf(one)));
  const toggle = (one: Waiting) => {
    const next = new Set(chosen);
    if (!next.delete(productOf(one))) next.add(productOf(one));
    setChosen(next);
  };
  return (
    <Page
      title={t("skus.title")}
      about={
        rows.length === 0
          ? t("skus.none")
          : t("skus.about", { count: rows.length, lines: rows.reduce((sum, one) => sum + one.lines, 0) })
      }
      actions={
        <Link className="btn" to="/skus/map">
          {t("skus.map")}
        </Link>
      }
    >
      <div className="cols">
        <div>
          <ListTable
            csv={hub.quarantine.$url({ query: {} })}
            label={t("skus.title")}
            columns={useColumns(rows, chosen, toggle)}
            source={source}
            keyOf={keyOf}
            empty={t("skus.empty")}
            isChosen={(one) => chosen.has(productOf(one))}
            hasSum
          />
        </div>
        {rows.length > 0 && <Mapping key={picked.map(keyOf).join()} picked={picked} onDone={() => setChosen(new Set())} />}
      </div>
    </Page>
  );
}

function useColumns(
  rows: readonly Waiting[],
  chosen: ReadonlySet<string>,
  toggle: (one: Waiting) => void,
): ColumnDef<Waiting, unknown>[] {
  const { t } = useTranslation();
  const count = (of: (one: Waiting) => number) => rows.reduce((sum, one) => sum + of(one), 0);
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  return [
    {
      id: "choose",
      header: () => <span className="vh">{t("skus.choose")}</span>,
      meta: { width: 28 },
      cell: ({ row: { original } }) => (
        <input
          type="checkbox"
          aria-label={t("skus.chooseOne", { name: original.name })}
          checked={chosen.has(productOf(original))}
          disabled={!isMappable(original)}
          onChange={() => toggle(original)}
        />
      ),
    },
    {
      id: "sku",
      header: "SKU",
      meta: { sum: t("skus.sum", { count: rows.length }) },
      cell: ({ row: { original } }) => (
        <>
          <span className="mono">{original.platform_sku ?? original.variant_id ?? "–"}</span>
          <span className="second">
            {original.name} · {original.platform}
          </span>
        </>
      ),
    },
    {
      id: "waits",
      header: t("skus.waitsFor"),
      cell: ({ row: { original } }) => (
        <>
          {isMappable(original)
            ? t("skus.mapping")
            : original.waits_for === "a SKU mapping"
              ? t("skus.noNumber")
              : original.waits_for}
          <span className="second">
            <Moment at={original.waiting_since} />
          </span>
        </>
      ),
    },
    {
      id: "lines",
      header: t("skus.lines"),
      meta: { numeric: true, sum: count((one) => one.lines) },
      cell: ({ row }) => row.original.lines,
    },
    {
      id: "orders",
      header: t("nav.orders"),
      meta: { numeric: true, sum: count((one) => one.orders) },
      cell: ({ row: { original } }) => (
        <Door shown to="/orders/$orderId" params={{ orderId: original.newest_order_id }}>
          {original.orders}
        </Door>
      ),
    },
    {
      id: "net",
      header: t("skus.net"),
      meta: {
        numeric: true,
        sum: currencies.map((currency) => (
          <div key={currency}>
            <Amount value={sumOf(rows.filter((one) => one.currency === currency).map(({ net }) => net))} currency={currency} />
          </div>
        )),
      },
      cell: ({ row: { original } }) => <Amount value={original.net} currency={original.currency} />,
    },
  ];
}

function rowsOf(picked: readonly Waiting[], as: { commissionClass: string; volume: string }) {
  const products = new Map(picked.map((one) => [productOf(one), one]));
  return [...products.values()].map((one) => ({
    sku_id: one.platform_sku ?? `${one.platform}-${one.variant_id}`,
    platform: one.platform as Platform,
    platform_sku: one.platform_sku ?? "",
    ...(one.platform_sku === null && { variant_id: one.variant_id }),
    name: one.name,
    category: "",
    commission_class: as.commissionClass,
    pv: as.volume,
  }));
}

/** The decision: as what the chosen ones count, and what that releases. */
function Mapping({ picked, onDone }: { picked: readonly Waiting[]; onDone: () => void }) {
  const { t } = useTranslation();
  const classes = useClasses();
  const [commissionClass, setClass] = useState("");
  const [volume, setVolume] = useState("100%");
  const isReady = picked.length > 0 && commissionClass !== "" && volume.trim() !== "";
  const rows = rowsOf(picked, { commissionClass, volume: useDeferredValue(volume.trim()) });
  const looked = useQuery({
    queryKey: ["quarantine", "pay", rows],
    enabled: isReady,
    placeholderData: keepPreviousData,
    queryFn: () => answerOf(hub["sku-map"].preview.$post({ json: { rows } })),
  });
  const preview = isReady ? looked.data : undefined;
  const orders = preview?.pay.orders ?? picked.reduce((sum, one) => sum + one.orders, 0);
  const map = useMutation({
    mutationFn: () => answerOf(hub["sku-map"].rows.$post({ json: { rows } })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onDone();
    },
  });
  return (
    <aside className="panel decision">
      <h2>{picked.length === 0 ? t("skus.chooseFirst") : t("skus.picked", { count: rows.length })}</h2>
      {picked.length === 0 ? (
        <p className="sub">{t("skus.chooseWhy")}</p>
      ) : (
        <>
          <p className="sub">{[...new Set(picked.map((one) => one.platform_sku ?? one.variant_id))].join(", ")}</p>
          <hr className="rule" />
          <Defs
            rows={[
              { name: t("skus.lines"), value: <Count value={picked.reduce((sum, one) => sum + one.lines, 0)} /> },
              { name: t("nav.orders"), value: <Count value={orders} /> },
              ...[...new Set(picked.map(({ currency }) => currency))].map((currency) => ({
                name: t("skus.net"),
                value: (
                  <Amount
                    value={sumOf(picked.filter((one) => one.currency === currency).map(({ net }) => net))}
                    currency={currency}
                  />
                ),
              })),
            ]}
          />
          <hr className="rule" />
          <div className="stack">
            <Field name={t("skus.class")}>
              <select className="input select" value={commissionClass} onChange={({ target }) => setClass(target.value)}>
                <option value="">{t("skus.classNone")}</option>
                {classes.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </Field>
            <Field name={t("skus.volume")} help={t("skus.volumeHelp")}>
              <input className="input" value={volume} onChange={({ target }) => setVolume(target.value)} />
            </Field>
            {(map.error ?? looked.error) && <Callout is="bad">{problemOf(map.error ?? looked.error)}</Callout>}
            {isReady && !looked.error && (
              <section aria-label={t("pay.title")}>
                <b>{t("pay.title")}</b>
                <PayPreview pay={preview?.pay} />
                {preview?.is_cut && <p className="note">{t("pay.cut", { count: preview.pay.orders })}</p>}
              </section>
            )}
            <button
              type="button"
              className="btn primary wide"
              disabled={!isReady || looked.data === undefined || looked.isPlaceholderData || map.isPending}
              onClick={() => map.mutate()}
            >
              {map.isPending ? t("working") : t("skus.act", { count: rows.length, orders })}
            </button>
            <p className="note">{t("skus.later")}</p>
          </div>
        </>
      )}
    </aside>
  );
}

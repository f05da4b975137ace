import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount, Count } from "../../design/amount.tsx";
import { Field } from "../../design/filters.tsx";
import { Callout, Defs } from "../../design/parts.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { sumOf } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { useClasses } from "../classes.ts";
import { lookAtPay, mappingsOf, type NewMapping, productOf, type Suggestion, type Waiting } from "../waiting-skus.ts";
import { PayPreview } from "./pay-preview.tsx";

/** No plan's class is called so. */
const AS_SUGGESTED = "*";

/** The decision: as what the chosen ones count, and what that releases. */
export function MapSkus({
  picked,
  suggestions,
  isTaken,
  onDone,
}: {
  picked: readonly Waiting[];
  suggestions: ReadonlyMap<string, Suggestion>;
  /** Whether what is suggested for them was taken over. */
  isTaken: boolean;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const classes = useClasses();
  const [commissionClass, setClass] = useState(isTaken ? AS_SUGGESTED : "");
  const [volume, setVolume] = useState("100%");
  const soon = useDeferredValue(volume.trim());
  const isEach = commissionClass === AS_SUGGESTED;
  const rows = mappingsOf(picked, isEach ? { each: suggestions } : { commissionClass, volume: soon });
  // Once they are mapped nothing is suggested for them any more.
  const isReady = rows.length > 0 && commissionClass !== "" && (isEach || volume.trim() !== "");
  const looked = useQuery({
    queryKey: ["quarantine", "pay", rows],
    enabled: isReady,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => lookAtPay(rows, signal),
  });
  const preview = isReady ? looked.data : undefined;
  const orders = preview?.released_orders ?? picked.reduce((sum, one) => sum + one.orders, 0);
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
                {picked.every((one) => suggestions.has(productOf(one))) && (
                  <option value={AS_SUGGESTED}>{t("skus.asSuggested", { count: rows.length })}</option>
                )}
                {classes.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </Field>
            {isEach ? (
              <Suggested rows={rows} classes={classes} />
            ) : (
              <Field name={t("skus.volume")} help={t("skus.volumeHelp")}>
                <input className="input" value={volume} onChange={({ target }) => setVolume(target.value)} />
              </Field>
            )}
            {(map.error ?? looked.error) && <Callout is="bad">{problemOf(map.error ?? looked.error)}</Callout>}
            {isReady && !looked.error && (
              <section aria-label={t("pay.title")}>
                <b>{t("pay.title")}</b>
                <PayPreview pay={preview?.pay} />
                {preview?.is_cut && <p className="note">{t("pay.cut", { count: preview.released_orders })}</p>}
              </section>
            )}
            <button
              type="button"
              className="btn primary wide"
              disabled={!isReady || looked.data === undefined || looked.isPlaceholderData || map.isPending}
              onClick={() => map.mutate()}
            >
              {map.isPending ? t("working") : t(preview?.is_cut ? "skus.actMore" : "skus.act", { count: rows.length, orders })}
            </button>
            <p className="note">{t("skus.later")}</p>
          </div>
        </>
      )}
    </aside>
  );
}

/** As what each of them will be mapped. */
function Suggested({ rows, classes }: { rows: readonly NewMapping[]; classes: ReturnType<typeof useClasses> }) {
  return (
    <ul className="said">
      {rows.map((row) => (
        <li key={productOf({ ...row, variant_id: row.variant_id ?? null })}>
          <span className="mono">{row.platform_sku || row.variant_id}</span>{" "}
          {classes.find(({ id }) => id === row.commission_class)?.name ?? row.commission_class}, <VolumesOf {...row} />
        </li>
      ))}
    </ul>
  );
}

/** A product's volumes, said once where they are one. */
export function VolumesOf({ pv, qv = pv, cv = pv }: { pv: string; qv?: string; cv?: string }) {
  const { t } = useTranslation();
  return pv === qv && pv === cv ? pv : t("skuMap.volumes", { pv, qv, cv });
}

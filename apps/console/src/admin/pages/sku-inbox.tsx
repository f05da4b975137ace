import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page } from "../../design/page.tsx";
import { BoneText } from "../../design/parts.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { sumOf } from "../../shared/money.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { ListTable } from "../list-table.tsx";
import { platformName } from "../platforms.ts";
import { ADMINS } from "../rights.ts";
import { isMappable, isSure, productOf, type Suggestion, useSuggestions, type Waiting } from "../waiting-skus.ts";
import { MapSkus } from "./map-skus.tsx";
import { SuggestionCell, WouldPay } from "./suggestion-cells.tsx";

const keyOf = (one: Waiting) => `${one.platform} ${one.variant_id ?? ""} ${one.platform_sku ?? ""} ${one.name} ${one.currency}`;

/** Products that earn nothing until somebody says what they are: chosen, given a class, mapped together. */
export default function SkuInbox() {
  const { t } = useTranslation();
  const source = useList(["quarantine", "all"], (before) =>
    answerOf(hub.quarantine.$get({ query: { limit: "100", ...(before !== undefined && { before }) } })),
  );
  const { role } = useCompany();
  const mayMap = ADMINS.includes(role);
  const rows = source.rows ?? [];
  const { suggestions, error, refetch } = useSuggestions(rows.length);
  const choice = useChoice(rows, suggestions);
  const columns = useColumns(rows, choice);
  return (
    <Page
      title={t("skus.title")}
      about={
        source.rows === undefined ? (
          <BoneText>{t("skus.about", { count: 10, lines: 100 })}</BoneText>
        ) : rows.length === 0 ? (
          t("skus.none")
        ) : (
          t("skus.about", { count: rows.length, lines: rows.reduce((sum, one) => sum + one.lines, 0) })
        )
      }
      actions={
        <Link className="btn" to="/skus/map">
          {t("skus.map")}
        </Link>
      }
    >
      <div className="cols">
        <div>
          {mayMap && choice.sure.length > 0 && (
            <div className="toolbar">
              <span className="push" />
              <button type="button" className="btn small" onClick={choice.takeSure}>
                {t("skus.takeSure", { count: choice.sure.length })}
              </button>
            </div>
          )}
          {error && (
            <p className="note">
              {t("skus.noSuggestions")} {problemOf(error)}{" "}
              <button type="button" className="btn quiet small" onClick={() => void refetch()}>
                {t("again")}
              </button>
            </p>
          )}
          <ListTable
            csv={hub.quarantine.$url({ query: {} })}
            label={t("skus.title")}
            columns={mayMap ? columns : columns.filter(({ id }) => id !== "choose" && id !== "pay")}
            source={source}
            keyOf={keyOf}
            empty={t("skus.empty")}
            isChosen={(one) => choice.chosen.has(productOf(one))}
            hasSum
          />
        </div>
        {mayMap && rows.length > 0 && (
          <MapSkus
            key={`${choice.picked.map(keyOf).join()} ${choice.isTaken}`}
            picked={choice.picked}
            suggestions={suggestions ?? NONE}
            isTaken={choice.isTaken}
            onDone={choice.clear}
          />
        )}
      </div>
    </Page>
  );
}

const NONE: ReadonlyMap<string, Suggestion> = new Map();

/** Which products are chosen, and of which what is suggested was taken over. */
function useChoice(rows: readonly Waiting[], suggestions: ReadonlyMap<string, Suggestion> | undefined) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const picked = rows.filter((one) => chosen.has(productOf(one)));
  const products = [...new Set(rows.filter(isMappable).map(productOf))];
  const sure = products.filter((key) => {
    const suggestion = suggestions?.get(key);
    return suggestion !== undefined && isSure(suggestion);
  });
  const choose = (keys: readonly string[], areTaken: boolean) => {
    setChosen(new Set(keys));
    setTaken(areTaken ? new Set(keys) : new Set([...taken].filter((key) => keys.includes(key))));
  };
  return {
    ...{ chosen, picked, sure, suggestions },
    isTaken: picked.length > 0 && picked.every((one) => taken.has(productOf(one))),
    toggle: (one: Waiting) => {
      const key = productOf(one);
      choose(chosen.has(key) ? [...chosen].filter((other) => other !== key) : [...chosen, key], false);
    },
    take: (one: Waiting) => choose([productOf(one)], true),
    takeSure: () => choose(sure, true),
    clear: () => choose([], false),
  };
}

type Choice = ReturnType<typeof useChoice>;

function useColumns(rows: readonly Waiting[], choice: Choice): ColumnDef<Waiting, unknown>[] {
  const { chosen, toggle, take, suggestions } = choice;
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
            {original.name} · {platformName(original.platform)}, <Moment at={original.waiting_since} as="day" />
          </span>
        </>
      ),
    },
    {
      id: "suggestion",
      header: t("skus.suggestion"),
      cell: ({ row: { original } }) => (
        <SuggestionCell
          waiting={original}
          suggestion={suggestions === undefined ? undefined : (suggestions.get(productOf(original)) ?? null)}
          onTake={take}
          onChoose={toggle}
        />
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
    {
      id: "pay",
      header: t("skus.wouldPay"),
      meta: { numeric: true },
      cell: ({ row: { original } }) => (
        <WouldPay waiting={original} rows={rows} suggestion={suggestions?.get(productOf(original)) ?? null} onTake={take} />
      ),
    },
  ];
}

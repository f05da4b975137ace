import { useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Callout, Meter } from "../design/parts.tsx";
import { hub } from "../shared/hub.ts";
import { formatDecimal } from "../shared/money.ts";

export type ImportOf = NonNullable<BodyOf<Awaited<ReturnType<(typeof hub.imports)[":kind"]["$get"]>>>["import"]>;

const UNDER_WAY: readonly ImportOf["stage"][] = ["reading", "writing", "computing"];
const isUnderWay = (one: ImportOf | null | undefined) => one != null && UNDER_WAY.includes(one.stage);
const AGAIN_MS = 1_000;

/**
 * The newest import of a kind: the one under way, whoever began it and on whichever page, and the one that this page has seen end. The hub's events
 * say that it moved; where these do not come through, it is asked.
 */
export function useImport(kind: "people" | "sku-map", isAsked: boolean) {
  const { data } = useQuery({
    queryKey: ["imports", kind],
    queryFn: () => answerOf(hub.imports[":kind"].$get({ param: { kind } })),
    refetchInterval: ({ state }) => (isAsked || isUnderWay(state.data?.import) ? AGAIN_MS : false),
  });
  const newest = data?.import ?? null;
  const [seen, setSeen] = useState<string | null>(null);
  const underWay = isUnderWay(newest) ? newest : null;
  if (underWay !== null && underWay.started_at !== seen) setSeen(underWay.started_at);
  return { underWay, ended: underWay === null && newest?.started_at === seen ? newest : null };
}

/** How many lines are written, of how many; then that what waited for them is computed. */
export function ImportProgress({ of }: { of: ImportOf }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatDecimal(String(value), i18n.language);
  const words =
    of.stage === "reading"
      ? t("file.progressReading", { total: count(of.total) })
      : of.stage === "writing"
        ? t("file.progressWriting", { done: count(of.done), total: count(of.total) })
        : t("file.progressComputing", { total: count(of.total) });
  return (
    <div className="stack" role="status">
      <Meter share={of.stage === "computing" ? 1 : of.total === 0 ? 0 : of.done / of.total} label={words} />
      <p className="sub">{words}</p>
      <p className="note">{t("file.progressStays")}</p>
    </div>
  );
}

/** Why an import that was under way came to nothing. */
export function ImportFailed({ of }: { of: ImportOf }) {
  const { t } = useTranslation();
  if (of.stage === "gone") return <Callout is="bad">{t("file.progressGone")}</Callout>;
  return of.stage === "failed" ? <Callout is="bad">{of.problem}</Callout> : null;
}

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Bone } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { useCompany } from "../../shared/company.tsx";
import { problemOf } from "../../shared/problem.ts";
import { useClasses } from "../classes.ts";
import { platformName } from "../platforms.ts";
import { ADMINS } from "../rights.ts";
import {
  isMappable,
  isSure,
  mappingsOf,
  type NewMapping,
  productOf,
  type Suggestion,
  useWouldPay,
  type Waiting,
} from "../waiting-skus.ts";
import { VolumesOf } from "./map-skus.tsx";

/** As what a product might be mapped, and why: one press takes it over. Undefined is not known yet, null is nothing. */
export function SuggestionCell({
  waiting,
  suggestion,
  onTake,
  onChoose,
}: {
  waiting: Waiting;
  suggestion: Suggestion | null | undefined;
  onTake: (one: Waiting) => void;
  onChoose: (one: Waiting) => void;
}) {
  const { t } = useTranslation();
  const { role } = useCompany();
  const mayMap = ADMINS.includes(role);
  if (waiting.waits_for !== "a SKU mapping") return waiting.waits_for;
  if (!isMappable(waiting)) return t("skus.noNumber");
  if (suggestion === undefined) return <Bone width={110} />;
  if (suggestion === null)
    return mayMap ? (
      <button type="button" className="door take" onClick={() => onChoose(waiting)}>
        {t("skus.classNone")}
      </button>
    ) : (
      "–"
    );
  const said = <Said suggestion={suggestion} />;
  if (!mayMap) return said;
  return (
    <button type="button" className="door take" title={t("skus.take")} onClick={() => onTake(waiting)}>
      {said}
    </button>
  );
}

function Said({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation();
  const classes = useClasses();
  const { commission_class: id, reason, from_sku: sku, from_platform: platform } = suggestion;
  const isHint = !isSure(suggestion);
  const where = { sku, platform: platformName(platform) };
  return (
    <>
      <Status is={isHint ? "open" : "good"}>
        {classes.find((one) => one.id === id)?.name ?? id}
        {isHint && "?"}
      </Status>
      <span className="second">
        <VolumesOf {...suggestion} /> ·{" "}
        {reason === "same-sku"
          ? t("skus.sameSku", where)
          : reason === "own-sku"
            ? t("skus.ownSku", where)
            : reason === "like-sku"
              ? t("skus.likeSku", where)
              : t("skus.likeName", where)}
      </span>
    </>
  );
}

/** What a product would pay as suggested, computed by what books it; asked for when it comes into sight. */
export function WouldPay({
  waiting,
  rows,
  suggestion,
  onTake,
}: {
  waiting: Waiting;
  rows: readonly Waiting[];
  suggestion: Suggestion | null;
  onTake: (one: Waiting) => void;
}) {
  const { t } = useTranslation();
  if (suggestion === null || !isMappable(waiting)) return "–";
  const [mapping] = mappingsOf([waiting], { each: new Map([[productOf(waiting), suggestion]]) });
  const lines = rows.filter((one) => productOf(one) === productOf(waiting));
  if (mapping === undefined) return "–";
  // One mapping is for all of a product's lines, whatever currency they are in: its pay stands beside the first of them.
  if (lines[0] !== waiting) return <span className="note">{t("skus.withAbove")}</span>;
  const orders = lines.map((one) => one.orders).join();
  return <Pay mapping={mapping} waiting={orders} onTake={() => onTake(waiting)} name={waiting.name} />;
}

function Pay({
  mapping,
  waiting,
  name,
  onTake,
}: {
  mapping: NewMapping;
  /** How many orders wait for it. */
  waiting: string;
  name: string;
  onTake: () => void;
}) {
  const { t } = useTranslation();
  const place = useRef<HTMLSpanElement>(null);
  const isSeen = useSeen(place);
  const { data, error, refetch } = useWouldPay(mapping, { isSeen, waiting });
  if (error)
    return (
      <button type="button" className="btn quiet small" title={problemOf(error)} onClick={() => void refetch()}>
        {t("again")}
      </button>
    );
  if (data === undefined)
    return (
      <span ref={place}>
        <Bone width={56} />
      </span>
    );
  const sums = data.pay.sums.length === 0 ? [{ amount: "0.00", currency: undefined }] : data.pay.sums;
  return (
    <button type="button" className="door shown take" title={t("skus.take")} onClick={onTake}>
      <span className="vh">{t("skus.wouldPayOf", { name })} </span>
      {sums.map(({ amount, currency }) => (
        <span key={currency ?? ""} className="block">
          <Amount value={amount} {...(currency !== undefined && { currency })} />
        </span>
      ))}
      {data.is_cut && <span className="second">{t("skus.cut", { count: data.released_orders })}</span>}
    </button>
  );
}

/** Whether a row has come into sight, or near it: where the window is narrow its last columns have to be pushed into it. */
function useSeen(place: React.RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const row = place.current?.closest("tr");
    if (isSeen || !row) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), { rootMargin: "200px" });
    watcher.observe(row);
    return () => watcher.disconnect();
  }, [isSeen, place]);
  return isSeen;
}

import { useMutation, useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Door, Section } from "../../design/page.tsx";
import { Bone, Callout, Steps } from "../../design/parts.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";
import { useTell } from "../../shared/reasons.ts";
import { raised } from "./words-field.tsx";

type Preview = BodyOf<Awaited<ReturnType<(typeof hub.company)["evidence-order"]["preview"]["$post"]>>>;
/** What may stand in the order, beside a person's decision, which stands above all. */
const SOURCES = [
  "discount-code",
  "checkout-field",
  "cart-attribute",
  "line-property",
  "landing-site",
  "web-pixel",
  "buyer-claim",
] as const;
const NEWEST = 500;

export function useEvidenceOrder() {
  return useQuery({ queryKey: ["evidence-order"], queryFn: () => answerOf(hub.company["evidence-order"].$get()) });
}

/** What counts first where several things name a distributor; before it is saved, what it would have made of the newest orders. */
export function EvidenceOrder() {
  const { t } = useTranslation();
  const [isSaved, setSaved] = useState(false);
  const { data, error, refetch } = useEvidenceOrder();
  return (
    <Section first title={t("settings.evidence")}>
      <p className="sub">{t("settings.evidenceWhy")}</p>
      {error && (
        <Callout is="bad">
          {problemOf(error)}{" "}
          <button type="button" className="btn quiet small" onClick={() => void refetch()}>
            {t("again")}
          </button>
        </Callout>
      )}
      {data === undefined ? (
        !error && <Bone width={220} />
      ) : (
        <Draft key={data.order.join()} stored={data.order} onSaved={setSaved} />
      )}
      {isSaved && <Callout is="good">{t("settings.orderSaved")}</Callout>}
    </Section>
  );
}

function Draft({ stored, onSaved }: { stored: readonly string[]; onSaved: (isSaved: boolean) => void }) {
  const { t } = useTranslation();
  const [order, setOrder] = useState<readonly string[]>(stored);
  const preview = useMutation({
    mutationFn: () => answerOf(hub.company["evidence-order"].preview.$post({ json: { order: [...order], newest: NEWEST } })),
  });
  const save = useMutation({
    mutationFn: () => answerOf(hub.company["evidence-order"].$put({ json: { order: [...order] } })),
    onSuccess: (kept) => {
      onSaved(true);
      queries.setQueryData(["evidence-order"], kept);
    },
  });
  const change = (next: readonly string[]) => {
    setOrder(next);
    onSaved(false);
    preview.reset();
    save.reset();
  };
  const nameOf = (source: string) => t(`evidence.${source}` as "evidence.manual", { defaultValue: source });
  const isChanged = order.join() !== stored.join();
  const left = SOURCES.filter((source) => !order.includes(source));
  return (
    <div className="stack">
      <ol className="steps">
        {order.map((source, index) => (
          <li key={source}>
            <span>
              {index + 1}. {nameOf(source)}
            </span>
            <span className="row">
              {index > 1 && (
                <button
                  type="button"
                  className="btn small"
                  aria-label={`${t("settings.up")}: ${nameOf(source)}`}
                  onClick={() => change(raised(order, index))}
                >
                  {t("settings.up")}
                </button>
              )}
              {index > 0 && order.length > 2 && (
                <button
                  type="button"
                  className="btn small"
                  aria-label={`${t("settings.leaveOut")}: ${nameOf(source)}`}
                  onClick={() => change(order.filter((one) => one !== source))}
                >
                  {t("settings.leaveOut")}
                </button>
              )}
            </span>
          </li>
        ))}
      </ol>
      {left.length > 0 && (
        <div className="row" style={{ flexWrap: "wrap" }}>
          <span className="sub">{t("settings.leftOut")}</span>
          {left.map((source) => (
            <button key={source} type="button" className="btn small" onClick={() => change([...order, source])}>
              {t("settings.takeIn", { name: nameOf(source) })}
            </button>
          ))}
        </div>
      )}
      {isChanged && (
        <>
          {(preview.error ?? save.error) && <Callout is="bad">{problemOf(preview.error ?? save.error)}</Callout>}
          {preview.data && <Outcome of={preview.data} />}
          <div className="row">
            {preview.data === undefined ? (
              <button type="button" className="btn primary" disabled={preview.isPending} onClick={() => preview.mutate()}>
                {preview.isPending ? t("working") : t("settings.preview")}
              </button>
            ) : (
              <button type="button" className="btn primary" disabled={save.isPending} onClick={() => save.mutate()}>
                {save.isPending ? t("working") : t("settings.saveOrder")}
              </button>
            )}
            <button type="button" className="btn" onClick={() => change(stored)}>
              {t("settings.undo")}
            </button>
          </div>
        </>
      )}
    </div>
  );
}

function Outcome({ of: found }: { of: Preview }) {
  const { t } = useTranslation();
  const tell = useTell();
  const owner = (distributorId: string | null) => distributorId ?? t("settings.nobody");
  const moved = found.to_another + found.to_nobody + found.from_nobody;
  return (
    <div className="panel stack" role="status">
      <h3>{t("settings.wouldMove", { count: moved, looked: found.looked })}</h3>
      <Steps
        steps={[
          { name: t("settings.toAnother"), value: found.to_another },
          { name: t("settings.toNobody"), value: found.to_nobody },
          { name: t("settings.fromNobody"), value: found.from_nobody },
          { name: t("settings.moved"), value: moved, isSum: true },
          { name: t("settings.otherwise"), value: found.otherwise_decided },
          { name: t("settings.byHand"), value: found.by_hand },
          { name: t("settings.without"), value: found.without_evidence },
        ]}
      />
      {found.examples.length > 0 && (
        <details>
          <summary>{t("settings.examples", { count: found.examples.length })}</summary>
          <ol className="form-rows">
            {found.examples.map((order) => (
              <li key={order.order_id}>
                <span>
                  <Door shown to="/orders/$orderId" params={{ orderId: order.order_id }}>
                    {order.order_name}
                  </Door>{" "}
                  {owner(order.now.distributor_id)} → {owner(order.proposed.distributor_id)}
                </span>
                <span className="sub">{t("settings.nowBecause", { why: tell(order.now.reason, order.now.why) })}</span>
                <span className="sub">{t("settings.thenBecause", { why: tell(order.proposed.reason, order.proposed.why) })}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
      <p className="note">
        {t("settings.payNotComputed")} {t("settings.nothingChanges")}
      </p>
    </div>
  );
}

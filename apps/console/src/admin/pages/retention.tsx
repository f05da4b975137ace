import { useMutation, useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Callout, Steps } from "../../design/parts.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";
import { SettingsPage } from "../settings-page.tsx";

type Retention = BodyOf<Awaited<ReturnType<typeof hub.retention.$get>>>;
const KINDS = ["body_days", "delivery_days", "click_days"] as const;
type Kind = (typeof KINDS)[number];
const LEAST: Readonly<Record<Kind, number>> = { body_days: 7, delivery_days: 30, click_days: 30 };
/** The hub counts no further. */
const MOST_COUNTED = 100_000;

/** For how long the company's data is kept; before it is saved, how much would go. */
export default function RetentionPage() {
  const { t } = useTranslation();
  const stored = useQuery({
    queryKey: ["retention"],
    queryFn: () => answerOf(hub.retention.$get()),
    refetchOnWindowFocus: false,
  });
  return (
    <SettingsPage title={t("retention.title")} about={t("retention.about")} asked={[stored]}>
      {stored.data && <Form stored={stored.data} />}
    </SettingsPage>
  );
}

function Form({ stored }: { stored: Retention }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Record<Kind, number | null>>({
    body_days: stored.body_days,
    delivery_days: stored.delivery_days,
    click_days: stored.click_days,
  });
  const preview = useMutation({ mutationFn: () => answerOf(hub.retention.preview.$post({ json: draft })) });
  const save = useMutation({
    mutationFn: () => answerOf(hub.retention.$put({ json: draft })),
    onSuccess: (kept) => {
      queries.setQueryData(["retention"], kept);
      preview.reset();
    },
  });
  const change = (kind: Kind, days: number | null) => {
    setDraft({ ...draft, [kind]: days });
    preview.reset();
    save.reset();
  };
  const failure = preview.error ?? save.error;
  const counted = (count: number) =>
    count >= MOST_COUNTED ? t("retention.orMore", { count: count.toLocaleString() }) : count.toLocaleString();
  return (
    <form
      className="reading stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (preview.data === undefined) preview.mutate();
        else save.mutate();
      }}
    >
      {KINDS.map((kind) => (
        <Days key={kind} kind={kind} days={draft[kind]} own={stored.defaults[kind]} onChange={(days) => change(kind, days)} />
      ))}
      {failure && <Callout is="bad">{problemOf(failure)}</Callout>}
      {preview.data && (
        <div className="panel stack" role="status">
          <h2>{t("retention.wouldGo")}</h2>
          <Steps
            steps={[
              { name: t("retention.bodies"), value: counted(preview.data.bodies) },
              { name: t("retention.deliveries"), value: counted(preview.data.deliveries) },
              { name: t("retention.clicks"), value: counted(preview.data.clicks) },
            ]}
          />
          <p className="note">{t("retention.final")}</p>
        </div>
      )}
      {save.isSuccess && <Callout is="good">{t("retention.saved")}</Callout>}
      <button type="submit" className="btn primary" disabled={preview.isPending || save.isPending}>
        {preview.isPending || save.isPending
          ? t("working")
          : t(preview.data === undefined ? "retention.preview" : "retention.save")}
      </button>
    </form>
  );
}

type Way = "hub" | "ever" | "days";

function Days(props: { kind: Kind; days: number | null; own: number; onChange: (days: number | null) => void }) {
  const { t } = useTranslation();
  const { kind, days, own, onChange } = props;
  const way: Way = days === null ? "hub" : days === 0 ? "ever" : "days";
  const ownText = own === 0 ? t("retention.ever") : t("retention.days", { count: own });
  const set = (next: Way) => onChange(next === "hub" ? null : next === "ever" ? 0 : Math.max(LEAST[kind], own || 365));
  return (
    <fieldset className="plain-set">
      <Field name={t(`retention.kinds.${kind}`)} help={t(`retention.why.${kind}`)}>
        <select className="input select" value={way} onChange={({ target }) => set(target.value as Way)}>
          <option value="hub">{t("retention.asHub", { days: ownText })}</option>
          <option value="ever">{t("retention.ever")}</option>
          <option value="days">{t("retention.some")}</option>
        </select>
      </Field>
      {way === "days" && (
        <Field name={t("retention.howMany", { least: LEAST[kind] })}>
          <input
            className="input"
            type="number"
            required
            min={LEAST[kind]}
            max={3650}
            value={days ?? ""}
            onChange={({ target }) => onChange(Number(target.value))}
          />
        </Field>
      )}
    </fieldset>
  );
}

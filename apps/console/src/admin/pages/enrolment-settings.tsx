import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";
import type { EnrolmentSettings as Settings } from "../enrolment.ts";
import { idOf, saidOf } from "../said.ts";
import { SettingsPage } from "../settings-page.tsx";
import { ConsentRows } from "./enrolment-consents.tsx";
import { FieldRows } from "./enrolment-fields.tsx";
import { Tick, Words } from "./words-field.tsx";

const INVITERS = ["first-name", "name", "nobody"] as const;

/** How the company takes in distributors who come by a link. */
export default function EnrolmentSettings() {
  const { t } = useTranslation();
  const stored = useQuery({
    queryKey: ["enrolment-settings"],
    queryFn: () => answerOf(hub["enrolment-settings"].$get()),
    refetchOnWindowFocus: false,
  });
  const enrolments = (
    <Link className="btn" to="/enrolments">
      {t("enrolments.title")}
    </Link>
  );
  return (
    <SettingsPage title={t("enrolmentSettings.title")} about={t("enrolmentSettings.about")} actions={enrolments} asked={[stored]}>
      {stored.data && <Form stored={stored.data} />}
    </SettingsPage>
  );
}

function Form({ stored }: { stored: Settings }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(stored);
  const change = (part: Partial<Settings>) => setDraft({ ...draft, ...part });
  const save = useMutation({
    mutationFn: () => answerOf(hub["enrolment-settings"].$put({ json: toSend(draft) })),
    onSuccess: (kept) => {
      setDraft(kept);
      queries.setQueryData(["enrolment-settings"], kept);
    },
  });
  return (
    <form
      className="reading"
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending) save.mutate();
      }}
    >
      <Section first title={t("enrolmentSettings.who")}>
        <div className="stack">
          <Tick checked={draft.open} onChange={(open) => change({ open })} name={t("enrolmentSettings.open")}>
            {t("enrolmentSettings.openWhy")}
          </Tick>
          <Tick
            checked={draft.needs_approval}
            onChange={(needs_approval) => change({ needs_approval })}
            name={t("enrolmentSettings.approval")}
          >
            {t("enrolmentSettings.approvalWhy")}
          </Tick>
          <Field name={t("enrolmentSettings.inviter")}>
            <select
              className="input select"
              value={draft.inviter}
              onChange={({ target }) => change({ inviter: target.value as Settings["inviter"] })}
            >
              {INVITERS.map((one) => (
                <option key={one} value={one}>
                  {t(`enrolmentSettings.inviters.${one}`)}
                </option>
              ))}
            </select>
          </Field>
          <Field name={t("enrolmentSettings.prefix")} help={t("enrolmentSettings.prefixHelp", { prefix: draft.id_prefix })}>
            <input
              className="input"
              required
              maxLength={10}
              pattern="[A-Za-z][A-Za-z0-9\-]{0,9}"
              value={draft.id_prefix}
              onChange={({ target }) => change({ id_prefix: target.value })}
            />
          </Field>
          <Words
            name={t("enrolmentSettings.intro")}
            value={draft.intro ?? {}}
            isLong
            onChange={(intro) => change({ intro: Object.keys(saidOf(intro)).length === 0 ? null : intro })}
          />
        </div>
      </Section>
      <Section title={t("enrolmentSettings.fields")} aside={t("enrolmentSettings.fieldsAside")}>
        <FieldRows fields={draft.fields} onChange={(fields) => change({ fields })} />
      </Section>
      <Section title={t("enrolmentSettings.consents")} aside={t("enrolmentSettings.consentsAside")}>
        <ConsentRows consents={draft.consents} onChange={(consents) => change({ consents })} />
      </Section>
      <div className="stack section">
        {save.error && <Callout is="bad">{problemOf(save.error)}</Callout>}
        {save.isSuccess && !save.isPending && <Callout is="good">{t("enrolmentSettings.saved")}</Callout>}
        <button type="submit" className="btn primary" disabled={save.isPending}>
          {save.isPending ? t("working") : t("enrolmentSettings.save")}
        </button>
      </div>
    </form>
  );
}

/** Ids are made of the words when they are first saved, and stay whatever the words become. */
function toSend({ consents, fields, intro, ...rest }: Settings) {
  const fieldIds = fields.map(({ field_id }) => field_id).filter(Boolean);
  const consentIds = consents.map(({ consent_id }) => consent_id).filter(Boolean);
  return {
    ...rest,
    intro: intro === null ? null : saidOf(intro),
    fields: fields.map(({ field_id, label, choices, ...field }) => {
      const id = field_id || idOf(label.en ?? label.de ?? "", fieldIds);
      if (!field_id) fieldIds.push(id);
      const choiceIds = choices.map(({ choice_id }) => choice_id).filter(Boolean);
      return {
        ...field,
        field_id: id,
        label: saidOf(label),
        choices: (field.kind === "choice" ? choices : []).map((choice) => {
          const choice_id = choice.choice_id || idOf(choice.label.en ?? choice.label.de ?? "", choiceIds);
          if (!choice.choice_id) choiceIds.push(choice_id);
          return { choice_id, label: saidOf(choice.label) };
        }),
      };
    }),
    consents: consents.map(({ consent_id, version: _version, text, address, required }) => {
      const id = consent_id || idOf(text.en ?? text.de ?? "", consentIds);
      if (!consent_id) consentIds.push(id);
      return { consent_id: id, text: saidOf(text), address: address === "" ? null : address, required };
    }),
  };
}

import { useMutation } from "@tanstack/react-query";
import { answerOf, HubProblem } from "@upline/hub/client";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Callout } from "../../design/parts.tsx";
import { problemOf } from "../../shared/problem.ts";
import { countriesIn, ownCountry } from "./countries.ts";
import { type Joining, joining } from "./joining.ts";
import { Agreement, OwnField, Wrong } from "./own-field.tsx";

/** What is wrong with each field, by its path, where the hub said so. */
function faultsOf(error: unknown): Readonly<Record<string, string>> {
  return error instanceof HubProblem ? Object.fromEntries(error.fields.map(({ path, message }) => [path, message])) : {};
}

/** What somebody has filled in so far: kept beside the form, for whoever comes back to it from a slip. */
export interface Draft {
  readonly typed: { readonly first_name: string; readonly last_name: string; readonly email: string; readonly country: string };
  readonly answers: Readonly<Record<string, string | boolean>>;
  readonly agreed: Readonly<Record<string, boolean>>;
}

export const emptyDraft = (): Draft => ({
  typed: { first_name: "", last_name: "", email: "", country: ownCountry() },
  answers: {},
  agreed: {},
});

/** What the company asks of whoever joins. What was typed stays when it is refused. */
export function JoinForm(props: {
  page: Joining;
  code: string;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onSent: (email: string) => void;
}) {
  const { t, i18n } = useTranslation("portal");
  const { page, code, draft, onDraft, onSent } = props;
  const { typed, answers, agreed } = draft;
  const setTyped = (next: Draft["typed"]) => onDraft({ ...draft, typed: next });
  const countries = useMemo(() => countriesIn(i18n.language), [i18n.language]);
  const ask = useMutation({
    mutationFn: () => {
      const consents = Object.fromEntries(
        page.consents.flatMap(({ consent_id, version }) => (agreed[consent_id] ? [[consent_id, version]] : [])),
      );
      const language = i18n.language === "de" ? ("de" as const) : ("en" as const);
      const json = { company: page.company.slug, ...typed, language, answers, consents };
      return answerOf(joining.codes[":name"].$post({ param: { name: code }, json }));
    },
    onSuccess: () => onSent(typed.email.trim()),
  });
  const faults = faultsOf(ask.error);
  const input = (field: "first_name" | "last_name" | "email", name: string, more: object) => (
    <label className="field">
      <span>{name}</span>
      <input
        className="input"
        required
        maxLength={field === "email" ? 254 : 90}
        aria-invalid={faults[field] !== undefined}
        value={typed[field]}
        onChange={({ target }) => setTyped({ ...typed, [field]: target.value })}
        {...more}
      />
      <Wrong error={faults[field]} />
    </label>
  );
  return (
    <form
      className="join-form"
      aria-label={t("join.form")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!ask.isPending) ask.mutate();
      }}
    >
      <div className="pair">
        {input("first_name", t("join.firstName"), { autoComplete: "given-name" })}
        {input("last_name", t("join.lastName"), { autoComplete: "family-name" })}
      </div>
      {input("email", t("join.email"), { type: "email", autoComplete: "email" })}
      <label className="field">
        <span>{t("join.country")}</span>
        <select
          className="input select"
          required
          autoComplete="country"
          value={typed.country}
          onChange={({ target }) => setTyped({ ...typed, country: target.value })}
        >
          <option value="">{t("join.choose")}</option>
          {countries.map(({ code: value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <Wrong error={faults.country} />
      </label>
      {page.fields.map((field) => (
        <OwnField
          key={field.field_id}
          of={field}
          value={answers[field.field_id]}
          error={faults[`answers.${field.field_id}`]}
          onChange={(value) => onDraft({ ...draft, answers: { ...answers, [field.field_id]: value } })}
        />
      ))}
      {page.consents.map((consent) => (
        <Agreement
          key={consent.consent_id}
          of={consent}
          checked={agreed[consent.consent_id] === true}
          error={faults[`consents.${consent.consent_id}`]}
          onChange={(checked) => onDraft({ ...draft, agreed: { ...agreed, [consent.consent_id]: checked } })}
        />
      ))}
      {ask.error && <Callout is="bad">{problemOf(ask.error)}</Callout>}
      <button type="submit" className="btn primary wide" disabled={ask.isPending}>
        {page.inviter === null ? t("join.act", { company: page.company.name }) : t("join.actUnder", { inviter: page.inviter })}
      </button>
      <p className="note">
        {t("join.oneMail")} {page.needs_approval && t("join.decides", { company: page.company.name })}
      </p>
    </form>
  );
}

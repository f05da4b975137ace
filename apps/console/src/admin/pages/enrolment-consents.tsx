import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Status } from "../../design/shapes.tsx";
import type { AskedConsent } from "../enrolment.ts";
import { RowActs, raised, Tick, Words } from "./words-field.tsx";

const NEW: AskedConsent = { consent_id: "", version: 0, text: {}, address: null, required: true };

/** What is to be agreed to, each with its version: words that change are a new one. */
export function ConsentRows({
  consents,
  onChange,
}: {
  consents: readonly AskedConsent[];
  onChange: (consents: AskedConsent[]) => void;
}) {
  const { t } = useTranslation();
  const set = (index: number, part: Partial<AskedConsent>) =>
    onChange(consents.map((consent, at) => (at === index ? { ...consent, ...part } : consent)));
  return (
    <>
      {consents.length === 0 && <p className="sub">{t("enrolmentSettings.noConsents")}</p>}
      <ol className="form-rows">
        {consents.map((consent, index) => {
          const name = consent.consent_id || t("enrolmentSettings.newConsent");
          return (
            <li key={index}>
              <div className="spread">
                <b>
                  {name}{" "}
                  {consent.version > 0 && (
                    <Status is="sealed">{t("enrolmentSettings.version", { version: consent.version })}</Status>
                  )}
                </b>
                <RowActs
                  name={name}
                  isFirst={index === 0}
                  onUp={() => onChange(raised(consents, index))}
                  onRemove={() => onChange(consents.filter((_, at) => at !== index))}
                />
              </div>
              <Words name={t("enrolmentSettings.words")} value={consent.text} isLong onChange={(text) => set(index, { text })} />
              <Field name={t("enrolmentSettings.address")} help={t("enrolmentSettings.addressHelp")}>
                <input
                  className="input"
                  type="url"
                  maxLength={500}
                  value={consent.address ?? ""}
                  onChange={({ target }) => set(index, { address: target.value })}
                />
              </Field>
              <Tick
                checked={consent.required}
                onChange={(required) => set(index, { required })}
                name={t("enrolmentSettings.mustAgree")}
              />
            </li>
          );
        })}
      </ol>
      {consents.length < 10 && (
        <button type="button" className="btn" onClick={() => onChange([...consents, NEW])}>
          {t("enrolmentSettings.addConsent")}
        </button>
      )}
    </>
  );
}

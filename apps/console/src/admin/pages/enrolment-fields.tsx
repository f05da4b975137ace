import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import type { AskedField } from "../enrolment.ts";
import { saidIn } from "../said.ts";
import { RowActs, raised, Tick, Words } from "./words-field.tsx";

const KINDS = ["text", "choice", "date", "checkbox"] as const;
const NEW: AskedField = { field_id: "", kind: "text", label: {}, required: false, choices: [] };

/** The company's own fields, in the order of the form. */
export function FieldRows({ fields, onChange }: { fields: readonly AskedField[]; onChange: (fields: AskedField[]) => void }) {
  const { t, i18n } = useTranslation();
  const set = (index: number, part: Partial<AskedField>) =>
    onChange(fields.map((field, at) => (at === index ? { ...field, ...part } : field)));
  return (
    <>
      {fields.length === 0 && <p className="sub">{t("enrolmentSettings.noFields")}</p>}
      <ol className="form-rows">
        {fields.map((field, index) => {
          const name = saidIn(field.label, i18n.language) || t("enrolmentSettings.newField");
          return (
            <li key={index}>
              <div className="spread">
                <b>
                  {index + 1}. {name}
                </b>
                <RowActs
                  name={name}
                  isFirst={index === 0}
                  onUp={() => onChange(raised(fields, index))}
                  onRemove={() => onChange(fields.filter((_, at) => at !== index))}
                />
              </div>
              <Words name={t("enrolmentSettings.label")} value={field.label} onChange={(label) => set(index, { label })} />
              <Field name={t("enrolmentSettings.kind")}>
                <select
                  className="input select"
                  value={field.kind}
                  onChange={({ target }) => set(index, { kind: target.value as AskedField["kind"] })}
                >
                  {KINDS.map((kind) => (
                    <option key={kind} value={kind}>
                      {t(`enrolmentSettings.kinds.${kind}`)}
                    </option>
                  ))}
                </select>
              </Field>
              {field.kind === "choice" && <Choices choices={field.choices} onChange={(choices) => set(index, { choices })} />}
              <Tick
                checked={field.required}
                onChange={(required) => set(index, { required })}
                name={t("enrolmentSettings.required")}
              />
            </li>
          );
        })}
      </ol>
      {fields.length < 20 && (
        <button type="button" className="btn" onClick={() => onChange([...fields, NEW])}>
          {t("enrolmentSettings.addField")}
        </button>
      )}
    </>
  );
}

function Choices(props: { choices: AskedField["choices"]; onChange: (choices: AskedField["choices"]) => void }) {
  const { t } = useTranslation();
  const { choices, onChange } = props;
  return (
    <div className="stack">
      {choices.map((choice, index) => (
        <div key={index} className="choice-row">
          <Words
            name={t("enrolmentSettings.answer", { no: index + 1 })}
            value={choice.label}
            onChange={(label) => onChange(choices.map((one, at) => (at === index ? { ...one, label } : one)))}
          />
          <RowActs
            name={t("enrolmentSettings.answer", { no: index + 1 })}
            isFirst={index === 0}
            onUp={() => onChange(raised(choices, index))}
            onRemove={() => onChange(choices.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <button type="button" className="btn small" onClick={() => onChange([...choices, { choice_id: "", label: {} }])}>
        {t("enrolmentSettings.addAnswer")}
      </button>
    </div>
  );
}

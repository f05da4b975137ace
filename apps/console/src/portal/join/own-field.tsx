import { useTranslation } from "react-i18next";
import { Shape } from "../../design/shapes.tsx";
import { type AskedConsent, type AskedField, wordsIn } from "./joining.ts";

/** What is wrong with a field, under it. */
export function Wrong({ error }: { error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <span className="error" role="alert">
      <Shape of="bad" />
      {error}
    </span>
  );
}

/** A field of the company's own. */
export function OwnField(props: {
  of: AskedField;
  value: string | boolean | undefined;
  error: string | undefined;
  onChange: (value: string | boolean) => void;
}) {
  const { t, i18n } = useTranslation("portal");
  const { of: asked, value, error, onChange } = props;
  const label = wordsIn(asked.label, i18n.language);
  if (asked.kind === "checkbox")
    return (
      <Tick checked={value === true} required={asked.required} error={error} onChange={onChange}>
        {label}
      </Tick>
    );
  const common = { required: asked.required, "aria-invalid": error !== undefined, value: String(value ?? "") };
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span>
        {label}
        {!asked.required && <span className="note">{t("join.optional")}</span>}
      </span>
      {asked.kind === "choice" ? (
        <select className="input select" {...common} onChange={({ target }) => onChange(target.value)}>
          <option value="">{t("join.choose")}</option>
          {asked.choices.map(({ choice_id, label: name }) => (
            <option key={choice_id} value={choice_id}>
              {wordsIn(name, i18n.language)}
            </option>
          ))}
        </select>
      ) : (
        <input
          className="input"
          type={asked.kind === "date" ? "date" : "text"}
          maxLength={500}
          {...common}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      <Wrong error={error} />
    </label>
  );
}

/** Words that are agreed to, with where the whole of them stands. */
export function Agreement(props: {
  of: AskedConsent;
  checked: boolean;
  error: string | undefined;
  onChange: (checked: boolean) => void;
}) {
  const { t, i18n } = useTranslation("portal");
  const { of: asked, checked, error, onChange } = props;
  return (
    <Tick checked={checked} required={asked.required} error={error} onChange={onChange}>
      {wordsIn(asked.text, i18n.language)}
      {asked.address !== null && (
        <>
          {" "}
          <a href={asked.address} target="_blank" rel="noreferrer">
            {t("join.read")}
          </a>
        </>
      )}
      {!asked.required && <span className="note"> ({t("join.optional")})</span>}
    </Tick>
  );
}

function Tick(props: {
  checked: boolean;
  required: boolean;
  error: string | undefined;
  onChange: (checked: boolean) => void;
  children: React.ReactNode;
}) {
  return (
    <div className="field">
      <label className="agree">
        <input
          type="checkbox"
          checked={props.checked}
          required={props.required}
          aria-invalid={props.error !== undefined}
          onChange={({ target }) => props.onChange(target.checked)}
        />
        <span>{props.children}</span>
      </label>
      <Wrong error={props.error} />
    </div>
  );
}

import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import type { Said } from "../said.ts";

/** The company's own words in both languages, of which one is enough. */
export function Words(props: { name: string; value: Said; isLong?: boolean; onChange: (value: Said) => void }) {
  const { t } = useTranslation();
  const { name, value, isLong = false, onChange } = props;
  return (
    <div className="words-pair">
      {(["en", "de"] as const).map((language) => (
        <Field key={language} name={`${name} · ${t(`languageName.${language}`)}`}>
          {isLong ? (
            <textarea
              className="input"
              rows={3}
              maxLength={2000}
              value={value[language] ?? ""}
              onChange={({ target }) => onChange({ ...value, [language]: target.value })}
            />
          ) : (
            <input
              className="input"
              maxLength={200}
              value={value[language] ?? ""}
              onChange={({ target }) => onChange({ ...value, [language]: target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

/** Yes or no, with what it means. */
export function Tick(props: {
  name: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  children?: React.ReactNode;
}) {
  return (
    <label className="tick">
      <input type="checkbox" checked={props.checked} onChange={({ target }) => props.onChange(target.checked)} />
      <span>
        {props.name}
        {props.children && <span className="second">{props.children}</span>}
      </span>
    </label>
  );
}

/** Puts the one at an index a place higher. */
export function raised<Item>(items: readonly Item[], index: number): Item[] {
  const next = [...items];
  const [one] = next.splice(index, 1);
  if (one !== undefined) next.splice(index - 1, 0, one);
  return next;
}

/** What can be done with a row of a list that the company makes. */
export function RowActs(props: { name: string; isFirst: boolean; onUp: () => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const { name, isFirst, onUp, onRemove } = props;
  return (
    <span className="row">
      {!isFirst && (
        <button type="button" className="btn small" aria-label={`${t("settings.up")}: ${name}`} onClick={onUp}>
          {t("settings.up")}
        </button>
      )}
      <button
        type="button"
        className="btn small danger"
        aria-label={`${t("enrolmentSettings.remove")}: ${name}`}
        onClick={onRemove}
      >
        {t("enrolmentSettings.remove")}
      </button>
    </span>
  );
}

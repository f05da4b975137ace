import { useEffect, useState } from "react";
import { Shape } from "./shapes.tsx";

export interface ChipChoice {
  readonly name: string;
  readonly isOn: boolean;
  onPress(): void;
}

/** Choices that are pressed or not; the address keeps them. */
export function Chips({ label, chips }: { label: string; chips: readonly ChipChoice[] }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame that every browser draws differently
    <div role="group" aria-label={label} className="row" style={{ flexWrap: "wrap" }}>
      {chips.map(({ name, isOn, onPress }) => (
        <button key={name} type="button" className={`chip${isOn ? " on" : ""}`} aria-pressed={isOn} onClick={onPress}>
          {name}
        </button>
      ))}
    </div>
  );
}

/** A text that narrows a list, taken with Enter or when it is left: each letter would be a question to the hub. */
export function Filter({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(value ?? "");
  useEffect(() => setTyped(value ?? ""), [value]);
  const take = () => {
    const text = typed.trim();
    if (text !== (value ?? "")) onChange(text === "" ? undefined : text);
  };
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <input
          className="input"
          style={{ width: 148 }}
          type="search"
          aria-label={label}
          placeholder={label}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={take}
        />
      </form>
    </search>
  );
}

/** A field with its name, its help, and what is wrong with it. */
export function Field(props: { name: string; help?: string; error?: string | undefined; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span>{props.name}</span>
      {props.children}
      {props.help && <span className="help">{props.help}</span>}
      {props.error && (
        <span className="error" role="alert">
          <Shape of="bad" />
          {props.error}
        </span>
      )}
    </label>
  );
}

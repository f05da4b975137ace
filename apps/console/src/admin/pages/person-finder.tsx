import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import "../../design/choices.css";
import { hub } from "../../shared/hub.ts";

export interface FoundPerson {
  readonly id: string;
  readonly name: string;
}

interface FinderProps {
  readonly label: string;
  /** What stands in the field: whoever is chosen. */
  readonly value: string;
  onChoose(person: FoundPerson): void;
  /** What was typed and taken without a choice from the list, such as a number from elsewhere. */
  onType?(text: string): void;
  readonly autoFocus?: boolean;
  readonly disabled?: boolean;
}

/** Finds a distributor by the beginning of a number or code, and from three letters on by any part of a name. */
export function PersonFinder({ label, value, onChoose, onType, autoFocus, disabled }: FinderProps) {
  const { t } = useTranslation();
  const listId = useId();
  const [typed, setTyped] = useState(value);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  useEffect(() => setTyped(value), [value]);
  const asked = useDeferredValue(typed.trim());
  const { data } = useQuery({
    queryKey: ["find", "people", asked],
    enabled: isOpen && asked !== "",
    placeholderData: keepPreviousData,
    queryFn: () => answerOf(hub.search.$get({ query: { q: asked } })),
  });
  const found = (data?.items ?? []).filter(({ kind }) => kind === "distributor" || kind === "code");
  const isShown = isOpen && asked !== "" && data !== undefined;
  const choose = (index: number) => {
    const person = found[index];
    if (person === undefined) return;
    setOpen(false);
    onChoose({ id: person.id, name: person.kind === "code" ? person.id : person.title });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt(Math.min(found.length - 1, Math.max(0, at + step)));
      setOpen(true);
    } else if (event.key === "Escape" && isOpen) {
      setOpen(false);
      event.stopPropagation();
    } else if (event.key === "Enter") {
      if (isShown && found.length > 0) choose(at);
      else onType?.(typed.trim());
    } else return;
    event.preventDefault();
  };
  return (
    <div className="combo">
      <input
        className="input"
        type="search"
        role="combobox"
        aria-label={label}
        aria-expanded={isShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isShown && found[at] !== undefined ? `${listId}-${at}` : undefined}
        placeholder={label}
        autoComplete="off"
        disabled={disabled}
        data-autofocus={autoFocus || undefined}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setAt(0);
          setOpen(true);
          if (target.value === "") onType?.("");
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setOpen(false);
          if (onType !== undefined && typed.trim() !== value) onType(typed.trim());
        }}
      />
      {isShown && (
        <div className="float found">
          <div id={listId} role="listbox" aria-label={label}>
            {found.map((person, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and takes the keys
              // biome-ignore lint/a11y/useFocusableInteractive: options are pointed at by aria-activedescendant
              <div
                key={`${person.kind} ${person.id} ${person.title}`}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === at}
                // The field keeps the focus, or leaving it would take what was typed.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(index)}
              >
                <span>{person.title}</span>
                <span className="note">{person.title === person.id ? person.detail : person.id}</span>
              </div>
            ))}
          </div>
          {found.length === 0 && <p className="note">{t("network.nothingFound")}</p>}
          {data?.is_partial && <p className="note">{t("network.moreLetters")}</p>}
        </div>
      )}
    </div>
  );
}

import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keepFocus } from "./tree-keys.ts";

/** Deeper levels are not set in any further: names need their room. */
const DEEPEST_STEP = 12;

export const indentOf = (depth: number) => ({ paddingLeft: `calc(${Math.min(depth, DEEPEST_STEP)} * var(--tree-step))` });

interface RowProps {
  readonly id: string;
  readonly name: string | null | undefined;
  readonly depth: number;
  /** Undefined: nobody stands below. */
  readonly isOpen: boolean | undefined;
  readonly isChosen: boolean;
  /** What stands before the name, such as a leg. */
  readonly before?: ReactNode;
  /** What stands under the name where there is no room for columns. */
  readonly below?: ReactNode;
  onToggle(): void;
  onChoose(): void;
  readonly children: ReactNode;
}

/** One row of a treegrid: whoever it is with the way to open what stands below, and the cells beside. */
export function TreeRow({ id, name, depth, isOpen, isChosen, before, below, onToggle, onChoose, children }: RowProps) {
  const { t } = useTranslation();
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isChosen) keepFocus(row.current);
  }, [isChosen]);
  return (
    <tr
      ref={row}
      aria-level={depth + 1}
      aria-expanded={isOpen}
      aria-selected={isChosen}
      className={isChosen ? "tree-row selected" : "tree-row"}
      data-row
      data-tree-row
      // One stop of the Tab key: the arrows go on from there.
      tabIndex={depth === 0 ? 0 : -1}
    >
      <td>
        <div className="tree-name" style={indentOf(depth)}>
          {isOpen === undefined ? (
            <span className="tree-toggle" aria-hidden="true" />
          ) : (
            <button
              type="button"
              className="tree-toggle"
              tabIndex={-1}
              aria-label={t(isOpen ? "network.close" : "network.open", { name: name ?? id })}
              onClick={onToggle}
            >
              <span className={isOpen ? "tree-mark open" : "tree-mark"} aria-hidden="true" />
            </button>
          )}
          <div>
            {before}
            <button type="button" className="tree-choose" onClick={onChoose}>
              {name ?? id}
            </button>{" "}
            {name && <span className="note">{id}</span>}
            {below && <div className="tree-below">{below}</div>}
          </div>
        </div>
      </td>
      {children}
    </tr>
  );
}

/** A row that stands for what is not a person: more of a line, a free place, what is being read. */
export function TreeNote({ depth, columns, children }: { depth: number; columns: number; children: ReactNode }) {
  return (
    <tr className="soft">
      <td colSpan={columns}>
        <span className="tree-more" style={indentOf(depth)}>
          <span>{children}</span>
        </span>
      </td>
    </tr>
  );
}

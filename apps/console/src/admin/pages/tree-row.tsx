import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keepFocus } from "./tree-keys.ts";

/** So far each level of a tree is set in. */
const STEP_PX = 22;

export const indentOf = (depth: number) => ({ paddingLeft: depth * STEP_PX });

interface RowProps {
  readonly id: string;
  readonly name: string | null | undefined;
  readonly depth: number;
  /** Undefined: nobody stands below. */
  readonly isOpen: boolean | undefined;
  readonly isChosen: boolean;
  /** What stands before the name, such as a leg. */
  readonly before?: ReactNode;
  onToggle(): void;
  onChoose(): void;
  readonly children: ReactNode;
}

/** One row of a treegrid: whoever it is with the way to open what stands below, and the cells beside. */
export function TreeRow({ id, name, depth, isOpen, isChosen, before, onToggle, onChoose, children }: RowProps) {
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
        <span style={indentOf(depth)}>
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
              {isOpen ? "▾" : "▸"}
            </button>
          )}{" "}
          {before}
          <button type="button" className="tree-choose" onClick={onChoose}>
            {name ?? id}
          </button>{" "}
          {name && <span className="note">{id}</span>}
        </span>
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
        <span style={indentOf(depth)}>{children}</span>
      </td>
    </tr>
  );
}

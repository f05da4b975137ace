import type { KeyboardEvent } from "react";

/** Whoever is chosen by a key keeps the focus, also where the tree is drawn anew from them. */
let choseByKey = false;

export function keepFocus(row: HTMLElement | null): void {
  if (!choseByKey || row === null) return;
  choseByKey = false;
  row.focus();
}

/** Up and down go from row to row; right opens, then goes in; left closes, then goes out to whoever stands above. */
export function moveInTree(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const row = (event.target as HTMLElement).closest<HTMLElement>("[data-tree-row]");
  if (!row) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-tree-row]")];
  const place = rows.indexOf(row);
  const isOpen = row.getAttribute("aria-expanded");
  const press = (selector: string) => row.querySelector<HTMLElement>(selector)?.click();
  if (event.key === "ArrowDown" || event.key === "j") rows[place + 1]?.focus();
  else if (event.key === "ArrowUp" || event.key === "k") rows[place - 1]?.focus();
  else if (event.key === "Home") rows[0]?.focus();
  else if (event.key === "End") rows.at(-1)?.focus();
  else if (event.key === "ArrowRight" && isOpen === "false") press(".tree-toggle");
  else if (event.key === "ArrowRight" && isOpen === "true") rows[place + 1]?.focus();
  else if (event.key === "ArrowLeft" && isOpen === "true") press(".tree-toggle");
  else if (event.key === "ArrowLeft")
    rows
      .slice(0, place)
      .findLast((one) => levelOf(one) < levelOf(row))
      ?.focus();
  else if (event.key === "Enter" && event.target === row) {
    choseByKey = true;
    press(".tree-choose");
  } else return;
  event.preventDefault();
}

const levelOf = (row: HTMLElement): number => Number(row.getAttribute("aria-level"));

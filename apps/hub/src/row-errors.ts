/** One thing wrong in one line of a file: which field, what is wrong and what would put it right. */
export interface RowError {
  readonly line: number;
  /** The column, such as `sponsor_id`. */
  readonly field: string;
  readonly message: string;
}

const LISTED = 100;

/** Collects what is wrong in a file; a list longer than this helps nobody. */
export class RowErrors {
  readonly #listed: RowError[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(line: number, field: string, message: string): void {
    this.#count++;
    if (this.#listed.length < LISTED) this.#listed.push({ line, field, message });
  }

  /** At most 100 of them, by line. */
  get listed(): readonly RowError[] {
    return this.#listed.toSorted((a, b) => a.line - b.line);
  }
}

/** A text as a message shows it: short, on one line. */
export function shown(text: string): string {
  const clean = text.replace(/\p{Cc}+/gu, " ");
  return `"${clean.length > 40 ? `${clean.slice(0, 39)}…` : clean}"`;
}

/** An id or code that people type and that travels in links: something, not too long, without control characters. */
export function isPlainText(text: string, maxLength: number): boolean {
  return text !== "" && text.length <= maxLength && !/\p{Cc}/u.test(text);
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** What a date field may hold. */
export const DATE_HINT = "write 2026-01-31, or 2026-01-31T09:00:00Z with its time zone";

/** A date (its midnight in UTC) or a time with its zone; null for anything else, such as 31 February. */
export function readDate(text: string): Date | null {
  const day = DATE.exec(text.trim())?.[1];
  if (day === undefined) return null;
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return null;
  const time = text.trim() === day ? midnight : new Date(text.trim().replace(" ", "T"));
  return Number.isNaN(time.getTime()) ? null : time;
}

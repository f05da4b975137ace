import { isCalendarMoment } from "@upline/core";

/** One thing wrong in one line of a file: which field, what is wrong and what would put it right. */
export interface RowError {
  readonly line: number;
  /** The column, such as `sponsor_id`. */
  readonly field: string;
  readonly message: string;
  /** In how many later lines the same is wrong. */
  readonly more?: number;
}

/** A list longer than this helps nobody. */
const LISTED = 100;

/** The same with other values, such as a date that is none: after this many the rest is counted. */
const ALIKE = 10;

interface Cause extends RowError {
  more: number;
}

/** Collects what is wrong in a file. One cause is one entry, however many lines have it. */
export class RowErrors {
  readonly #causes = new Map<string, Cause>();
  readonly #alike = new Map<string, { count: number; last: Cause }>();
  #count = 0;

  /** How many lines and fields are wrong. */
  get count(): number {
    return this.#count;
  }

  add(line: number, field: string, message: string): void {
    this.#count++;
    const key = `${field} ${message}`;
    const same = this.#causes.get(key);
    if (same) {
      same.more++;
      return;
    }
    const kind = `${field} ${message.replaceAll(/"[^"]*"|\d+/g, "…")}`;
    const alike = this.#alike.get(kind);
    if (alike && alike.count >= ALIKE) {
      alike.last.more++;
      return;
    }
    const cause = { line, field, message, more: 0 };
    this.#causes.set(key, cause);
    this.#alike.set(kind, { count: (alike?.count ?? 0) + 1, last: cause });
  }

  /** At most 100 causes, by line. */
  get listed(): readonly RowError[] {
    const causes = [...this.#causes.values()].toSorted((a, b) => a.line - b.line).slice(0, LISTED);
    return causes.map(({ more, ...cause }) => (more === 0 ? cause : { ...cause, more }));
  }
}

/** A text as a message shows it: short, on one line. */
export function shown(text: string): string {
  const clean = text.replace(/\p{Cc}+/gu, " ");
  return `"${clean.length > 40 ? `${clean.slice(0, 39)}…` : clean}"`;
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** What a date field may hold. */
export const DATE_HINT = "write 2026-01-31, or 2026-01-31T09:00:00Z with its time zone, in the years 1900 to 9999";

/** A date (its midnight in UTC) or a time with its zone; null for anything else, such as 31 February or the year 0. */
export function readDate(text: string): Date | null {
  const day = DATE.exec(text.trim())?.[1];
  if (day === undefined) return null;
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return null;
  const time = text.trim() === day ? midnight : new Date(text.trim().replace(" ", "T"));
  return isCalendarMoment(time) ? time : null;
}

/** The months of the demo's history; the last is not over. */
export const MONTHS = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"] as const;
export type Month = (typeof MONTHS)[number];

export const DAY_MS = 86_400_000;

/** Nothing happens after it. */
export const LAST_MOMENT = new Date("2026-11-26T21:00:00Z");

export const beginningOf = (month: Month): Date => new Date(`${month}-01T00:00:00Z`);

export function endOf(month: Month): Date {
  const first = beginningOf(month);
  const next = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1));
  return next < LAST_MOMENT ? next : LAST_MOMENT;
}

import type { Place } from "../shared/moments.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** `Wednesday 8 July`; of another year with the year. */
export function weekdayName(value: string, { language, zone }: Place): string {
  const at = new Date(value);
  const isThisYear = at.getFullYear() === new Date().getFullYear();
  const key = `${language} ${zone} ${isThisYear}`;
  const year = isThisYear ? {} : ({ year: "numeric" } as const);
  const options = { weekday: "long", day: "numeric", month: "long", ...year, timeZone: zone } as const;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options);
  formats.set(key, known);
  return known.format(at);
}

import type { Place } from "../shared/moments.ts";

export interface SpanOf {
  readonly name: string;
  readonly starts_at: string;
  readonly ends_at: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function said(at: Date, { language, zone }: Place, options: Intl.DateTimeFormatOptions): string {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  const known =
    formats.get(key) ?? new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: zone, ...options });
  formats.set(key, known);
  return known.format(at);
}

/** `July` of this year, `July 2025` of another; a week says its first and last day. */
export function spanName(span: SpanOf, place: Place, withYear = false): string {
  const [from, last] = [new Date(span.starts_at), lastMoment(span)];
  const month = (at: Date) => said(at, place, { month: "long", year: "numeric" });
  const isWhole = said(from, place, { day: "numeric" }).replace(/\D/g, "") === "1" && month(from) === month(last);
  const thisYear = said(new Date(), place, { year: "numeric" }) === said(from, place, { year: "numeric" });
  const year = thisYear && !withYear ? {} : ({ year: "numeric" } as const);
  if (isWhole && said(new Date(span.ends_at), place, { day: "numeric" }).replace(/\D/g, "") === "1")
    return said(from, place, { month: "long", ...year });
  const day = { day: "numeric", month: "short" } as const;
  return `${said(from, place, day)} – ${said(last, place, { ...day, ...year })}`;
}

/** `31 July`: the last day that counts. */
export const lastDay = (span: SpanOf, place: Place) => said(lastMoment(span), place, { day: "numeric", month: "long" });

const lastMoment = ({ ends_at }: SpanOf) => new Date(new Date(ends_at).getTime() - 1);

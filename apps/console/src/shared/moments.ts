/** Moments in the company's time zone; whoever rests on one sees UTC. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  // English days are said as `2 July`, which readers on both sides of the Atlantic take for the same day.
  const made = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: zone, ...options });
  formats.set(key, made);
  return made;
}

export interface Place {
  readonly language: string;
  readonly zone: string;
}

/** `2 July 2026, 09:14:03`. */
export function momentOf(value: string | Date, { language, zone }: Place): string {
  const at = new Date(value);
  return `${dayOf(at, { language, zone })}, ${timeOf(at, { language, zone })}`;
}

/** `2 July 2026`. */
export function dayOf(value: string | Date, { language, zone }: Place): string {
  return format(language, zone, { day: "numeric", month: "long", year: "numeric" }).format(new Date(value));
}

/** `Thursday 2 July 2026`. */
export function weekdayOf(value: string | Date, { language, zone }: Place): string {
  return format(language, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(new Date(value));
}

/** `09:14:03`. */
export function timeOf(value: string | Date, { language, zone }: Place): string {
  return format(language, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(
    new Date(value),
  );
}

/** Today `09:14`, this year `2 July`, else with the year: for lists, where the rest can be seen by resting on it. */
export function briefly(value: string | Date, place: Place, now: Date = new Date()): string {
  const at = new Date(value);
  const { language, zone } = place;
  if (dayOf(at, place) === dayOf(now, place))
    return format(language, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
  const isThisYear =
    format(language, zone, { year: "numeric" }).format(at) === format(language, zone, { year: "numeric" }).format(now);
  return format(language, zone, { day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) }).format(at);
}

/** `2026-07-02 07:14:03 UTC`. */
export function utcOf(value: string | Date): string {
  return `${new Date(value).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** `3 minutes ago`. */
export function agoOf(value: string | Date, language: string, now: Date = new Date()): string {
  const seconds = (new Date(value).getTime() - now.getTime()) / 1000;
  const [unit, size] = STEPS.find(([, least]) => Math.abs(seconds) >= least) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** When a day such as `2026-07-01` begins in a zone, as the hub takes it. */
export function beginningOf(day: string, zone: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // Where the clocks change that night, the first guess is an hour off: the second one is right.
  let at = utc - offsetAt(utc, zone);
  at = utc - offsetAt(at, zone);
  return new Date(at).toISOString();
}

/** Asks the hub as of the beginning of a day; as of now where there is none. */
export function asOfDay(day: string | undefined, zone: string): { at?: string } {
  return day === undefined ? {} : { at: beginningOf(day, zone) };
}

/** The day of a zone that a moment lies in, such as `2026-07-01`. */
export function dayIn(value: string | Date, zone: string): string {
  const at = new Date(value);
  return new Date(at.getTime() + offsetAt(at.getTime(), zone)).toISOString().slice(0, 10);
}

/** The first day of a zone that begins at a moment or after it. */
export function firstDayFrom(value: string, zone: string): string {
  const day = dayIn(value, zone);
  if (Date.parse(beginningOf(day, zone)) >= Date.parse(value)) return day;
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const parts = format("en", zone, {
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value ?? "0");
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(at / 1000) * 1000;
}

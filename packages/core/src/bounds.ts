/**
 * What any edge of the product takes, whoever sends it: a shop's delivery, a CSV file, the API, the console. What is
 * within these bounds can be stored, read again, computed with and summed; what is not is refused with a sentence.
 */

/** Ids and names of shops and people, in UTF-16 units. */
export const ID_LENGTH_MAX = 255;
export const TEXT_LENGTH_MAX = 255;

/** One amount, in minor units: ten thousand million euros. A million such sums are still far below 2^63. */
export const AMOUNT_MINOR_MAX = 10n ** 12n;

/** Pieces of one line. */
export const QUANTITY_MAX = 10_000_000;

/** PV, QV and CV of one piece: at most four decimals, and a million million ten-thousandths at most. */
export const VOLUME_DECIMALS_MAX = 4;
export const VOLUME_MAX = 100_000_000;

/** Percent of a line's net that its volume may be. */
export const VOLUME_SHARE_MAX = 1_000;

/** PV, QV or CV of one line, in ten-thousandths: sums of some hundreds of them are still exact in a close. */
export const LINE_VOLUME_MAX = 10n ** 14n;

/** In one order. */
export const LINES_MAX = 2_000;
export const REFUNDS_MAX = 2_000;
export const EVIDENCE_MAX = 200;

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const DAY_MS = 86_400_000;

/** Days that every year has, and six decimals of a second. */
const PLAIN_INSTANT =
  /^\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is an instant as nearly all are written; not all that are none are no instants. */
export function isPlainInstant(text: unknown): text is string {
  return typeof text === "string" && PLAIN_INSTANT.test(text);
}

/** Whether a moment can be an order's: from 1970 to the day after tomorrow, seen from `now`; to the year 9999 without it. */
export function isOrderDate(moment: string | Date, now: Date | null): boolean {
  const time = moment instanceof Date ? moment.getTime() : Date.parse(moment);
  const latest = now === null ? LATEST : Math.floor(now.getTime() / DAY_MS) * DAY_MS + 3 * DAY_MS - 1;
  return time >= EARLIEST && time <= latest;
}

export function isAmountMinor(minor: bigint): boolean {
  return minor >= -AMOUNT_MINOR_MAX && minor <= AMOUNT_MINOR_MAX;
}

export function isQuantity(quantity: number): boolean {
  return Number.isFinite(quantity) && quantity >= 0 && quantity <= QUANTITY_MAX;
}

/** A volume as it is written, such as "12.5": null where it is within the bounds, else what is wrong and what to write. */
export function volumeProblem(text: string): string | null {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return "is no volume: write a number such as 12.5";
  const [, whole = "", decimals = ""] = match;
  if (decimals.length > VOLUME_DECIMALS_MAX) return `has more than ${VOLUME_DECIMALS_MAX} decimals: round it`;
  if (whole.length > 15 || Number(`${whole}.${decimals}`) > VOLUME_MAX)
    return `is larger than ${VOLUME_MAX}, the largest volume of one piece`;
  return null;
}

/** A volume as a SKU mapping says it, "25" for each piece or "80%" of the net: null where it is within the bounds, else what is wrong. */
export function volumeRuleProblem(text: string): string | null {
  if (text.startsWith("-")) return "is no volume: it is less than 0";
  const share = text.endsWith("%");
  const number = share ? text.slice(0, -1).trim() : text;
  const problem = volumeProblem(number);
  if (problem === null && share && Number(number) > VOLUME_SHARE_MAX)
    return `is more than ${VOLUME_SHARE_MAX}%, the largest share of a line's net`;
  return problem?.startsWith("is no") ? "is no volume: write 25 for each piece, or 80% of the line's net" : problem;
}

/** An amount that people write, such as a margin of one piece: 0 or more, at most four decimals. Null, or what is wrong and what to write. */
export function amountProblem(text: string): string | null {
  if (text.startsWith("-")) return "is less than 0";
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return "is no amount of 0 or more: write a number such as 12.50";
  const [, whole = "", decimals = ""] = match;
  if (decimals.length > VOLUME_DECIMALS_MAX) return `has more than ${VOLUME_DECIMALS_MAX} decimals: round it`;
  return whole.length > 15 || Number(text) > VOLUME_MAX ? `is larger than ${VOLUME_MAX}, the largest amount of one piece` : null;
}

/** What a spreadsheet makes of a long number: its last digits are gone. */
const SCIENTIFIC = /^\d+(?:[.,]\d+)?E[+-]\d+$/i;

/** An id or code that people type: null where it can be one, else what is wrong and what would put it right. */
export function idProblem(text: string, lengthMax = ID_LENGTH_MAX): string | null {
  if (text === "") return "is empty";
  if (SCIENTIFIC.test(text))
    return "is what a spreadsheet makes of a long number, and digits are lost: format the column as text and export it again";
  const problem = textProblem(text, lengthMax);
  if (problem === null && /\p{Cc}/u.test(text)) return "holds a control character, such as a tab or a line break: remove it";
  return problem;
}

/** Words that people read: null where they can be kept, else what is wrong and what would put it right. */
export function textProblem(text: string, lengthMax = TEXT_LENGTH_MAX): string | null {
  if (text.includes("\u0000")) return "holds a NUL character: remove it";
  if (!text.isWellFormed()) return "holds half a character: type it again";
  return text.length > lengthMax ? `is longer than ${lengthMax} characters: shorten it` : null;
}

const CALENDAR_FROM = Date.UTC(1900, 0, 1);

/** Whether a moment is one that people can mean and every part of the product can write: the years 1900 to 9999. */
export function isCalendarMoment(moment: Date): boolean {
  return moment.getTime() >= CALENDAR_FROM && moment.getTime() <= LATEST;
}

/** Text without what a database or another program cannot hold: NUL and halves of characters. */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

/** Words that people read, made storable and cut to a length without cutting a character in two. Ids are never changed like this. */
export function readableText(text: string, lengthMax = TEXT_LENGTH_MAX): string {
  const clean = isStorable(text) ? text : text.replaceAll("\u0000", "").toWellFormed();
  if (clean.length <= lengthMax) return clean;
  const cut = clean.slice(0, lengthMax);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

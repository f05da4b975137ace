import { percentUnits } from "./percent.ts";

/** How German writes figures: `1234.5` as `1.234,5`, `0.05` as `5 %`, `2026-07-01` as `1. Juli 2026`. What is none stays as it is. */

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** The minus that has the width of a figure, as on the screens. */
const MINUS = "−";

/** A decimal text; nothing of no text. */
export function number(text: string | undefined): string {
  if (text === undefined || !DECIMAL.test(text)) return text ?? "";
  const [whole = "0", fraction] = text.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  return `${text.startsWith("-") ? MINUS : ""}${grouped}${fraction === undefined ? "" : `,${fraction}`}`;
}

/** A rate such as 0.05. */
export function percent(rate: string | undefined): string {
  return rate === undefined ? "" : `${number(percentUnits(rate))} %`;
}

const MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" ");

/** A calendar day. */
export function day(text: string): string {
  const [year, month, dayOfMonth] = text.split("-").map(Number);
  const name = MONTHS[(month ?? 0) - 1];
  return name === undefined || dayOfMonth === undefined ? text : `${dayOfMonth}. ${name} ${year}`;
}

/** A name as it was given, in German quotation marks. */
export const quoted = (name: string | undefined): string => `„${name}“`;

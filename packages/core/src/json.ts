/**
 * JSON in and out without losing a digit: platform ids exceed 2^53 (Shopify's 820982911946154508 is
 * silently rounded by a plain `JSON.parse`), and hashes need one byte sequence per value.
 */

/** A value that JSON text can hold; `bigint` is written as a decimal string. */
export type Json = null | boolean | number | string | bigint | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A bare number of sixteen characters or more may not fit a double. Digits inside quotes seldom match, and then only cost time. */
const LONG_NUMBER = /(?:^|[:[,])\s*-?[\d.]{16}/;

/** As many digits and points as that expression wants. */
const RUN = 16;

/**
 * Whether such a number can be there at all. A run of so many digits covers a sixteenth character of the text, so that
 * only those are looked at, and a run once: the expression alone would read every character.
 */
function hasLongRun(text: string): boolean {
  for (let at = RUN - 1; at < text.length; at += RUN) {
    if (!isNumeric(text, at)) continue;
    let from = at;
    while (at - from < RUN && isNumeric(text, from - 1)) from--;
    let to = at;
    while (to - from < RUN - 1 && isNumeric(text, to + 1)) to++;
    if (to - from >= RUN - 1 && followsMark(text, from)) return true;
  }
  return false;
}

function isNumeric(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 48 && code <= 57) || code === 46;
}

/** Whether a bare number may begin here: a run inside a text follows its quote or another character of it. */
function followsMark(text: string, from: number): boolean {
  let before = from - 1;
  if (text[before] === "-") before--;
  while (text.charCodeAt(before) <= 32) before--;
  return before < 0 || ":,[".includes(text.charAt(before));
}

/**
 * Parses JSON text; integers beyond 2^53 and decimals of more than 15 digits come back as strings
 * with their digits as sent. Throws SyntaxError for malformed text.
 */
export function parseJson(text: string): unknown {
  if (!hasLongRun(text) || !LONG_NUMBER.test(text) || !losesDigits(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

/** Every number that can have more than fifteen digits; those inside quotes only cost time. */
const LONG_NUMBERS = /(?:^|[:[,])\s*(-?\d[\d.eE+-]{15,})/g;

/** Whether one of them may come back in other digits: a third of 26.95, as PHP writes it, does not, and asking about each value is slow. */
function losesDigits(text: string): boolean {
  for (const [, number] of text.matchAll(LONG_NUMBERS)) if (String(Number(number)) !== number) return true;
  return false;
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || context?.source === undefined) return value;
  return context.source.replace(/[^\d]/g, "").length > 15 && String(value) !== context.source ? context.source : value;
}

/** JSON with sorted keys, no white space and no undefined: the same value gives the same bytes everywhere. */
export function canonicalJson(value: Json | undefined): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return `"${value}"`;
  if (typeof value !== "object") return JSON.stringify(value);
  return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as JsonRecord);
}

type JsonRecord = { readonly [key: string]: Json | undefined };

function canonicalArray(values: readonly Json[]): string {
  let text = "[";
  for (let index = 0; index < values.length; index++) text += (index === 0 ? "" : ",") + canonicalJson(values[index]);
  return `${text}]`;
}

function canonicalObject(record: JsonRecord): string {
  const { sorted, quoted } = shapeOf(record);
  let text = "{";
  for (let index = 0; index < sorted.length; index++) {
    const value = record[sorted[index] as string];
    if (value !== undefined) text += (text.length > 1 ? "," : "") + (quoted[index] as string) + canonicalJson(value);
  }
  return `${text}}`;
}

/** The names of an object's members in its own order, the same sorted, and these as they are written. */
interface Shape {
  readonly names: readonly string[];
  readonly sorted: readonly string[];
  readonly quoted: readonly string[];
}

/**
 * Of a platform's bodies nearly every object has the same names in the same order as one before: these are sorted once. By
 * the first name. There are bounds, so that no sender fills the memory, or makes looking for one dearer than sorting.
 */
const shapes = new Map<string, Shape[]>();
const SHAPES_OF_FIRST_NAME = 64;
const NAMES_KEPT = 40_000;
const NAME_LENGTH_MAX = 100;
let namesKept = 0;

function shapeOf(record: JsonRecord): Shape {
  const names = Object.keys(record);
  const alike = shapes.get(names[0] ?? "");
  if (alike !== undefined) for (const shape of alike) if (hasNames(shape, names)) return shape;
  const sorted = [...names].sort();
  const shape = { names, sorted, quoted: sorted.map(quotedName) };
  keep(shape, alike);
  return shape;
}

/** The first ones are alike already. */
function hasNames({ names: known }: Shape, names: readonly string[]): boolean {
  if (known.length !== names.length) return false;
  for (let index = names.length - 1; index > 0; index--) if (known[index] !== names[index]) return false;
  return true;
}

function keep(shape: Shape, alike: Shape[] | undefined): void {
  const { names } = shape;
  if (namesKept + names.length > NAMES_KEPT || names.some(({ length }) => length > NAME_LENGTH_MAX)) return;
  if (alike !== undefined && alike.length >= SHAPES_OF_FIRST_NAME) return;
  namesKept += names.length;
  if (alike === undefined) shapes.set(names[0] ?? "", [shape]);
  else alike.push(shape);
}

/** Names of members as they are written; few and always the same, so that each is quoted once. */
const quotedNames = new Map<string, string>();

function quotedName(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const quoted = `${JSON.stringify(name)}:`;
  if (quotedNames.size < 10_000) quotedNames.set(name, quoted);
  return quoted;
}

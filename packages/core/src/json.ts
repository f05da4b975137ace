/**
 * JSON in and out without losing a digit: platform ids exceed 2^53 (Shopify's 820982911946154508 is
 * silently rounded by a plain `JSON.parse`), and hashes need one byte sequence per value.
 */

/** A value that JSON text can hold; `bigint` is written as a decimal string. */
export type Json = null | boolean | number | string | bigint | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A bare number of sixteen characters or more may not fit a double. Digits inside quotes seldom match, and then only cost time. */
const LONG_NUMBER = /(?:^|[:[,])\s*-?[\d.]{16}/;

/**
 * Parses JSON text; integers beyond 2^53 and decimals of more than 15 digits come back as strings
 * with their digits as sent. Throws SyntaxError for malformed text.
 */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
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
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const record = value as { readonly [key: string]: Json | undefined };
  const members = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  return `{${members.join(",")}}`;
}

import type { z } from "zod";
import { isPlainInstant } from "./bounds.ts";
import { isObject, type JsonObject, readPayload } from "./payload.ts";

/**
 * Parts of readers that are written by hand, in a third of the time that a schema takes. They read what nearly every
 * body of a platform looks like, exactly as its schema reads it. Whatever is odd is declined: then the schema reads it, and says what is
 * wrong. A reader's test holds it to its schema (`readsAsItsSchema` of @upline/testing).
 */
export type Read<T> = (value: unknown) => T;

/** Thrown as it is: making an error costs more than reading the order. */
const DECLINED = Symbol("declined");

/** Leaves the whole body to the schema. */
export function decline(): never {
  throw DECLINED;
}

/** What is read by hand; null where it is declined. */
export function byHand<T>(read: Read<T>, value: unknown): T | null {
  try {
    return read(value);
  } catch (error) {
    if (error !== DECLINED) throw error;
    return null;
  }
}

/** Reads by hand, or else by the schema, whose error names the field by its full path. */
export function byHandOr<S extends z.ZodType>(schema: S, read: Read<z.infer<S>>): (value: unknown, path?: string) => z.infer<S> {
  return (value, path) => byHand(read, value) ?? readPayload(schema, value, path);
}

/** A text, or a number as its text, that the pattern matches. */
export const matching =
  (pattern: RegExp): Read<string> =>
  (value) => {
    const told = typeof value === "number" ? String(value) : value;
    return typeof told === "string" && pattern.test(told) ? told : decline();
  };

/** An exact decimal number, as its text. */
export const decimal = matching(/^-?\d{1,20}(?:\.\d{1,12})?$/);

/** An id of a shop's own, as its text: longer ones are too odd to be read by hand. */
export const plainId = matching(/^\d{1,15}$/);

/** Null for what has no id: where PHP writes 0, null or nothing. */
export const plainIdOrNone: Read<string | null> = (value) => {
  const id = maybe(value, plainId);
  return id === undefined || id === "0" ? null : id;
};

const CURRENCY = /^[A-Z]{3}$/;
export const currency: Read<string> = (value) => (typeof value === "string" && CURRENCY.test(value) ? value : decline());

export const text: Read<string> = (value) => (typeof value === "string" ? value : decline());
export const flag: Read<boolean> = (value) => (typeof value === "boolean" ? value : decline());
/** No text: neither NaN nor infinite. */
export const finite: Read<number> = (value) => (typeof value === "number" && Number.isFinite(value) ? value : decline());
export const textOrNumber: Read<string | number> = (value) => (typeof value === "string" ? value : finite(value));
export const instant: Read<string> = (value) => (isPlainInstant(value) ? value : decline());
export const object: Read<JsonObject> = (value) => (isObject(value) ? value : decline());

/** Null and what is missing stay as they are. */
export function maybe<T>(value: unknown, read: Read<T>): T | null | undefined {
  return value === null || value === undefined ? value : read(value);
}

export function listOf<T>(value: unknown, read: Read<T>): T[] {
  return Array.isArray(value) ? value.map((entry) => read(entry)) : decline();
}

/** No list is one of nothing. */
export function maybeListOf<T>(value: unknown, read: Read<T>): T[] {
  return value === null || value === undefined ? [] : listOf(value, read);
}

import type { z } from "zod";
import { fieldSentence } from "./field-sentences.ts";
import { parseJson } from "./json.ts";
import { MoneyError, parseDecimal } from "./money.ts";
import { PayloadError } from "./platform.ts";

/** Reading a platform's body at the edge, once: leniently, but strict in ids and money, with errors that name the field. */

export type JsonObject = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The body as an object, its long numbers as text. Throws PayloadError. */
export function parseBody(body: string): JsonObject {
  let value: unknown;
  try {
    value = parseJson(body);
  } catch {
    throw new PayloadError("$", "expected JSON");
  }
  if (!isObject(value)) throw new PayloadError("$", "expected an object");
  return value;
}

/** Reads a part of a body by its schema; the error names the first field that is wrong by its full path, never its value. */
export function readPayload<T extends z.ZodType>(schema: T, value: unknown, path = "$"): z.infer<T> {
  const result = schema.safeParse(value, { error: fieldSentence });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = (issue?.path ?? []).map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  throw new PayloadError(path + field, issue?.message ?? "cannot be read");
}

/** Whether a text is an exact decimal number. */
export function isDecimal(text: string): boolean {
  try {
    parseDecimal(text);
    return true;
  } catch (error) {
    if (error instanceof MoneyError) return false;
    throw error;
  }
}

/** An id that stands twice would let one thing silently replace another. `pathOf` names the field of an index. */
export function refuseTwice(ids: readonly string[], pathOf: (index: number) => string): void {
  const seen = new Set<string>();
  ids.forEach((id, index) => {
    if (seen.has(id)) throw new PayloadError(pathOf(index), `${id} stands twice: every line has an id of its own`);
    seen.add(id);
  });
}

/** A body whose type speaks of an order, and that holds none, must not pass for something without interest. */
export function refuseWithoutEntity(type: string, entities: readonly string[]): void {
  const entity = entities.find((name) => type.startsWith(`${name}.`));
  if (entity !== undefined) throw new PayloadError(`data.${entity}`, `is missing, although the type is ${type.slice(0, 60)}`);
}

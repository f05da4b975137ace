import { OpenAPIHono, z } from "@hono/zod-openapi";
import { fieldSentence, formatAmount, NO_FORM, parseJson, platformName } from "@upline/core";
import type { Env, MiddlewareHandler } from "hono";
import { ERROR_CODES, type ErrorCode, type FieldError, HubError, type Problem, problemOf } from "../errors.ts";
import { readDate } from "../row-errors.ts";
import type { CallerVariables } from "./auth.ts";
import { cutShort } from "./body.ts";
import { refuseOddText } from "./odd-text.ts";

/** Shapes that several routes share. */

// Whatever a schema says nothing of its own about is said in the product's words, never the validator's.
z.config({ customError: fieldSentence });

/** Paging: `before` is the `next` of the page before. */
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z
    .string()
    .regex(/^\d{1,18}$/, "take it from `next` of the page before")
    .optional()
    .openapi({ description: "The `next` of the page before" }),
});

/** A page of a list whose cursor is a number of a distributor, a period or the like: these have nine digits at most. */
export const numberedPage = page.extend({
  before: z
    .string()
    .regex(/^\d{1,9}$/, "take it from `next` of the page before")
    .optional()
    .openapi({ description: "The `next` of the page before" }),
});

/** A page as the queries take it, with one row more to tell whether another page follows. */
export function asked(query: { readonly limit: number; readonly before?: string | undefined }): {
  limit: number;
  before: bigint | undefined;
} {
  return { limit: query.limit + 1, before: numberOf(query.before) };
}

/** The rows of a page, one more having been asked for, and where the next page begins. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
): { rows: readonly Row[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().openapi({ description: "Send it as `before` for the next page; null where this was the last" }),
  });
}

/** A JSON answer of a route, for its description. */
export function answer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}

export const decimal = z.string().openapi({ example: "4.95", description: "Decimal in the currency's major unit" });
export const idText = z.string().openapi({ example: "1" });
export const time = z.string().openapi({ example: "2026-06-01T12:00:00.000Z" });
export const currencyText = z.string().openapi({ example: "USD" });
export const distributorText = z.string().openapi({ example: "9012" });

/** The hub's own number of an order, delivery or the like, from a path. */
export const numberParam = z.string().regex(/^\d{1,18}$/, "a number as the API gave it");

/** A moment in a query: a date, or a time with its zone. */
export const instant = z
  .string()
  .refine(
    (text) => readDate(text) !== null,
    "write a date or time of the years 1900 to 9999, such as 2026-06-01 or 2026-06-01T12:00:00Z (+ is %2B in an address)",
  );

/** Core's own, made here again because only schemas of this module's `z` can describe themselves. */
export const platform = z.enum(platformName.options);

export const flag = z.enum(["true", "false"]);

/** A filter's text as what it means; undefined where it was left out. */
export function numberOf(text: string | undefined): bigint | undefined {
  return text === undefined ? undefined : BigInt(text);
}

export function momentOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

export function flagOf(text: "true" | "false" | undefined): boolean | undefined {
  return text === undefined ? undefined : text === "true";
}

export function amountText(minor: bigint, currency: string): string {
  return formatAmount(minor, currency);
}

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.enum(Object.keys(ERROR_CODES) as [keyof typeof ERROR_CODES]),
    detail: z.string().openapi({ description: "What was wrong here, and what to do" }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem", { description: "RFC 9457 problem details; docs/errors.md has every code" });

/** The problem answers of a route, for its description. */
export function problems<Status extends number>(...statuses: readonly Status[]) {
  const codesOf = (status: number) =>
    Object.entries(ERROR_CODES).filter(([code, { status: own }]) => own === status && code !== "bad-signature");
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: codesOf(status)
          .map(([, { title }]) => title)
          .join(" · "),
        content: { "application/problem+json": { schema: problem, example: exampleOf(codesOf(status)[0]?.[0] as ErrorCode) } },
      },
    ]),
  ) as Record<
    Status,
    { description: string; content: { "application/problem+json": { schema: typeof problem; example: Problem } } }
  >;
}

/** A problem as it comes; where an input was wrong, with its field. */
function exampleOf(code: ErrorCode): Problem {
  const inputs: Partial<Record<ErrorCode, FieldError>> = {
    "bad-request": { path: "since", message: "a date or time such as 2026-06-01" },
    unprocessable: { path: "store", message: "no active shopify store" },
  };
  const field = inputs[code];
  return problemOf(new HubError(code, "A sentence that says what to do.", { fields: field ? [field] : [] }));
}

/** A Hono whose refused inputs become problem details that name the field. */
export function newRoutes<E extends Env>() {
  return new OpenAPIHono<E>({
    defaultHook: (result) => {
      if (result.success) return;
      const fields = fieldErrors(result.error.issues);
      const names = [...new Set(fields.map((field) => field.path || "the body"))];
      const [first] = fields;
      const detail = names.length === 1 && first ? `Check ${names[0]}: ${first.message}.` : `Check ${names.join(", ")}.`;
      throw new HubError("bad-request", detail, { fields });
    },
  });
}

type Issue = z.core.$ZodIssue;

/** Where a body may have one of several forms, the one it comes nearest to is spoken of. */
function fieldErrors(issues: readonly Issue[], at: readonly PropertyKey[] = []): { path: string; message: string }[] {
  return issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    const forms =
      issue.code === "invalid_union" && issue.message === NO_FORM ? issue.errors.filter((form) => form.length > 0) : [];
    const [nearest] = [...forms].sort((a, b) => a.length - b.length);
    if (nearest) return fieldErrors(nearest, path);
    if (issue.code === "unrecognized_keys") {
      const message = "is not known here: leave it out, or correct its spelling";
      return issue.keys.map((key) => ({ path: [...path, key].map(String).join("."), message }));
    }
    return [{ path: path.map(String).join("."), message: issue.message }];
  });
}

/** Bodies are read without losing a digit of an id or an amount, and refused with a sentence that helps. */
export const exactJson: MiddlewareHandler = async (c, next) => {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(c.req.header("content-type") ?? ""))
    throw new HubError("bad-request", "Send JSON, with the header `Content-Type: application/json`.");
  const text = await c.req.text().catch((cause: unknown) => {
    throw cutShort(cause);
  });
  const body = readJson(text);
  refuseOddText(body);
  c.req.json = () => Promise.resolve(body) as Promise<never>;
  await next();
};

/** Of a route whose body may be left out: one that is there is read as anywhere else, whatever its header says of it. */
export const exactJsonIfAny: MiddlewareHandler = async (c, next) => {
  const text = await c.req.text().catch((cause: unknown) => {
    throw cutShort(cause);
  });
  if (text !== "") return exactJson(c, next);
  await next();
};

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const quotes = /[\u201c\u201d]/.test(text) ? " It has typographic quotes (“ ”): write straight ones." : "";
    throw new HubError("bad-request", `The body is no JSON.${quotes}`, { cause });
  }
}

/** For single routes among those that a key with the scope `read` may use. */
export const demandAdmin: MiddlewareHandler<CallerVariables> = async (c, next) => {
  if (!c.get("caller").scopes.includes("admin")) throw new HubError("missing-scope", 'This needs a key with the scope "admin".');
  await next();
};

/** What is wrong in a row that was given to an import as its only one; `names` are fields that the API calls otherwise. */
export function refusedRows(
  errors: readonly { readonly field: string; readonly message: string }[],
  names: Readonly<Record<string, string>> = {},
): HubError {
  const fields = errors.map(({ field, message }) => ({ path: names[field] ?? field, message }));
  const [first] = fields;
  return new HubError("unprocessable", `Check ${fields.map(({ path }) => path).join(", ")}: ${first?.message ?? ""}.`, {
    fields,
  });
}

/** A day that there is, as a text: the database takes no others. */
export const day = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && readDate(text) !== null, "write a day such as 2026-06-01")
  .openapi({ example: "2026-06-01" });

import { expect, test } from "vitest";
import { z } from "zod";
import { fieldSentence } from "./field-sentences.ts";

function sentenceOf(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value, { error: fieldSentence }).error?.issues[0]?.message;
}

test("every kind of finding is a sentence that says what would be right", () => {
  const cases: [z.ZodType, unknown, string][] = [
    [z.string(), undefined, "is missing: send a text"],
    [z.string(), 5, "must be a text"],
    [z.coerce.number(), "abc", "must be a number"],
    [z.int(), 1.5, "must be a whole number"],
    [z.number().min(1), 0, "must be 1 or more"],
    [z.number().max(500), 501, "must be 500 or less"],
    [z.number().gt(0), 0, "must be more than 0"],
    [z.string().min(1), "", "is empty: fill it in"],
    [z.string().max(3), "abcd", "must have at most 3 characters"],
    [z.array(z.string()).min(2), [], "must have at least 2 entries"],
    [z.enum(["a", "b", "c"]), "d", "must be a, b or c"],
    [z.strictObject({}), { curency: "EUR" }, "curency is not known here: leave it out, or correct its spelling"],
    [z.union([z.string(), z.number()]), true, "has none of the forms that the API's description shows"],
    [z.object({}), [], "must be an object"],
    [z.email(), "x", "is not written in the form that the API's description shows"],
  ];
  for (const [schema, value, right] of cases) expect(sentenceOf(schema, value)).toBe(right);
});

test("a schema's own sentence stands", () => {
  expect(sentenceOf(z.string("an id such as 12"), 5)).toBe("an id such as 12");
});

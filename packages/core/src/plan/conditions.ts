import { z } from "zod";
import { calendarDate, expected, ident, named, rankId, volume } from "./parts.ts";

/**
 * A condition: true or false of one person. Comparisons of measures and ranks, joined by `all`, `any` and `not`, and
 * names of other conditions; there is no arithmetic, so that a linter, a ceiling and a sentence can follow every one.
 */
export type Condition =
  | string
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | Comparison
  | { rank: string }
  | { title: string }
  | { country: string[] }
  | Enrolled;

/** The name that every plan has: an earning status and what `active` asks. */
export const ACTIVE = "active";

const bound = (what: string) => volume.optional().describe(what);

const comparison = z
  .strictObject({
    measure: ident.describe("The measure's name"),
    atLeast: bound("The measure is this or more"),
    above: bound("The measure is more than this"),
    atMost: bound("The measure is this or less"),
    below: bound("The measure is less than this"),
  })
  .refine((compared) => Object.keys(compared).length > 1, expected('a bound, such as "atLeast": "100"'));
export type Comparison = z.infer<typeof comparison>;

const enrolled = z.strictObject({
  enrolled: z
    .strictObject({ from: calendarDate.optional(), before: calendarDate.optional() })
    .describe("The person enrolled on the first day or later, and before the second"),
});
export type Enrolled = z.infer<typeof enrolled>;

const FORMS =
  'a condition\'s name, or {"measure": …, "atLeast": …}, {"rank": …}, {"title": …}, {"country": […]}, {"enrolled": …}, {"all": […]}, {"any": […]}, {"not": …}';

const part: z.ZodType<Condition> = z.lazy(() => condition);
const several = z.array(part).min(1).max(50);

export const condition: z.ZodType<Condition> = z
  .union(
    [
      ident,
      z.strictObject({ all: several.describe("Every one of these holds") }),
      z.strictObject({ any: several.describe("At least one of these holds") }),
      z.strictObject({ not: part }),
      comparison,
      z.strictObject({ rank: rankId.describe("Paid as this rank or a higher one") }),
      z.strictObject({ title: rankId.describe("Ever paid as this rank or a higher one, by the closes before") }),
      z.strictObject({ country: z.array(z.string().min(2).max(8)).min(1).describe("The person's country is one of these") }),
      enrolled,
    ],
    expected(FORMS),
  )
  .meta(
    named(
      "condition",
      'True or false of one person: a condition\'s name ("active" is one), a comparison of a measure, a rank or title, or "all", "any", "not" of conditions',
    ),
  );

/** The plan's conditions by name. */
export const conditions = z.record(ident, condition).describe("Conditions by name, to be used wherever a condition may stand");

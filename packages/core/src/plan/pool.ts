import { z } from "zod";
import { bonusCommon } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { ident, money, share } from "./parts.ts";
import { rankMoney } from "./tables.ts";

const few = z.int().min(0).max(1_000_000);

/** Where units come from: "*" is every rank not named. */
const unitSource = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("rank"), units: z.record(z.string().min(1).max(63), few) }),
  z.strictObject({ by: z.literal("volume"), volume: z.enum(["pv", "gv"]) }).describe("One unit for each volume unit"),
  z
    .strictObject({
      by: z.literal("measure"),
      measure: ident,
      each: few.optional().describe("Units for one of the measure; absent is 1"),
    })
    .describe("Units by a measure: points for each qualified person of some levels, volume of a year"),
]);

/** A sum shared by units among those who qualify, at the close; spare cents by largest remainder. Section 7. */
export const poolBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("pool"),
  snapshot: z.literal("close"),
  ...closeTiming,
  /** A share of the company's volume of the period that `appliesTo` takes, or a fixed amount. */
  size: z.discriminatedUnion("by", [
    z.strictObject({
      by: z.literal("share"),
      share,
      of: z
        .enum(["cv", "pv", "qv", "net"])
        .optional()
        .describe("A share of what; absent is cv. PV and QV are worth money at cvRates"),
    }),
    z.strictObject({ by: z.literal("amount"), amount: money }),
  ]),
  /** Units by rank, by volume or by a measure; several sources are summed. */
  units: z.union([unitSource, z.array(unitSource).min(1).max(20)]),
  withoutQualifiers: z.enum(["roll-over", "company"]),
  shareCap: z
    .union([z.strictObject({ share }), z.strictObject({ amount: rankMoney })])
    .optional()
    .describe("The most one person gets: a share of the pool, or an amount by rank"),
  cutGoesTo: z
    .enum(["others", "company", "roll-over"])
    .optional()
    .describe(
      "What shareCap cuts off goes to the others by their units, to the company, or into the next pool; stated with shareCap",
    ),
});
export type PoolBonus = z.infer<typeof poolBonus>;
export type PoolUnits = z.infer<typeof unitSource>;

import { z } from "zod";
import { base } from "./base.ts";
import { bonusCommon, snapshot } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { rankRates, share, volume } from "./parts.ts";
import { shareTable } from "./tables.ts";
import { treeName } from "./trees.ts";

/**
 * Stair-step: everyone upline has one percentage, and is paid what theirs exceeds the highest already
 * paid on the same volume. What is paid in all is exactly the highest percentage of the path. Section 4.
 */
export const differentialBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("differential"),
  snapshot,
  ...closeTiming,
  tree: treeName,
  base,
  baseRate: share.optional(),
  /** The percentage by rank, or by the period's own group volume (close only), from the highest slab reached. */
  percentage: z.discriminatedUnion("by", [
    z.strictObject({ by: z.literal("rank"), rates: rankRates }),
    z.strictObject({ by: z.literal("table"), rates: shareTable }),
    z.strictObject({
      by: z.literal("group-volume"),
      slabs: z
        .array(z.strictObject({ from: volume, rate: share }))
        .min(1)
        .max(50),
    }),
  ]),
  /** Whether volume of a broken-away group still pays the upline above its leader. */
  stopsAtBreakaway: z.boolean(),
  /** Whether the buyer of an own purchase takes the first step themselves. */
  includesSource: z.boolean(),
});
export type DifferentialBonus = z.infer<typeof differentialBonus>;

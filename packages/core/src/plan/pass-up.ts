import { z } from "zod";
import { base } from "./base.ts";
import { bonusCommon } from "./bonus-parts.ts";
import { share } from "./parts.ts";
import { shareTable } from "./tables.ts";
import { treeName } from "./trees.ts";

/**
 * Pass-up (Australian x-up): a distributor's sponsor earns on their orders, except that the pay on
 * the first `count` enrolled by a sponsor goes one upline higher. Section 3.
 */
export const passUpBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("pass-up"),
  snapshot: z.literal("order"),
  tree: treeName,
  base,
  baseRate: share.optional(),
  rates: shareTable,
  count: z.int().min(1).max(100),
  /** Whether what was passed up is passed on where the one passing it is among the first of their own sponsor. */
  cascades: z.boolean(),
  kept: shareTable
    .optional()
    .describe("The share that the sponsor keeps of what is passed up, at most their own rate; absent is none"),
  to: z.enum(["upline", "company"]).optional().describe("Who has what is passed up; absent is the next upline"),
  counts: z
    .enum(["recruits", "sales"])
    .optional()
    .describe(
      "What the first so many are of: those whom the sponsor enrolled, or sales to them, by the time they were placed; absent is recruits",
    ),
  per: z.literal("class").optional().describe("Counts the sales of each commission class anew; absent counts all together"),
});
export type PassUpBonus = z.infer<typeof passUpBonus>;

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
});
export type PassUpBonus = z.infer<typeof passUpBonus>;

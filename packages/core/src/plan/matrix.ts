import { z } from "zod";
import { base } from "./base.ts";
import { bonusCommon, compression, snapshot, unqualifiedEarner, unqualifiedSource } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { ident, money, share } from "./parts.ts";
import { levelTable, opens } from "./tables.ts";

/**
 * Level pay on a forced matrix: the same walk as unilevel, on the stored placement tree and at most
 * `depth` levels. Where somebody stands is a stored fact of placement, never recomputed. Section 6.
 */
export const matrixBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("matrix"),
  snapshot,
  ...closeTiming,
  /** Name of the placement tree. */
  tree: ident,
  width: z.int().min(2).max(100),
  depth: z.int().min(1).max(100),
  base,
  baseRate: share.optional(),
  rates: levelTable,
  opens: opens.optional(),
  compression,
  unqualifiedSource,
  unqualifiedEarner,
  /** Paid once, in the close after all width + width² + … + width^depth places below are taken. */
  completion: money.optional(),
});
export type MatrixBonus = z.infer<typeof matrixBonus>;

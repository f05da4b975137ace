import { z } from "zod";
import { bonusCommon, levelRates, rankRates, share } from "./parts.ts";

/**
 * The override on a broken-away group's volume, paid above its leader. Decided at the close; the
 * plan's `breakawayRank` says who breaks away. Overrides never compound. Section 4.
 */
const overridePay = z.discriminatedUnion("mode", [
  /** Rates by the earner's rank and by the number of broken-away leaders passed. */
  z.strictObject({ mode: z.literal("fixed-per-generation"), rates: levelRates }),
  /** The earner's rate less the leader's, at least `floor`, to the first qualifying upline only. */
  z.strictObject({ mode: z.literal("differential-with-floor"), rates: rankRates, floor: share }),
]);

export const breakawayBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("breakaway"),
  snapshot: z.literal("close"),
  baseRate: share.optional(),
  override: overridePay,
});
export type BreakawayBonus = z.infer<typeof breakawayBonus>;

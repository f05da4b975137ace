import { z } from "zod";
import { bonusCommon } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { rankMoney } from "./tables.ts";

/** A fixed amount for reaching a title the first time in life, at the close. */
export const rankAdvancementBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("rank-advancement"),
  snapshot: z.literal("close"),
  ...closeTiming,
  amounts: rankMoney,
  /** Whether ranks jumped over are paid as well. */
  paysSkippedRanks: z.boolean(),
});
export type RankAdvancementBonus = z.infer<typeof rankAdvancementBonus>;

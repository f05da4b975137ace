import { z } from "zod";
import { rankMoney } from "./binary.ts";
import { bonusCommon } from "./parts.ts";

/** A fixed amount for reaching a title the first time in life, at the close. */
export const rankAdvancementBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("rank-advancement"),
  snapshot: z.literal("close"),
  amounts: rankMoney,
  /** Whether ranks jumped over are paid as well. */
  paysSkippedRanks: z.boolean(),
});
export type RankAdvancementBonus = z.infer<typeof rankAdvancementBonus>;

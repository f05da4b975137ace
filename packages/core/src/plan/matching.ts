import { z } from "zod";
import { generationBoundary } from "./generation.ts";
import { bonusCommon, compression, ident, levelRates } from "./parts.ts";

/** A share of what downline distributors earned from other bonuses, on the sponsor tree, at the close. Section 7. */
export const matchingBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("matching"),
  snapshot: z.literal("close"),
  /** The bonuses that are matched. */
  of: z.array(ident).min(1),
  /** Whether the amounts are taken before or after the caps of those bonuses. */
  amounts: z.enum(["before-caps", "after-caps"]),
  /** Whether what somebody earned by matching is matched in turn. */
  cascade: z.boolean(),
  /** Rates by the earner's rank and by level, or by generation. */
  rates: levelRates,
  by: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("level"), compression }),
    z.strictObject({ kind: z.literal("generation"), boundary: generationBoundary }),
  ]),
  /** `rank-not-above`: only an upline whose rank is not above that of the one who earned. */
  who: z.enum(["everyone", "rank-not-above"]),
});
export type MatchingBonus = z.infer<typeof matchingBonus>;

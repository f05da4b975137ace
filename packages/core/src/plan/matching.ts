import { z } from "zod";
import { bonusCommon, compression } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { condition } from "./conditions.ts";
import { generationBoundary } from "./generation.ts";
import { ident } from "./parts.ts";
import { levelTable, opens } from "./tables.ts";
import { treeName } from "./trees.ts";

/** A share of what downline distributors earned from other bonuses, at the close. Section 7. */
export const matchingBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("matching"),
  snapshot: z.literal("close"),
  ...closeTiming,
  tree: treeName,
  /** The bonuses that are matched. */
  of: z.array(ident).min(1),
  /** Whether the amounts are taken before or after the caps of those bonuses. */
  amounts: z.enum(["before-caps", "after-caps"]),
  /** Whether what somebody earned by matching is matched in turn. */
  cascade: z.boolean(),
  /** Rates by the earner's rank and by level, or by generation. */
  rates: levelTable,
  opens: opens.optional(),
  by: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("level"), compression }),
    z.strictObject({ kind: z.literal("generation"), boundary: generationBoundary }),
  ]),
  /** `rank-not-above`: only an upline whose rank is not above that of the one who earned. */
  who: z.enum(["everyone", "rank-not-above"]),
  matchedIf: condition.optional().describe("Only earnings of people who meet this are matched"),
});
export type MatchingBonus = z.infer<typeof matchingBonus>;

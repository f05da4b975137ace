import { z } from "zod";
import { base, bonusCommon, ident, levelRates, share, snapshot } from "./parts.ts";

/**
 * Where one generation ends and the next begins. A generation includes the leader who closes it, so
 * the generation of a source for an earner is 1 + the leaders strictly between the two. Section 7.
 */
export const generationBoundary = z.strictObject({
  kind: z.enum(["fixed-rank", "own-rank"]),
  /** For `fixed-rank`: this rank or higher closes a generation. `own-rank` takes the earner's. */
  rank: ident.optional(),
  /** Whether a leader who is not active still closes a generation. */
  inactiveLeaderBounds: z.boolean(),
  /** Whether a generation that holds nobody but its leader uses up a number. */
  emptyGenerationCounts: z.boolean(),
});
export type GenerationBoundary = z.infer<typeof generationBoundary>;

export const generationBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("generation"),
  snapshot,
  base,
  baseRate: share.optional(),
  boundary: generationBoundary,
  /** By the earner's rank and the generation: the length of a rank's row is its number of open generations. */
  rates: levelRates,
});
export type GenerationBonus = z.infer<typeof generationBonus>;

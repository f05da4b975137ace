import { z } from "zod";
import { base } from "./base.ts";
import { bonusCommon, snapshot } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { ident, share } from "./parts.ts";
import { levelTable, opens } from "./tables.ts";
import { treeName } from "./trees.ts";

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
  ...closeTiming,
  tree: treeName,
  base,
  baseRate: share.optional(),
  boundary: generationBoundary,
  /** By the earner's rank and the generation: the length of a rank's row is its number of open generations. */
  rates: levelTable,
  opens: opens.optional(),
});
export type GenerationBonus = z.infer<typeof generationBonus>;

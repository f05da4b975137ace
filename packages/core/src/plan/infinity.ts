import { z } from "zod";
import { base } from "./base.ts";
import { bonusCommon, levelOne, snapshot } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { share } from "./parts.ts";
import { shareTable } from "./tables.ts";
import { treeName } from "./trees.ts";

/** Pay below the deepest paid level until it is blocked. Section 7 names the three readings of the field. */
const infinityMode = z.discriminatedUnion("mode", [
  /** Ends at the first distributor of the earner's rank or higher, but still reaches `levelsUnder` levels under them. */
  z.strictObject({ mode: z.literal("blocked"), levelsUnder: z.int().min(0).max(100) }),
  /** The earner's share less the largest share already paid. */
  z.strictObject({ mode: z.literal("differential") }),
  /** Shares add up while the budget lasts; equal or lower ranks are passed over; the first upline is never paid. */
  z.strictObject({ mode: z.literal("additive-until-max"), budget: share }),
]);

export const infinityBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("infinity"),
  snapshot,
  ...closeTiming,
  tree: treeName,
  base,
  baseRate: share.optional(),
  rates: shareTable,
  /** The bonus begins below this level: 7 means level 8 is the first paid. */
  belowLevel: z.int().min(0).max(1000),
  /** Who is level 1 of a customer's order, as in level pay; absent is the owner. */
  levelOne: levelOne.optional(),
  pay: infinityMode,
});
export type InfinityBonus = z.infer<typeof infinityBonus>;

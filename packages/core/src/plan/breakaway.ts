import { z } from "zod";
import { bonusCommon } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { share, volume } from "./parts.ts";
import { levelTable, shareTable } from "./tables.ts";
import { treeName } from "./trees.ts";

/** What a leader's group owes upward. */
export const overrideDue = z
  .strictObject({
    share: share.describe("The share of the group's volume that is due to the next leader above"),
    atLeastVolume: volume.describe('The volume on which the share is due at least, at the CV rate of "*"'),
    shortfallFrom: z
      .enum(["received", "company"])
      .describe(
        "Who makes up what a group falls short of the minimum: the leader, out of what comes from groups below and never more than that, or the company",
      ),
  })
  .describe("What each broken-away group owes to the next leader above");

/** What a leader needs to keep anything of what comes from below; otherwise it goes on to the next leader. */
export const keepsRule = z
  .strictObject({
    personalGroupVolume: volume.describe("A personal group of at least this volume"),
    orGroups: z.int().min(1).max(1000).describe("or so many broken-away groups that pay"),
  })
  .describe("What a leader needs to keep what comes from groups below; without it all of it goes on upward");

/**
 * The override on a broken-away group's volume, paid above its leader. Decided at the close; the
 * plan's `breakawayRank` says who breaks away. Overrides never compound. Section 4.
 */
const overridePay = z.discriminatedUnion("mode", [
  /** Rates by the earner's rank and by the number of broken-away leaders passed. */
  z.strictObject({ mode: z.literal("fixed-per-generation"), rates: levelTable }),
  /** The earner's rate less the leader's, at least `floor`, to the first qualifying upline only. */
  z.strictObject({ mode: z.literal("differential-with-floor"), rates: shareTable, floor: share }),
  /** A share of each broken-away group for the nearest active leader above it, with a guaranteed minimum. */
  z.strictObject({ mode: z.literal("guaranteed-minimum"), due: overrideDue, keeps: keepsRule.optional() }),
]);

export const breakawayBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("breakaway"),
  snapshot: z.literal("close"),
  ...closeTiming,
  tree: treeName,
  baseRate: share.optional(),
  override: overridePay,
});
export type BreakawayBonus = z.infer<typeof breakawayBonus>;

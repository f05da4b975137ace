import { z } from "zod";
import { bonusCommon } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { ident, money, share, volume } from "./parts.ts";
import { countTable, moneyTable, shareTable, volumeTable } from "./tables.ts";

/** A cycle that uses nothing of a side would never end. */
const cycleVolume = volume.refine((text) => !/^[0.]+$/.test(text), {
  error: () => "more than 0: each cycle uses volume of both sides",
});

const binaryPay = z.discriminatedUnion("mode", [
  /** A share of the matched volume, which is the weaker side. */
  z.strictObject({ mode: z.literal("percent"), rates: shareTable }),
  /** Whole cycles of `strong` and `weak` volume; which side is strong is decided anew before each. */
  z.strictObject({ mode: z.literal("cycle"), strong: cycleVolume, weak: cycleVolume, pays: moneyTable }),
  /** A share of the matched volume, scaled by weaker ÷ stronger side. */
  z.strictObject({ mode: z.literal("ratio"), rates: shareTable }),
  /** The amount of the highest step the weaker side reaches; the step's volume is consumed on both sides. */
  z.strictObject({
    mode: z.literal("table"),
    steps: z
      .array(z.strictObject({ weak: volume, pays: money }))
      .min(1)
      .max(100),
  }),
  /** One vendor's reverse: a share of stronger less weaker, plus what was so carried. */
  z.strictObject({ mode: z.literal("strong-minus-weak"), rates: shareTable }),
]);

/** above: only in the legs of those above, as it does in every case; or also on a side of one's own. */
const ownPlace = z.enum(["above", "weaker-side", "left", "right"]);

/**
 * Pay on a two-legged placement tree, at the close. What remains afterwards: `carry` keeps the rest
 * of both sides, `net-off` takes the rest of the weaker side off both, `flush` keeps nothing. Section 5.
 */
export const binaryBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("binary"),
  snapshot: z.literal("close"),
  ...closeTiming,
  tree: ident,
  baseRate: share.optional(),
  pay: binaryPay,
  thenPays: z.array(binaryPay).min(1).max(5).optional().describe("Further pay rules, each on the volume the ones before leave"),
  remainder: z.enum(["carry", "net-off", "flush"]),
  /** What one side may carry at most. */
  carryCap: volumeTable.optional(),
  /** Carried volume is lost after so many closes. */
  expiresAfterPeriods: z.int().min(1).max(60).optional(),
  /** A distributor who is not active loses both sides; without it they keep them and are not paid. */
  flushIfInactive: z.boolean(),
  /** Needs an active distributor of one's own enrolment on each side. */
  activeEnrolledEachSide: z.boolean().optional(),
  /** The most one position is paid in a period, by rank. */
  positionCap: moneyTable.optional(),
  /** The most one owner is paid over all positions, by the owner's rank; spread over the positions pro rata. */
  ownerCap: moneyTable.optional(),
  /** Whether volume matched beyond the position cap is used up, or stays. */
  unqualifiedPairs: z
    .enum(["kept", "used-up"])
    .optional()
    .describe("What becomes of the pairs of somebody who does not qualify: kept (also when absent) for later, or used up unpaid"),
  cappedVolume: z.enum(["consumed", "kept"]),
  cycleCap: countTable.optional().describe("The most cycles one position is paid"),
  capCalendar: ident
    .optional()
    .describe("positionCap, ownerCap and cycleCap count over the periods of this calendar; absent is the bonus's own"),
  ownVolume: ownPlace.optional().describe("Where volume of own purchases counts for the position itself; absent is above"),
  customerVolume: ownPlace.optional().describe("The same for own customers' orders"),
  aboveOnly: z
    .strictObject({ from: volume })
    .optional()
    .describe("Only what own volume exceeds this by takes its place on a side"),
});
export type BinaryBonus = z.infer<typeof binaryBonus>;

import { z } from "zod";
import { bonusCommon, ident, money, rankRates, share, volume } from "./parts.ts";

/** Fixed amounts by rank: "*" for every rank not named. */
export const rankMoney = z.record(z.string().min(1).max(63), money);

/** A cycle that uses nothing of a side would never end. */
const cycleVolume = volume.refine((text) => !/^[0.]+$/.test(text), {
  error: () => "more than 0: each cycle uses volume of both sides",
});

const binaryPay = z.discriminatedUnion("mode", [
  /** A share of the matched volume, which is the weaker side. */
  z.strictObject({ mode: z.literal("percent"), rates: rankRates }),
  /** Whole cycles of `strong` and `weak` volume; which side is strong is decided anew before each. */
  z.strictObject({ mode: z.literal("cycle"), strong: cycleVolume, weak: cycleVolume, pays: rankMoney }),
  /** A share of the matched volume, scaled by weaker ÷ stronger side. */
  z.strictObject({ mode: z.literal("ratio"), rates: rankRates }),
  /** The amount of the highest step the weaker side reaches; the step's volume is consumed on both sides. */
  z.strictObject({
    mode: z.literal("table"),
    steps: z
      .array(z.strictObject({ weak: volume, pays: money }))
      .min(1)
      .max(100),
  }),
  /** One vendor's reverse: a share of stronger less weaker, plus what was so carried. */
  z.strictObject({ mode: z.literal("strong-minus-weak"), rates: rankRates }),
]);

/**
 * Pay on a two-legged placement tree, at the close. What remains afterwards: `carry` keeps the rest
 * of both sides, `net-off` takes the rest of the weaker side off both, `flush` keeps nothing. Section 5.
 */
export const binaryBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("binary"),
  snapshot: z.literal("close"),
  tree: ident,
  baseRate: share.optional(),
  pay: binaryPay,
  remainder: z.enum(["carry", "net-off", "flush"]),
  /** What one side may carry at most. */
  carryCap: volume.optional(),
  /** Carried volume is lost after so many closes. */
  expiresAfterPeriods: z.int().min(1).max(60).optional(),
  /** A distributor who is not active loses both sides; without it they keep them and are not paid. */
  flushIfInactive: z.boolean(),
  /** Needs an active distributor of one's own enrolment on each side. */
  activeEnrolledEachSide: z.boolean().optional(),
  /** The most one position is paid in a period, by rank. */
  positionCap: rankMoney.optional(),
  /** The most one owner is paid over all positions, by the owner's rank; spread over the positions pro rata. */
  ownerCap: rankMoney.optional(),
  /** Whether volume matched beyond the position cap is used up, or stays. */
  cappedVolume: z.enum(["consumed", "kept"]),
});
export type BinaryBonus = z.infer<typeof binaryBonus>;

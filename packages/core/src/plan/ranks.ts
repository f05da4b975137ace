import { z } from "zod";
import { condition } from "./conditions.ts";
import { ident, share, volume } from "./parts.ts";

/** Whole numbers of legs, periods and the like. */
const count = z.int().min(1).max(1000);

/**
 * The max-leg rule: how much of one leg counts toward a group volume. `cap-on-required` counts at most
 * `share` of the required volume from a leg; `cap-on-total` at most `share` of the total so counted.
 */
export const maxLeg = z.strictObject({ mode: z.enum(["cap-on-required", "cap-on-total"]), share });

/** What a rank asks of one period; what is absent is not asked. */
export const rankRequirement = z.strictObject({
  pv: volume.optional(),
  gv: z.strictObject({ volume, maxLeg: maxLeg.optional() }).optional(),
  /** Group volume without broken-away groups. */
  personalGroupVolume: volume.optional(),
  /** Frontline distributors who are active themselves. */
  activeLegs: count.optional(),
  /** Legs that contain, at any depth, at least one distributor of this rank or higher. */
  legsWithRank: z.array(z.strictObject({ rank: ident, legs: count })).optional(),
  /** Volume of own customers' orders. */
  retailVolume: volume.optional(),
  /** The rank must have been held, paid-as, in so many closed periods just before. */
  heldBefore: z.strictObject({ rank: ident, periods: count }).optional(),
  condition: condition
    .optional()
    .describe("And this holds; it may ask for ranks of people below, and for one's own title, not for one's own rank"),
});
export type RankRequirement = z.infer<typeof rankRequirement>;

export const rank = z.strictObject({
  id: ident,
  name: z.string().min(1).max(120),
  requires: rankRequirement,
  /** For so many periods a rank once held is kept though not met; absent is none. */
  gracePeriods: count.optional(),
});
export type Rank = z.infer<typeof rank>;

import { z } from "zod";
import { binaryBonus } from "./binary.ts";
import { breakawayBonus } from "./breakaway.ts";
import { calendars } from "./calendars.ts";
import { planCap } from "./caps.ts";
import { condition, conditions } from "./conditions.ts";
import { planCurrency } from "./currency.ts";
import { differentialBonus } from "./differential.ts";
import { fastStartBonus } from "./fast-start.ts";
import { generationBonus } from "./generation.ts";
import { infinityBonus } from "./infinity.ts";
import { matchingBonus } from "./matching.ts";
import { matrixBonus } from "./matrix.ts";
import { measures } from "./measures.ts";
import { decimal, ident, volume } from "./parts.ts";
import { passUpBonus } from "./pass-up.ts";
import { poolBonus } from "./pool.ts";
import { promotion } from "./promotions.ts";
import { rankAdvancementBonus } from "./rank-advancement.ts";
import { rank } from "./ranks.ts";
import { retailBonus } from "./retail.ts";
import { rewardBonus } from "./rewards.ts";
import { trees } from "./trees.ts";
import { unilevelBonus } from "./unilevel.ts";

export type { Rank, RankRequirement } from "./ranks.ts";

/**
 * The plan document: a compensation plan as data. It has no defaults and no transforms, so the parsed
 * plan is the published document and its hash never changes when this language grows.
 * Every rule on which sources of the field disagree is a named mode that the plan must state.
 */

export const PLAN_FORMAT = "upline-plan/1";

export const commissionClass = z.strictObject({
  id: ident,
  name: z.string().min(1).max(120),
  /** Factors on the volumes of the SKU map; absent is 1. */
  factors: z.strictObject({ pv: decimal.optional(), qv: decimal.optional(), cv: decimal.optional() }).optional(),
  /** The bonuses this class takes part in; absent is all of them. */
  bonuses: z.array(ident).optional(),
  /** An enrolment fee or starter kit, not a product sale: the linter refuses pay on these alone. */
  enrolmentFee: z.boolean().optional(),
});
export type CommissionClass = z.infer<typeof commissionClass>;

export const bonus = z.discriminatedUnion("kind", [
  retailBonus,
  unilevelBonus,
  fastStartBonus,
  matrixBonus,
  differentialBonus,
  breakawayBonus,
  generationBonus,
  infinityBonus,
  passUpBonus,
  binaryBonus,
  matchingBonus,
  poolBonus,
  rankAdvancementBonus,
  rewardBonus,
]);
export type Bonus = z.infer<typeof bonus>;
export type BonusKind = Bonus["kind"];

export const activeRule = z.strictObject({
  /** Distributor statuses that can be active at all. */
  statuses: z.array(z.string().min(1).max(40)).min(1),
  minimumPv: volume,
  /** What a distributor counts as while no period with their volume has been closed. */
  beforeFirstClose: z.enum(["active", "inactive"]),
  condition: condition.optional().describe("And this holds; it may not ask for ranks of this close nor for who is active"),
});

/**
 * `half-up` rounds halves away from zero; every amount is rounded once per earner, bonus and source. Under
 * `largest-remainder` the shares of one order, or at the close of one bonus and source, are rounded together.
 */
export const rounding = z.enum(["half-up", "half-even", "down", "largest-remainder"]).meta({
  description:
    "How amounts become whole minor units. half-up, half-even, down: each amount by itself. largest-remainder: the shares of one order sum to what the plan promises for it, rounded once; spare units go to the largest remainders",
});
export type Rounding = z.infer<typeof rounding>;

/** Who earns on a distributor's own purchase: the upline, the buyer at level 1 as well, or nobody. */
export const ownPurchase = z.enum(["pays-upline", "pays-owner", "pays-nobody"]);

export const planDocument = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  id: ident,
  name: z.string().min(1).max(120),
  version: z.int().min(1),
  /** IANA time zone in which periods begin and end. */
  timeZone: z.string().regex(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/),
  rounding,
  ownPurchase,
  /** The currency of everything that is computed; absent: orders are computed in their own, and a close has one. */
  currency: planCurrency.optional(),
  /** Money for one CV by the buyer's market, in major units of the plan's currency, or of the order's without one; "*" for every market not named. */
  cvRates: z.record(z.string().min(1).max(8), decimal),
  active: activeRule,
  /** Lowest first. */
  ranks: z.array(rank).max(100),
  commissionClasses: z.array(commissionClass).min(1).max(200),
  /** How long a period is; absent is a calendar month. */
  periods: z
    .discriminatedUnion("every", [
      z.strictObject({ every: z.literal("month") }),
      z.strictObject({
        every: z.literal("week"),
        startsOn: z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]),
      }),
    ])
    .optional(),
  calendars: calendars.optional(),
  rankCalendar: ident.optional().describe("The calendar whose close judges activity, ranks and titles; needed with calendars"),
  trees: trees.optional(),
  rankTree: ident.optional().describe("The tree whose legs and groups ranks are judged by; needed with trees"),
  measures: measures.optional(),
  conditions: conditions.optional(),
  /** This rank and higher break away: their groups leave the upline's personal group. Absent: nobody does. */
  breakawayRank: ident.optional(),
  /** The volume that ranks are measured in; absent is PV. Activity is always measured in PV. */
  rankVolume: z.enum(["pv", "qv"]).optional(),
  bonuses: z.array(bonus).max(100),
  /** Caps over the close's bonuses, enforced in this order. */
  caps: z.array(planCap).max(20).optional(),
  /** What a refund after the close of its period does to bonuses of that close; absent is "volume-only-next-period". */
  refundAfterClose: z.enum(["reverse-delta", "volume-only-next-period", "write-off"]).optional(),
  /**
   * What a close does where returned goods outweigh what somebody sold in the period: "charge" takes the bonus back
   * from whoever would earn it, "carry" takes the rest off later volume, "forgive" forgets it. Absent is "charge".
   * Binary legs always carry it.
   */
  negativeVolume: z.enum(["charge", "carry", "forgive"]).optional(),
  promotions: z.array(promotion).max(100).optional(),
});
export type Plan = z.infer<typeof planDocument>;

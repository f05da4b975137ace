import { z } from "zod";
import { condition } from "./conditions.ts";
import { ident, named } from "./parts.ts";

/** What bonuses of several kinds have in common. */

/** Restricts a bonus to some orders; what is absent does not restrict. */
export const appliesTo = z
  .strictObject({
    classes: z.array(ident).min(1).optional(),
    /** Markets of the buyer, such as "DE". Different rates by market are different bonuses. */
    markets: z.array(z.string().min(2).max(8)).min(1).optional(),
    buyers: z
      .array(z.enum(["customer", "self"]))
      .min(1)
      .optional(),
    orders: z
      .enum(["subscription", "others"])
      .optional()
      .describe("Only orders that came of a subscription, or only the others; absent is both"),
  })
  .meta(named("appliesTo", "Restricts a bonus to some orders; what is absent does not restrict"));
export type AppliesTo = z.infer<typeof appliesTo>;

/** Which facts decide: trees and ranks at the order's time, or at the period's end. */
export const snapshot = z
  .enum(["order", "close"])
  .meta(named("snapshot", "Which facts decide: trees and ranks at the order's time, or at the period's end"));

/** Who is level 1 of a customer's order. An own purchase always starts at the sponsor, by the plan's `ownPurchase`. */
export const levelOne = z.enum(["owner", "sponsor"]).meta(named("levelOne", "Who is level 1 of a customer's order"));

/** What happens to the share of an upline who is not qualified, and of levels above the root. */
export const unqualifiedEarner = z
  .enum(["next-qualified", "company", "none"])
  .meta(named("unqualifiedEarner", "What happens to the share of an upline who is not qualified"));
export const unqualifiedSource = z
  .enum(["drop", "pay-in-place", "roll-up"])
  .meta(named("unqualifiedSource", "What happens to the volume of a source who is not active"));
export const compression = z.enum(["none", "standard", "dynamic"]).meta(named("compression", "Whom a level passes over"));

export const bonusCommon = {
  id: ident,
  name: z.string().min(1).max(120).optional(),
  appliesTo: appliesTo.optional(),
  earnsIf: condition
    .optional()
    .describe("Whoever does not meet this is not qualified for the bonus; unqualifiedEarner says what becomes of their share"),
};

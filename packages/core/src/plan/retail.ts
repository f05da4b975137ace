import { z } from "zod";
import { base, bonusCommon, rankRates, unqualifiedEarner } from "./parts.ts";

/** Profit on a customer's order for the distributor who owns it: a share of the base, or retail less wholesale. */
const retailPay = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("percent"), base, rates: rankRates }),
  z.strictObject({ mode: z.literal("margin") }),
]);

export const retailBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("retail"),
  pays: retailPay,
  /** Whether an owner who is not active this period still keeps the profit. */
  ownerMustBeActive: z.boolean(),
  unqualifiedEarner: unqualifiedEarner.exclude(["next-qualified"]),
});
export type RetailBonus = z.infer<typeof retailBonus>;

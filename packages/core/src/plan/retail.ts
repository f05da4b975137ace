import { z } from "zod";
import { base } from "./base.ts";
import { bonusCommon, snapshot, unqualifiedEarner } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { shareTable } from "./tables.ts";

/** Profit on a customer's order for the distributor who owns it: a share of the base, or retail less wholesale. */
const retailPay = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("percent"), base, rates: shareTable }),
  z.strictObject({ mode: z.literal("margin") }),
]);

export const retailBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("retail"),
  snapshot: snapshot.optional().describe("Absent is order; at the close slabs of the period's own sales can be paid"),
  ...closeTiming,
  pays: retailPay,
  ownPurchases: z.boolean().optional().describe("Whether own purchases count as sales too; absent is no"),
  /** Whether an owner who is not active this period still keeps the profit. */
  ownerMustBeActive: z.boolean(),
  unqualifiedEarner: unqualifiedEarner.exclude(["next-qualified"]),
});
export type RetailBonus = z.infer<typeof retailBonus>;

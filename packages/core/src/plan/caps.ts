import { z } from "zod";
import { ident, money, share } from "./parts.ts";
import { runningTotalCap } from "./running-total.ts";
import { moneyTable } from "./tables.ts";

/**
 * Caps over several bonuses of one close, enforced in the order the plan lists them, after every
 * bonus has been computed. What is cut off stays with the company. Caps on a running total reach what was paid at
 * order time as well. Section 8.
 */
const capCalendar = ident
  .optional()
  .describe("Over the periods of which calendar; needed where the plan has calendars: bonuses of shorter ones inside are summed");

export const planCap = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("distributor"),
    /** Absent is every bonus of the close. */
    bonuses: z.array(ident).min(1).optional(),
    atMost: moneyTable,
    calendar: capCalendar,
    enforcement: z.enum(["pro-rata", "priority"]),
  }),
  z.strictObject({
    kind: z.literal("company"),
    bonuses: z.array(ident).min(1).optional(),
    /** The most that may be paid: a share of the period's CV, or a fixed amount. */
    atMost: z.discriminatedUnion("by", [
      z.strictObject({ by: z.literal("share"), share }),
      z.strictObject({ by: z.literal("amount"), amount: money }),
    ]),
    calendar: capCalendar,
    /** `priority` cuts the bonuses listed last first; `hard-stop` pays distributors in the order of their ids until the sum is used up. */
    enforcement: z.enum(["pro-rata", "priority", "hard-stop"]),
  }),
  runningTotalCap,
]);
export type PlanCap = z.infer<typeof planCap>;

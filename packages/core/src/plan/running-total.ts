import { z } from "zod";
import { ident } from "./parts.ts";
import { rankMoney } from "./tables.ts";

/**
 * Caps that count what other bonuses were paid before: each bonus pays at most its own cap less what the bonuses listed
 * before it paid the same distributor in the period. It is decided at the close, from sums of the whole period: at order time
 * what an order pays would hang on which order was processed first. What an order-time bonus paid above its cap is taken
 * back by the close. Source: Homnifi, "Cross Capping".
 */
export const runningTotalCap = z.strictObject({
  kind: z.literal("running-total"),
  bonuses: z.array(ident).min(2).describe("The bonuses in the order in which they count; order-time bonuses may be among them"),
  counts: z.literal("before-it").describe("Each cap counts what the bonuses listed before were paid in the period"),
  calendar: ident.optional().describe("Over the periods of which calendar; needed where the plan has calendars"),
  atMost: z.record(ident, rankMoney).describe("By bonus, then by rank: the cap. A bonus without one counts and is not cut"),
});
export type RunningTotalCap = z.infer<typeof runningTotalCap>;

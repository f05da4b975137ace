import { z } from "zod";
import { calendarDate, ident } from "./parts.ts";

/**
 * A promotion: dated values in place of the plan's own. It has no rules of its own: it may set tables, amounts and named
 * conditions only, and what comes out must be a plan that could stand by itself.
 */
export const promotion = z.strictObject({
  id: ident,
  name: z.string().min(1).max(120).optional(),
  from: calendarDate.describe("The first day"),
  until: calendarDate.describe("The day after the last one"),
  decidedBy: z
    .enum(["order-date", "period-start"])
    .describe("order-date: orders placed in it, at order time; period-start: closes of periods that begin in it"),
  set: z
    .record(z.string().min(3).max(200), z.json())
    .describe('Paths and values, such as {"bonuses.fast-start.rates": {…}, "conditions.started": {…}}'),
});
export type Promotion = z.infer<typeof promotion>;

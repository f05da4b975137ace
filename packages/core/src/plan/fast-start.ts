import { z } from "zod";
import { base, bonusCommon, compression, ident, levelRates, share, unqualifiedEarner } from "./parts.ts";

/**
 * Enhanced level pay on the enroller line for somebody's first order, or for the first days after
 * the owner's enrolment. Decided at order time. Commission-plans section 7.
 */
export const fastStartBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("fast-start"),
  snapshot: z.literal("order"),
  window: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("first-order") }),
    z.strictObject({ kind: z.literal("days-after-enrolment"), days: z.int().min(1).max(3650) }),
  ]),
  base,
  baseRate: share.optional(),
  rates: levelRates,
  compression,
  unqualifiedEarner,
  /** Bonuses that pay nothing on an order inside the window; an empty list pays both. */
  replaces: z.array(ident),
});
export type FastStartBonus = z.infer<typeof fastStartBonus>;

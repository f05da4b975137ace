import { z } from "zod";
import {
  base,
  bonusCommon,
  compression,
  ident,
  levelOne,
  levelRates,
  share,
  snapshot,
  unqualifiedEarner,
  unqualifiedSource,
} from "./parts.ts";

/**
 * Level pay on the upline of an order: money = base × baseRate × rate[rank][level].
 * The walk is in `level-walk.ts`; formulas: commission-plans section 3.
 */
export const unilevelBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("unilevel"),
  snapshot,
  base,
  /** The share of the base that commissions are computed on ("broad percent"); absent is all of it. */
  baseRate: share.optional(),
  rates: levelRates,
  /** Rates of single commission classes, in place of `rates`. */
  classRates: z.record(ident, levelRates).optional(),
  levelOne,
  compression,
  unqualifiedSource,
  unqualifiedEarner,
  /** Whether the walk ends at, and pays, the first broken-away leader; absent is no. */
  stopsAtBreakaway: z.boolean().optional(),
});
export type UnilevelBonus = z.infer<typeof unilevelBonus>;

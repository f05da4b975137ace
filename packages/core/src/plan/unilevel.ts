import { z } from "zod";
import { base } from "./base.ts";
import { bonusCommon, compression, levelOne, snapshot, unqualifiedEarner, unqualifiedSource } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { ident, share } from "./parts.ts";
import { levelTable, opens } from "./tables.ts";
import { treeName } from "./trees.ts";

/**
 * Level pay on the upline of an order: money = base × baseRate × rate[rank][level].
 * The walk is in `level-walk.ts`; formulas: commission-plans section 3.
 */
export const unilevelBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("unilevel"),
  snapshot,
  ...closeTiming,
  tree: treeName,
  base,
  /** The share of the base that commissions are computed on ("broad percent"); absent is all of it. */
  baseRate: share.optional(),
  rates: levelTable,
  opens: opens.optional(),
  /** Rates of single commission classes, in place of `rates`. */
  classRates: z.record(ident, levelTable).optional(),
  levelOne,
  compression,
  unqualifiedSource,
  unqualifiedEarner,
  /** Whether the walk ends at, and pays, the first broken-away leader; absent is no. */
  stopsAtBreakaway: z.boolean().optional(),
});
export type UnilevelBonus = z.infer<typeof unilevelBonus>;

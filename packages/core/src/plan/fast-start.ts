import { z } from "zod";
import { base } from "./base.ts";
import { bonusCommon, compression, unqualifiedEarner } from "./bonus-parts.ts";
import { ident, share } from "./parts.ts";
import { levelTable, opens } from "./tables.ts";
import { treeName } from "./trees.ts";

/**
 * Enhanced level pay on the enroller line for somebody's first order, or for the first days after
 * the owner's enrolment. Decided at order time. Commission-plans section 7.
 */
export const fastStartBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("fast-start"),
  snapshot: z.literal("order"),
  tree: treeName,
  window: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("first-order") }),
    z.strictObject({ kind: z.literal("days-after-enrolment"), days: z.int().min(1).max(3650) }),
  ]),
  base,
  baseRate: share.optional(),
  rates: levelTable,
  opens: opens.optional(),
  compression,
  unqualifiedEarner,
  /** Bonuses that pay nothing on an order inside the window; an empty list pays both. */
  replaces: z.array(ident),
});
export type FastStartBonus = z.infer<typeof fastStartBonus>;

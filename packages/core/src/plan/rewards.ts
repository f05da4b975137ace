import { z } from "zod";
import { bonusCommon, levelOne } from "./bonus-parts.ts";
import { closeTiming } from "./calendars.ts";
import { condition } from "./conditions.ts";
import { ident, volume } from "./parts.ts";
import { levelMoneyTable } from "./tables.ts";
import { treeName } from "./trees.ts";

const times = z.int().min(1).max(1200);

/** What makes a reward due. `when` is about the person who brings it about; `earnsIf`, as in every bonus, about each earner. */
const rewardFor = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("each-period"),
      when: condition.describe("In every period in which this holds of the person"),
      since: condition.optional().describe("It begins with the first period in which this holds; absent is at once"),
      forPeriods: times.optional().describe("It ends so many periods after it began, paid in each of them or not"),
      atMostTimes: times.optional().describe("It is paid at most so many times"),
    })
    .describe("In every period in which a condition holds: car and lifestyle pay"),
  z
    .strictObject({
      kind: z.literal("first-time"),
      when: condition.describe("When this first holds of the person, once in life for each row of amounts"),
      inParts: z
        .strictObject({
          after: z
            .array(times)
            .min(1)
            .max(60)
            .describe("Equal parts, after so many periods in a row in which when held; the first period is 1"),
          gap: z
            .enum(["restart", "restart-unpaid", "hold", "forfeit"])
            .describe(
              "A period in which it does not hold: restart counts anew and pays every part again, restart-unpaid counts anew and pays the parts left, hold goes on where it stopped, forfeit ends it",
            ),
        })
        .optional()
        .describe("In instalments; absent is at once and whole"),
    })
    .describe("When a condition first holds"),
  z
    .strictObject({ kind: z.literal("per-step"), measure: ident, step: volume })
    .describe("For each whole step of a measure, which over a lifetime counts each step once"),
  z
    .strictObject({ kind: z.literal("per-item") })
    .describe("For each item sold that appliesTo takes, when the order comes; refused ones are taken back"),
]);

/**
 * A fixed amount: for a condition kept or first met, a step passed, an item sold. The person who brought it about is level
 * 1 where `levelOne` is owner, and the amounts after the first go to the uplines above.
 */
export const rewardBonus = z.strictObject({
  ...bonusCommon,
  kind: z.literal("reward"),
  snapshot: z.enum(["order", "close"]).describe("order for per-item, close for everything else"),
  ...closeTiming,
  tree: treeName,
  for: rewardFor,
  amounts: levelMoneyTable.describe("One amount, or amounts of level 1, 2 and so on"),
  levelOne: levelOne.optional().describe("Who is level 1: the person themselves (also when absent) or their sponsor"),
});
export type RewardBonus = z.infer<typeof rewardBonus>;

import { z } from "zod";
import { condition } from "./conditions.ts";
import { expected, ident, named, share, volume } from "./parts.ts";
import { treeName } from "./trees.ts";

/** A measure: a number about one person in one period, or over several. Its name stands in conditions and tables. */

const periodCount = z.int().min(1).max(120);

/**
 * Over which time. Over several periods or a lifetime a measure is the sum of what each close counted, with the tree and
 * the ranks of its time: what was closed never changes. Only numbers of different people look at the whole time at once.
 */
export const over = z
  .union(
    [
      z.strictObject({
        periods: periodCount.describe("So many periods, this one included"),
        before: periodCount
          .optional()
          .describe("How many of the latest periods are left out: 1 ends with the period before this one"),
        calendar: ident.optional().describe("Whose periods; absent is the calendar of the close that asks"),
      }),
      z.strictObject({ daysAfterEnrolment: z.int().min(1).max(3650).describe("The person's first so many days") }),
      z.strictObject({ lifetime: z.literal(true).describe("Everything up to the end of this period") }),
    ],
    expected('{"periods": 3}, {"daysAfterEnrolment": 30} or {"lifetime": true}'),
  )
  .meta(named("over", "Over which time a measure counts; absent is this period"));
export type Over = z.infer<typeof over>;

/** Levels below a person, 1 the frontline; level 0 is the person themselves. */
export const levelSpan = z
  .strictObject({
    from: z.int().min(0).max(1000).describe("First level: 0 is the person themselves, 1 the frontline"),
    to: z.int().min(0).max(1000).optional().describe("Last level; absent is every level below"),
  })
  .meta(named("levelSpan", "Which levels below a person"));
export type LevelSpan = z.infer<typeof levelSpan>;

const overTime = { over: over.optional() };
const ordersOf = {
  from: z.enum(["customers", "self"]).optional().describe("Whose orders: own customers' or own ones; absent is both"),
  classes: z.array(ident).min(1).optional().describe("Commission classes that count; absent is every one"),
  markets: z.array(z.string().min(2).max(8)).min(1).optional().describe("Markets of the buyer that count; absent is every one"),
  subscription: z.boolean().optional().describe("Only subscription orders (true) or only others (false); absent is both"),
};
const eachAtLeast = {
  eachAtLeast: volume.optional().describe("An order, or a customer's orders together, counts from this much PV on"),
};
const volumeKind = z.enum(["pv", "qv", "cv"]);
const ofVolume = { volume: volumeKind.optional().describe("Which volume; absent is the one that ranks are measured in") };
const onTree = { tree: treeName };
const side = z.enum(["left", "right"]).optional().describe("Only this side of a two-legged tree");

/** Own volume: that of own orders and own customers' orders. */
const ownVolume = z.strictObject({ what: volumeKind, ...ordersOf, ...overTime });

/** Group volume: of everyone in some levels; `pgv` leaves out groups that broke away. */
const groupVolume = z.strictObject({
  what: z.enum(["gv", "pgv"]),
  ...onTree,
  ...ofVolume,
  levels: levelSpan.optional().describe("Which levels; absent is the person and everyone below"),
  atMostFromOneLeg: z
    .union([z.strictObject({ volume }), z.strictObject({ share })])
    .optional()
    .describe("What one leg may count: a volume, or a share of the total so counted"),
  ...overTime,
});

/** The volume of one leg: the n-th by size, or a side. */
const legVolume = z.strictObject({
  what: z.literal("leg-gv"),
  ...onTree,
  ...ofVolume,
  nth: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe("The leg's place by size, 1 the largest: 2 is the weaker side of a binary tree"),
  side,
  ...overTime,
});

/** Different customers who ordered, and those who did for the first time. */
const customerCount = z.strictObject({
  what: z.enum(["customers-with-order", "new-customers"]),
  classes: ordersOf.classes,
  markets: ordersOf.markets,
  subscription: ordersOf.subscription,
  ...eachAtLeast,
  ...overTime,
});

const orderCount = z.strictObject({ what: z.literal("orders"), ...ordersOf, ...eachAtLeast, ...overTime });

/** Pieces sold. */
const itemCount = z.strictObject({ what: z.literal("items"), ...ordersOf, ...overTime });

/** What some bonuses paid the person, in major units. */
const earned = z.strictObject({ what: z.literal("earned"), bonuses: z.array(ident).min(1), ...overTime });

/** People, or legs with at least one of them, that meet a condition, which may count in turn. */
const count = z.strictObject({
  what: z.literal("count"),
  of: z
    .enum(["frontline", "legs", "levels", "enrolled"])
    .describe("Level 1; legs that hold one such person; the people of some levels; whom the person enrolled"),
  ...onTree,
  levels: levelSpan.optional().describe("For levels: which; for legs: how deep the person may stand, absent is at any depth"),
  side,
  meeting: condition.optional().describe("What each has to meet; absent is nothing"),
  ...overTime,
});

/** In how many of some periods a condition held. */
const periodsHeld = z.strictObject({ what: z.literal("periods"), meeting: condition, ...overTime });

const daysEnrolled = z.strictObject({ what: z.literal("days-enrolled") });

export const measure = z
  .discriminatedUnion("what", [
    ownVolume,
    groupVolume,
    legVolume,
    customerCount,
    orderCount,
    itemCount,
    earned,
    count,
    periodsHeld,
    daysEnrolled,
  ])
  .meta(named("measure", "A number about one person: what is counted, of whom, and over which time"));
export type Measure = z.infer<typeof measure>;

/** The plan's measures by name. */
export const measures = z.record(ident, measure).describe("Measures by name, to be used in conditions and tables");

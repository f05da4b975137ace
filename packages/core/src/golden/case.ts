import { z } from "zod";
import { exchangeRate } from "../plan/currency.ts";
import { currencyCode } from "../plan/parts.ts";

/**
 * A golden case: a plan document, a network, orders by period, and what must come out. Files are
 * checked data; `docs/golden-cases.md` explains every field to people who write their own.
 */

const id = z.string().min(1).max(120);
const amount = z.string().regex(/^-?\d+(\.\d+)?$/, { error: () => 'a decimal number as text, such as "12.50"' });

const distributor = z.strictObject({
  id,
  /** Who enrolled them; null for a root. Distributors may come in any order. */
  sponsor: id.nullable(),
  status: id.optional(),
  /** Rank id, or null for none. Given: fixed in every period. Absent: what the close finds. */
  rank: id.nullable().optional(),
  title: id.optional(),
  enrolledAt: z.string().optional(),
  /** Own place in placement trees; `auto` lets spillover choose under the sponsor. */
  places: z.record(id, z.strictObject({ parent: id.nullable(), leg: z.int().min(0) })).optional(),
  /** Owner of this position, where one person holds several. */
  owner: id.optional(),
  country: id.optional(),
  /** Measures as the last close found them, for order-time bonuses; absent: the period before in the case, or 0. */
  measures: z.record(id, amount).optional(),
  /** Personal volume of the last closed period, for order-time bonuses. */
  periodPv: amount.optional(),
});

const order = z.strictObject({
  id: id.optional(),
  owner: id,
  /** Whether the owner bought it themselves; absent is a customer's order. */
  self: z.boolean().optional(),
  class: id.optional(),
  market: id.optional(),
  first: z.boolean().optional(),
  /** Who bought it; absent is a customer of its own. */
  customer: id.optional(),
  subscription: z.boolean().optional(),
  /** Pieces; absent is 1. */
  quantity: z.int().min(1).optional(),
  placedAt: z.string().optional(),
  pv: amount.optional(),
  qv: amount.optional(),
  cv: amount.optional(),
  net: amount.optional(),
  margin: amount.optional(),
  /** Price before discounts, without tax; absent is net. */
  retail: amount.optional(),
  /** Where it is not that of the plan; `rate` is the table's of its day, for plans with dated rates. */
  currency: currencyCode.optional(),
  rate: exchangeRate.optional(),
});

const period = z.strictObject({
  id,
  /** The calendar it is a period of: needed where the plan has calendars, with its first instant and the one after its last. */
  calendar: id.optional(),
  /** Its first instant, where promotions are decided by it. */
  startsAt: z.string().optional(),
  /** The instant after its last; measures of days ask for it. */
  endsAt: z.string().optional(),
  /** In a plan with calendars the orders since the period before in this list: each close takes those placed in its time. */
  orders: z.array(order),
});

/** One claim about money: the sum of everything that matches what is named. `to` null is breakage. */
const paid = z.strictObject({
  to: id.nullable(),
  period: id.optional(),
  bonus: id.optional(),
  from: id.optional(),
  level: z.int().optional(),
  order: id.optional(),
  amount,
});

const expectation = z.strictObject({
  paid: z.array(paid).optional(),
  /** Everything somebody is paid, converted as it is paid out: by currency at one rate, by home market at blended ones. */
  payouts: z
    .array(z.strictObject({ to: id, currency: currencyCode, rate: exchangeRate.optional(), home: id.optional(), amount }))
    .optional(),
  /** Everything paid to distributors in all periods. */
  total: amount.optional(),
  carry: z.array(z.strictObject({ period: id, bonus: id, distributor: id, left: amount, right: amount })).optional(),
  /** Matched volume of a binary, or cycles. */
  matched: z.array(z.strictObject({ period: id, bonus: id, distributor: id, amount })).optional(),
  ranks: z.array(z.strictObject({ period: id, distributor: id, rank: id.nullable() })).optional(),
  volumes: z.array(z.strictObject({ period: id, distributor: id, pv: amount.optional(), gv: amount.optional() })).optional(),
  measures: z.array(z.strictObject({ period: id, distributor: id, measure: id, value: amount })).optional(),
  places: z.array(z.strictObject({ tree: id, distributor: id, parent: id, leg: z.int() })).optional(),
});

const scenario = z.strictObject({
  name: id,
  /** Replaces the case's plan, or fields of it. */
  plan: z.record(z.string(), z.unknown()).optional(),
  distributors: z.array(distributor).optional(),
  periods: z.array(period).optional(),
  expected: expectation,
  /** Why the source is not followed here: the case must then differ. */
  contradicted: z.string().optional(),
});

export const goldenCase = z.strictObject({
  format: z.literal("upline-golden/1"),
  id,
  source: z.strictObject({ name: z.string(), url: z.string(), readings: z.string().optional() }),
  provenance: z.string(),
  notes: z.array(z.string()).optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** The plan, or the path of its file, seen from the case's own. */
  plan: z.union([z.record(z.string(), z.unknown()), z.string().regex(/\.json$/)]),
  distributors: z.array(distributor),
  /** Spillover of placement trees: who is not placed by hand is placed under their sponsor in this order. */
  spillover: z
    .record(
      id,
      z.strictObject({
        width: z.int().min(2),
        depth: z.int().optional(),
        mode: z.enum(["breadth-first", "depth-first", "fewest-children", "leftmost", "rightmost"]),
      }),
    )
    .optional(),
  periods: z.array(period),
  expected: expectation.optional(),
  scenarios: z.array(scenario).optional(),
});

export type GoldenCase = z.infer<typeof goldenCase>;
export type GoldenScenario = z.infer<typeof scenario>;
export type GoldenDistributor = z.infer<typeof distributor>;
export type GoldenOrder = z.infer<typeof order>;
export type GoldenPeriod = z.infer<typeof period>;
export type GoldenExpectation = z.infer<typeof expectation>;

import { z } from "zod";
import { currencyCode, named, share } from "./parts.ts";

/**
 * The money of a plan whose orders come in several currencies. Everything is computed in the plan's: amounts of the plan and
 * money for CV are in it, net and margins of orders are converted. A payout is converted once more and is no part of
 * what a plan promises.
 */

/** Money of one currency for one of another: "1.27151", or "1/1.33333" where the rate is quoted the other way round. */
export const exchangeRate = z
  .string()
  .regex(/^(1\/)?(?=.*[1-9])\d{1,12}(\.\d{1,10})?$/, {
    error: () => 'a rate above 0 as text, such as "1.27151", or "1/1.33333" where it is quoted the other way round',
  })
  .meta(named("exchangeRate", 'A rate as text, such as "1.27151", or "1/1.33333" where it is quoted the other way round'));

const ratesByCurrency = z.record(currencyCode, exchangeRate);

const orderRates = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z.literal("pegged"),
    rates: ratesByCurrency.describe("Of the plan's currency for one of each currency that orders come in"),
  }),
  z.strictObject({ mode: z.literal("dated") }).describe("The rate in the company's table on the day the order was placed"),
]);

const payoutRates = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z.literal("pegged"),
    rates: ratesByCurrency.describe("Of each currency that is paid out for one of the plan's"),
  }),
  z.strictObject({ mode: z.literal("dated") }).describe("The rate in the company's table on the day of the payout"),
  z.strictObject({
    mode: z.literal("blended"),
    othersAbove: share.describe("The rest is blended where more than this share of the volume comes from other markets"),
    homes: z
      .record(
        z.string().min(1).max(8),
        z.strictObject({
          currency: currencyCode,
          rates: z.record(z.string().min(1).max(8), exchangeRate).describe("By the market that made the volume"),
        }),
      )
      .describe("By the earner's home market: the currency, and its money for one of the plan's"),
  }),
]);

export const planCurrency = z
  .strictObject({
    plan: currencyCode.describe("The currency of everything that the plan computes and the ledger holds"),
    orders: orderRates.describe("How orders in other currencies are converted"),
    rounds: z
      .enum(["each-step", "once"])
      .describe(
        "each-step: converted net is rounded to the plan's minor unit before a share of it is taken; once: only the amount is",
      ),
    payout: payoutRates.optional().describe("How amounts are converted when they are paid out in another currency"),
  })
  .meta(named("planCurrency", "The plan's currency, and how orders and payouts in others are converted"));
export type PlanCurrency = z.infer<typeof planCurrency>;

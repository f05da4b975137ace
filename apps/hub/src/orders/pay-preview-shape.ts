import { z } from "@hono/zod-openapi";
import { amountText, currencyText, decimal, distributorText } from "../http/shapes.ts";
import { MOST_LISTED, type Paid, type PayPreview } from "./pay-preview.ts";

const paid = {
  currency: currencyText,
  amount: decimal.openapi({ description: "What would be paid less what would be taken back" }),
  people: z.int(),
};

/** Beside `pay.orders`, which counts besides them orders that are only their buyer's first, or another sale of their sponsor's, by it. */
export const releasedOrders = z
  .int()
  .openapi({ description: "Orders that wait and would be computed, as `released_orders` counts them when it is done" });

export const payPreview = z
  .object({
    orders: z.int().openapi({ description: "Orders of which something would change" }),
    still_waiting: z
      .int()
      .openapi({ description: "Of them, with lines that would wait still, for another mapping or for a rate" }),
    unattributed: z.int().openapi({ description: "Of them, that would belong to nobody, so that nobody is paid" }),
    closed: z
      .int()
      .openapi({ description: "Of them, placed in a period that is closed: they are paid, and count for no close any more" }),
    sums: z.array(z.object(paid)).openapi({ description: "To distributors, by currency" }),
    bonuses: z.array(z.object({ bonus_id: z.string().openapi({ example: "level-pay" }), ...paid })),
    breakage: z
      .array(z.object({ currency: currencyText, amount: decimal }))
      .openapi({ description: "What nobody qualified for, by currency" }),
    distributors: z
      .array(
        z.object({
          distributor_id: distributorText,
          name: z.string().nullable(),
          currency: currencyText,
          before: decimal.openapi({ description: "What they have of these orders now" }),
          after: decimal,
          difference: decimal,
        }),
      )
      .openapi({ description: `Of whom something would change, the largest difference first; at most ${MOST_LISTED}` }),
    more: z.array(z.object(paid)).openapi({ description: "The differences of those who are not listed, by currency" }),
  })
  .openapi("PayPreview");

export function payPreviewAnswer(found: PayPreview): z.infer<typeof payPreview> {
  const sum = ({ currency, amount, people }: Paid) => ({ currency, amount: amountText(amount, currency), people });
  return {
    orders: found.orders,
    still_waiting: found.stillWaiting,
    unattributed: found.unattributed,
    closed: found.closed,
    sums: found.sums.map(sum),
    bonuses: found.bonuses.map((one) => ({ bonus_id: one.bonusId, ...sum(one) })),
    breakage: found.breakage.map(({ currency, amount }) => ({ currency, amount: amountText(amount, currency) })),
    distributors: found.people.map(({ distributorId, name, currency, before, after }) => ({
      ...{ distributor_id: distributorId, name, currency },
      before: amountText(before, currency),
      after: amountText(after, currency),
      difference: amountText(after - before, currency),
    })),
    more: found.more.map(sum),
  };
}

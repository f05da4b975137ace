import { z } from "@hono/zod-openapi";
import {
  AMOUNT_MINOR_MAX,
  currencyExponent,
  formatAmount,
  idProblem,
  isAmountMinor,
  isCurrency,
  isOrderDate,
  isWholeAmount,
  parseAmount,
  QUANTITY_MAX,
} from "@upline/core";
import { platform } from "../http/shapes.ts";
import { API_STATUSES, type ApiOrder, type ApiStatus } from "./api-order.ts";

/** The two bodies of `POST /api/mlm/orders`. Ids and money may be numbers or texts; either way no digit is lost. */

/** Where no currency is sent: only the one-line form may leave it out. */
export const DEFAULT_CURRENCY = "USD";

const AMOUNT = /^\d{1,12}(\.\d{1,8})?$/;

const amount = z
  .union([z.string(), z.number()], 'an amount such as 99.00 or "99.00"')
  .transform(String)
  .refine((text) => AMOUNT.test(text.trim()), 'a decimal amount, not negative, such as "99.00": a point and no thousands marks')
  .transform((text) => text.trim());

const id = z
  .union([z.string(), z.number()], 'an id such as "1234" or 1234')
  .transform((value) => String(value).trim())
  .superRefine((text, context) => {
    const problem = idProblem(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

const optionalId = id
  .nullish()
  .or(z.literal(""))
  .transform((value) => value || null);

const currency = z
  .string('an ISO 4217 code such as "USD"')
  .transform((text) => text.trim().toUpperCase())
  .refine(isCurrency, 'an ISO 4217 code of a currency in use, such as "USD"');

const status = z
  .string("pending, paid, completed, refunded or cancelled")
  .transform((text) => text.trim().toLowerCase())
  .refine((text): text is ApiStatus => Object.hasOwn(API_STATUSES, text), {
    error: "pending, paid, completed, refunded or cancelled",
  });

const orderTs = z.iso
  .datetime({ offset: true, error: "a time with its zone, such as 2025-08-28T08:11:04Z" })
  .refine((text) => isOrderDate(text, new Date()), "a time between 1970 and the day after tomorrow");

const quantity = z
  .union([z.string(), z.number()], "a number such as 1")
  .transform((value) => String(value).trim())
  .refine((text) => /^\d{1,9}(\.\d{1,4})?$/.test(text) && Number(text) > 0 && Number(text) <= QUANTITY_MAX, {
    error: `a number above 0 and not above ${QUANTITY_MAX}, such as 1`,
  });

type Amounts = readonly (readonly [path: readonly PropertyKey[], amount: string | null | undefined])[];

/** Every amount fits its currency, and is one that an order can have. */
function checkAmounts(currency: string, amounts: Amounts, context: Pick<z.core.$RefinementCtx, "addIssue">): void {
  if (!isCurrency(currency)) return;
  for (const [path, text] of amounts) {
    // What is no amount at all was said already.
    if (text === null || text === undefined || !AMOUNT.test(text)) continue;
    const refuse = (message: string) => context.addIssue({ code: "custom", path: [...path], message });
    const decimals = currencyExponent(currency);
    if (!isWholeAmount(text, currency))
      refuse(`has more decimals than ${currency} has, which is ${decimals}: round it as your shop does`);
    else if (!isAmountMinor(parseAmount(text, currency)))
      refuse(`is more than ${formatAmount(AMOUNT_MINOR_MAX, currency)} ${currency}, the largest amount of an order`);
  }
}

/** What both forms may say besides. */
const besides = {
  store: id.optional().openapi({ description: "A store id, where the company has several stores of the platform" }),
};

export const singleForm = z
  .strictObject({
    shopify_order_id: id.openapi({ type: "string", example: "1234" }),
    sku: id.openapi({ type: "string", example: "A1123" }),
    customer_id: optionalId.openapi({ type: "string", example: "5678" }),
    referrer_id: optionalId.openapi({
      type: "string",
      example: "9012",
      description: "A referral code, or a distributor's own id",
    }),
    amount: amount.openapi({ type: "number", example: 99.0, description: "Net of tax and shipping" }),
    currency: currency
      .default(DEFAULT_CURRENCY)
      .openapi({ type: "string", example: "USD", description: `${DEFAULT_CURRENCY} where absent` }),
    order_ts: orderTs.optional().openapi({ description: "The time of the first call where absent" }),
    status: status.default("paid").openapi({ type: "string", enum: Object.keys(API_STATUSES), description: "paid where absent" }),
    ...besides,
  })
  .superRefine(({ currency, amount }, context) => checkAmounts(currency, [[["amount"], amount]], context))
  .openapi("OneLineOrder", { description: "One product of a Shopify order" });

export const normalisedForm = z
  .strictObject({
    platform,
    platform_order_id: id.openapi({ type: "string", example: "587364120" }),
    order_ts: orderTs.openapi({ example: "2025-08-28T08:11:04Z" }),
    status: status.openapi({ type: "string", enum: Object.keys(API_STATUSES), example: "paid" }),
    currency: currency.openapi({ type: "string", example: "USD" }),
    distributor_ref: optionalId.openapi({
      type: "string",
      example: "ABC123",
      description: "A referral code, or a distributor's own id; absent or null: nobody referred",
    }),
    customer_id: optionalId.openapi({ type: "string", example: "5678", description: "Who bought; kept as a keyed hash only" }),
    items: z
      .array(
        z.strictObject({
          platform_sku: id.openapi({ type: "string", example: "KIT-STARTER-001" }),
          qty: quantity.openapi({ type: "number", example: 1 }),
          unit_price: amount.openapi({ type: "number", example: 99.0, description: "Without tax, after discounts on the line" }),
        }),
      )
      .min(1, "at least one item")
      .max(500, "at most 500 items"),
    total: amount.nullish().openapi({
      type: "number",
      example: 96.92,
      description: "Less than the items' sum: an order-wide discount. More (tax, shipping): never raises what is commissioned",
    }),
    ...besides,
  })
  .superRefine(({ currency, total, items }, context) =>
    checkAmounts(
      currency,
      [[["total"], total], ...items.map(({ unit_price }, index) => [["items", index, "unit_price"], unit_price] as const)],
      context,
    ),
  )
  .openapi("NormalisedOrder", { description: "An order of any platform, transformed" });

export const sentOrder = z.union([normalisedForm, singleForm]).openapi("SentOrder");

export function orderOf(body: z.output<typeof sentOrder>): ApiOrder {
  if ("platform_order_id" in body) {
    return {
      form: "normalised",
      platform: body.platform,
      platformOrderId: body.platform_order_id,
      storeId: body.store ?? null,
      orderTs: body.order_ts,
      status: body.status,
      currency: body.currency,
      distributorRef: body.distributor_ref,
      customerId: body.customer_id,
      items: body.items.map((item) => ({ platformSku: item.platform_sku, qty: item.qty, unitPrice: item.unit_price })),
      total: body.total ?? null,
    };
  }
  return {
    form: "single",
    platform: "shopify",
    platformOrderId: body.shopify_order_id,
    storeId: body.store ?? null,
    orderTs: body.order_ts ?? null,
    status: body.status,
    currency: body.currency,
    distributorRef: body.referrer_id,
    customerId: body.customer_id,
    items: [{ platformSku: body.sku, qty: "1", unitPrice: body.amount }],
    total: null,
  };
}

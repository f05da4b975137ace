import { z } from "zod";

/**
 * What is read of Shopify's bodies (REST-shaped JSON, API 2026-10 and every older version seen).
 * Strict about ids, quantities and money; everything else may be null, missing or new, because the
 * body is rendered in the subscription's API version, which rolls forward by itself, and an app may
 * have asked for a part of the fields only. Unknown fields are dropped: the raw body is kept elsewhere.
 */

const digits = z.string().regex(/^\d{1,40}$/, "expected a numeric id");
/** A number in JSON, whole text in memory: ids exceed 2^53, and `parseJson` has kept their digits. */
const id = z.union([z.string(), z.number()]).transform(String).pipe(digits);
const decimal = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^-?\d{1,20}(\.\d{1,12})?$/, "expected a decimal amount"));
const quantity = z.number().int().nonnegative();
const instant = z.iso.datetime({ offset: true });
const text = z.string().nullish();
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const money = z.object({ amount: decimal, currency_code: z.string() });
/** The same amount in the shop's currency, which counts, and in the one the buyer saw, which does not. */
const moneySet = z.object({ shop_money: money, presentment_money: money.nullish() }).nullish();
export type MoneySet = z.infer<typeof moneySet>;

/** Cart attributes and line properties. Buyers and other apps write them, so one odd entry must not cost the others, nor the order. */
export function attributesOf(list: unknown): { name: string; value: string }[] {
  return (Array.isArray(list) ? list : []).flatMap((entry: { name?: unknown; value?: unknown } | null) => {
    const { name, value } = entry ?? {};
    return typeof name === "string" && (typeof value === "string" || typeof value === "number")
      ? [{ name, value: String(value) }]
      : [];
  });
}
const attributes = z.unknown().optional().transform(attributesOf);

/** Lists that the body may hold twice: a document with the same id is the same document. Without an id each counts. */
export const onceEach = <T extends { id?: string | null | undefined }>(items: readonly T[]): T[] => [
  ...new Map(items.map((item, index) => [item.id ?? `without an id ${index}`, item])).values(),
];
const optionalId = id.nullish().catch(null);

const discountAllocation = z.object({ amount: decimal.nullish(), amount_set: moneySet });
const taxLine = z.object({ price: decimal.nullish(), price_set: moneySet });

const lineItem = z.object({
  id,
  variant_id: id.nullish(),
  product_id: id.nullish(),
  sku: text,
  name: text,
  title: text,
  quantity,
  current_quantity: quantity.nullish(),
  gift_card: z.boolean().nullish(),
  price: decimal.nullish(),
  price_set: moneySet,
  /** Present, even as null, on tips and on nothing else. */
  tip_payment_gateway: z.unknown().optional(),
  discount_allocations: list(discountAllocation),
  tax_lines: list(taxLine),
  properties: attributes,
});
export type LineItemPayload = z.infer<typeof lineItem>;

const refundFields = {
  id,
  created_at: instant.nullish(),
  processed_at: instant.nullish(),
  refund_line_items: list(
    z.object({
      /** A link that is lost leaves the goods with their own net. */
      line_item_id: id.nullish(),
      quantity,
      subtotal: decimal.nullish(),
      subtotal_set: moneySet,
      total_tax: decimal.nullish(),
      total_tax_set: moneySet,
    }),
  ),
  refund_shipping_lines: list(z.object({ subtotal_amount_set: moneySet })),
  order_adjustments: list(
    z.object({
      id: optionalId,
      kind: text,
      reason: text,
      amount: decimal.nullish(),
      amount_set: moneySet,
      tax_amount: decimal.nullish(),
      tax_amount_set: moneySet,
    }),
  ).transform(onceEach),
  total_duties_set: moneySet,
  total_additional_fees_set: moneySet,
  /** Missing is not the same as empty: empty says that no money moved. */
  transactions: z
    .array(z.object({ id: optionalId, kind: text, status: text, amount: decimal, currency: text }))
    .transform(onceEach)
    .nullish(),
};
const refundInOrder = z.object(refundFields);
export type RefundPayload = z.infer<typeof refundInOrder>;

/** The same refund may be listed twice; where the two differ, the one whose money has gone further counts. */
export function refundsOnce(refunds: readonly RefundPayload[]): RefundPayload[] {
  const gone = ({ transactions }: RefundPayload) => (transactions ?? []).filter(({ status }) => status === "success").length;
  const byId = new Map<string, RefundPayload>();
  for (const refund of refunds) {
    const known = byId.get(refund.id);
    if (!known || gone(refund) >= gone(known)) byId.set(refund.id, refund);
  }
  return [...byId.values()];
}

export const refundPayload = z.object({ ...refundFields, order_id: id });

export const orderPayload = z.object({
  id,
  name: text,
  order_number: z.union([z.string(), z.number()]).nullish(),
  created_at: instant.nullish(),
  processed_at: instant.nullish(),
  updated_at: instant,
  cancelled_at: text,
  cancel_reason: text,
  financial_status: text,
  test: z.boolean().nullish(),
  currency: z.string().regex(/^[A-Z]{3}$/, "expected an ISO 4217 currency code"),
  // Guessing here would be guessing about money: a reduced body must still say it.
  taxes_included: z.boolean(),
  total_price: decimal.nullish(),
  total_price_set: moneySet,
  current_total_price: decimal.nullish(),
  current_total_price_set: moneySet,
  subtotal_price: decimal.nullish(),
  subtotal_price_set: moneySet,
  total_tip_received: decimal.nullish().catch(null),
  email: z.unknown().optional(),
  contact_email: z.unknown().optional(),
  phone: z.unknown().optional(),
  customer: z.object({ id: id.nullish(), email: z.unknown().optional(), phone: z.unknown().optional() }).nullish(),
  landing_site: text,
  /** What made the order: `subscription_contract…` is a subscription, at its beginning or when it bills again. */
  source_name: text.catch(null),
  note_attributes: attributes,
  discount_applications: list(z.object({ type: text, code: text })),
  line_items: z.array(lineItem),
  refunds: list(refundInOrder).transform(refundsOnce),
});
export type OrderPayload = z.infer<typeof orderPayload>;

export const idPayload = z.object({ id });
export const orderEditPayload = z.object({ order_edit: z.object({ order_id: id }) });
export const orderReferencePayload = z.object({ order_id: id });
export const compliancePayload = z.object({ shop_domain: z.string().min(1) });

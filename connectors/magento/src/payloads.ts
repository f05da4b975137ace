import { isDecimal } from "@upline/core";
import { z } from "zod";

/**
 * What is read from Magento's REST representations: strict for ids and money, lenient for all else.
 * Null scalars are left out by Magento, ids come as numbers or as text, and an empty PHP array
 * stands where an object is expected.
 */

export const id = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,20}$/)]).transform(String);

const optionalId = id
  .nullish()
  .catch(null)
  .transform((value) => (value === "0" || value == null ? null : value));

/** Money is a JSON number made from decimal(20,4): its text is exact, its binary value is not used. */
const decimal = z
  .union([z.number(), z.string()])
  .transform(String)
  .refine((text) => isDecimal(text), "expected a decimal number");

const zero = decimal.nullish().transform((value) => value ?? "0");

const quantity = z.preprocess((value) => (typeof value === "string" ? Number(value) : value), z.number());

/** "2026-11-23 16:35:03" is UTC. */
const utc = z
  .string()
  .transform((text) => (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(" ", "T")}Z` : text))
  .refine((text) => z.iso.datetime({ offset: true }).safeParse(text).success, "expected a date");

const optionalUtc = utc.nullish().catch(null);

const text = z
  .union([z.string(), z.number()])
  .transform(String)
  .nullish()
  .catch(null)
  .transform((value) => (value == null || value.trim() === "" ? null : value.slice(0, 255)));

/** Row money of any kind of document, in the website's base currency; dummy items have no row total at all. */
const rowMoney = z.object({
  base_row_total: decimal.nullish(),
  base_discount_amount: zero,
  base_discount_tax_compensation_amount: zero,
});
export type RowMoney = z.infer<typeof rowMoney>;

const orderItem = rowMoney.extend({
  item_id: id,
  parent_item_id: optionalId,
  product_id: optionalId,
  product_type: text,
  sku: text,
  name: text,
  qty_ordered: quantity.nullish().catch(null),
});
export type OrderItem = z.infer<typeof orderItem>;

/** The parts of a document's or order's total, in its own header; what a version leaves out is none. */
const headerMoney = z.object({
  base_subtotal: zero,
  base_discount_amount: zero,
  base_discount_tax_compensation_amount: zero,
  base_tax_amount: zero,
  base_shipping_amount: zero,
  base_shipping_discount_tax_compensation_amnt: zero,
});
export type HeaderMoney = z.infer<typeof headerMoney>;

export const restOrder = headerMoney.extend({
  entity_id: id,
  increment_id: text,
  state: z.string().min(1),
  status: text,
  base_currency_code: z.string().regex(/^[A-Z]{3}$/, "expected an ISO 4217 currency code"),
  base_grand_total: decimal,
  base_shipping_discount_amount: zero,
  base_total_invoiced: zero,
  base_total_refunded: zero,
  created_at: utc,
  updated_at: optionalUtc,
  customer_id: optionalId,
  customer_email: z.string().nullish().catch(null),
  billing_address: z
    .object({ telephone: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
  coupon_code: text,
  items: z.array(orderItem),
  extension_attributes: z.record(z.string(), z.unknown()).nullish().catch(null),
});
export type RestOrder = z.infer<typeof restOrder>;

/** A credit memo's row may have lost its order item: its own net counts all the same. */
const documentItem = rowMoney.extend({
  order_item_id: z.union([z.null(), id]).optional(),
  qty: quantity,
  sku: text,
  product_id: optionalId,
  base_tax_amount: zero,
});
type AnyRow = z.infer<typeof documentItem>;
/** A row whose order item is known. */
export type DocumentItem = AnyRow & { readonly order_item_id: string };

/** An invoice or a credit memo: 1 open, 2 paid or refunded, 3 cancelled. */
export const restDocument = headerMoney.extend({
  entity_id: id,
  state: z.union([z.number(), z.string()]).transform(Number),
  base_grand_total: decimal,
  base_shipping_tax_amount: zero,
  base_adjustment: decimal.nullish(),
  base_adjustment_positive: decimal.nullish(),
  base_adjustment_negative: decimal.nullish(),
  created_at: utc,
  updated_at: optionalUtc,
  items: z.array(documentItem),
});
export type RestDocument = z.infer<typeof restDocument>;

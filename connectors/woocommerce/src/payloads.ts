import { isDecimal } from "@upline/core";
import { z } from "zod";

/**
 * What is read from the bodies of WooCommerce: strict for ids and money, lenient for all else.
 * PHP writes an empty object as `[]`, so that optional objects are read field by field.
 */

export const id = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,20}$/)]).transform(String);

const decimal = z
  .union([z.number(), z.string()])
  .transform(String)
  .refine((text) => isDecimal(text), "expected a decimal number");

/** Taxes and the like, which some gateways leave empty. */
const optionalDecimal = z.preprocess((value) => (value === "" || value == null ? "0" : value), decimal);

const quantity = z.preprocess((value) => (typeof value === "string" ? Number(value) : value), z.number());

/** `*_gmt` fields are UTC without saying so. */
const gmt = z
  .string()
  .transform((text) => (/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`))
  .refine((text) => z.iso.datetime({ offset: true }).safeParse(text).success, "expected a date");

const optionalGmt = gmt.nullish().catch(null);

/** Meta values may be anything; those of interest are texts or numbers. */
const meta = z.object({ key: z.coerce.string(), value: z.unknown() });
const metaData = z.array(meta.nullable().catch(null)).catch([]);
export type Meta = z.infer<typeof metaData>;

/** An item's id in the catalogue; 0, absent and null all say that there is none. */
const catalogId = id
  .nullish()
  .catch(null)
  .transform((value) => (value === "0" || value == null ? null : value));

/** Taxes of an order's parts are of interest only for what the order is worth: what cannot be read counts as none. */
const tax = z.preprocess((value) => (value === "" || value == null ? "0" : value), decimal.catch("0"));

const lineItem = z.object({
  id,
  name: z.coerce.string().catch(""),
  product_id: catalogId,
  variation_id: catalogId,
  sku: z.string().max(255).nullish().catch(null),
  quantity,
  subtotal: decimal,
  total: decimal,
  total_tax: tax,
  meta_data: metaData,
});
export type LineItem = z.infer<typeof lineItem>;

const feeLine = z.object({ id, name: z.coerce.string().catch(""), total: decimal, total_tax: tax });
export type FeeLine = z.infer<typeof feeLine>;

export const restOrder = z.object({
  id,
  number: z.union([z.string(), z.number()]).transform(String).nullish().catch(null),
  status: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/, "expected an ISO 4217 currency code"),
  date_created_gmt: gmt,
  date_modified_gmt: optionalGmt,
  date_paid_gmt: optionalGmt,
  total: decimal,
  created_via: z.string().nullish().catch(null),
  customer_id: catalogId,
  billing: z
    .object({ email: z.string().nullish().catch(null), phone: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
  line_items: z.array(lineItem),
  fee_lines: z.array(feeLine).nullish(),
  shipping_lines: z
    .array(z.object({ total: tax, total_tax: tax }))
    .nullish()
    .catch(null),
  coupon_lines: z
    .array(z.object({ code: z.coerce.string() }))
    .nullish()
    .catch(null),
  meta_data: metaData,
  refunds: z.array(z.unknown()).nullish(),
});
export type RestOrder = z.infer<typeof restOrder>;

/** In an order: `{"id":32,"reason":"…","total":"-53.45"}`, gross and negative. */
export const refundSummary = z.object({ id, total: decimal });
export type RefundSummary = z.infer<typeof refundSummary>;

const givenBack = z.object({ total: optionalDecimal, total_tax: optionalDecimal });

/** From `/orders/<id>/refunds` and from the plugin: amount positive, lines negative. */
export const restRefund = z.object({
  id,
  date_created_gmt: gmt,
  amount: decimal,
  line_items: z.array(
    givenBack.extend({
      product_id: catalogId,
      variation_id: catalogId,
      sku: z.string().nullish().catch(null),
      meta_data: metaData.nullish().transform((all) => all ?? []),
    }),
  ),
  shipping_lines: z.array(givenBack).nullish(),
  fee_lines: z
    .array(
      givenBack.extend({ name: z.string().nullish().catch(null), meta_data: metaData.nullish().transform((all) => all ?? []) }),
    )
    .nullish(),
});
export type RestRefund = z.infer<typeof restRefund>;

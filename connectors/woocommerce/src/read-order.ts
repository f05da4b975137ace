import { isPlainInstant } from "@upline/core";
import {
  byHandOr,
  currency,
  decimal,
  decline,
  finite,
  instant,
  listOf,
  maybe,
  maybeListOf,
  object,
  plainId,
  plainIdOrNone,
  type Read,
  text,
  textOrNumber,
} from "@upline/core/read-by-hand";
import {
  type FeeLine,
  id,
  type LineItem,
  type Meta,
  type RefundSummary,
  type RestOrder,
  type RestRefund,
  refundSummary,
  restOrder,
  restRefund,
} from "./payloads.ts";

/** Bodies by hand as their schemas read them; what is odd is declined. Their test holds them to the schemas. */

/** Empty is none. */
const optionalDecimal: Read<string> = (value) => (value === "" || value === null || value === undefined ? "0" : decimal(value));

/** UTC without saying so, nearly always. */
const gmt: Read<string> = (value) => {
  const withZone = `${text(value)}Z`;
  return isPlainInstant(withZone) ? withZone : instant(value);
};

const number: Read<string> = (value) => String(textOrNumber(value));

const sku: Read<string> = (value) => (text(value).length <= 255 ? (value as string) : decline());

const meta: Read<Meta[number]> = (entry) => {
  if (entry === null) return null;
  const { key, value } = object(entry);
  // Without a value the schema takes it for none.
  return value === undefined ? decline() : { key: text(key), value };
};
const metaData: Read<Meta> = (value) => listOf(value, meta);

const lineItem: Read<LineItem> = (value) => {
  const item = object(value);
  return {
    id: plainId(item.id),
    name: text(item.name),
    product_id: plainIdOrNone(item.product_id),
    variation_id: plainIdOrNone(item.variation_id),
    sku: maybe(item.sku, sku),
    quantity: finite(item.quantity),
    subtotal: decimal(item.subtotal),
    total: decimal(item.total),
    total_tax: optionalDecimal(item.total_tax),
    meta_data: metaData(item.meta_data),
  };
};

const feeLine: Read<FeeLine> = (value) => {
  const fee = object(value);
  return { id: plainId(fee.id), name: text(fee.name), total: decimal(fee.total), total_tax: optionalDecimal(fee.total_tax) };
};

const givenBack: Read<{ total: string; total_tax: string }> = (value) => {
  const { total, total_tax } = object(value);
  return { total: optionalDecimal(total), total_tax: optionalDecimal(total_tax) };
};

const coupon: Read<{ code: string }> = (value) => ({ code: text(object(value).code) });

const billing: Read<NonNullable<RestOrder["billing"]>> = (value) => {
  const { email, phone } = object(value);
  return { email: maybe(email, text), phone: maybe(phone, text) };
};

export const orderByHand: Read<RestOrder> = (value) => {
  const order = object(value);
  return {
    id: plainId(order.id),
    number: maybe(order.number, number),
    status: text(order.status) || decline(),
    currency: currency(order.currency),
    date_created_gmt: gmt(order.date_created_gmt),
    date_modified_gmt: maybe(order.date_modified_gmt, gmt),
    date_paid_gmt: maybe(order.date_paid_gmt, gmt),
    total: decimal(order.total),
    created_via: maybe(order.created_via, text),
    customer_id: plainIdOrNone(order.customer_id),
    billing: maybe(order.billing, billing),
    line_items: listOf(order.line_items, lineItem),
    fee_lines: maybe(order.fee_lines, (all) => listOf(all, feeLine)),
    shipping_lines: maybe(order.shipping_lines, (all) => listOf(all, givenBack)),
    coupon_lines: maybe(order.coupon_lines, (all) => listOf(all, coupon)),
    meta_data: metaData(order.meta_data),
    refunds: maybe(order.refunds, (all) => listOf(all, (entry) => entry)),
  };
};

const itemBack: Read<RestRefund["line_items"][number]> = (value) => {
  const item = object(value);
  return {
    ...givenBack(item),
    product_id: plainIdOrNone(item.product_id),
    variation_id: plainIdOrNone(item.variation_id),
    sku: maybe(item.sku, text),
    meta_data: maybeListOf(item.meta_data, meta),
  };
};

const feeBack: Read<NonNullable<RestRefund["fee_lines"]>[number]> = (value) => {
  const fee = object(value);
  return { ...givenBack(fee), name: maybe(fee.name, text), meta_data: maybeListOf(fee.meta_data, meta) };
};

export const refundByHand: Read<RestRefund> = (value) => {
  const refund = object(value);
  return {
    id: plainId(refund.id),
    date_created_gmt: gmt(refund.date_created_gmt),
    amount: decimal(refund.amount),
    line_items: listOf(refund.line_items, itemBack),
    shipping_lines: maybe(refund.shipping_lines, (all) => listOf(all, givenBack)),
    fee_lines: maybe(refund.fee_lines, (all) => listOf(all, feeBack)),
  };
};

export const summaryByHand: Read<RefundSummary> = (value) => {
  const summary = object(value);
  return { id: plainId(summary.id), total: decimal(summary.total) };
};

/** An id of its own, for bodies of which nothing else is read. */
export const readId = byHandOr(id, plainId);
export const readOrder = byHandOr(restOrder, orderByHand);
export const readRefund = byHandOr(restRefund, refundByHand);
export const readSummary = byHandOr(refundSummary, summaryByHand);

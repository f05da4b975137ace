import type { JsonObject } from "@upline/core";
import {
  byHandOr,
  currency,
  decimal,
  decline,
  finite,
  instant,
  listOf,
  maybe,
  object,
  plainId,
  plainIdOrNone,
  type Read,
  text,
  textOrNumber,
} from "@upline/core/read-by-hand";
import {
  type HeaderMoney,
  id,
  type OrderItem,
  type RestDocument,
  type RestOrder,
  type RowMoney,
  restDocument,
  restOrder,
} from "./payloads.ts";

/** Bodies by hand as their schemas read them; what is odd is declined. Their test holds them to the schemas. */

const zero: Read<string> = (value) => maybe(value, decimal) ?? "0";

/** "2026-11-23 16:35:03" is UTC. */
const utc: Read<string> = (value) => {
  const told = text(value);
  if (told.length !== 19 || told.charAt(10) !== " ") return instant(told);
  return instant(`${told.slice(0, 10)}T${told.slice(11)}Z`);
};

/** Without anything in it, it is none. */
const words: Read<string | null> = (value) => {
  const told = maybe(value, textOrNumber);
  if (told === null || told === undefined) return null;
  const all = String(told);
  return all.trim() === "" ? null : all.slice(0, 255);
};

const rowMoney = (row: JsonObject): RowMoney => ({
  base_row_total: maybe(row.base_row_total, decimal),
  base_discount_amount: zero(row.base_discount_amount),
  base_discount_tax_compensation_amount: zero(row.base_discount_tax_compensation_amount),
});

const orderItem: Read<OrderItem> = (value) => {
  const item = object(value);
  return {
    ...rowMoney(item),
    item_id: plainId(item.item_id),
    parent_item_id: plainIdOrNone(item.parent_item_id),
    product_id: plainIdOrNone(item.product_id),
    product_type: words(item.product_type),
    sku: words(item.sku),
    name: words(item.name),
    qty_ordered: maybe(item.qty_ordered, finite),
  };
};

const headerMoney = (header: JsonObject): HeaderMoney => ({
  base_subtotal: zero(header.base_subtotal),
  base_discount_amount: zero(header.base_discount_amount),
  base_discount_tax_compensation_amount: zero(header.base_discount_tax_compensation_amount),
  base_tax_amount: zero(header.base_tax_amount),
  base_shipping_amount: zero(header.base_shipping_amount),
  base_shipping_discount_tax_compensation_amnt: zero(header.base_shipping_discount_tax_compensation_amnt),
});

const address: Read<NonNullable<RestOrder["billing_address"]>> = (value) => ({ telephone: maybe(object(value).telephone, text) });

/** The schema leaves one name out. */
const attributes: Read<JsonObject> = (value) => {
  const all = object(value);
  return Object.hasOwn(all, "__proto__") ? decline() : all;
};

export const orderByHand: Read<RestOrder> = (value) => {
  const order = object(value);
  return {
    ...headerMoney(order),
    entity_id: plainId(order.entity_id),
    increment_id: words(order.increment_id),
    state: text(order.state) || decline(),
    status: words(order.status),
    base_currency_code: currency(order.base_currency_code),
    base_grand_total: decimal(order.base_grand_total),
    base_shipping_discount_amount: zero(order.base_shipping_discount_amount),
    base_total_invoiced: zero(order.base_total_invoiced),
    base_total_refunded: zero(order.base_total_refunded),
    created_at: utc(order.created_at),
    updated_at: maybe(order.updated_at, utc),
    customer_id: plainIdOrNone(order.customer_id),
    customer_email: maybe(order.customer_email, text),
    billing_address: maybe(order.billing_address, address),
    coupon_code: words(order.coupon_code),
    items: listOf(order.items, orderItem),
    extension_attributes: maybe(order.extension_attributes, attributes),
  };
};

const documentItem: Read<RestDocument["items"][number]> = (value) => {
  const item = object(value);
  return {
    ...rowMoney(item),
    order_item_id: maybe(item.order_item_id, plainId),
    qty: finite(item.qty),
    sku: words(item.sku),
    product_id: plainIdOrNone(item.product_id),
    base_tax_amount: zero(item.base_tax_amount),
  };
};

export const documentByHand: Read<RestDocument> = (value) => {
  const document = object(value);
  return {
    ...headerMoney(document),
    entity_id: plainId(document.entity_id),
    state: finite(document.state),
    base_grand_total: decimal(document.base_grand_total),
    base_shipping_tax_amount: zero(document.base_shipping_tax_amount),
    base_adjustment: maybe(document.base_adjustment, decimal),
    base_adjustment_positive: maybe(document.base_adjustment_positive, decimal),
    base_adjustment_negative: maybe(document.base_adjustment_negative, decimal),
    created_at: utc(document.created_at),
    updated_at: maybe(document.updated_at, utc),
    items: listOf(document.items, documentItem),
  };
};

/** An id of its own, for bodies of which nothing else is read. */
export const readId = byHandOr(id, plainId);
export const readOrder = byHandOr(restOrder, orderByHand);
export const readDocument = byHandOr(restDocument, documentByHand);

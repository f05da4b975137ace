import type { JsonObject } from "@upline/core";
import {
  byHandOr,
  currency,
  decimal,
  decline,
  flag,
  instant,
  listOf,
  matching,
  maybe,
  maybeListOf,
  object,
  type Read,
  text,
  textOrNumber,
} from "@upline/core/read-by-hand";
import {
  attributesOf,
  type LineItemPayload,
  type MoneySet,
  type OrderPayload,
  onceEach,
  orderPayload,
  type RefundPayload,
  refundPayload,
  refundsOnce,
} from "./payloads.ts";

/** Bodies by hand as their schemas read them; what is odd is declined. Their test holds them to the schemas. */

const id = matching(/^\d{1,40}$/);
const quantity: Read<number> = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : decline();

const money: Read<{ amount: string; currency_code: string }> = (value) => {
  const { amount, currency_code } = object(value);
  return { amount: decimal(amount), currency_code: text(currency_code) };
};

const set: Read<NonNullable<MoneySet>> = (value) => {
  const { shop_money, presentment_money } = object(value);
  return { shop_money: money(shop_money), presentment_money: maybe(presentment_money, money) };
};

const allocation: Read<LineItemPayload["discount_allocations"][number]> = (value) => {
  const { amount, amount_set } = object(value);
  return { amount: maybe(amount, decimal), amount_set: maybe(amount_set, set) };
};

const taxLine: Read<LineItemPayload["tax_lines"][number]> = (value) => {
  const { price, price_set } = object(value);
  return { price: maybe(price, decimal), price_set: maybe(price_set, set) };
};

const lineItem: Read<LineItemPayload> = (value) => {
  const item = object(value);
  return {
    id: id(item.id),
    variant_id: maybe(item.variant_id, id),
    product_id: maybe(item.product_id, id),
    sku: maybe(item.sku, text),
    name: maybe(item.name, text),
    title: maybe(item.title, text),
    quantity: quantity(item.quantity),
    current_quantity: maybe(item.current_quantity, quantity),
    gift_card: maybe(item.gift_card, flag),
    price: maybe(item.price, decimal),
    price_set: maybe(item.price_set, set),
    tip_payment_gateway: item.tip_payment_gateway,
    discount_allocations: maybeListOf(item.discount_allocations, allocation),
    tax_lines: maybeListOf(item.tax_lines, taxLine),
    properties: attributesOf(item.properties),
  };
};

const customer: Read<NonNullable<OrderPayload["customer"]>> = (value) => {
  const { id: customerId, email, phone } = object(value);
  return { id: maybe(customerId, id), email, phone };
};

const application: Read<OrderPayload["discount_applications"][number]> = (value) => {
  const { type, code } = object(value);
  return { type: maybe(type, text), code: maybe(code, text) };
};

const goodsBack: Read<RefundPayload["refund_line_items"][number]> = (value) => {
  const item = object(value);
  return {
    line_item_id: maybe(item.line_item_id, id),
    quantity: quantity(item.quantity),
    subtotal: maybe(item.subtotal, decimal),
    subtotal_set: maybe(item.subtotal_set, set),
    total_tax: maybe(item.total_tax, decimal),
    total_tax_set: maybe(item.total_tax_set, set),
  };
};

const shippingBack: Read<RefundPayload["refund_shipping_lines"][number]> = (value) => ({
  subtotal_amount_set: maybe(object(value).subtotal_amount_set, set),
});

const adjustment: Read<RefundPayload["order_adjustments"][number]> = (value) => {
  const one = object(value);
  return {
    id: maybe(one.id, id),
    kind: maybe(one.kind, text),
    reason: maybe(one.reason, text),
    amount: maybe(one.amount, decimal),
    amount_set: maybe(one.amount_set, set),
    tax_amount: maybe(one.tax_amount, decimal),
    tax_amount_set: maybe(one.tax_amount_set, set),
  };
};

const transaction: Read<NonNullable<RefundPayload["transactions"]>[number]> = (value) => {
  const one = object(value);
  return {
    id: maybe(one.id, id),
    kind: maybe(one.kind, text),
    status: maybe(one.status, text),
    amount: decimal(one.amount),
    currency: maybe(one.currency, text),
  };
};

const refundOf: Read<RefundPayload> = (value) => {
  const refund = object(value);
  return {
    id: id(refund.id),
    created_at: maybe(refund.created_at, instant),
    processed_at: maybe(refund.processed_at, instant),
    refund_line_items: maybeListOf(refund.refund_line_items, goodsBack),
    refund_shipping_lines: maybeListOf(refund.refund_shipping_lines, shippingBack),
    order_adjustments: onceEach(maybeListOf(refund.order_adjustments, adjustment)),
    total_duties_set: maybe(refund.total_duties_set, set),
    total_additional_fees_set: maybe(refund.total_additional_fees_set, set),
    transactions: maybe(refund.transactions, (all) => onceEach(listOf(all, transaction))),
  };
};

/** A refund that is told by itself. */
export const refundByHand: Read<RefundPayload & { order_id: string }> = (value) => ({
  ...refundOf(value),
  order_id: id(object(value).order_id),
});

export const orderByHand: Read<OrderPayload> = (value) => {
  const order: JsonObject = object(value);
  return {
    id: id(order.id),
    name: maybe(order.name, text),
    order_number: maybe(order.order_number, textOrNumber),
    created_at: maybe(order.created_at, instant),
    processed_at: maybe(order.processed_at, instant),
    updated_at: instant(order.updated_at),
    cancelled_at: maybe(order.cancelled_at, text),
    cancel_reason: maybe(order.cancel_reason, text),
    financial_status: maybe(order.financial_status, text),
    test: maybe(order.test, flag),
    currency: currency(order.currency),
    taxes_included: flag(order.taxes_included),
    total_price: maybe(order.total_price, decimal),
    total_price_set: maybe(order.total_price_set, set),
    current_total_price: maybe(order.current_total_price, decimal),
    current_total_price_set: maybe(order.current_total_price_set, set),
    subtotal_price: maybe(order.subtotal_price, decimal),
    subtotal_price_set: maybe(order.subtotal_price_set, set),
    total_tip_received: maybe(order.total_tip_received, decimal),
    email: order.email,
    contact_email: order.contact_email,
    phone: order.phone,
    customer: maybe(order.customer, customer),
    landing_site: maybe(order.landing_site, text),
    source_name: maybe(order.source_name, text),
    note_attributes: attributesOf(order.note_attributes),
    discount_applications: maybeListOf(order.discount_applications, application),
    line_items: listOf(order.line_items, lineItem),
    refunds: refundsOnce(maybeListOf(order.refunds, refundOf)),
  };
};

export const readOrder = byHandOr(orderPayload, orderByHand);
export const readRefund = byHandOr(refundPayload, refundByHand);

import { isObject, isPlainInstant, type JsonObject, readPayload } from "@upline/core";
import { attributesOf, type LineItemPayload, type MoneySet, type OrderPayload, orderPayload } from "./payloads.ts";

/**
 * An order's body as `orderPayload` reads it, in a third of its time. By hand is read what nearly every order
 * looks like, and without refunds; whatever is odd is declined, and the schema reads it and says what is wrong.
 * A test holds it to the schema on all fixtures and on changes of them: never is accepted what that refuses.
 */
export function readOrder(value: JsonObject): OrderPayload {
  return readByHand(value) ?? readPayload(orderPayload, value);
}

/** Null where the body is declined. */
export function readByHand(value: JsonObject): OrderPayload | null {
  try {
    return orderOf(value);
  } catch (error) {
    if (error !== DECLINED) throw error;
    return null;
  }
}

/** Thrown as it is: making an error costs more than reading the order. */
const DECLINED = Symbol("declined");

function decline(): never {
  throw DECLINED;
}

const DIGITS = /^\d{1,40}$/;
const DECIMAL = /^-?\d{1,20}(?:\.\d{1,12})?$/;
const CURRENCY = /^[A-Z]{3}$/;
type Read<T> = (value: unknown) => T;

const matching =
  (pattern: RegExp): Read<string> =>
  (value) => {
    const text = typeof value === "number" ? String(value) : value;
    return typeof text === "string" && pattern.test(text) ? text : decline();
  };
const id = matching(DIGITS);
const decimal = matching(DECIMAL);
const text: Read<string> = (value) => (typeof value === "string" ? value : decline());
const textOrNumber: Read<string | number> = (value) =>
  typeof value === "string" || (typeof value === "number" && Number.isFinite(value)) ? value : decline();
const flag: Read<boolean> = (value) => (typeof value === "boolean" ? value : decline());
const quantity: Read<number> = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : decline();
const instant: Read<string> = (value) => (isPlainInstant(value) ? value : decline());
const currency: Read<string> = (value) => (typeof value === "string" && CURRENCY.test(value) ? value : decline());

function maybe<T>(value: unknown, read: Read<T>): T | null | undefined {
  return value === null || value === undefined ? value : read(value);
}

function listOf<T>(value: unknown, read: Read<T>): T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(read) : decline();
}

const object: Read<JsonObject> = (value) => (isObject(value) ? value : decline());

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
    discount_allocations: listOf(item.discount_allocations, allocation),
    tax_lines: listOf(item.tax_lines, taxLine),
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

function orderOf(order: JsonObject): OrderPayload {
  const { refunds, line_items: lines } = order;
  if (!(refunds === null || refunds === undefined || (Array.isArray(refunds) && refunds.length === 0))) return decline();
  if (!Array.isArray(lines)) return decline();
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
    discount_applications: listOf(order.discount_applications, application),
    line_items: lines.map(lineItem),
    refunds: [],
  };
}

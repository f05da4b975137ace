import { formatAmount } from "@upline/core";
import type { DemoDelivery } from "../deliveries.ts";
import type { SoldLine, SoldOrder } from "./sold-orders.ts";

/** What each shop sends of an order: as its own platform writes it, one body when it was bought and one when something became of it. */

const CURRENCY = "EUR";
const money = (minor: number): string => formatAmount(BigInt(minor), CURRENCY);
const grossOf = ({ unitMinor, quantity }: SoldLine) => unitMinor * quantity;
/** Prices are whole tenths of a euro, so that a tenth of them is whole cents. */
const discountOf = (order: SoldOrder, line: SoldLine) => (order.isDiscounted ? grossOf(line) / 10 : 0);
const netOf = (order: SoldOrder, line: SoldLine) => grossOf(line) - discountOf(order, line);
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

/** Ids that the recorded deliveries do not have. */
const idOf = ({ index }: SoldOrder) => 600_000 + index;
const lineIdOf = (order: SoldOrder, line: number) => idOf(order) * 10 + line + 1;

type Told = "bought" | "changed";

const BODIES = { shopify, woocommerce, magento } as const;
const TOPICS = { shopify: "orders/updated", woocommerce: "order.updated", magento: "order.updated" } as const;

export function deliveryOf(order: SoldOrder, told: Told): DemoDelivery {
  const { platform } = order;
  const body = JSON.stringify(BODIES[platform](order, told));
  return { label: `order ${idOf(order)}, ${told}`, platform, topic: TOPICS[platform], body };
}

/** The lines that came back, where some did: the last one, or all. */
function backOf({ fate, lines }: SoldOrder, told: Told): readonly number[] {
  const all = lines.map((_, line) => line);
  if (told === "bought") return [];
  return fate === "all-back" ? all : fate === "line-back" ? all.slice(-1) : [];
}

const toldAt = (order: SoldOrder, told: Told): Date => (told === "changed" && order.changedAt) || order.placedAt;

function shopify(order: SoldOrder, told: Told) {
  const set = (minor: number) => ({ shop_money: { amount: money(minor), currency_code: CURRENCY } });
  const back = backOf(order, told);
  const at = toldAt(order, told).toISOString();
  const moved = sum(back.map((line) => netOf(order, order.lines[line] as SoldLine)));
  const isCancelled = told === "changed" && order.fate === "cancelled";
  return {
    id: idOf(order),
    name: `#${2_000 + order.index}`,
    currency: CURRENCY,
    taxes_included: false,
    financial_status: isCancelled
      ? "voided"
      : back.length === 0
        ? "paid"
        : back.length === order.lines.length
          ? "refunded"
          : "partially_refunded",
    cancelled_at: isCancelled ? at : null,
    processed_at: order.placedAt.toISOString(),
    created_at: order.placedAt.toISOString(),
    updated_at: at,
    email: order.email,
    total_price: money(sum(order.lines.map((line) => netOf(order, line)))),
    discount_applications:
      order.isDiscounted && order.code !== null
        ? [{ type: "discount_code", code: order.code, value: "10.0", value_type: "percentage" }]
        : [],
    note_attributes: order.code !== null && !order.isDiscounted ? [{ name: "_ref_code", value: order.code }] : [],
    line_items: order.lines.map((line, index) => ({
      id: lineIdOf(order, index),
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      current_quantity: back.includes(index) ? 0 : line.quantity,
      price: money(line.unitMinor),
      price_set: set(line.unitMinor),
      discount_allocations: order.isDiscounted
        ? [{ amount: money(discountOf(order, line)), amount_set: set(discountOf(order, line)) }]
        : [],
    })),
    refunds:
      back.length === 0
        ? []
        : [
            {
              id: idOf(order) + 5_000_000,
              processed_at: at,
              refund_line_items: back.map((line) => {
                const of = order.lines[line] as SoldLine;
                return {
                  line_item_id: lineIdOf(order, line),
                  quantity: of.quantity,
                  subtotal_set: set(netOf(order, of)),
                  total_tax_set: set(0),
                };
              }),
              order_adjustments: [],
              transactions: [{ id: idOf(order), kind: "refund", status: "success", amount: money(moved), currency: CURRENCY }],
            },
          ],
  };
}

/** As WooCommerce's REST interface writes a moment in UTC. */
const gmt = (at: Date) => at.toISOString().slice(0, 19);

function woocommerce(order: SoldOrder, told: Told) {
  const back = backOf(order, told);
  const at = toldAt(order, told);
  const moved = sum(back.map((line) => netOf(order, order.lines[line] as SoldLine)));
  const isWaiting = order.fate === "paid-later" && told === "bought";
  const isCancelled = order.fate === "cancelled" && told === "changed";
  const isAllBack = back.length === order.lines.length;
  const refund = {
    id: idOf(order) + 5_000_000,
    date_created_gmt: gmt(at),
    amount: money(moved),
    line_items: back.map((line) => ({
      id: lineIdOf(order, line) + 50_000_000,
      total: `-${money(netOf(order, order.lines[line] as SoldLine))}`,
      total_tax: "0.00",
      meta_data: [{ key: "_refunded_item_id", value: String(lineIdOf(order, line)) }],
    })),
  };
  const data = {
    order: {
      id: idOf(order),
      number: String(idOf(order)),
      status: isCancelled ? "cancelled" : isWaiting ? "on-hold" : isAllBack ? "refunded" : "processing",
      currency: CURRENCY,
      date_created_gmt: gmt(order.placedAt),
      date_modified_gmt: gmt(at),
      date_paid_gmt: isWaiting ? null : gmt(order.placedAt),
      total: money(sum(order.lines.map((line) => netOf(order, line)))),
      customer_id: 0,
      billing: { email: order.email },
      coupon_lines: order.isDiscounted ? [{ code: order.code }] : [],
      meta_data:
        order.code !== null && !order.isDiscounted
          ? [
              { key: "_upline_ref_code", value: order.code },
              { key: "_upline_ref_via", value: "cookie" },
            ]
          : [],
      line_items: order.lines.map((line, index) => ({
        id: lineIdOf(order, index),
        name: line.name,
        sku: line.sku,
        product_id: 100 + index,
        quantity: line.quantity,
        subtotal: money(grossOf(line)),
        total: money(netOf(order, line)),
        total_tax: "0.00",
        meta_data: [],
      })),
      refunds: back.length === 0 ? [] : [{ id: refund.id, reason: "", total: `-${money(moved)}` }],
    },
    refunds: back.length === 0 ? [] : [refund],
  };
  return { type: "order.updated", timestamp: at.toISOString(), data };
}

/** As Magento writes a moment: UTC, without saying so. */
const spaced = (at: Date) => at.toISOString().slice(0, 19).replace("T", " ");

function magento(order: SoldOrder, told: Told) {
  const back = backOf(order, told);
  const at = toldAt(order, told);
  const isWaiting = order.fate === "paid-later" && told === "bought";
  const isCancelled = order.fate === "cancelled" && told === "changed";
  const whole = order.lines.map((_, line) => line);
  /** Magento's documents carry numbers. */
  const major = (minor: number) => Number(money(minor));
  const document = (id: number, of: readonly number[], on: Date) => ({
    entity_id: id,
    order_id: idOf(order),
    state: 2,
    base_grand_total: major(sum(of.map((line) => netOf(order, order.lines[line] as SoldLine)))),
    base_subtotal: major(sum(of.map((line) => grossOf(order.lines[line] as SoldLine)))),
    base_discount_amount: -major(sum(of.map((line) => discountOf(order, order.lines[line] as SoldLine)))),
    created_at: spaced(on),
    updated_at: spaced(on),
    items: of.map((line) => ({
      order_item_id: lineIdOf(order, line),
      qty: (order.lines[line] as SoldLine).quantity,
      base_row_total: major(grossOf(order.lines[line] as SoldLine)),
      base_discount_amount: major(discountOf(order, order.lines[line] as SoldLine)),
    })),
  });
  const isPaid = !isWaiting && order.fate !== "cancelled";
  const { entity_id: _, order_id: __, state: ___, items: ____, ...header } = document(0, whole, order.placedAt);
  const data = {
    order: {
      entity_id: idOf(order),
      increment_id: String(idOf(order)).padStart(9, "0"),
      state: isCancelled ? "canceled" : isPaid ? (back.length === order.lines.length ? "closed" : "processing") : "new",
      ...header,
      updated_at: spaced(at),
      base_currency_code: CURRENCY,
      customer_email: order.email,
      ...(order.isDiscounted ? { coupon_code: order.code } : {}),
      ...(order.code !== null && !order.isDiscounted ? { extension_attributes: { referral_code: order.code } } : {}),
      items: order.lines.map((line, index) => ({
        item_id: lineIdOf(order, index),
        sku: line.sku,
        name: line.name,
        product_type: "simple",
        qty_ordered: line.quantity,
        base_row_total: major(grossOf(line)),
        base_discount_amount: major(discountOf(order, line)),
      })),
    },
    invoices: isPaid ? [document(idOf(order) + 1_000_000, whole, order.placedAt)] : [],
    creditmemos: back.length === 0 ? [] : [document(idOf(order) + 5_000_000, back, at)],
  };
  return { type: "order.updated", timestamp: at.toISOString(), data };
}

/** A delivery whose signature is right and whose body is not: another program of the shop took a field out. */
export const UNREADABLE: DemoDelivery = {
  label: "an order that cannot be read",
  platform: "shopify",
  topic: "orders/updated",
  body: JSON.stringify({
    id: 699_999,
    name: "#2999",
    currency: CURRENCY,
    financial_status: "paid",
    updated_at: "2026-11-25T12:00:00Z",
    line_items: "removed",
  }),
};

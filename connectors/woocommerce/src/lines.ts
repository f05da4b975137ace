import { isPaymentFee, isTipName, lowerLines, netOfLine, type OrderLine, parseAmount, type StoreSettings } from "@upline/core";
import type { FeeLine, LineItem, RestOrder } from "./payloads.ts";

/** What an order's lines are, and what the whole is worth that an amount-only refund is a part of. */
export interface OrderLines {
  readonly lines: OrderLine[];
  readonly worthMinor: bigint;
  /** How much of each line's net parts below zero have taken, by line id. */
  readonly lowered: ReadonlyMap<string, bigint>;
  /** Ids of fees below zero that are means of payment. */
  readonly payments: ReadonlySet<string>;
}

/**
 * Line amounts are without tax whatever the store shows, so that nothing is included; shipping and tax are no lines.
 * A fee below zero (points, a bulk discount) or a line of negative price lowers the net of the whole order: nobody
 * received that money. Only fees that the store names as means of payment do not.
 */
export function linesOf(order: RestOrder, settings: StoreSettings): OrderLines {
  const signed = (text: string) => parseAmount(text, order.currency);
  const fees = order.fee_lines ?? [];
  const payments = fees.filter(({ name, total }) => signed(total) < 0n && isPaymentFee(settings, name));
  const charged = fees.filter((fee) => !payments.includes(fee));
  const products = order.line_items.map((item) => productLine(item, order.currency));
  const loweringMinor = sum([...order.line_items, ...charged].map(({ total }) => positive(-signed(total))));
  const lines = lowerLines(products, loweringMinor);
  const lowered = new Map(products.map((line, index) => [line.lineId, netOfLine(line) - netOfLine(lines[index] ?? line)]));
  return {
    lines: [...lines, ...fees.map((fee) => feeLine(fee, order.currency))],
    worthMinor: worthOf(order, charged),
    lowered,
    payments: new Set(payments.map(({ id }) => id)),
  };
}

/** Store credit and gift cards lower the total, yet what they paid for can be given back like anything else. */
function worthOf(order: RestOrder, charged: readonly FeeLine[]): bigint {
  const parts = [...order.line_items, ...(order.shipping_lines ?? []), ...charged];
  const value = sum(
    parts.map(({ total, total_tax }) => parseAmount(total, order.currency) + parseAmount(total_tax, order.currency)),
  );
  const total = parseAmount(order.total, order.currency);
  // Taxes are rounded part by part or once: a unit per part is no credit.
  return positive(value - total > BigInt(parts.length) ? value : total);
}

function productLine(item: LineItem, currency: string): OrderLine {
  const netMinor = positive(parseAmount(item.total, currency));
  // Raising a line's total by hand leaves its subtotal below it: that is a price, not a negative discount.
  const discountMinor = positive(positive(parseAmount(item.subtotal, currency)) - netMinor);
  return {
    lineId: item.id,
    // A tip that is no article of the shop is no sale, here as on every platform.
    kind: item.product_id === null && !item.sku?.trim() && isTipName(item.name) ? "tip" : "product",
    // A simple product is its own variant: both ids are post ids of one store and never meet.
    variantId: item.variation_id ?? item.product_id,
    productId: item.product_id,
    sku: item.sku == null || item.sku.trim() === "" ? null : item.sku,
    name: item.name,
    quantity: Math.max(item.quantity, 0),
    grossMinor: netMinor + discountMinor,
    discountMinor,
    includedTaxMinor: 0n,
  };
}

function feeLine(fee: FeeLine, currency: string): OrderLine {
  return {
    lineId: fee.id,
    kind: "fee",
    variantId: null,
    productId: null,
    sku: null,
    name: fee.name,
    quantity: 1,
    grossMinor: positive(parseAmount(fee.total, currency)),
    discountMinor: 0n,
    includedTaxMinor: 0n,
  };
}

const positive = (minor: bigint): bigint => (minor > 0n ? minor : 0n);

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

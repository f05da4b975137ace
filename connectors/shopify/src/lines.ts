import { divideHalfUp, type OrderLine } from "@upline/core";
import type { LineItemPayload, OrderPayload } from "./payloads.ts";
import { shopAmount, shopAmountOrNull, smaller, sum } from "./shop-money.ts";

/**
 * The order's lines as they stand after edits and before refunds. The line's own `total_discount` is
 * not read: Shopify leaves it at 0.00 whatever was taken off; only the allocations are true.
 */
export function linesOf(order: OrderPayload): OrderLine[] {
  const refunded = refundedQuantities(order);
  return order.line_items.map((item, index) => {
    const amounts = amountsOf(order, item, `$.line_items[${index}]`);
    const standing = standingQuantity(item, refunded.get(item.id) ?? 0);
    const part = (minor: bigint) =>
      standing === item.quantity ? minor : divideHalfUp(minor * BigInt(standing), BigInt(item.quantity));
    const grossMinor = part(amounts.grossMinor);
    const discountMinor = smaller(part(amounts.discountMinor), grossMinor);
    return {
      lineId: item.id,
      kind: kindOf(item),
      variantId: item.variant_id ?? null,
      productId: item.product_id ?? null,
      sku: item.sku?.slice(0, 255) || null,
      name: item.name ?? item.title ?? "",
      quantity: standing,
      grossMinor,
      discountMinor,
      includedTaxMinor: smaller(part(amounts.includedTaxMinor), grossMinor - discountMinor),
    };
  });
}

/**
 * Whether an edit has changed what the order sells since it was placed: goods taken off without a
 * refund, or goods put on. The order's own `total_price` then still tells of the day it was placed.
 */
export function wasEdited(order: OrderPayload, lines: readonly OrderLine[]): boolean {
  if (lines.some((line, index) => line.quantity !== order.line_items[index]?.quantity)) return true;
  const { subtotal_price_set: set, subtotal_price: plain, currency } = order;
  const subtotal = shopAmountOrNull({ set, plain, currency, path: "$.subtotal_price" });
  const goods = lines.filter(({ kind }) => kind === "product").map(({ grossMinor, discountMinor }) => grossMinor - discountMinor);
  return subtotal !== null && sum(goods) > subtotal;
}

function amountsOf(order: OrderPayload, item: LineItemPayload, path: string) {
  const { currency } = order;
  const price = shopAmount({ set: item.price_set, plain: item.price, currency, path: `${path}.price` });
  const discounts = item.discount_allocations.map((one, index) =>
    shopAmount({ set: one.amount_set, plain: one.amount, currency, path: `${path}.discount_allocations[${index}].amount` }),
  );
  const taxes = order.taxes_included
    ? item.tax_lines.map((one, index) =>
        shopAmount({ set: one.price_set, plain: one.price, currency, path: `${path}.tax_lines[${index}].price` }),
      )
    : [];
  return { grossMinor: price * BigInt(item.quantity), discountMinor: sum(discounts), includedTaxMinor: sum(taxes) };
}

/**
 * What was ordered and never taken off again. `current_quantity` counts down for refunds and for
 * edits alike; the refunded pieces are added back, because refunds are told by themselves.
 */
function standingQuantity(item: LineItemPayload, refunded: number): number {
  if (item.current_quantity === null || item.current_quantity === undefined) return item.quantity;
  return Math.min(item.quantity, item.current_quantity + refunded);
}

function refundedQuantities(order: OrderPayload): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { line_item_id, quantity } of order.refunds.flatMap((refund) => refund.refund_line_items)) {
    quantities.set(line_item_id, (quantities.get(line_item_id) ?? 0) + quantity);
  }
  return quantities;
}

/** Fees that other apps put into the cart look like goods; they stay `product` and are quarantined as unmapped by the hub. */
function kindOf(item: LineItemPayload): OrderLine["kind"] {
  if (item.gift_card) return "gift-card";
  return item.tip_payment_gateway === undefined ? "product" : "tip";
}

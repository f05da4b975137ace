import { divideHalfUp, isTipName, type OrderLine, PayloadError, parseAmount } from "@upline/core";
import type { LineItemPayload, OrderPayload } from "./payloads.ts";
import { positive, shopAmount, shopAmountOrNull, smaller, sum } from "./shop-money.ts";

/**
 * The order's lines as they stand after edits and before refunds. The line's own `total_discount` is
 * not read: Shopify leaves it at 0.00 whatever was taken off; only the allocations are true.
 */
export function linesOf(order: OrderPayload): OrderLine[] {
  const refunded = refundedQuantities(order);
  const tips = unmarkedTips(order);
  return order.line_items.map((item, index) => {
    const amounts = amountsOf(order, item, `$.line_items[${index}]`);
    const standing = standingQuantity(item, refunded.get(item.id) ?? 0);
    const part = (minor: bigint) =>
      standing === item.quantity ? minor : divideHalfUp(minor * BigInt(standing), BigInt(item.quantity));
    const grossMinor = part(amounts.grossMinor);
    const discountMinor = smaller(part(amounts.discountMinor), grossMinor);
    return {
      lineId: item.id,
      kind: tips.has(item.id) ? "tip" : kindOf(item),
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
  const discounts = item.discount_allocations.map((allocation, index) => {
    const at = `${path}.discount_allocations[${index}].amount`;
    const minor = shopAmountOrNull({ set: allocation.amount_set, plain: allocation.amount, currency, path: at });
    if (minor === null) throw new PayloadError(at, "the amount is missing");
    return minor;
  });
  const discountMinor = sum(discounts);
  const taxes = order.taxes_included
    ? item.tax_lines.map((taxLine, index) =>
        shopAmount({ set: taxLine.price_set, plain: taxLine.price, currency, path: `${path}.tax_lines[${index}].price` }),
      )
    : [];
  const fullMinor = price * BigInt(item.quantity);
  const includedTaxMinor = sum(taxes);
  // A discount below zero is a price that was raised, here as on every platform.
  return discountMinor < 0n
    ? { grossMinor: fullMinor - discountMinor, discountMinor: 0n, includedTaxMinor }
    : { grossMinor: fullMinor, discountMinor, includedTaxMinor };
}

/**
 * What was ordered and never taken off again. `current_quantity` counts down for refunds and for
 * edits alike; the refunded pieces are added back, because refunds are told by themselves.
 */
function standingQuantity(item: LineItemPayload, refunded: number): number {
  if (item.current_quantity === null || item.current_quantity === undefined) return item.quantity;
  return Math.min(item.quantity, item.current_quantity + refunded);
}

/** What edits have changed in what the buyer owes, in goods with their tax: taken off without a refund, and put on. */
export function editedWorth(order: OrderPayload, lines: readonly OrderLine[]): { removedMinor: bigint; addedMinor: bigint } {
  const whole = order.line_items.map((item, index) => {
    const path = `$.line_items[${index}]`;
    const { grossMinor, discountMinor } = amountsOf(order, item, path);
    return { goodsMinor: positive(grossMinor - discountMinor), taxMinor: order.taxes_included ? 0n : taxOf(order, item, path) };
  });
  const removedMinor = sum(
    whole.map(({ goodsMinor, taxMinor }, index) => {
      const quantity = BigInt(order.line_items[index]?.quantity ?? 0);
      const removed = quantity - BigInt(lines[index]?.quantity ?? 0);
      return quantity === 0n ? 0n : divideHalfUp((goodsMinor + taxMinor) * removed, quantity);
    }),
  );
  const isGoods = (index: number) => lines[index]?.kind === "product";
  const goodsMinor = sum(whole.map((amounts, index) => (isGoods(index) ? amounts.goodsMinor : 0n)));
  const taxMinor = sum(whole.map((amounts, index) => (isGoods(index) ? amounts.taxMinor : 0n)));
  const addedGoods = positive(goodsMinor - (placedGoods(order) ?? goodsMinor));
  const addedTax = goodsMinor === 0n ? 0n : divideHalfUp(taxMinor * addedGoods, goodsMinor);
  return { removedMinor, addedMinor: addedGoods + addedTax };
}

/** The goods of the day the order was placed: `subtotal_price` stays as it was; an old body may have the total only. */
function placedGoods({
  subtotal_price_set: set,
  subtotal_price: plain,
  total_price_set,
  total_price,
  currency,
}: OrderPayload): bigint | null {
  return (
    shopAmountOrNull({ set, plain, currency, path: "$.subtotal_price" }) ??
    shopAmountOrNull({ set: total_price_set, plain: total_price, currency, path: "$.total_price" })
  );
}

function taxOf(order: OrderPayload, item: LineItemPayload, path: string): bigint {
  return sum(
    item.tax_lines.map((taxLine, index) =>
      shopAmount({
        set: taxLine.price_set,
        plain: taxLine.price,
        currency: order.currency,
        path: `${path}.tax_lines[${index}].price`,
      }),
    ),
  );
}

/**
 * A reduced body may lack the mark of a tip. The order says how much was tipped: a line that is no article of the shop
 * and has that price is the tip; one that is called so is as well.
 */
function unmarkedTips(order: OrderPayload): Set<string> {
  const tipped = order.total_tip_received ? parseAmount(order.total_tip_received, order.currency) : 0n;
  const isMarked = order.line_items.some(({ tip_payment_gateway }) => tip_payment_gateway !== undefined);
  const tips = order.line_items.filter((item, index) => {
    if (item.variant_id || item.product_id || item.sku || item.gift_card) return false;
    if (isTipName(item.name ?? item.title ?? "")) return true;
    return tipped > 0n && !isMarked && amountsOf(order, item, `$.line_items[${index}]`).grossMinor === tipped;
  });
  return new Set(tips.map(({ id }) => id));
}

function refundedQuantities(order: OrderPayload): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { line_item_id, quantity } of order.refunds.flatMap((refund) => refund.refund_line_items)) {
    if (line_item_id == null) continue;
    quantities.set(line_item_id, (quantities.get(line_item_id) ?? 0) + quantity);
  }
  return quantities;
}

/** Fees that other apps put into the cart look like goods; they stay `product` and are quarantined as unmapped by the hub. */
function kindOf(item: LineItemPayload): OrderLine["kind"] {
  if (item.gift_card) return "gift-card";
  return item.tip_payment_gateway === undefined ? "product" : "tip";
}

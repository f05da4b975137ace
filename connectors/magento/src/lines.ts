import { lowerLines, type OrderLine } from "@upline/core";
import type { LinkedDocument } from "./documents.ts";
import { estimateByItem } from "./estimate.ts";
import type { OrderItem, RestOrder } from "./payloads.ts";
import { exact, headerWorth, type ItemSum, moneyItems, sumByItem, toMinor } from "./rows.ts";

/** What paid invoices say; without any, the order's own estimate. Rows below zero lower the others. */
export function linesOf(order: RestOrder, paid: readonly LinkedDocument[]): OrderLine[] {
  const byId = new Map(order.items.map((item) => [item.item_id, item]));
  const rows = paid.flatMap(({ items }) => moneyItems(items, (row) => byId.get(row.order_item_id)));
  const sums = paid.length > 0 ? sumByItem(rows) : estimateByItem(order);
  const found = order.items.flatMap((item) => {
    const sum = sums.get(item.item_id);
    return sum ? [{ sum, line: lineOf(order, item, sum) }] : [];
  });
  const loweringMinor = found.reduce((all, { sum }) => {
    const netMinor = toMinor(sum.netUnits, order.base_currency_code);
    return netMinor < 0n ? all - netMinor : all;
  }, 0n);
  return lowerLines(
    found.map(({ line }) => line),
    loweringMinor,
  );
}

/**
 * The whole that an amount without items is a part of: what was invoiced, or the order before there is an invoice.
 * Gift cards, store credit and reward points lower the grand total, not what was sold.
 */
export function worthOf(order: RestOrder, paid: readonly LinkedDocument[]): bigint {
  return (paid.length > 0 ? paid : [order]).reduce((all, document) => {
    const grand = toMinor(exact(document.base_grand_total), order.base_currency_code);
    const parts = toMinor(headerWorth(document), order.base_currency_code);
    return all + atLeastZero(larger(parts, grand));
  }, 0n);
}

function lineOf(order: RestOrder, item: OrderItem, sum: ItemSum): OrderLine {
  const netMinor = atLeastZero(toMinor(sum.netUnits, order.base_currency_code));
  // A discount below zero is a price that was raised: the net holds it already.
  const discountMinor = atLeastZero(toMinor(sum.discountUnits, order.base_currency_code));
  const parent = order.items.find(({ item_id }) => item_id === item.parent_item_id);
  // A configurable item has the variant's SKU but its own product id; its only child is the variant.
  const child =
    item.product_type === "configurable" ? order.items.find(({ parent_item_id }) => parent_item_id === item.item_id) : undefined;
  return {
    lineId: item.item_id,
    kind: item.product_type === "giftcard" ? "gift-card" : "product",
    variantId: child?.product_id ?? item.product_id,
    productId: parent?.product_id ?? item.product_id,
    sku: item.sku,
    name: item.name ?? item.sku ?? "",
    quantity: Math.max(sum.quantity, 0),
    grossMinor: netMinor + discountMinor,
    discountMinor,
    // Row totals are without tax, also where the catalogue's prices include it.
    includedTaxMinor: 0n,
  };
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const atLeastZero = (value: bigint): bigint => (value < 0n ? 0n : value);

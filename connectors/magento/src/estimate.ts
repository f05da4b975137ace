import { allocate } from "@upline/core";
import type { OrderItem, RestOrder } from "./payloads.ts";
import { exact, type ItemSum, moneyItems, rowDiscount, rowNet } from "./rows.ts";

/**
 * The net of an order that has no paid invoice yet: an estimate, for pending commissions.
 *
 * REST rewrites the row totals of order items, differently from version to version: 2.4.7 takes the
 * discount off, older ones leave it on, newer ones compute it from the taxed price. The header is not
 * rewritten, so that it gives the whole, and the items only how the whole is spread.
 */
export function estimateByItem(order: RestOrder): Map<string, ItemSum> {
  const byId = new Map(order.items.map((item) => [item.item_id, item]));
  const items = moneyItems(order.items, (one) => byId.get(one.item_id));
  const whole = headerNet(order);
  const nets = netsThatSumTo(whole, items);
  return new Map(
    items.map((item) => [
      item.item_id,
      { netUnits: nets.get(item.item_id) ?? 0n, discountUnits: rowDiscount(item), quantity: item.qty_ordered ?? 0 },
    ]),
  );
}

/** `subtotal + discount (negative) + compensation`; a cart rule's discount on shipping is in the header's discount too. */
function headerNet(order: RestOrder): bigint {
  const goodsDiscount = magnitude(exact(order.base_discount_amount)) - magnitude(exact(order.base_shipping_discount_amount));
  const net = exact(order.base_subtotal) - goodsDiscount + exact(order.base_discount_tax_compensation_amount);
  return net > 0n ? net : 0n;
}

/** The first reading of the items that gives the header's net; else the header's net, spread by the first. */
function netsThatSumTo(whole: bigint, items: readonly OrderItem[]): Map<string, bigint> {
  const discounted = items.map((item) => [item.item_id, rowNet(item) + exact(item.base_discount_amount)] as const);
  const raw = items.map((item) => [item.item_id, rowNet(item)] as const);
  for (const reading of [discounted, raw]) {
    if (reading.reduce((sum, [, net]) => sum + net, 0n) === whole) return new Map(reading);
  }
  return allocate(
    whole,
    discounted.map(([key, net]) => ({ key, weight: net > 0n ? net : 0n })),
  );
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

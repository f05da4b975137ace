import { currencyExponent, divideHalfUp, parseDecimal } from "@upline/core";
import type { DocumentItem, HeaderMoney, OrderItem, RowMoney } from "./payloads.ts";

/**
 * The money of single rows. Magento keeps four decimals of base currency, whatever the currency has:
 * rows are added exactly, in units of 10⁻⁸, and rounded to minor units once.
 */

const SCALE = 10n ** 8n;

/** A decimal text in units of 10⁻⁸. PHP's floats may say 13.330000000000002: what is beyond is noise. */
export function exact(text: string): bigint {
  // Half of all amounts.
  if (text === "0") return 0n;
  const { num, den } = parseDecimal(text);
  return divideHalfUp(num * SCALE, den);
}

/** Units of 10⁻⁸ as minor units of a currency, rounded half up. */
export function toMinor(units: bigint, currency: string): bigint {
  return divideHalfUp(units * 10n ** BigInt(currencyExponent(currency)), SCALE);
}

/**
 * The net of a row: `row total − discount + discount tax compensation`. With prices that include tax
 * the discount is taken from the taxed price, and the compensation is the tax inside it.
 */
export function rowNet(row: RowMoney): bigint {
  return exact(row.base_row_total ?? "0") - rowDiscount(row);
}

/** The discount of a row without the tax inside it. */
export function rowDiscount(row: RowMoney): bigint {
  return exact(row.base_discount_amount) - exact(row.base_discount_tax_compensation_amount);
}

/**
 * Which items of an invoice, credit memo or order carry the money. A configurable product and a
 * bundle of fixed price carry it in the parent, a bundle of dynamic price in the children, while its
 * parent repeats their sum in the order: where any child has money the children count, else the parent.
 */
export function moneyItems<T extends RowMoney>(items: readonly T[], itemOf: (one: T) => OrderItem | undefined): T[] {
  const withMoney = new Set<string>();
  for (const one of items) {
    const parent = itemOf(one)?.parent_item_id;
    // REST takes the discount off an order item's row total: a child that was given away has none left, yet has its discount.
    if (parent && (exact(one.base_row_total ?? "0") > 0n || exact(one.base_discount_amount) > 0n)) withMoney.add(parent);
  }
  return items.filter((one) => {
    const item = itemOf(one);
    if (!item || one.base_row_total == null) return false;
    return item.parent_item_id ? withMoney.has(item.parent_item_id) : !withMoney.has(item.item_id);
  });
}

/** What documents say about each order item, added up. */
export interface ItemSum {
  readonly netUnits: bigint;
  readonly discountUnits: bigint;
  readonly quantity: number;
}

/** Adds up the rows of invoices, or of one credit memo, by order item. */
export function sumByItem(rows: readonly DocumentItem[]): Map<string, ItemSum> {
  const sums = new Map<string, ItemSum>();
  for (const row of rows) {
    const before = sums.get(row.order_item_id) ?? { netUnits: 0n, discountUnits: 0n, quantity: 0 };
    sums.set(row.order_item_id, {
      netUnits: before.netUnits + rowNet(row),
      discountUnits: before.discountUnits + rowDiscount(row),
      quantity: before.quantity + row.qty,
    });
  }
  return sums;
}

/** What a header's parts come to, before gift cards, store credit and reward points: goods, their tax, shipping. */
export function headerWorth(header: HeaderMoney): bigint {
  const discount = exact(header.base_discount_amount);
  return (
    exact(header.base_subtotal) -
    (discount < 0n ? -discount : discount) +
    exact(header.base_discount_tax_compensation_amount) +
    exact(header.base_tax_amount) +
    exact(header.base_shipping_amount) +
    exact(header.base_shipping_discount_tax_compensation_amnt)
  );
}

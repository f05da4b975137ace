import { type Presentment, ratio, total } from "./money.ts";

/**
 * The one model of an order. Its webhook bodies (order-body.ts), its GraphQL answers (order-node.ts) and the suite's books
 * are all read from it. Ids are digits; amounts are minor units of the shop's currency.
 */

export interface Variant {
  readonly id: string;
  readonly productId: string;
  sku: string;
  title: string;
  price: bigint;
  readonly giftCard: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface Product {
  readonly id: string;
  title: string;
  readonly handle: string;
  readonly vendor: string;
  readonly variants: Variant[];
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** A discount as the order names it; lines carry what they got of it. */
export interface Application {
  readonly type: "discount_code" | "manual" | "automatic";
  /** The code of a `discount_code`, the title of the others. */
  readonly name: string;
  readonly value: { readonly percent: string } | { readonly minor: bigint };
}

export interface Line {
  readonly id: string;
  readonly productId: string | null;
  readonly variantId: string | null;
  readonly sku: string;
  readonly title: string;
  readonly unit: bigint;
  /** As bought, or as an edit put it on; never changes afterwards. */
  readonly quantity: number;
  readonly giftCard: boolean;
  readonly tip: boolean;
  readonly properties: readonly NamedValue[];
  /** Basis points: 1900 is 19 %. */
  readonly taxRate: number;
  /** By index of the order's applications. */
  readonly allocations: Map<number, bigint>;
}

export interface RefundLine {
  readonly id: string;
  readonly lineId: string;
  readonly quantity: number;
  readonly restock: "return" | "cancel" | "no_restock";
  /** After discounts; contains the tax where the shop's prices do. */
  readonly subtotal: bigint;
  readonly tax: bigint;
}

export interface Adjustment {
  readonly id: string;
  readonly kind: "refund_discrepancy" | "shipping_refund";
  /** Negative: more went back to the buyer than the lines say. */
  readonly amount: bigint;
  readonly tax: bigint;
}

export interface Transaction {
  readonly id: string;
  readonly kind: "sale" | "refund" | "void" | "authorization";
  status: "success" | "pending" | "failure";
  readonly amount: bigint;
  readonly at: Date;
  readonly parentId: string | null;
}

export interface Refund {
  readonly id: string;
  readonly at: Date;
  readonly note: string | null;
  readonly lines: readonly RefundLine[];
  readonly adjustments: readonly Adjustment[];
  readonly shipping: bigint;
  readonly shippingTax: bigint;
  readonly transactions: Transaction[];
}

export interface Order {
  readonly id: string;
  readonly number: number;
  readonly currency: string;
  readonly presentment: Presentment;
  readonly taxesIncluded: boolean;
  readonly createdAt: Date;
  readonly processedAt: Date;
  updatedAt: Date;
  cancelledAt: Date | null;
  cancelReason: string | null;
  test: boolean;
  readonly sourceName: string;
  readonly customerId: string | null;
  readonly attributes: NamedValue[];
  readonly applications: readonly Application[];
  /** What `discount_codes` says: of draft orders it may be the title of a manual discount. */
  readonly discountCodes: readonly { readonly code: string; readonly amount: bigint; readonly type: string }[];
  readonly lines: Line[];
  /** Pieces of a line that an edit took off, by line id. */
  readonly removed: Map<string, number>;
  readonly shipping: { readonly id: string; readonly title: string; readonly price: bigint; readonly taxRate: number } | null;
  readonly landingSite: string | null;
  readonly referringSite: string | null;
  readonly checkoutToken: string;
  readonly transactions: Transaction[];
  readonly refunds: Refund[];
  edited: boolean;
}

export const gross = (line: Line): bigint => line.unit * BigInt(line.quantity);

export const discountOf = (line: Line): bigint => total(line.allocations.values());

/** After discounts; contains the tax where prices do. */
export const afterDiscounts = (line: Line): bigint => gross(line) - discountOf(line);

export function taxOf(amount: bigint, rate: number, included: boolean): bigint {
  const points = BigInt(rate);
  return included ? ratio(amount, points, 10_000n + points) : ratio(amount, points, 10_000n);
}

export const lineTax = (order: Order, line: Line): bigint => taxOf(afterDiscounts(line), line.taxRate, order.taxesIncluded);

/** What was sold of a line, without tax. */
export const lineNet = (order: Order, line: Line): bigint =>
  afterDiscounts(line) - (order.taxesIncluded ? lineTax(order, line) : 0n);

export function lineOf(order: Order, lineId: string): Line {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw new Error(`order ${order.id} has no line ${lineId}`);
  return line;
}

/** Pieces of a line that refunds have named; an edit of a paid order may write one too, without money. */
export const refundedQuantity = (order: Order, lineId: string): number =>
  order.refunds.flatMap(({ lines }) => lines).reduce((sum, one) => sum + (one.lineId === lineId ? one.quantity : 0), 0);

export const currentQuantity = (order: Order, line: Line): number =>
  line.quantity - (order.removed.get(line.id) ?? 0) - refundedQuantity(order, line.id);

export const shippingTax = (order: Order): bigint =>
  order.shipping ? taxOf(order.shipping.price, order.shipping.taxRate, order.taxesIncluded) : 0n;

export interface Totals {
  readonly subtotal: bigint;
  readonly discounts: bigint;
  readonly tips: bigint;
  readonly shipping: bigint;
  readonly tax: bigint;
  readonly total: bigint;
}

/** At order time, with what edits put on. */
export function totalsOf(order: Order): Totals {
  return sumUp(order, () => ({ of: 1n, in: 1n }));
}

/** After edits and refunds that name lines. */
export function currentTotals(order: Order): Totals {
  return sumUp(order, (line) => ({ of: BigInt(currentQuantity(order, line)), in: BigInt(line.quantity) }));
}

function sumUp(order: Order, share: (line: Line) => { of: bigint; in: bigint }): Totals {
  const part = (line: Line, amount: bigint) => ratio(amount, share(line).of, share(line).in);
  const goods = order.lines.filter(({ tip }) => !tip);
  const subtotal = total(goods.map((line) => part(line, afterDiscounts(line))));
  const tips = total(order.lines.filter(({ tip }) => tip).map(gross));
  const shipping = order.shipping?.price ?? 0n;
  const tax = total(goods.map((line) => part(line, lineTax(order, line)))) + shippingTax(order);
  return {
    subtotal,
    discounts: total(goods.map((line) => part(line, discountOf(line)))),
    tips,
    shipping,
    tax,
    total: subtotal + tips + shipping + (order.taxesIncluded ? 0n : tax),
  };
}

const done = (transactions: readonly Transaction[], kind: Transaction["kind"]): bigint =>
  total(transactions.filter((one) => one.kind === kind && one.status === "success").map(({ amount }) => amount));

export const paid = (order: Order): bigint => done(order.transactions, "sale");
export const paidBack = (order: Order): bigint =>
  done(
    order.refunds.flatMap(({ transactions }) => transactions),
    "refund",
  );

export type FinancialStatus = "pending" | "authorized" | "partially_paid" | "paid" | "partially_refunded" | "refunded" | "voided";

export function financialStatus(order: Order): FinancialStatus {
  const [received, back] = [paid(order), paidBack(order)];
  if (received === 0n && order.transactions.some(({ kind }) => kind === "void")) return "voided";
  if (received === 0n && totalsOf(order).total > 0n) return "pending";
  if (back > 0n) return back >= received ? "refunded" : "partially_refunded";
  return received < currentTotals(order).total ? "partially_paid" : "paid";
}

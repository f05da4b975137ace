import { minorOf, ratio, total } from "./money.ts";
import {
  type Adjustment,
  afterDiscounts,
  type Line,
  lineOf,
  lineTax,
  type Order,
  paid,
  paidBack,
  type Refund,
  refundedQuantity,
  shippingTax,
} from "./order.ts";
import { type LineDraft, lineOfDraft } from "./sell.ts";
import type { Shop } from "./shop.ts";

/** What staff gives back. Without `money`, exactly what lines and shipping come to. */
export interface RefundDraft {
  readonly lines?: readonly {
    readonly line: string;
    readonly quantity: number;
    readonly restock?: "return" | "cancel" | "no_restock";
  }[];
  /** The whole shipping, its tax with it. */
  readonly shipping?: boolean;
  /** Money that goes back in fact; more or less than what is named makes an adjustment. */
  readonly money?: string;
  readonly pending?: boolean;
  readonly note?: string;
}

/** Writes the refund into the order; the caller sends what follows. */
export function giveBack(shop: Shop, order: Order, draft: RefundDraft): Refund {
  const at = touch(shop, order);
  const id = shop.newId();
  const lines = (draft.lines ?? []).map(({ line: lineId, quantity, restock }) => {
    const line = lineOf(order, lineId);
    return { id: shop.newId(), lineId, quantity, restock: restock ?? "return", ...sharesOf(order, line, quantity) };
  });
  const shipping = draft.shipping ? (order.shipping?.price ?? 0n) : 0n;
  const shippingTaxBack = draft.shipping ? shippingTax(order) : 0n;
  const named =
    total(lines.map(({ subtotal, tax }) => subtotal + (order.taxesIncluded ? 0n : tax))) +
    shipping +
    (order.taxesIncluded ? 0n : shippingTaxBack);
  const money = draft.money === undefined ? named : minorOf(draft.money, order.currency);
  if (paidBack(order) + money > paid(order)) throw new Error("more is given back than was paid");
  const adjustments: Adjustment[] = [];
  if (shipping > 0n) {
    const [amount, tax] = order.taxesIncluded ? [shipping - shippingTaxBack, shippingTaxBack] : [shipping, shippingTaxBack];
    adjustments.push({ id: shop.newId(), kind: "shipping_refund", amount: -amount, tax: -tax });
  }
  if (money !== named) adjustments.push({ id: shop.newId(), kind: "refund_discrepancy", amount: named - money, tax: 0n });
  const refund: Refund = {
    id,
    at,
    note: draft.note ?? null,
    lines,
    adjustments,
    shipping,
    shippingTax: shippingTaxBack,
    transactions:
      money === 0n
        ? []
        : [
            {
              id: shop.newId(),
              kind: "refund",
              status: draft.pending ? "pending" : "success",
              amount: money,
              at,
              parentId: order.transactions[0]?.id ?? null,
            },
          ],
  };
  order.refunds.push(refund);
  return refund;
}

/** Shares of what the line sold for, so that all pieces together give exactly the whole. */
function sharesOf(order: Order, line: Line, quantity: number): { subtotal: bigint; tax: bigint } {
  const before = refundedQuantity(order, line.id);
  if (before + quantity > line.quantity)
    throw new Error(`line ${line.id} has ${line.quantity - before} pieces left, not ${quantity}`);
  const part = (amount: bigint) => {
    const upTo = (pieces: number) => ratio(amount, BigInt(pieces), BigInt(line.quantity));
    return upTo(before + quantity) - upTo(before);
  };
  return { subtotal: part(afterDiscounts(line)), tax: part(lineTax(order, line)) };
}

export interface EditDraft {
  readonly add?: readonly LineDraft[];
  readonly remove?: readonly { readonly line: string; readonly quantity: number }[];
}

export function editOrder(
  shop: Shop,
  order: Order,
  draft: EditDraft,
): { id: string; at: Date; added: Line[]; removed: [string, number][] } {
  const at = touch(shop, order);
  order.edited = true;
  const added = (draft.add ?? []).map((line) => lineOfDraft(shop, line));
  order.lines.push(...added);
  const removed = (draft.remove ?? []).map(({ line, quantity }): [string, number] => [line, quantity]);
  for (const [lineId, quantity] of removed) order.removed.set(lineId, (order.removed.get(lineId) ?? 0) + quantity);
  return { id: shop.newId("order"), at, added, removed };
}

/** A change's time: whole seconds, and never before the order's last change. */
export function touch(shop: Shop, order: Order): Date {
  const now = shop.now();
  if (now > order.updatedAt) order.updatedAt = now;
  return order.updatedAt;
}

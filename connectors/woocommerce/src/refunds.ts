import { isObject, PayloadError, parseAmount, type Refund, readPayload } from "@upline/core";
import { type RestOrder, type RestRefund, refundSummary, restRefund } from "./payloads.ts";

/**
 * All refunds of an order. `listed` are full REST refunds where the body carries them; the order's
 * own `refunds` may be full ones too, but from WooCommerce they are summaries of id and gross total.
 * A refund that only one of the two knows counts: losing one would leave commission on money given back.
 */
export function refundsOf(order: RestOrder, listed: readonly unknown[]): Refund[] {
  const byId = new Map<string, Refund>();
  const entries = [...(order.refunds ?? []).map((one) => [one, "order.refunds"]), ...listed.map((one) => [one, "refunds"])];
  for (const [entry, path] of entries as [unknown, string][]) {
    if (!isObject(entry)) throw new PayloadError(path, "expected a refund object");
    const refund = Array.isArray(entry.line_items)
      ? fullRefund(readPayload(restRefund, entry, path), order)
      : summaryRefund(entry, order, path);
    if (refund.detail === "full" || !byId.has(refund.refundId)) byId.set(refund.refundId, refund);
  }
  return [...byId.values()].sort((a, b) => a.refundId.length - b.refundId.length || (a.refundId < b.refundId ? -1 : 1));
}

/** How much was given back is all that is known; the hub spreads it over what is left of the lines. */
function summaryRefund(entry: { readonly [key: string]: unknown }, order: RestOrder, path: string): Refund {
  const { id, total } = readPayload(refundSummary, { ...entry, total: entry.total ?? entry.amount }, path);
  const amountMinor = magnitude(parseAmount(total, order.currency));
  const at = order.date_modified_gmt ?? order.date_created_gmt;
  return { refundId: id, at, amountMinor, lines: [], proratedMinor: amountMinor, detail: "summary" };
}

function fullRefund(refund: RestRefund, order: RestOrder): Refund {
  const minor = (text: string) => magnitude(parseAmount(text, order.currency));
  const netByLine = new Map<string, bigint>();
  let namedMinor = 0n;
  for (const item of refund.line_items) {
    const lineId = orderLineOf(item, order);
    if (lineId === null) continue;
    namedMinor += minor(item.total) + minor(item.total_tax);
    // A line that was edited out of the order earns nothing any more, so that nothing is to be taken back from others.
    if (order.line_items.some(({ id }) => id === lineId))
      netByLine.set(lineId, (netByLine.get(lineId) ?? 0n) + minor(item.total));
  }
  const others = [...(refund.shipping_lines ?? []), ...(refund.fee_lines ?? [])];
  for (const { total, total_tax } of others) namedMinor += minor(total) + minor(total_tax);

  const amountMinor = minor(refund.amount);
  const restMinor = amountMinor - namedMinor;
  // Taxes are rounded line by line, the amount once: a unit per part is rounding, not a refund of its own.
  const isRounding = namedMinor > 0n && restMinor <= BigInt(refund.line_items.length + others.length);
  return {
    refundId: refund.id,
    at: refund.date_created_gmt,
    amountMinor,
    lines: [...netByLine].map(([lineId, netMinor]) => ({ lineId, netMinor })),
    proratedMinor: restMinor > 0n && !isRounding ? restMinor : 0n,
    detail: "full",
  };
}

/** WooCommerce notes the order's line in `_refunded_item_id`; where a gateway's refund lacks it, the only line of that product. */
function orderLineOf(item: RestRefund["line_items"][number], order: RestOrder): string | null {
  const noted = item.meta_data.find((one) => one?.key === "_refunded_item_id")?.value;
  if (typeof noted === "number" || (typeof noted === "string" && /^\d+$/.test(noted))) return String(noted);
  const same = order.line_items.filter(
    (line) => item.product_id !== null && line.product_id === item.product_id && line.variation_id === item.variation_id,
  );
  return same.length === 1 ? (same[0]?.id ?? null) : null;
}

/** Refunds are written with either sign: the order's summary and the lines negative, the amount positive. */
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

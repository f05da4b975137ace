import { isObject, lessenNets, netOfLine, type OrderLine, PayloadError, parseAmount, type Refund } from "@upline/core";
import type { FeeLine, RestOrder, RestRefund } from "./payloads.ts";
import { readRefund, readSummary } from "./read-order.ts";

interface OrderRefunds {
  readonly order: RestOrder;
  /** Full REST refunds, where the body carries them. */
  readonly listed: readonly unknown[];
  readonly lines: readonly OrderLine[];
  /** How much of each line's net parts below zero have taken. */
  readonly lowered: ReadonlyMap<string, bigint>;
  /** Ids of fees below zero that are means of payment. */
  readonly payments: ReadonlySet<string>;
  /** Whether store credit or the like paid for a part: then less money than goods is no fee that was kept. */
  readonly hasCredit: boolean;
}

/**
 * All refunds of an order. The order's own `refunds` may be full ones too, but from WooCommerce they are summaries of
 * id and gross total. A refund that only one of the two knows counts: losing one would leave commission on money
 * given back. One that is told twice counts once.
 */
export function refundsOf({ order, listed, lines, lowered, payments, hasCredit }: OrderRefunds): Refund[] {
  const byId = new Map<string, Refund>();
  const entries = [
    ...(order.refunds ?? []).map((entry) => [entry, "order.refunds"]),
    ...listed.map((entry) => [entry, "refunds"]),
  ];
  for (const [entry, path] of entries as [unknown, string][]) {
    if (!isObject(entry)) throw new PayloadError(path, "expected a refund object");
    const refund = Array.isArray(entry.line_items)
      ? fullRefund(readRefund(entry, path), order, payments)
      : summaryRefund(entry, order, path);
    if (refund.detail === "full" || !byId.has(refund.refundId)) byId.set(refund.refundId, refund);
  }
  const refunds = [...byId.values()].sort((a, b) => a.refundId.length - b.refundId.length || (a.refundId < b.refundId ? -1 : 1));
  return passOn(hasCredit ? refunds : settleKept(refunds), lines, lowered);
}

/**
 * Goods that came back for less money than they were worth (a restocking fee was kept) leave a credit: money that
 * follows later and names nothing pays that off first, as on every platform.
 */
function settleKept(refunds: readonly Refund[]): Refund[] {
  let kept = 0n;
  return refunds.map((refund) => {
    const { amountMinor, proratedMinor, namedMinor, unlinked = [] } = refund;
    const lostMinor = sum(unlinked.map(({ grossMinor }) => grossMinor));
    kept += positive((namedMinor ?? 0n) - (amountMinor - proratedMinor));
    const settled = smaller(positive(proratedMinor - lostMinor), kept);
    kept -= settled;
    return settled === 0n ? refund : { ...refund, amountMinor: amountMinor - settled, proratedMinor: proratedMinor - settled };
  });
}

/** How much was given back is all that is known; the hub spreads it over what is left of the lines. */
function summaryRefund(entry: { readonly [key: string]: unknown }, order: RestOrder, path: string): Refund {
  const { id, total } = readSummary({ ...entry, total: entry.total ?? entry.amount }, path);
  const amountMinor = magnitude(parseAmount(total, order.currency));
  const at = order.date_modified_gmt ?? order.date_created_gmt;
  return { refundId: id, at, amountMinor, lines: [], proratedMinor: amountMinor, detail: "summary" };
}

function fullRefund(refund: RestRefund, order: RestOrder, payments: ReadonlySet<string>): Refund {
  const others = othersOf(refund, order, payments);
  const goods = goodsOf(refund, order, others.loweringMinor);
  const amountMinor = magnitude(parseAmount(refund.amount, order.currency));
  const linkedMinor = goods.linkedMinor + others.worthMinor;
  const lostMinor = sum(goods.unlinked.map(({ grossMinor }) => grossMinor));
  const toldMinor = linkedMinor + goods.goneMinor + lostMinor;
  // Taxes are rounded line by line, the amount once: a unit per part is rounding, not a refund of its own.
  const parts = refund.line_items.length + (refund.shipping_lines ?? []).length + (refund.fee_lines ?? []).length;
  const isRounding = toldMinor > 0n && amountMinor - toldMinor <= BigInt(parts);
  const looseMinor = isRounding ? 0n : positive(amountMinor - toldMinor);
  const proratedMinor = smaller(amountMinor, looseMinor + lostMinor);
  const isTold = goods.goneMinor === 0n && magnitude(amountMinor - proratedMinor - linkedMinor) <= BigInt(parts);
  return {
    refundId: refund.id,
    at: refund.date_created_gmt,
    amountMinor,
    lines: [...goods.nets].map(([lineId, netMinor]) => ({ lineId, netMinor })),
    proratedMinor,
    detail: "full",
    ...(goods.unlinked.length === 0 ? {} : { unlinked: goods.unlinked }),
    ...(isTold ? {} : { namedMinor: positive(linkedMinor) }),
  };
}

interface Goods {
  /** By line of the order, without tax. */
  readonly nets: ReadonlyMap<string, bigint>;
  readonly linkedMinor: bigint;
  /** Goods that were edited out of the order: they earn nothing any more, so that nothing is taken back from others. */
  readonly goneMinor: bigint;
  readonly unlinked: NonNullable<Refund["unlinked"]>;
}

function goodsOf(refund: RestRefund, order: RestOrder, feesMinor: bigint): Goods {
  const minor = (text: string) => magnitude(parseAmount(text, order.currency));
  const nets = new Map<string, bigint>();
  const unlinked: NonNullable<Refund["unlinked"]> = [];
  let linkedMinor = 0n;
  let goneMinor = 0n;
  let loweringMinor = feesMinor;
  for (const item of refund.line_items) {
    const netMinor = minor(item.total);
    const grossMinor = netMinor + minor(item.total_tax);
    const found = linesOfRefund(item, order);
    if (found === null) goneMinor += grossMinor;
    else if (typeof found !== "string") unlinked.push({ lineIds: found, netMinor, grossMinor });
    else if (isBelowZero(found, order)) {
      loweringMinor += netMinor;
      linkedMinor -= grossMinor;
    } else {
      linkedMinor += grossMinor;
      nets.set(found, (nets.get(found) ?? 0n) + netMinor);
    }
  }
  return { nets: lessenNets(nets, loweringMinor), linkedMinor, goneMinor, unlinked };
}

const isBelowZero = (lineId: string, order: RestOrder): boolean =>
  order.line_items.some(({ id, total }) => id === lineId && parseAmount(total, order.currency) < 0n);

interface Others {
  /** Shipping and fees, with their tax. */
  readonly worthMinor: bigint;
  /** Fees below zero that came back: with the goods that they lowered. */
  readonly loweringMinor: bigint;
}

/** Refunds are written with either sign; which fee came back decides which way it counts. */
function othersOf(refund: RestRefund, order: RestOrder, payments: ReadonlySet<string>): Others {
  const value = (text: string) => magnitude(parseAmount(text, order.currency));
  let worthMinor = sum((refund.shipping_lines ?? []).map(({ total, total_tax }) => value(total) + value(total_tax)));
  let loweringMinor = 0n;
  for (const row of refund.fee_lines ?? []) {
    const fee = feeOf(row, order);
    const isBelowZero = fee !== undefined && parseAmount(fee.total, order.currency) < 0n;
    if (isBelowZero && payments.has(fee.id)) continue;
    const rowMinor = value(row.total) + value(row.total_tax);
    worthMinor += isBelowZero ? -rowMinor : rowMinor;
    if (isBelowZero) loweringMinor += value(row.total);
  }
  return { worthMinor, loweringMinor };
}

type FeeRow = NonNullable<RestRefund["fee_lines"]>[number];

/** The fee of the order that WooCommerce notes, else the one of that name, else the only one that the row's sign can mean. */
function feeOf(row: FeeRow, order: RestOrder): FeeLine | undefined {
  const fees = order.fee_lines ?? [];
  const noted = notedItem(row.meta_data);
  if (noted !== null) return fees.find(({ id }) => id === noted);
  const named = row.name ? fees.filter(({ name }) => name === row.name) : [];
  if (named.length === 1) return named[0];
  // What came back has the other sign than what was charged.
  const isPositive = parseAmount(row.total, order.currency) > 0n;
  return fees.find(({ total }) => parseAmount(total, order.currency) < 0n === isPositive);
}

function notedItem(meta: RestRefund["line_items"][number]["meta_data"]): string | null {
  const noted = meta.find((entry) => entry?.key === "_refunded_item_id")?.value;
  return typeof noted === "number" || (typeof noted === "string" && /^\d+$/.test(noted)) ? String(noted) : null;
}

/**
 * The line of the order that WooCommerce notes in `_refunded_item_id`; where a gateway's refund lacks it, the only line
 * of that product, or the lines that it may be (none listed: any). Null for what the order no longer holds.
 */
function linesOfRefund(item: RestRefund["line_items"][number], order: RestOrder): string | string[] | null {
  const noted = notedItem(item.meta_data);
  if (noted !== null) return order.line_items.some(({ id }) => id === noted) ? noted : null;
  const { product_id, variation_id, sku } = item;
  const alike = [
    order.line_items.filter(
      (line) => product_id !== null && line.product_id === product_id && line.variation_id === variation_id,
    ),
    order.line_items.filter((line) => sku && line.sku === sku),
    order.line_items.filter((line) => product_id !== null && line.product_id === product_id),
  ].find((lines) => lines.length > 0);
  if (alike) return alike.length === 1 ? (alike[0]?.id ?? null) : alike.map(({ id }) => id);
  return product_id === null ? [] : null;
}

/**
 * A line that a fee below zero has lowered may be given back at its full price: what goes beyond the line is money of
 * the order all the same, and is taken from its other lines.
 */
function passOn(refunds: readonly Refund[], lines: readonly OrderLine[], lowered: ReadonlyMap<string, bigint>): Refund[] {
  const left = new Map(lines.map((line) => [line.lineId, netOfLine(line)]));
  const beyondLeft = new Map(lowered);
  return refunds.map((refund) => {
    let beyondMinor = 0n;
    for (const { lineId, netMinor } of refund.lines) {
      const taken = smaller(netMinor, left.get(lineId) ?? 0n);
      const beyond = smaller(netMinor - taken, beyondLeft.get(lineId) ?? 0n);
      left.set(lineId, (left.get(lineId) ?? 0n) - taken);
      beyondLeft.set(lineId, (beyondLeft.get(lineId) ?? 0n) - beyond);
      beyondMinor += beyond;
    }
    if (beyondMinor === 0n) return refund;
    return { ...refund, unlinked: [...(refund.unlinked ?? []), { lineIds: [], netMinor: beyondMinor, grossMinor: 0n }] };
  });
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

const positive = (value: bigint): bigint => (value > 0n ? value : 0n);

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

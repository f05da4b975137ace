import type { Refund } from "@upline/core";
import { PayloadError, parseAmount } from "@upline/core";
import type { OrderPayload, RefundPayload } from "./payloads.ts";
import { positive, shopAmount, shopAmountOrNull, smaller, sum } from "./shop-money.ts";

/**
 * Refunds. The goods given back are in `refund_line_items`; how much money moved is in the
 * transactions; `order_adjustments` (negative where the buyer got more) join the two, often as pairs
 * that cancel each other. What counts here is the value taken back out of the order: goods, their
 * tax, shipping, and money that names no goods.
 */

/**
 * The refunds of an order that have happened, oldest first, each once. `creditMinor` is what the buyer was owed by
 * edits before any refund: goods taken off less goods put on, below zero where more was put on.
 */
export function refundsOf(order: OrderPayload, creditMinor = 0n): Refund[] {
  const { currency, taxes_included: taxIncluded } = order;
  const accounts = order.refunds
    .map((refund, index) => ({ refund, path: `$.refunds[${index}]` }))
    .filter(({ refund }) => hasHappened(refund))
    .map(({ refund, path }) => accountOf({ refund, currency, taxIncluded, path }))
    .sort(
      (a, b) =>
        Date.parse(a.at) - Date.parse(b.at) || a.refundId.length - b.refundId.length || (a.refundId < b.refundId ? -1 : 1),
    );

  // Goods given back without their money (an edited order, a kept fee) are a credit: money that follows later without
  // goods pays that off first and takes nothing more from the lines. An exchange uses the credit up by what it adds.
  let unpaid = creditMinor;
  return accounts.map((account) => {
    unpaid += account.unpaidMinor;
    const settled = smaller(account.looseMinor, positive(unpaid));
    unpaid -= settled;
    return asRefund(account, account.looseMinor - settled, "full");
  });
}

/** Refunds whose money is on its way, or never went: where one was told by itself before, it does not count. */
export function refundsNotMade(order: OrderPayload): string[] {
  return order.refunds.filter((refund) => !hasHappened(refund)).map(({ id }) => id);
}

/** What the order was worth before its refunds, where only today's worth is known: every refund told so far, waiting ones too. */
export function namedByRefunds(order: OrderPayload): bigint {
  const { currency, taxes_included: taxIncluded } = order;
  return sum(
    order.refunds.map((refund, index) => accountOf({ refund, currency, taxIncluded, path: `$.refunds[${index}]` }).namedMinor),
  );
}

export type RefundAlone = { readonly refund: Refund } | { readonly ignored: string };

/**
 * A refund sent by itself. Its body says neither the shop's currency nor whether prices include tax:
 * the first is in its amounts, the second is worked out from the money that moved. Where that is
 * not possible the order's own delivery, which follows every refund, tells it.
 */
export function refundAlone(refund: RefundPayload): RefundAlone {
  if (!hasHappened(refund)) return { ignored: "the refund's money has not moved yet" };
  const currency = currencyOf(refund);
  if (currency === null) return { ignored: "the refund names no currency" };
  const readings = [false, true].map((taxIncluded) => accountOf({ refund, currency, taxIncluded, path: "$" })) as [
    Account,
    Account,
  ];
  const certain =
    readings[0].namedMinor === readings[1].namedMinor
      ? readings[0]
      : readings.find(({ movedMinor, namedMinor }) => movedMinor === namedMinor);
  if (!certain) return { ignored: "the refund does not say whether its prices include tax" };
  // Loose money may settle goods that an earlier refund gave back unpaid; only the order knows.
  return { refund: asRefund(certain, certain.looseMinor, certain.looseMinor > 0n ? "summary" : "full") };
}

interface Account {
  readonly refundId: string;
  readonly at: string;
  readonly lines: Refund["lines"];
  /** Goods whose line is not known, with their own net. */
  readonly unlinked: NonNullable<Refund["unlinked"]>;
  /** Goods with their tax, shipping, duties and fees, as the refund names them. */
  readonly namedMinor: bigint;
  /** Money that reached the buyer; null where it is told in another currency or not at all. */
  readonly movedMinor: bigint | null;
  /** Money beyond everything named. */
  readonly looseMinor: bigint;
  /** What was named and not paid. */
  readonly unpaidMinor: bigint;
}

interface Reading {
  readonly refund: RefundPayload;
  readonly currency: string;
  readonly taxIncluded: boolean;
  readonly path: string;
}

function accountOf(reading: Reading): Account {
  const { refund, path } = reading;
  const at = refund.processed_at ?? refund.created_at;
  if (!at) throw new PayloadError(`${path}.processed_at`, "the refund has no time");
  const { lines, unlinked, goodsMinor } = goodsOf(reading);
  const { shippingMinor, adjustedMinor } = adjustmentsOf(reading);
  const namedMinor = goodsMinor + shippingMinor + extrasOf(reading);
  const movedMinor = movedOf(reading);
  const namesNothing =
    refund.refund_line_items.length === 0 && refund.order_adjustments.length === 0 && refund.refund_shipping_lines.length === 0;
  return {
    refundId: refund.id,
    at: new Date(at).toISOString(),
    lines,
    unlinked,
    namedMinor,
    movedMinor,
    looseMinor: looseOf({ namedMinor, movedMinor, adjustedMinor, namesNothing }),
    unpaidMinor: positive(movedMinor === null ? -adjustedMinor : namedMinor - movedMinor),
  };
}

/**
 * Money that names no goods. Both witnesses must agree, so the smaller one is taken: adjustments may
 * come in pairs of which one half is missing, and what moved may differ from what is named by roundings.
 */
function looseOf(seen: { namedMinor: bigint; movedMinor: bigint | null; adjustedMinor: bigint; namesNothing: boolean }): bigint {
  if (seen.movedMinor === null) return positive(seen.adjustedMinor);
  const beyond = positive(seen.movedMinor - seen.namedMinor);
  if (seen.namesNothing) return beyond;
  return smaller(positive(seen.adjustedMinor), beyond);
}

/** Per order line, without tax: `subtotal` is after discounts already, and contains the tax where prices do. */
function goodsOf({ refund, currency, taxIncluded, path }: Reading): Pick<Account, "lines" | "unlinked"> & { goodsMinor: bigint } {
  const unlinked: NonNullable<Refund["unlinked"]> = [];
  const nets = new Map<string, bigint>();
  let goodsMinor = 0n;
  refund.refund_line_items.forEach((item, index) => {
    const at = `${path}.refund_line_items[${index}]`;
    const subtotal = shopAmount({ set: item.subtotal_set, plain: item.subtotal, currency, path: `${at}.subtotal` });
    const tax = shopAmount({ set: item.total_tax_set, plain: item.total_tax ?? "0", currency, path: `${at}.total_tax` });
    const netMinor = taxIncluded ? positive(subtotal - tax) : subtotal;
    const grossMinor = taxIncluded ? subtotal : subtotal + tax;
    goodsMinor += grossMinor;
    if (item.line_item_id == null) unlinked.push({ lineIds: [], netMinor, grossMinor });
    else nets.set(item.line_item_id, (nets.get(item.line_item_id) ?? 0n) + netMinor);
  });
  return { lines: [...nets].map(([lineId, netMinor]) => ({ lineId, netMinor })), unlinked, goodsMinor };
}

/** Shipping is told twice since 2024-04, as a line and as an adjustment; the adjustment also has its tax. */
function adjustmentsOf({ refund, currency, path }: Reading): { shippingMinor: bigint; adjustedMinor: bigint } {
  const told = refund.order_adjustments.map((one, index) => {
    const at = `${path}.order_adjustments[${index}]`;
    const amount = shopAmountOrNull({ set: one.amount_set, plain: one.amount, currency, path: `${at}.amount` }) ?? 0n;
    const tax = shopAmountOrNull({ set: one.tax_amount_set, plain: one.tax_amount, currency, path: `${at}.tax_amount` }) ?? 0n;
    const isShipping = one.kind ? one.kind === "shipping_refund" : /shipping/i.test(one.reason ?? "");
    return { isShipping, minor: -(amount + tax) };
  });
  const shipping = told.filter(({ isShipping }) => isShipping);
  const shippingLines = refund.refund_shipping_lines.map((one, index) => {
    const at = `${path}.refund_shipping_lines[${index}].subtotal_amount`;
    return shopAmountOrNull({ set: one.subtotal_amount_set, plain: null, currency, path: at }) ?? 0n;
  });
  return {
    shippingMinor: positive(sum(shipping.length > 0 ? shipping.map(({ minor }) => minor) : shippingLines)),
    adjustedMinor: sum(told.filter(({ isShipping }) => !isShipping).map(({ minor }) => minor)),
  };
}

function extrasOf({ refund, currency, path }: Reading): bigint {
  const duties = shopAmountOrNull({ set: refund.total_duties_set, plain: null, currency, path: `${path}.total_duties` }) ?? 0n;
  const fees =
    shopAmountOrNull({ set: refund.total_additional_fees_set, plain: null, currency, path: `${path}.total_additional_fees` }) ??
    0n;
  return positive(duties) + positive(fees);
}

/** Transactions are in the currency of the payment; in another one than the shop's they cannot be compared. */
function movedOf({ refund, currency }: Reading): bigint | null {
  if (!refund.transactions) return null;
  const done = refund.transactions.filter(({ status }) => status === "success");
  if (done.some((one) => (one.currency ?? currency) !== currency)) return null;
  return sum(done.map(({ amount }) => positive(parseAmount(amount, currency))));
}

/** Money on its way waits, and money that never went does not count; goods taken off without any transaction are gone at once. */
function hasHappened({ transactions }: RefundPayload): boolean {
  if (!transactions || transactions.length === 0) return true;
  const finished = transactions.every(({ status }) => status === "success" || status === "failure" || status === "error");
  return finished && transactions.some(({ status }) => status === "success");
}

/** The shop's currency as a refund's own amounts tell it. */
function currencyOf(refund: RefundPayload): string | null {
  const sets = [
    refund.total_duties_set,
    ...refund.refund_line_items.map(({ subtotal_set }) => subtotal_set),
    ...refund.order_adjustments.map(({ amount_set }) => amount_set),
    ...refund.refund_shipping_lines.map(({ subtotal_amount_set }) => subtotal_amount_set),
  ];
  const named = sets.find((set) => set)?.shop_money.currency_code;
  return named && /^[A-Z]{3}$/.test(named) ? named : null;
}

function asRefund(account: Account, looseMinor: bigint, detail: Refund["detail"]): Refund {
  const { refundId, at, lines, unlinked, namedMinor } = account;
  const lostMinor = sum(unlinked.map(({ grossMinor }) => grossMinor));
  return {
    refundId,
    at,
    amountMinor: namedMinor + looseMinor,
    lines,
    proratedMinor: looseMinor + lostMinor,
    detail,
    ...(unlinked.length === 0 ? {} : { unlinked }),
  };
}

import type { Application, Head, Line, Money, Refund } from "./admin.generated.ts";

/**
 * An order of the Admin API as the body that Shopify's webhooks send of it, as far as `normalise` reads that: the two are
 * the same order, and must read as the same state, its revision among it. A property test holds them together.
 */

/** An order with all of its lists to their ends. */
export interface WholeOrder {
  readonly head: Head;
  readonly lines: readonly Line[];
  readonly applications: readonly Application[];
  readonly refunds: readonly WholeRefund[];
}

export interface WholeRefund extends Omit<Refund, "refundLineItems"> {
  readonly refundedLines: Refund["refundLineItems"]["nodes"];
}

/** The number within `gid://shopify/Thing/…`. */
export const idOf = (gid: string): string => gid.slice(gid.lastIndexOf("/") + 1).split("?", 1)[0] ?? "";

export function restBody(order: WholeOrder): string {
  const { head, lines, applications, refunds } = order;
  return JSON.stringify({
    id: head.legacyResourceId,
    admin_graphql_api_id: head.id,
    name: head.name,
    created_at: head.createdAt,
    processed_at: head.processedAt,
    updated_at: head.updatedAt,
    cancelled_at: head.cancelledAt,
    cancel_reason: word(head.cancelReason),
    financial_status: word(head.displayFinancialStatus),
    test: head.test,
    currency: head.currencyCode,
    presentment_currency: head.presentmentCurrencyCode,
    taxes_included: head.taxesIncluded,
    // What the total was on the day of the order: `total_price` of a webhook does not follow edits.
    total_price_set: set(head.originalTotalPriceSet),
    subtotal_price_set: head.subtotalPriceSet === null ? null : set(head.subtotalPriceSet),
    current_total_price_set: set(head.currentTotalPriceSet),
    total_tip_received: head.totalTipReceivedSet.shopMoney.amount,
    source_name: head.sourceName,
    customer: head.customer ? { id: head.customer.legacyResourceId } : null,
    landing_site: landingOf(head),
    note_attributes: attributes(head.customAttributes),
    discount_applications: [...applications].sort((a, b) => a.index - b.index).map(applicationBody),
    line_items: lines.map(lineBody),
    refunds: refunds.map((refund) => refundBody(refund, head)),
  });
}

const word = (text: string | null): string | null => text?.toLowerCase() ?? null;

const money = ({ amount, currencyCode }: Money["shopMoney"]) => ({ amount, currency_code: currencyCode });
const set = (both: Money) => ({ shop_money: money(both.shopMoney), presentment_money: money(both.presentmentMoney) });

const attributes = (list: Head["customAttributes"]) => list.map(({ key, value }) => ({ name: key, value }));

/** The page on which the visit began, as a path; what is said of the visit later comes later. */
function landingOf({ landingPageUrl, customerJourneySummary: journey }: Head): string | null {
  const address = landingPageUrl ?? (journey?.ready ? journey.lastVisit?.landingPage : null) ?? null;
  const url = address === null ? null : URL.parse(address);
  return url === null ? address : `${url.pathname}${url.search}`;
}

const APPLICATIONS: Readonly<Record<string, string>> = {
  DiscountCodeApplication: "discount_code",
  ManualDiscountApplication: "manual",
  AutomaticDiscountApplication: "automatic",
  ScriptDiscountApplication: "script",
};

function applicationBody({ __typename, code }: Application) {
  return { type: APPLICATIONS[__typename] ?? word(__typename), ...(code === undefined ? {} : { code }) };
}

/** A tip has no mark here as it has in a webhook; `normalise` knows it by the order's tips. */
function lineBody(line: Line) {
  return {
    id: idOf(line.id),
    variant_id: line.variant?.legacyResourceId ?? null,
    product_id: line.product?.legacyResourceId ?? null,
    sku: line.sku,
    name: line.name,
    title: line.title,
    quantity: line.quantity,
    current_quantity: line.currentQuantity,
    gift_card: line.isGiftCard,
    price_set: set(line.originalUnitPriceSet),
    discount_allocations: line.discountAllocations.map(({ allocatedAmountSet }) => ({ amount_set: set(allocatedAmountSet) })),
    tax_lines: line.taxLines.map(({ priceSet }) => ({ price_set: set(priceSet) })),
    properties: attributes(line.customAttributes),
  };
}

function refundBody(refund: WholeRefund, { currencyCode, taxesIncluded }: Head) {
  return {
    id: refund.legacyResourceId,
    created_at: refund.createdAt,
    processed_at: refund.processedAt,
    refund_line_items: refund.refundedLines.map((line) => ({
      line_item_id: idOf(line.lineItem.id),
      quantity: line.quantity,
      subtotal_set: set(line.subtotalSet),
      total_tax_set: set(line.totalTaxSet),
    })),
    // A webhook tells shipping twice, and its tax in the adjustment alone: so does this.
    refund_shipping_lines: refund.refundShippingLines.nodes.map(({ subtotalAmountSet }) => ({
      subtotal_amount_set: set(subtotalAmountSet),
    })),
    order_adjustments: [
      ...refund.refundShippingLines.nodes.map(({ subtotalAmountSet, taxAmountSet }) => ({
        kind: "shipping_refund",
        amount_set: set(opposite(subtotalAmountSet)),
        // Where prices hold the tax, the subtotal does too.
        tax_amount_set: taxesIncluded ? null : set(opposite(taxAmountSet)),
      })),
      ...refund.orderAdjustments.nodes.map(({ id, reason, amountSet, taxAmountSet }) => ({
        id: idOf(id),
        kind: "refund_discrepancy",
        reason: word(reason),
        amount_set: set(amountSet),
        tax_amount_set: set(taxAmountSet),
      })),
    ],
    total_duties_set: dutiesOf(refund, currencyCode),
    transactions: refund.transactions.nodes.map(({ id, kind, status, amountSet: { presentmentMoney } }) => ({
      id: idOf(id),
      kind: word(kind),
      status: word(status),
      // A webhook tells what the buyer saw, in that currency.
      amount: presentmentMoney.amount,
      currency: presentmentMoney.currencyCode,
    })),
  };
}

const negated = (amount: string): string =>
  amount.startsWith("-") ? amount.slice(1) : /[1-9]/.test(amount) ? `-${amount}` : amount;

function opposite({ shopMoney, presentmentMoney }: Money): Money {
  return {
    shopMoney: { ...shopMoney, amount: negated(shopMoney.amount) },
    presentmentMoney: { ...presentmentMoney, amount: negated(presentmentMoney.amount) },
  };
}

/** Duties stand one by one here, and as a sum in a webhook. */
function dutiesOf({ duties }: WholeRefund, currency: string) {
  if (duties === null || duties.length === 0) return null;
  const { sum, decimals } = duties.reduce((total, { amountSet }) => addDecimal(total, amountSet.shopMoney.amount), {
    sum: 0n,
    decimals: 0,
  });
  const digits = String(sum).padStart(decimals + 1, "0");
  const amount = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return { shop_money: { amount, currency_code: currency } };
}

function addDecimal({ sum, decimals }: { sum: bigint; decimals: number }, amount: string): { sum: bigint; decimals: number } {
  const [whole = "0", fraction = ""] = amount.split(".");
  const most = Math.max(decimals, fraction.length);
  return {
    sum: sum * 10n ** BigInt(most - decimals) + BigInt(`${whole}${fraction.padEnd(most, "0")}`),
    decimals: most,
  };
}

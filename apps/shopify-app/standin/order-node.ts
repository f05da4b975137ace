import { productNode, variantNode } from "./catalogue-node.ts";
import { graphDecimal } from "./money.ts";
import {
  type Adjustment,
  afterDiscounts,
  currentQuantity,
  currentTotals,
  financialStatus,
  gross,
  type Line,
  lineOf,
  lineTax,
  type Order,
  paid,
  paidBack,
  type Refund,
  type RefundLine,
  shippingTax,
  type Transaction,
  totalsOf,
} from "./order.ts";
import { type PageArguments, page, type Reading } from "./pages.ts";
import type { Shop } from "./shop.ts";
import { gid, moneyBag, utc } from "./wire.ts";

/** The Admin API's view of an order, over the same model as its webhook bodies. Without personal data: the app must not ask for it. */
export type Node = Record<string, unknown>;

export function orderNode(shop: Shop, order: Order): Node {
  return {
    __typename: "Order",
    id: gid("Order", order.id),
    legacyResourceId: order.id,
    name: `#${order.number}`,
    number: order.number - 1000,
    confirmationNumber: `UPL${order.number}`,
    confirmed: true,
    closed: false,
    closedAt: null,
    test: order.test,
    edited: order.edited,
    sourceName: order.sourceName,
    sourceIdentifier: null,
    checkoutToken: order.checkoutToken,
    cartToken: null,
    createdAt: utc(order.createdAt),
    processedAt: utc(order.processedAt),
    updatedAt: utc(order.updatedAt),
    cancelledAt: order.cancelledAt && utc(order.cancelledAt),
    cancelReason: order.cancelReason?.toUpperCase() ?? null,
    displayFinancialStatus: financialStatus(order).toUpperCase(),
    displayFulfillmentStatus: "UNFULFILLED",
    returnStatus: "NO_RETURN",
    fullyPaid: ["paid", "partially_refunded", "refunded"].includes(financialStatus(order)),
    unpaid: paid(order) === 0n,
    currencyCode: order.currency,
    presentmentCurrencyCode: order.presentment.currency,
    taxesIncluded: order.taxesIncluded,
    dutiesIncluded: false,
    estimatedTaxes: false,
    taxExempt: false,
    note: null,
    tags: [],
    poNumber: null,
    customerLocale: "en",
    paymentGatewayNames: order.transactions.length === 0 ? [] : ["shopify_payments"],
    customAttributes: order.attributes.map(({ name, value }) => ({ key: name, value })),
    customer: order.customerId === null ? null : customerNode(shop, order.customerId),
    discountCode: order.discountCodes[0]?.code ?? null,
    discountCodes: order.discountCodes.map(({ code }) => code),
    landingPageUrl: order.landingSite && new URL(order.landingSite, `https://${shop.domain}`).href,
    referrerUrl: order.referringSite,
    customerJourneySummary: journeyNode(shop, order),
    statusPageUrl: () => shop.statusUrl(order),
    ...amountNodes(order),
    discountApplications: (args: PageArguments, context: Reading) =>
      page([...order.applications.keys()], args, context, {
        id: (index) => `${index + 1}`,
        node: (index) => applicationNode(order, index),
      }),
    lineItems: (args: PageArguments, context: Reading) =>
      page(order.lines, args, context, { id: ({ id }) => id, node: (line) => lineNode(shop, order, line) }),
    shippingLine: shippingNode(order),
    shippingLines: (args: PageArguments, context: Reading) =>
      page(order.shipping ? [order.shipping] : [], args, context, { id: ({ id }) => id, node: () => shippingNode(order) }),
    refunds: ({ first }: { first?: number | null }) =>
      order.refunds.slice(0, first ?? order.refunds.length).map((refund) => refundNode(shop, order, refund)),
    transactions: ({ first }: { first?: number | null }) =>
      [...order.transactions, ...order.refunds.flatMap(({ transactions }) => transactions)]
        .slice(0, first ?? undefined)
        .map((one) => transactionNode(shop, order, one)),
  };
}

function amountNodes(order: Order): Node {
  const [then, now] = [totalsOf(order), currentTotals(order)];
  const bag = (minor: bigint) => moneyBag(order, minor);
  const outstanding = now.total - paid(order) + paidBack(order);
  const refundedShipping = order.refunds.reduce((sum, { shipping }) => sum + shipping, 0n);
  return {
    subtotalPriceSet: bag(then.subtotal),
    totalPriceSet: bag(then.total),
    originalTotalPriceSet: bag(then.total),
    totalTaxSet: bag(then.tax),
    totalDiscountsSet: bag(then.discounts),
    totalShippingPriceSet: bag(then.shipping),
    totalTipReceivedSet: bag(then.tips),
    totalReceivedSet: bag(paid(order)),
    netPaymentSet: bag(paid(order) - paidBack(order)),
    totalRefundedSet: bag(paidBack(order)),
    totalRefundedShippingSet: bag(refundedShipping),
    totalOutstandingSet: bag(outstanding > 0n ? outstanding : 0n),
    currentSubtotalPriceSet: bag(now.subtotal),
    currentTotalPriceSet: bag(now.total),
    currentTotalTaxSet: bag(now.tax),
    currentTotalDiscountsSet: bag(now.discounts),
    currentShippingPriceSet: bag(now.shipping),
    currentTotalDutiesSet: null,
    currentTotalAdditionalFeesSet: null,
    originalTotalDutiesSet: null,
    originalTotalAdditionalFeesSet: null,
    taxLines: [],
  };
}

function customerNode(shop: Shop, id: string): Node {
  const orders = [...shop.orders.values()].filter(({ customerId }) => customerId === id);
  return {
    __typename: "Customer",
    id: gid("Customer", id),
    legacyResourceId: id,
    numberOfOrders: String(orders.length),
    createdAt: utc(shop.createdAt),
    updatedAt: utc(shop.createdAt),
  };
}

function journeyNode(shop: Shop, order: Order): Node {
  const visit = order.landingSite
    ? {
        __typename: "CustomerVisit",
        id: gid("CustomerVisit", order.id),
        landingPage: new URL(order.landingSite, `https://${shop.domain}`).href,
        referrerUrl: order.referringSite,
        occurredAt: utc(order.createdAt),
        referralCode: new URL(order.landingSite, `https://${shop.domain}`).searchParams.get("ref"),
        source: "direct",
        sourceDescription: null,
        sourceType: null,
        utmParameters: null,
      }
    : null;
  return { ready: true, customerOrderIndex: 0, daysToConversion: 0, firstVisit: visit, lastVisit: visit };
}

function applicationNode(order: Order, index: number): Node {
  const one = order.applications[index];
  if (!one) throw new Error(`order ${order.id} has no discount application ${index}`);
  const value =
    "percent" in one.value
      ? { __typename: "PricingPercentageValue", percentage: Number(one.value.percent) }
      : { __typename: "MoneyV2", amount: graphDecimal(one.value.minor, order.currency), currencyCode: order.currency };
  const common = { index, value, allocationMethod: "ACROSS", targetSelection: "ALL", targetType: "LINE_ITEM" };
  if (one.type === "discount_code") return { __typename: "DiscountCodeApplication", code: one.name, ...common };
  if (one.type === "manual")
    return { __typename: "ManualDiscountApplication", title: one.name, description: one.name, ...common };
  return { __typename: "AutomaticDiscountApplication", title: one.name, ...common };
}

const taxLineNodes = (order: Order, minor: bigint, rate: number): Node[] =>
  rate === 0
    ? []
    : [
        {
          title: "VAT",
          rate: rate / 10_000,
          ratePercentage: rate / 100,
          priceSet: moneyBag(order, minor),
          channelLiable: false,
          source: "Shopify",
        },
      ];

/** As bought, and now; a tip is a line without product and variant, and its title is all that tells it. */
export function lineNode(shop: Shop, order: Order, line: Line): Node {
  const bag = (minor: bigint) => moneyBag(order, minor);
  const current = currentQuantity(order, line);
  return {
    __typename: "LineItem",
    id: gid("LineItem", line.id),
    name: line.title,
    title: line.title,
    variantTitle: null,
    sku: line.sku,
    vendor: line.productId === null ? null : shop.name,
    quantity: line.quantity,
    currentQuantity: current,
    refundableQuantity: current,
    unfulfilledQuantity: current,
    nonFulfillableQuantity: 0,
    isGiftCard: line.giftCard,
    requiresShipping: !(line.giftCard || line.tip),
    taxable: line.taxRate > 0,
    customAttributes: line.properties.map(({ name, value }) => ({ key: name, value })),
    product: line.productId === null ? null : () => productNode(shop, shop.productOf(line.productId ?? "")),
    variant: line.variantId === null ? null : () => variantNode(shop, shop.variantOf(line.variantId ?? "")),
    sellingPlan: null,
    lineItemGroup: null,
    contract: null,
    originalUnitPriceSet: bag(line.unit),
    originalTotalSet: bag(gross(line)),
    discountedTotalSet: ({ withCodeDiscounts }: { withCodeDiscounts?: boolean }) =>
      bag(withCodeDiscounts ? afterDiscounts(line) : gross(line)),
    totalDiscountSet: bag(0n),
    discountAllocations: [...line.allocations].map(([index, minor]) => ({
      allocatedAmountSet: bag(minor),
      discountApplication: applicationNode(order, index),
    })),
    duties: [],
    taxLines: () => taxLineNodes(order, lineTax(order, line), line.taxRate),
  };
}

function shippingNode(order: Order): Node | null {
  const { shipping } = order;
  if (!shipping) return null;
  const price = moneyBag(order, shipping.price);
  return {
    __typename: "ShippingLine",
    id: gid("ShippingLine", shipping.id),
    title: shipping.title,
    code: shipping.title,
    source: "shopify",
    custom: false,
    isRemoved: false,
    carrierIdentifier: null,
    originalPriceSet: price,
    discountedPriceSet: price,
    currentDiscountedPriceSet: price,
    discountAllocations: [],
    taxLines: taxLineNodes(order, shippingTax(order), shipping.taxRate),
  };
}

export function transactionNode(shop: Shop, order: Order, one: Transaction): Node {
  return {
    __typename: "OrderTransaction",
    id: gid("OrderTransaction", one.id),
    kind: one.kind.toUpperCase(),
    status: one.status.toUpperCase(),
    amountSet: moneyBag(order, one.amount),
    amountRoundingSet: null,
    createdAt: utc(one.at),
    processedAt: utc(one.at),
    gateway: "shopify_payments",
    formattedGateway: "Shopify Payments",
    manualPaymentGateway: false,
    errorCode: null,
    paymentId: `#${order.number}.${one.id}`,
    test: order.test,
    order: () => orderNode(shop, order),
    parentTransaction: null,
  };
}

export function refundNode(shop: Shop, order: Order, refund: Refund): Node {
  const bag = (minor: bigint) => moneyBag(order, minor);
  const listed =
    <Item extends { id: string }>(items: readonly Item[], node: (item: Item) => Node) =>
    (args: PageArguments, context: Reading) =>
      page(items, args, context, { id: ({ id }) => id, node });
  const moved = refund.transactions.filter(({ status }) => status === "success").reduce((sum, { amount }) => sum + amount, 0n);
  return {
    __typename: "Refund",
    id: gid("Refund", refund.id),
    legacyResourceId: refund.id,
    createdAt: utc(refund.at),
    processedAt: utc(refund.at),
    updatedAt: utc(refund.at),
    note: refund.note,
    return: null,
    duties: [],
    order: () => orderNode(shop, order),
    totalRefundedSet: bag(moved),
    refundLineItems: listed(refund.lines, (one) => refundLineNode(shop, order, one)),
    orderAdjustments: listed(refund.adjustments, (one) => adjustmentNode(order, one)),
    refundShippingLines: listed(refund.shipping > 0n ? [{ id: `9${refund.id}` }] : [], ({ id }) => ({
      __typename: "RefundShippingLine",
      id: gid("RefundShippingLine", id),
      shippingLine: shippingNode(order),
      subtotalAmountSet: bag(refund.shipping),
      taxAmountSet: bag(refund.shippingTax),
    })),
    transactions: listed(refund.transactions, (one) => transactionNode(shop, order, one)),
  };
}

function refundLineNode(shop: Shop, order: Order, one: RefundLine): Node {
  return {
    __typename: "RefundLineItem",
    id: gid("RefundLineItem", one.id),
    quantity: one.quantity,
    restockType: one.restock.toUpperCase(),
    restocked: one.restock !== "no_restock",
    location: null,
    priceSet: moneyBag(order, lineOf(order, one.lineId).unit),
    subtotalSet: moneyBag(order, one.subtotal),
    totalTaxSet: moneyBag(order, one.tax),
    lineItem: lineNode(shop, order, lineOf(order, one.lineId)),
  };
}

function adjustmentNode(order: Order, one: Adjustment): Node {
  return {
    __typename: "OrderAdjustment",
    id: gid("OrderAdjustment", one.id),
    amountSet: moneyBag(order, one.amount),
    taxAmountSet: moneyBag(order, one.tax),
    // The kind of the webhook body is gone here; a shipping refund is told by its shipping lines.
    reason: one.kind === "refund_discrepancy" ? "REFUND_DISCREPANCY" : null,
  };
}

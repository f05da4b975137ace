import type * as Admin from "./admin.generated.ts";

/**
 * Everything that the hub asks of Shopify's Admin API, of one version. A test validates each document against the schema
 * that Shopify ships, and `admin.generated.ts` holds what each takes and answers, made from that schema by `pnpm generate`.
 * No field needs leave to read personal data, but for the customer's number.
 */
export const API_VERSION = "2026-10";

/** A document with the types of what it answers and takes; the types are never there at run time. */
export interface Document<Result, Variables> {
  readonly text: string;
  readonly types?: { readonly result: Result; readonly variables: Variables };
}

const document = <Result, Variables>(...texts: readonly string[]): Document<Result, Variables> => ({ text: texts.join("\n") });

const MONEY = `
fragment Money on MoneyBag {
  shopMoney { amount currencyCode }
  presentmentMoney { amount currencyCode }
}`;

/** Lists within an order say whether they go on; what goes on is asked for order by order. */
const LINE = `
fragment Line on LineItem {
  id
  name
  title
  sku
  quantity
  currentQuantity
  isGiftCard
  variant { legacyResourceId }
  product { legacyResourceId }
  originalUnitPriceSet { ...Money }
  discountAllocations { allocatedAmountSet { ...Money } }
  taxLines { priceSet { ...Money } }
  customAttributes { key value }
}`;

const APPLICATION = `
fragment Application on DiscountApplication {
  __typename
  index
  ... on DiscountCodeApplication { code }
}`;

/** Of an order everything but its lists. */
const HEAD = `
fragment Head on Order {
  id
  legacyResourceId
  name
  createdAt
  processedAt
  updatedAt
  cancelledAt
  cancelReason
  displayFinancialStatus
  test
  currencyCode
  presentmentCurrencyCode
  taxesIncluded
  sourceName
  landingPageUrl
  originalTotalPriceSet { ...Money }
  subtotalPriceSet { ...Money }
  currentTotalPriceSet { ...Money }
  totalTipReceivedSet { ...Money }
  customAttributes { key value }
  customerJourneySummary { ready lastVisit { landingPage } }
  customer @include(if: $withCustomer) { legacyResourceId }
}`;

const REFUNDED_LINE = `
fragment RefundedLine on RefundLineItem {
  quantity
  lineItem { id }
  subtotalSet { ...Money }
  totalTaxSet { ...Money }
}`;

const REFUND = `
fragment Refund on Refund {
  id
  legacyResourceId
  createdAt
  processedAt
  duties { amountSet { ...Money } }
  refundLineItems(first: $parts) {
    nodes { ...RefundedLine }
    pageInfo { hasNextPage endCursor }
  }
  refundShippingLines(first: $parts) {
    nodes { subtotalAmountSet { ...Money } taxAmountSet { ...Money } }
    pageInfo { hasNextPage }
  }
  orderAdjustments(first: $parts) {
    nodes { id reason amountSet { ...Money } taxAmountSet { ...Money } }
    pageInfo { hasNextPage }
  }
  transactions(first: $parts) {
    nodes { id kind status amountSet { ...Money } }
    pageInfo { hasNextPage }
  }
}`;

const WHOLE = `
fragment Whole on Order {
  ...Head
  lineItems(first: $lines) {
    nodes { ...Line }
    pageInfo { hasNextPage endCursor }
  }
  discountApplications(first: $parts) {
    nodes { ...Application }
    pageInfo { hasNextPage endCursor }
  }
  refunds(first: $refunds) { ...Refund }
}`;

const ORDER_PARTS = [MONEY, LINE, APPLICATION, HEAD, REFUNDED_LINE, REFUND, WHOLE] as const;

export const SHOP = document<Admin.ShopResult, Admin.ShopVariables>(`
query Shop {
  shop { name currencyCode ianaTimezone myshopifyDomain }
}`);

export const ORDERS = document<Admin.OrdersResult, Admin.OrdersVariables>(
  `
query Orders(
  $query: String, $sortKey: OrderSortKeys!, $first: Int!, $after: String,
  $lines: Int!, $parts: Int!, $refunds: Int!, $withCustomer: Boolean!
) {
  orders(query: $query, sortKey: $sortKey, first: $first, after: $after) {
    nodes { ...Whole }
    pageInfo { hasNextPage endCursor }
  }
}`,
  ...ORDER_PARTS,
);

export const ORDER = document<Admin.OrderResult, Admin.OrderVariables>(
  `
query Order($id: ID!, $lines: Int!, $parts: Int!, $refunds: Int!, $withCustomer: Boolean!) {
  order(id: $id) { ...Whole }
}`,
  ...ORDER_PARTS,
);

/** What of an order's lists did not come with it. */
export const MORE_LINES = document<Admin.MoreLinesResult, Admin.MoreLinesVariables>(
  `
query MoreLines($id: ID!, $first: Int!, $after: String) {
  order(id: $id) {
    lineItems(first: $first, after: $after) {
      nodes { ...Line }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  MONEY,
  LINE,
);

export const MORE_APPLICATIONS = document<Admin.MoreApplicationsResult, Admin.MoreApplicationsVariables>(
  `
query MoreApplications($id: ID!, $first: Int!, $after: String) {
  order(id: $id) {
    discountApplications(first: $first, after: $after) {
      nodes { ...Application }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  APPLICATION,
);

export const MORE_REFUNDED = document<Admin.MoreRefundedResult, Admin.MoreRefundedVariables>(
  `
query MoreRefunded($id: ID!, $first: Int!, $after: String) {
  refund(id: $id) {
    refundLineItems(first: $first, after: $after) {
      nodes { ...RefundedLine }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  MONEY,
  REFUNDED_LINE,
);

export const ORDERS_COUNT = document<Admin.OrdersCountResult, Admin.OrdersCountVariables>(`
query OrdersCount($query: String) {
  ordersCount(query: $query, limit: 10000) { count precision }
}`);

/** The first order of a list: the oldest that the app may see. */
export const FIRST_ORDER = document<Admin.FirstOrderResult, Admin.FirstOrderVariables>(`
query FirstOrder($query: String, $sortKey: OrderSortKeys!) {
  orders(first: 1, query: $query, sortKey: $sortKey) { nodes { legacyResourceId createdAt updatedAt } }
}`);

/** By id: what tells whether an order is as it is known. */
export const KNOWN_ORDERS = document<Admin.KnownOrdersResult, Admin.KnownOrdersVariables>(`
query KnownOrders($ids: [ID!]!, $refunds: Int!) {
  nodes(ids: $ids) {
    __typename
    ... on Order { legacyResourceId updatedAt refunds(first: $refunds) { legacyResourceId } }
  }
}`);

export const VARIANTS = document<Admin.VariantsResult, Admin.VariantsVariables>(`
query Variants($first: Int!, $after: String) {
  productVariants(first: $first, after: $after, sortKey: ID) {
    nodes {
      legacyResourceId
      title
      sku
      price
      product { legacyResourceId title status }
    }
    pageInfo { hasNextPage endCursor }
  }
}`);

/**
 * A bulk operation's own query. Shopify allows no list by pages within a plain list there, so that of refunds it says only
 * which there are; and no variables.
 */
export const BULK_ORDERS = document<Admin.BulkOrdersResult, Admin.BulkOrdersVariables>(
  `
query BulkOrders($query: String, $sortKey: OrderSortKeys!, $withCustomer: Boolean!) {
  orders(query: $query, sortKey: $sortKey) {
    edges {
      node {
        ...Head
        refunds { legacyResourceId }
        lineItems { edges { node { ...Line } } }
        discountApplications { edges { node { ...Application } } }
      }
    }
  }
}`,
  MONEY,
  LINE,
  APPLICATION,
  HEAD,
);

/** The bulk query with its values written in. */
export function bulkOrdersText(values: { query: string; sortKey: "CREATED_AT" | "UPDATED_AT"; withCustomer: boolean }): string {
  return BULK_ORDERS.text
    .replace(/\(\$query: String, \$sortKey: OrderSortKeys!, \$withCustomer: Boolean!\)/, "")
    .replace("query: $query, sortKey: $sortKey", `query: ${JSON.stringify(values.query)}, sortKey: ${values.sortKey}`)
    .replace(/ *customer @include\(if: \$withCustomer\)/, values.withCustomer ? "  customer" : "  # customer")
    .trim();
}

export const RUN_BULK = document<Admin.RunBulkResult, Admin.RunBulkVariables>(`
mutation RunBulk($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id status }
    userErrors { field message code }
  }
}`);

export const BULK_OPERATION = document<Admin.BulkOperationResult, Admin.BulkOperationVariables>(`
query BulkOperation($id: ID!) {
  bulkOperation(id: $id) { id status errorCode url objectCount }
}`);

export const DISCOUNT_OF_CODE = document<Admin.DiscountOfCodeResult, Admin.DiscountOfCodeVariables>(`
query DiscountOfCode($code: String!) {
  codeDiscountNodeByCode(code: $code) { id codeDiscount { __typename } }
}`);

export const CREATE_DISCOUNT = document<Admin.CreateDiscountResult, Admin.CreateDiscountVariables>(`
mutation CreateDiscount($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode { id }
    userErrors { field message code }
  }
}`);

export const ADD_CODES = document<Admin.AddCodesResult, Admin.AddCodesVariables>(`
mutation AddCodes($discountId: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $discountId, codes: $codes) {
    bulkCreation { id }
    userErrors { field message code }
  }
}`);

export const ADDED_CODES = document<Admin.AddedCodesResult, Admin.AddedCodesVariables>(`
query AddedCodes($id: ID!, $first: Int!, $after: String) {
  discountRedeemCodeBulkCreation(id: $id) {
    done
    codes(first: $first, after: $after) {
      nodes { code errors { message } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`);

/** Those that an app made by calls; the ones of its own configuration are in no list. */
export const WEBHOOKS = document<Admin.WebhooksResult, Admin.WebhooksVariables>(`
query Webhooks {
  webhookSubscriptions(first: 100) { nodes { topic uri } }
}`);

export const DOCUMENTS: readonly Document<unknown, unknown>[] = [
  ...[SHOP, ORDERS, ORDER, MORE_LINES, MORE_APPLICATIONS, ORDERS_COUNT, FIRST_ORDER, KNOWN_ORDERS, VARIANTS, BULK_ORDERS],
  ...[MORE_REFUNDED, RUN_BULK, BULK_OPERATION, DISCOUNT_OF_CODE, CREATE_DISCOUNT, ADD_CODES, ADDED_CODES, WEBHOOKS],
];

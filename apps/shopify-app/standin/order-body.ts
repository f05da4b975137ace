import { decimal } from "./money.ts";
import {
  currentQuantity,
  currentTotals,
  financialStatus,
  type Line,
  lineOf,
  lineTax,
  type Order,
  paid,
  paidBack,
  type Refund,
  shippingTax,
  type Transaction,
  totalsOf,
} from "./order.ts";
import type { Shop } from "./shop.ts";
import { gid, moneySet, number, shopTime } from "./wire.ts";

/** The REST-shaped bodies of webhooks, API version 2026-10. Personal data is invented and always the same. */

const nullable = (id: string | null): string | null => (id === null ? null : number(id));
const money = (order: Order, minor: bigint): string => decimal(minor, order.currency);

/** `name` and `name_set`, as most amounts are told twice. */
function both(order: Order, name: string, minor: bigint): Record<string, unknown> {
  return { [name]: money(order, minor), [`${name}_set`]: moneySet(order, minor) };
}

/** What a body holds besides, the same in every order here. */
const UNCHANGING = {
  app_id: 580111,
  billing_address: null,
  browser_ip: "203.0.113.20",
  buyer_accepts_marketing: false,
  cart_token: null,
  client_details: null,
  closed_at: null,
  company: null,
  confirmed: true,
  customer_locale: "en",
  device_id: null,
  duties_included: false,
  estimated_taxes: false,
  fulfillment_status: null,
  fulfillments: [],
  landing_site_ref: null,
  line_item_groups: [],
  location_id: null,
  merchant_business_entity_id: "MTU0ODM4MDAwOQ",
  merchant_of_record_app_id: null,
  note: null,
  payment_terms: null,
  phone: null,
  po_number: null,
  reference: null,
  returns: [],
  shipping_address: null,
  source_identifier: null,
  source_url: null,
  tags: "",
  tax_exempt: false,
  tax_lines: [],
  total_weight: 0,
  user_id: null,
};

export function orderBody(shop: Shop, order: Order): Record<string, unknown> {
  const at = (date: Date) => shopTime(date, shop.timeZone);
  const customer = customerBody(shop, order);
  return {
    id: number(order.id),
    admin_graphql_api_id: gid("Order", order.id),
    ...UNCHANGING,
    cancel_reason: order.cancelReason,
    cancelled_at: order.cancelledAt && at(order.cancelledAt),
    checkout_token: order.checkoutToken,
    confirmation_number: `UPL${order.number}`,
    contact_email: customer === null ? null : "buyer@example.com",
    created_at: at(order.createdAt),
    currency: order.currency,
    ...amounts(order),
    discount_codes: order.discountCodes.map(({ code, amount, type }) => ({ code, amount: money(order, amount), type })),
    email: customer === null ? null : "buyer@example.com",
    financial_status: financialStatus(order),
    landing_site: order.landingSite,
    name: `#${order.number}`,
    note_attributes: order.attributes,
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: shop.statusUrl(order),
    payment_gateway_names: order.transactions.length === 0 ? [] : ["shopify_payments"],
    presentment_currency: order.presentment.currency,
    processed_at: at(order.processedAt),
    referring_site: order.referringSite,
    source_name: order.sourceName,
    taxes_included: order.taxesIncluded,
    test: order.test,
    token: order.id.padStart(32, "0"),
    updated_at: at(order.updatedAt),
    customer,
    discount_applications: order.applications.map(applicationBody(order)),
    line_items: order.lines.map((line) => lineBody(shop, order, line)),
    refunds: order.refunds.map((refund) => refundBody(shop, order, refund)),
    shipping_lines: order.shipping ? [shippingBody(order)] : [],
  };
}

function amounts(order: Order): Record<string, unknown> {
  const [then, now] = [totalsOf(order), currentTotals(order)];
  const outstanding = now.total - paid(order) + paidBack(order);
  return {
    current_shipping_price_set: moneySet(order, now.shipping),
    ...both(order, "current_subtotal_price", now.subtotal),
    current_total_additional_fees_set: null,
    ...both(order, "current_total_discounts", now.discounts),
    current_total_duties_set: null,
    ...both(order, "current_total_price", now.total),
    ...both(order, "current_total_tax", now.tax),
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    ...both(order, "subtotal_price", then.subtotal),
    total_cash_rounding_payment_adjustment_set: moneySet(order, 0n),
    total_cash_rounding_refund_adjustment_set: moneySet(order, 0n),
    ...both(order, "total_discounts", then.discounts),
    ...both(order, "total_line_items_price", then.subtotal + then.discounts),
    total_outstanding: money(order, outstanding > 0n ? outstanding : 0n),
    ...both(order, "total_price", then.total),
    total_shipping_price_set: moneySet(order, then.shipping),
    ...both(order, "total_tax", then.tax),
    total_tip_received: money(order, then.tips),
  };
}

function customerBody(shop: Shop, order: Order): Record<string, unknown> | null {
  if (order.customerId === null) return null;
  const at = shopTime(shop.createdAt, shop.timeZone);
  return {
    id: number(order.customerId),
    created_at: at,
    updated_at: at,
    first_name: "Ines",
    last_name: "Example",
    state: "disabled",
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    email: `buyer-${order.customerId}@example.com`,
    phone: null,
    currency: order.currency,
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", order.customerId),
    default_address: null,
  };
}

const applicationBody = (order: Order) => (one: Order["applications"][number]) => ({
  target_type: "line_item",
  type: one.type,
  ...("percent" in one.value
    ? { value: one.value.percent, value_type: "percentage" }
    : { value: money(order, one.value.minor), value_type: "fixed_amount" }),
  allocation_method: "across",
  target_selection: "all",
  ...(one.type === "discount_code" ? { code: one.name } : { title: one.name, description: one.name }),
});

const taxLines = (order: Order, minor: bigint, rate: number) =>
  rate === 0
    ? []
    : [
        {
          channel_liable: false,
          price: money(order, minor),
          price_set: moneySet(order, minor),
          rate: rate / 10_000,
          title: "VAT",
        },
      ];

export function lineBody(shop: Shop, order: Order, line: Line): Record<string, unknown> {
  const current = currentQuantity(order, line);
  return {
    id: number(line.id),
    admin_graphql_api_id: gid("LineItem", line.id),
    attributed_staffs: [],
    current_quantity: current,
    fulfillable_quantity: current,
    fulfillment_service: "manual",
    fulfillment_status: null,
    gift_card: line.giftCard,
    grams: 0,
    name: line.title,
    ...both(order, "price", line.unit),
    product_exists: line.productId !== null,
    product_id: nullable(line.productId),
    properties: line.properties,
    quantity: line.quantity,
    requires_shipping: !(line.giftCard || line.tip),
    sales_line_item_group_id: null,
    selling_plan_id: null,
    sku: line.sku,
    taxable: line.taxRate > 0,
    title: line.title,
    ...both(order, "total_discount", 0n),
    variant_id: nullable(line.variantId),
    variant_inventory_management: line.variantId === null ? null : "shopify",
    variant_title: null,
    vendor: line.productId === null ? null : shop.name,
    ...(line.tip ? { tip_payment_gateway: "shopify_payments", tip_payment_method: "visa" } : {}),
    tax_lines: taxLines(order, lineTax(order, line), line.taxRate),
    duties: [],
    discount_allocations: [...line.allocations].map(([index, minor]) => ({
      amount: money(order, minor),
      amount_set: moneySet(order, minor),
      discount_application_index: index,
    })),
  };
}

function shippingBody(order: Order): Record<string, unknown> {
  const shipping = order.shipping;
  if (!shipping) throw new Error("the order ships nothing");
  return {
    id: number(shipping.id),
    carrier_identifier: null,
    code: shipping.title,
    current_discounted_price_set: moneySet(order, shipping.price),
    ...both(order, "discounted_price", shipping.price),
    is_removed: false,
    phone: null,
    ...both(order, "price", shipping.price),
    requested_fulfillment_service_id: null,
    source: "shopify",
    title: shipping.title,
    tax_lines: taxLines(order, shippingTax(order), shipping.taxRate),
    discount_allocations: [],
  };
}

function transactionBody(shop: Shop, order: Order, one: Transaction): Record<string, unknown> {
  const at = shopTime(one.at, shop.timeZone);
  return {
    id: number(one.id),
    admin_graphql_api_id: gid("OrderTransaction", one.id),
    ...moneyOfPayment(order, one.amount),
    amount_rounding: null,
    authorization: null,
    created_at: at,
    device_id: null,
    error_code: null,
    gateway: "shopify_payments",
    kind: one.kind,
    location_id: null,
    manual_payment_gateway: false,
    message: null,
    order_id: number(order.id),
    parent_id: nullable(one.parentId),
    payment_id: `#${order.number}.${one.id}`,
    processed_at: at,
    receipt: {},
    source_name: order.sourceName,
    status: one.status,
    test: order.test,
    user_id: null,
  };
}

/** A transaction is in the currency that the buyer paid. */
function moneyOfPayment(order: Order, minor: bigint): Record<string, unknown> {
  const { presentment_money: paidIn } = moneySet(order, minor);
  return { amount: paidIn.amount, currency: paidIn.currency_code };
}

export function refundBody(shop: Shop, order: Order, refund: Refund): Record<string, unknown> {
  const at = shopTime(refund.at, shop.timeZone);
  return {
    id: number(refund.id),
    admin_graphql_api_id: gid("Refund", refund.id),
    created_at: at,
    note: refund.note,
    order_id: number(order.id),
    processed_at: at,
    restock: refund.lines.some(({ restock }) => restock !== "no_restock"),
    return: null,
    total_additional_fees_set: moneySet(order, 0n),
    total_duties_set: moneySet(order, 0n),
    user_id: null,
    additional_fees: [],
    duties: [],
    order_adjustments: refund.adjustments.map((one) => ({
      id: number(one.id),
      ...both(order, "amount", one.amount),
      kind: one.kind,
      order_id: number(order.id),
      reason: one.kind === "shipping_refund" ? "Shipping refund" : "Refund discrepancy",
      refund_id: number(refund.id),
      ...both(order, "tax_amount", one.tax),
    })),
    refund_shipping_lines:
      refund.shipping > 0n && order.shipping
        ? [
            {
              id: number(`9${refund.id}`),
              shipping_line_id: number(order.shipping.id),
              subtotal_amount_set: moneySet(order, refund.shipping),
              shipping_line: shippingBody(order),
            },
          ]
        : [],
    transactions: refund.transactions.map((one) => transactionBody(shop, order, one)),
    refund_line_items: refund.lines.map((one) => ({
      id: number(one.id),
      line_item_id: number(one.lineId),
      location_id: null,
      quantity: one.quantity,
      restock_type: one.restock,
      // The two plain fields are JSON numbers, unlike all other amounts.
      subtotal: number(money(order, one.subtotal)),
      subtotal_set: moneySet(order, one.subtotal),
      total_tax: number(money(order, one.tax)),
      total_tax_set: moneySet(order, one.tax),
      line_item: lineBody(shop, order, lineOf(order, one.lineId)),
    })),
  };
}

/** What was put on and taken off; it names the order, and no shop. */
export function editBody(shop: Shop, order: Order, edit: { id: string; at: Date; added: Line[]; removed: [string, number][] }) {
  const at = shopTime(edit.at, shop.timeZone);
  return {
    order_edit: {
      id: number(edit.id),
      app_id: null,
      created_at: at,
      committed_at: at,
      notify_customer: false,
      order_id: number(order.id),
      staff_note: "",
      user_id: null,
      line_items: {
        additions: edit.added.map(({ id, quantity }) => ({ id: number(id), delta: quantity })),
        removals: edit.removed.map(([id, delta]) => ({ id: number(id), delta })),
      },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
}

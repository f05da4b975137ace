import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Orders of the true shape for load: a Shopify orders/paid body of a given size, each with its own id and buyer. */

const TEMPLATE = join(import.meta.dirname, "../../../../connectors/shopify/fixtures/order-subscription-renewal.json");

export interface LoadOptions {
  readonly storePath: string;
  readonly secret: string;
  readonly bodyBytes: number;
  /** Referral codes, taken in turn. */
  readonly codes: readonly string[];
  /** Of the shop; absent is the bench's. */
  readonly domain?: string;
}

export interface OrderEvent {
  /** Which order; the id is made from it. */
  readonly order: number;
  readonly topic: string;
  /** Minutes after the order was placed: decides which of two deliveries is newer. */
  readonly minute: number;
  readonly financialStatus: "pending" | "paid" | "partially_refunded" | "refunded";
  /** Units of the line given back, of two. */
  readonly unitsBack: 0 | 1 | 2;
}

/** Makes signed HTTP requests as bytes, ready to be written to a socket. */
export class LoadMaker {
  readonly #options: LoadOptions;
  readonly #template: Record<string, unknown>;

  constructor(options: LoadOptions) {
    this.#options = options;
    const { rawBody } = JSON.parse(readFileSync(TEMPLATE, "utf8")) as { rawBody: string };
    this.#template = JSON.parse(rawBody) as Record<string, unknown>;
  }

  /** The id the platform would give the order. */
  static orderId(order: number): string {
    return String(7_000_000_000_000 + order);
  }

  body(event: OrderEvent): string {
    const id = LoadMaker.orderId(event.order);
    const code = this.#options.codes[event.order % this.#options.codes.length] ?? "";
    const placed = Date.parse("2026-11-01T08:00:00Z");
    const text = JSON.stringify({
      ...this.#template,
      id: Number(id),
      admin_graphql_api_id: `gid://shopify/Order/${id}`,
      name: `#${event.order}`,
      financial_status: event.financialStatus,
      created_at: new Date(placed).toISOString(),
      processed_at: new Date(placed).toISOString(),
      updated_at: new Date(placed + event.minute * 60_000).toISOString(),
      // Everyone buys once: orders of one buyer wait for each other.
      customer: { id: 5_000_000 + event.order },
      email: `buyer-${event.order}@example.com`,
      contact_email: `buyer-${event.order}@example.com`,
      note_attributes: [{ name: "_ref_code", value: code }],
      landing_site: null,
      discount_codes: [],
      discount_applications: [],
      subtotal_price: "99.80",
      total_price: "118.76",
      ...money("total_price_set", "118.76"),
      ...money("subtotal_price_set", "99.80"),
      line_items: [line(id)],
      refunds: event.unitsBack === 0 ? [] : [refund(id, event)],
      shipping_lines: [],
      note: "",
    });
    return text.replace('"note":""', `"note":"${"x".repeat(Math.max(0, this.#options.bodyBytes - Buffer.byteLength(text)))}"`);
  }

  request(event: OrderEvent): Buffer {
    const body = Buffer.from(this.body(event));
    const signature = createHmac("sha256", this.#options.secret).update(body).digest("base64");
    const head = [
      `POST ${this.#options.storePath} HTTP/1.1`,
      "Host: 127.0.0.1",
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      `X-Shopify-Topic: ${event.topic}`,
      `X-Shopify-Hmac-Sha256: ${signature}`,
      `X-Shopify-Shop-Domain: ${this.#options.domain ?? "bench.myshopify.com"}`,
      `X-Shopify-Webhook-Id: ${event.order}-${event.minute}`,
    ];
    return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
  }
}

function set(amount: string) {
  return { shop_money: { amount, currency_code: "USD" }, presentment_money: { amount, currency_code: "USD" } };
}

function money(name: string, amount: string) {
  return { [name]: set(amount) };
}

/** 2 × 49.90 without discount, 19 % tax on top: net 99.80. */
function line(id: string) {
  return {
    id: Number(id) * 10 + 1,
    variant_id: 44_001_001,
    product_id: 9_001_001,
    sku: "KIT-STARTER",
    title: "Starter Kit",
    name: "Starter Kit",
    quantity: 2,
    gift_card: false,
    price: "49.90",
    price_set: set("49.90"),
    total_discount: "0.00",
    total_discount_set: set("0.00"),
    discount_allocations: [],
    tax_lines: [{ title: "VAT", rate: 0.19, price: "18.96", price_set: set("18.96") }],
    properties: [],
  };
}

function refund(id: string, event: OrderEvent) {
  const units = event.unitsBack;
  const net = units === 2 ? "99.80" : "49.90";
  const tax = units === 2 ? "18.96" : "9.48";
  const gross = units === 2 ? "118.76" : "59.38";
  return {
    id: Number(id) * 10 + 5 + units,
    created_at: "2026-11-02T08:00:00Z",
    processed_at: "2026-11-02T08:00:00Z",
    refund_line_items: [
      {
        id: Number(id) * 10 + 7,
        line_item_id: Number(id) * 10 + 1,
        quantity: units,
        subtotal: Number(net),
        subtotal_set: set(net),
        total_tax: Number(tax),
        total_tax_set: set(tax),
      },
    ],
    order_adjustments: [],
    transactions: [{ id: Number(id) * 10 + 8, kind: "refund", status: "success", amount: gross, currency: "USD" }],
  };
}

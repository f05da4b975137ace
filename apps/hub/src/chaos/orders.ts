import { createHmac } from "node:crypto";
import type { TestStore } from "../testing/test-company.ts";

/** Shopify orders of the suite's own making, and what each of them must earn: nothing here is asked of the hub. */

/** What the test company's plan pays on an order of JONAH7, in hundredths of its net: D10 owns it, and D09, D08 and D01 are above. */
const SHARES: Readonly<Record<string, bigint>> = { D10: 10n, D09: 5n, D08: 3n, D01: 2n };
const UNIT_MINOR = 50_00n;

/** One order's life: so many units when it was paid, and after an edit, which is the newer of its two deliveries. */
export interface MadeOrder {
  readonly id: number;
  readonly poison: boolean;
  readonly units: readonly number[];
}

export interface MadeDelivery {
  readonly order: MadeOrder;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function deliveriesOf(order: MadeOrder, store: TestStore): MadeDelivery[] {
  return order.units.map((units, edit) => {
    const body = bodyOf(order.id, units, edit);
    const signature = createHmac("sha256", store.secret).update(body).digest("base64");
    const headers = {
      "content-type": "application/json",
      "x-shopify-topic": "orders/updated",
      "x-shopify-hmac-sha256": signature,
      "x-shopify-shop-domain": store.domain,
    };
    return { order, path: store.ingestPath, headers, body };
  });
}

/** What everybody must have earned from an order in the end, by distributor. */
export function expectedOf(order: MadeOrder): Map<string, bigint> {
  const net = UNIT_MINOR * BigInt(order.units.at(-1) ?? 0);
  return new Map(Object.entries(SHARES).map(([distributorId, share]) => [distributorId, (net * share) / 100n]));
}

function bodyOf(id: number, units: number, edit: number): string {
  const total = `${units * 50}.00`;
  const money = (amount: string) => {
    const set = { amount, currency_code: "USD" };
    return { shop_money: set, presentment_money: set };
  };
  return JSON.stringify({
    id,
    name: `#${id}`,
    financial_status: "paid",
    taxes_included: false,
    test: false,
    currency: "USD",
    created_at: "2026-11-02T08:00:00Z",
    processed_at: "2026-11-02T08:00:00Z",
    updated_at: `2026-11-02T09:0${edit}:00Z`,
    total_price: total,
    total_price_set: money(total),
    subtotal_price: total,
    customer: { id: 5_000 + id },
    note_attributes: [{ name: "_ref_code", value: "JONAH7" }],
    line_items: [
      {
        id: id * 10 + 1,
        variant_id: 51120099001,
        product_id: 1,
        sku: "KIT-STARTER",
        title: "Kit",
        name: "Kit",
        quantity: units,
        price: "50.00",
        price_set: money("50.00"),
        total_discount: "0.00",
        discount_allocations: [],
        tax_lines: [],
      },
    ],
    refunds: [],
    shipping_lines: [],
    discount_codes: [],
  });
}

import { importSkus } from "../catalogue/import.ts";
import { importDistributors } from "../network/import.ts";
import type { TestHub } from "./test-hub.ts";

/** For tests: the document's own two bodies, its distributor and products in the test company, and calls that answer JSON. */

export const ONE_LINE = `{
"shopify_order_id": "1234",
"sku": "A1123",
"customer_id": "5678",
"referrer_id": "9012",
"amount": 99.00
}`;

export const TRANSFORM = `{
"platform": "shopify",
"platform_order_id": "587364120",
"order_ts": "2025-08-28T08:11:04Z",
"status": "paid",
"currency": "USD",
"distributor_ref": "ABC123",
"items": [
{
"platform_sku": "KIT-STARTER-001",
"qty": 1,
"unit_price": 99.00
}
],
"total": 96.92
}`;

/** 9012 with the code ABC123 under D06, whose upline is D05 (inactive), D04, D03, D02, D01; and the document's two products. */
export async function addSeedNetwork(hub: TestHub): Promise<void> {
  const { companyId } = hub.company;
  const people = {
    line: 1,
    distributorId: "9012",
    sponsorId: "D06",
    name: "Maya Lind",
    rank: "gold",
    country: "US",
    codes: ["ABC123"],
  };
  const enrolled = await importDistributors(hub, {
    companyId,
    rows: [{ ...people, taxId: "078-05-1120", enrolledAt: "2025-02-01T00:00:00Z" }],
  });
  const volumes = { commissionClass: "products", pv: "100%", qv: "100%", cv: "100%" };
  const mapped = await importSkus(hub, {
    companyId,
    rows: ["A1123", "KIT-STARTER-001"].map((sku, index) => ({
      line: index + 1,
      skuId: sku,
      platform: "shopify",
      platformSku: sku,
      name: sku,
      ...volumes,
    })),
  });
  if (enrolled.errorCount + mapped.errorCount > 0) throw new Error(JSON.stringify([enrolled.errors, mapped.errors]));
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  readonly body: any;
  readonly headers: Headers;
}

/** A request with a key; a body makes it a POST, a text is sent as it is. */
export async function call(
  hub: TestHub,
  path: string,
  options: { key?: string | null; body?: unknown; method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { key = hub.company.keys.admin, body } = options;
  const method = options.method ?? (body === undefined ? "GET" : "POST");
  const response = await hub.app.request(path, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, text, body: json ? JSON.parse(text) : null, headers: response.headers };
}

export function sendOrder(hub: TestHub, body: unknown, key = hub.company.keys.orders): Promise<Answer> {
  return call(hub, "/api/mlm/orders", { key, body });
}

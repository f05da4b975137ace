import type { PlatformName } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import { signedRequest } from "./recorded-lives.ts";
import type { TestHub } from "./test-hub.ts";

/** Orders of one product for 100.00 EUR as each platform tells them, for tests in which the buyer and the time matter. */
export interface SimpleOrder {
  readonly platform: PlatformName;
  readonly id: number;
  /** `2026-11-05T10:00:00`, in UTC. */
  readonly placed: string;
  /** When the shop says this; the time of the order where absent. */
  readonly told?: string;
  readonly code?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly customerId?: number;
  readonly cancelled?: boolean;
}

/** The body of the delivery that tells the order. */
export function bodyOf(order: SimpleOrder): string {
  const { id, placed, told = placed, code, email = null, phone = null, customerId = null, cancelled = false } = order;
  if (order.platform === "shopify")
    return JSON.stringify({
      ...{ id, name: `#${id}`, currency: "EUR", taxes_included: false, financial_status: "paid", refunds: [] },
      ...{ processed_at: `${placed}Z`, created_at: `${placed}Z`, updated_at: `${told}Z` },
      ...{ subtotal_price: "100.00", total_price: "100.00", email, phone },
      cancelled_at: cancelled ? `${told}Z` : null,
      customer: customerId === null ? null : { id: customerId },
      note_attributes: code === undefined ? [] : [{ name: "ref", value: code }],
      line_items: [{ id: 1, sku: "KIT-STARTER", variant_id: 51120099001, quantity: 1, current_quantity: 1, price: "100.00" }],
    });
  if (order.platform === "woocommerce") {
    const line = { id: 1, sku: "GRN-030", product_id: 50, quantity: 1, subtotal: "100.00", total: "100.00", total_tax: "0.00" };
    const said = {
      ...{ id, number: String(id), status: cancelled ? "cancelled" : "processing", currency: "EUR", total: "100.00" },
      ...{ date_created_gmt: placed, date_modified_gmt: told, customer_id: customerId ?? 0, billing: { email, phone } },
      meta_data: code === undefined ? [] : [{ id: 1, key: "_upline_ref_code", value: code }],
      line_items: [{ ...line, meta_data: [] }],
    };
    return JSON.stringify({ type: "order.updated", timestamp: `${told}.1Z`, data: { order: said, refunds: [] } });
  }
  const moment = (text: string) => text.replace("T", " ");
  const said = {
    ...{ entity_id: id, increment_id: `00000${id}`, state: cancelled ? "canceled" : "processing", base_currency_code: "EUR" },
    ...{ status: cancelled ? "canceled" : "processing", base_grand_total: 100, base_subtotal: 100 },
    ...{ created_at: moment(placed), updated_at: moment(told), customer_email: email, customer_id: customerId },
    billing_address: { telephone: phone },
    extension_attributes: code === undefined ? {} : { referral_code: code },
    items: [
      { item_id: 1, sku: "SKU-SIMPLE", name: "S", product_id: 5, product_type: "simple", qty_ordered: 1, base_row_total: 100 },
    ],
  };
  const rows = [{ entity_id: 1, order_item_id: 1, qty: 1, base_row_total: 100, base_discount_amount: 0 }];
  const invoice = { entity_id: id, order_id: id, state: 2, base_grand_total: 100, created_at: moment(placed), items: rows };
  const invoices = cancelled ? [] : [{ ...invoice, updated_at: moment(placed) }];
  return JSON.stringify({
    type: "order.updated",
    timestamp: `${told}.1Z`,
    data: { order: said, invoices, creditmemos: [] },
  });
}

/** The shop tells the order; `hub.settled()` says when it is processed. */
export async function tell(hub: TestHub, order: SimpleOrder): Promise<void> {
  const life = { platform: order.platform, topic: "orders/updated", body: bodyOf(order) };
  const { path, init } = signedRequest(hub.company.stores[order.platform], life);
  const response = await hub.app.request(path, init);
  if (response.status !== 200) throw new Error(`the hub answered ${response.status}`);
}

/** What everyone holds of every order by bonus: `woocommerce 7 retail D03: 2000`. */
export async function holdings(hub: TestHub): Promise<string[]> {
  const rows = await asCompany(
    hub.db,
    hub.company.companyId,
    (tx) => tx<{ line: string }[]>`
      select o.platform || ' ' || o.platform_order_id || ' ' || split_part(t.entry_key, ':', 1) || ' ' || coalesce(d.distributor_id, '-')
             || ': ' || sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end) as line
        from transfers t
        join orders o on o.company_id = t.company_id and o.order_no = t.source_no and t.source_kind = 1
        left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
       group by o.platform, o.platform_order_id, split_part(t.entry_key, ':', 1), d.distributor_id
      having sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end) <> 0
       order by 1`,
  );
  return rows.map(({ line }) => line);
}

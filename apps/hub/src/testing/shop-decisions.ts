import { pluginBody, restOrder } from "@upline/woocommerce/fixtures/plugin";
import type { RecordedLife } from "./recorded-lives.ts";

/** Orders of 40.00 EUR net as the plugin tells them, whose people or buyer change who referred it. */

export interface Told {
  readonly id: number;
  readonly minute: number;
  readonly code?: string;
  readonly via?: string;
  readonly nobody?: "buyer" | "shop";
  readonly coupon?: string;
  /** What WooCommerce itself noted of the page by which the visitor came. */
  readonly landing?: string;
}

export function toldByPlugin({ id, minute, code, via, nobody, coupon, landing }: Told): RecordedLife {
  const meta = {
    _upline_ref_code: code,
    _upline_ref_via: via,
    _upline_ref_nobody: nobody,
    _wc_order_attribution_session_entry: landing,
  };
  const at = `2026-11-20T10:${String(minute).padStart(2, "0")}:00`;
  const line = { id: 1, sku: "STK-001", product_id: 7, quantity: 1, subtotal: "40.00", total: "40.00", total_tax: "7.60" };
  const order = restOrder([line], {
    id,
    number: String(id),
    total: "47.60",
    billing: { email: `buyer-${id}@example.com` },
    date_modified_gmt: at,
    meta_data: Object.entries(meta).flatMap(([key, value], index) => (value === undefined ? [] : [{ id: index, key, value }])),
    coupon_lines: coupon === undefined ? [] : [{ id: 5, code: coupon }],
  });
  return { platform: "woocommerce", topic: "order.updated", body: pluginBody(order, [], `${at}.500Z`) };
}

/** Each order's life, in the order in which it happened. */
export const SHOP_DECISIONS: readonly Told[] = [
  // Changed twice by the shop's people: GREG1 stays.
  { id: 801, minute: 1, code: "ANNA77", via: "cookie" },
  { id: 801, minute: 2, code: "BLOCK5", via: "admin" },
  { id: 801, minute: 3, code: "GREG1", via: "admin" },
  // Cleared by them.
  { id: 802, minute: 1, code: "ANNA77", via: "cookie" },
  { id: 802, minute: 2, nobody: "shop" },
  // Set and taken back: the first code counts again.
  { id: 803, minute: 1, code: "ANNA77", via: "cookie" },
  { id: 803, minute: 2, code: "GREG1", via: "admin" },
  { id: 803, minute: 3, code: "CARLA9", via: "cookie" },
  // The buyer came back to the checkout and emptied the field.
  { id: 804, minute: 1, code: "ANNA77", via: "cookie", landing: "/?ref=ANNA77" },
  { id: 804, minute: 2, code: "ANNA77", via: "cookie", nobody: "buyer", landing: "/?ref=ANNA77" },
  // The same with a coupon that is somebody's.
  { id: 805, minute: 1, code: "ANNA77", via: "cookie" },
  { id: 805, minute: 2, code: "GREG1", via: "coupon", nobody: "buyer", coupon: "GREG1" },
];

/**
 * Worked out by hand: of 40.00, D03 (ANNA77, silver) has 10 %, then D02 5 % and D01 3 %; D02 (GREG1, gold) has 10 %,
 * then D01 5 %. In minor units, by order and distributor.
 */
const BY_ANNA = { D03: 400, D02: 200, D01: 120 };
const BY_GREG = { D02: 400, D01: 200 };
export const SHOP_DECISIONS_PAY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "801": BY_GREG,
  "803": BY_ANNA,
  "805": BY_GREG,
};

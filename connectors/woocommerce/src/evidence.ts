import {
  type Evidence,
  type EvidenceSource,
  nobodySaid,
  type OrderState,
  type StoreSettings,
  sourceOfVia,
  touchesOf,
} from "@upline/core";
import type { Meta, RestOrder } from "./payloads.ts";

/** What else the plugin saw: JSON `{"candidates":[{via, code}],"first":{code},"last":{code}}`. */
const TOUCHES = "_upline_ref_touch";

/** Who has said that nobody is paid by a link, or at all: "buyer" or "shop". */
const NOBODY = "_upline_ref_nobody";

/** WooCommerce's own order attribution keeps the page by which the visitor came, parameters included. */
const LANDING_PAGE = "_wc_order_attribution_session_entry";

/** Every referral code on an order, with where it stands; the policy decides between them. */
export function evidenceOf(order: RestOrder, settings: StoreSettings): Evidence[] {
  const all: Evidence[] = [];
  const add = (source: EvidenceSource, value: unknown, where: string) => {
    const code = textOf(value);
    if (code === null || all.some((other) => other.source === source && other.code === code)) return;
    all.push({ source, code, where: where.slice(0, 255) });
  };

  for (const key of settings.refKeys) {
    add(sourceOf(order.meta_data, key), metaValue(order.meta_data, key), `meta_data ${key}`);
  }
  for (const { via, code } of touchesOf(metaValue(order.meta_data, TOUCHES))) add(sourceOfVia(via), code, TOUCHES);
  for (const line of order.line_items) {
    for (const key of settings.refKeys) add("line-property", metaValue(line.meta_data, key), `line_items ${line.id} ${key}`);
  }
  for (const coupon of order.coupon_lines ?? []) add("discount-code", coupon.code, "coupon_lines");
  add("landing-site", landingCode(metaValue(order.meta_data, LANDING_PAGE), settings.refParameter), LANDING_PAGE);
  return all;
}

/** Who has said on the order that nobody referred the buyer; nothing where nobody has. */
export function nobodyOf(order: RestOrder): Pick<OrderState, "nobody"> {
  return nobodySaid(metaValue(order.meta_data, NOBODY));
}

/** `_upline_ref_code` goes with `_upline_ref_via`. */
function sourceOf(meta: Meta, key: string): EvidenceSource {
  return sourceOfVia(key.endsWith("_code") ? metaValue(meta, key.replace(/_code$/, "_via")) : null);
}

function metaValue(meta: Meta, key: string): unknown {
  return meta.find((one) => one?.key === key)?.value;
}

function textOf(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return text.length > 0 && text.length <= 255 ? text : null;
}

function landingCode(page: unknown, parameter: string): string | null {
  if (typeof page !== "string") return null;
  // The page may be relative, and the store's own address is of no interest.
  return URL.canParse(page, "http://store.invalid") ? new URL(page, "http://store.invalid").searchParams.get(parameter) : null;
}

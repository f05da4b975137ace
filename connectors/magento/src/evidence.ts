import {
  type Evidence,
  type EvidenceSource,
  nobodySaid,
  type OrderState,
  type StoreSettings,
  sourceOfVia,
  touchesOf,
} from "@upline/core";
import type { RestOrder } from "./payloads.ts";

/** The module's own: the code that counts and how it came, all that named a distributor, and who has said that nobody does. */
const CODE = "upline_ref_code";
const VIA = "upline_ref_via";
const TOUCHES = "upline_ref_touch";
const NOBODY = "upline_ref_nobody";

/** Every referral code on an order, with where it stands; the company's policy decides between them. */
export function evidenceOf(order: RestOrder, settings: StoreSettings): Evidence[] {
  const all: Evidence[] = [];
  const add = (source: EvidenceSource, value: unknown, where: string) => {
    const code = textOf(value);
    if (code === null || all.some((other) => other.source === source && other.code === code)) return;
    all.push({ source, code, where: where.slice(0, 255) });
  };
  const attributes = order.extension_attributes ?? {};
  add(sourceOfVia(attributes[VIA]), attributes[CODE], `extension_attributes.${CODE}`);
  for (const { via, code } of touchesOf(attributes[TOUCHES])) add(sourceOfVia(via), code, `extension_attributes.${TOUCHES}`);
  for (const key of new Set(["referral_code", ...settings.refKeys])) {
    add("cart-attribute", attributes[key], `extension_attributes.${key}`);
  }
  add("discount-code", order.coupon_code, "coupon_code");
  return all;
}

/** Who has said on the order that nobody referred the buyer; nothing where nobody has. */
export function nobodyOf(order: RestOrder): Pick<OrderState, "nobody"> {
  return nobodySaid(order.extension_attributes?.[NOBODY]);
}

function textOf(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return text.length > 0 && text.length <= 255 ? text : null;
}

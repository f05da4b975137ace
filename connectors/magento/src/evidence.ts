import type { Evidence, EvidenceSource, StoreSettings } from "@upline/core";
import type { RestOrder } from "./payloads.ts";

/** Every referral code on an order, with where it stands; the company's policy decides between them. */
export function evidenceOf(order: RestOrder, settings: StoreSettings): Evidence[] {
  const all: Evidence[] = [];
  const add = (source: EvidenceSource, value: unknown, where: string) => {
    const code = textOf(value);
    if (code === null || all.some((other) => other.source === source && other.code === code)) return;
    all.push({ source, code, where: where.slice(0, 255) });
  };
  const attributes = order.extension_attributes ?? {};
  for (const key of new Set(["referral_code", ...settings.refKeys])) {
    add("cart-attribute", attributes[key], `extension_attributes.${key}`);
  }
  add("discount-code", order.coupon_code, "coupon_code");
  return all;
}

function textOf(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return text.length > 0 && text.length <= 255 ? text : null;
}

import type { EvidenceSource, OrderState } from "./order.ts";
import { isObject } from "./payload.ts";

/** What a shop's own part of Upline writes on an order, in its words, alike on every platform. */

/** Where it saw the code, as sources the company's policy ranks. */
const SOURCE_BY_VIA: Readonly<Record<string, EvidenceSource>> = {
  cookie: "cart-attribute",
  path: "cart-attribute",
  renewal: "cart-attribute",
  "checkout-field": "checkout-field",
  coupon: "discount-code",
  admin: "manual",
};

/** A code without a known way came with the cart. */
export function sourceOfVia(via: unknown): EvidenceSource {
  return (typeof via === "string" && SOURCE_BY_VIA[via]) || "cart-attribute";
}

/** JSON `{"candidates":[{via, code}],"first":{code},"last":{code}}`: all that named a distributor at checkout, then the visits, the latest first. */
export function touchesOf(value: unknown): { readonly via: unknown; readonly code: unknown }[] {
  let kept: unknown;
  try {
    kept = typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return [];
  }
  if (!isObject(kept)) return [];
  const candidates = Array.isArray(kept.candidates) ? kept.candidates.slice(0, 20) : [];
  return [...candidates, kept.last, kept.first].filter(isObject).map(({ via, code }) => ({ via, code }));
}

/** Who has said that nobody referred the buyer; nothing where nobody has. */
export function nobodySaid(by: unknown): Pick<OrderState, "nobody"> {
  return by === "buyer" || by === "shop" ? { nobody: by } : {};
}

import { hash as digest } from "node:crypto";
import { canonicalJson, type Json, type JsonObject, type Refund, type Revision } from "@upline/core";
import type { RestOrder } from "./payloads.ts";

/** How far an order's life has come, where two bodies of one second differ in nothing else. */
const PROGRESS = ["pending", "on-hold", "failed", "processing", "completed", "cancelled", "refunded", "trash"];

interface Body {
  readonly order: RestOrder;
  readonly refunds: readonly Refund[];
  readonly raw: JsonObject;
  /** When the plugin read the order, as a sortable instant. */
  readonly builtAt: string | null;
}

/**
 * Which of two bodies is newer: `date_modified_gmt` first, which has whole seconds only. Within one
 * second the plugin's bodies come after WooCommerce's own, by the time at which the plugin read the
 * order; WooCommerce's own, which say no such time, by the refunds they know, by progress, and at
 * last by content, so that the answer never depends on the order of arrival.
 */
export function revisionOf({ order, refunds, raw, builtAt }: Body): Revision {
  const at = order.date_modified_gmt ?? order.date_created_gmt;
  const content = contentHash(raw);
  if (builtAt !== null) return { at, tie: `p:${builtAt}:${content}` };
  const refundedMinor = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const progress = PROGRESS.indexOf(order.status) + 1;
  return { at, tie: ["b", digits(refunds.length, 4), digits(refundedMinor, 18), progress, content].join(":") };
}

/** A value that is the same as long as nothing about an order has changed, whatever the order of its keys. */
function contentHash(raw: JsonObject): string {
  return digest("sha256", canonicalJson(withoutLinks(raw) as Json), "hex").slice(0, 32);
}

/** Links differ by the address under which the store was asked, not by what happened to the order. */
function withoutLinks(raw: JsonObject): JsonObject {
  return { ...raw, _links: undefined, payment_url: undefined };
}

const digits = (value: bigint | number, width: number): string => String(value).padStart(width, "0");

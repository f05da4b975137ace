import { hash as digest } from "node:crypto";
import { canonicalJson, type Json, type JsonObject, type Revision } from "@upline/core";
import type { RestDocument, RestOrder } from "./payloads.ts";
import { exact } from "./rows.ts";

/** How far an order's life has come, where two bodies of one second differ in nothing else. */
const PROGRESS = ["new", "pending_payment", "payment_review", "holded", "processing", "complete", "canceled", "closed"];

interface Body {
  readonly order: RestOrder;
  readonly invoices: readonly RestDocument[];
  readonly creditmemos: readonly RestDocument[];
  /** The parts as sent. */
  readonly raw: JsonObject;
  /** When the module read the order, as a sortable timestamp. */
  readonly builtAt: string | null;
}

/**
 * Which of two bodies is newer: the latest `updated_at` of the order and its documents first, which
 * has whole seconds only, and an order may be invoiced, completed and refunded within one. Then the
 * module's own time; without it the documents, which only grow, then progress, and at last content,
 * so that the answer never depends on the order of arrival.
 */
export function revisionOf({ order, invoices, creditmemos, raw, builtAt }: Body): Revision {
  const times = [order, ...invoices, ...creditmemos].flatMap(({ updated_at }) => (updated_at ? [updated_at] : []));
  const at = times.reduce(
    (latest, time) => (Date.parse(time) > Date.parse(latest) ? time : latest),
    order.updated_at ?? order.created_at,
  );
  const content = digest("sha256", canonicalJson(raw as Json), "hex").slice(0, 16);
  if (builtAt !== null) return { at, tie: `p:${builtAt}:${content}` };
  const progress = PROGRESS.indexOf(order.state) + 1;
  return { at, tie: ["b", growth(creditmemos), growth(invoices), progress, content].join(":") };
}

/** How many documents there are, and over how much, as text that sorts. */
function growth(documents: readonly RestDocument[]): string {
  const total = documents.reduce((sum, { base_grand_total }) => sum + exact(base_grand_total), 0n);
  return `${String(documents.length).padStart(4, "0")}:${String(total < 0n ? 0n : total).padStart(24, "0")}`;
}

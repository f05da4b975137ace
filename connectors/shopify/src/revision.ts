import { hash as digest } from "node:crypto";
import { type OrderState, orderStateText, parseDecimal, type Revision } from "@upline/core";
import type { OrderPayload } from "./payloads.ts";

/** How far an order's money has come; within one second it only goes forward. */
const PROGRESS: readonly string[] = [
  "pending",
  "authorized",
  "expired",
  "partially_paid",
  "paid",
  "partially_refunded",
  "refunded",
  "voided",
];

/**
 * `updated_at` has whole seconds, and a purchase makes several deliveries in one. The tie counts
 * what can only grow (cancelled, progress, refunds, money refunded); then a hash of what was read
 * decides. It is made from the state, not from the body: two bodies that say the same, in another
 * order of keys or with more fields, are the same revision.
 */
export function revisionOf(order: OrderPayload, state: Omit<OrderState, "revision">): Revision {
  const transactions = order.refunds.flatMap((refund) => refund.transactions ?? []);
  const refunded = transactions
    .filter(({ status }) => status === "success")
    .reduce((total, { amount }) => total + millionths(amount), 0n);
  const hash = digest("sha256", orderStateText(state), "hex");
  const grown = [
    order.cancelled_at ? "1" : "0",
    String(PROGRESS.indexOf(order.financial_status ?? "pending") + 1),
    String(order.refunds.length).padStart(4, "0"),
    String(refunded).padStart(24, "0"),
  ];
  return { at: new Date(order.updated_at).toISOString(), tie: [...grown, hash.slice(0, 16)].join(".") };
}

function millionths(amount: string): bigint {
  const { num, den } = parseDecimal(amount);
  return (num * 1_000_000n) / den;
}

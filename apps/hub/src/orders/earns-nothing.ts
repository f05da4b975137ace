import { type Reason, reason } from "@upline/core";
import type { ComputedOrder } from "./order-shape.ts";

/** Why no distributor is paid for an order at its own time, and what to do about it; null where somebody is. A function of the answer alone. */
export function whyNothing(order: ComputedOrder): Reason | null {
  const isPaid = order.commissions.some(({ distributor_id, amount }) => distributor_id !== null && /[1-9]/.test(amount));
  if (isPaid) return null;
  if (order.stage === "pending") return reason("nothing-yet", { status: order.status });
  if (order.stage === "void") return reason("nothing-void", { status: order.status });
  if (order.plan === null) return reason("nothing-without-plan", { at: order.order_ts });
  if (order.waits_for_rate !== null) return reason("nothing-without-rate", { from: order.currency, to: order.waits_for_rate });
  const products = order.lines.filter(({ kind }) => kind === "product");
  const waiting = [...new Set(products.filter(({ quarantined }) => quarantined).map((line) => line.platform_sku ?? line.name))];
  if (waiting.length > 0 && waiting.length === new Set(products.map((line) => line.platform_sku ?? line.name)).size)
    return reason("nothing-unmapped", { skus: waiting.slice(0, 10).join(", ") });
  if (!/[1-9]/.test(order.net)) return reason("nothing-of-nothing");
  if (order.attribution.distributor_id === null) return reason("nothing-for-nobody", {}, [order.attribution.reason]);
  if (order.attribution.self_purchase) return reason("nothing-for-oneself");
  return reason("nothing-now", { plan: order.plan.id });
}

import type { ComputedOrder } from "./order-shape.ts";

/** Why no distributor is paid for an order at its own time, and what to do about it; null where somebody is. A function of the answer alone. */
export function whyNothing(order: ComputedOrder): string | null {
  const isPaid = order.commissions.some(({ distributor_id, amount }) => distributor_id !== null && /[1-9]/.test(amount));
  if (isPaid) return null;
  if (order.stage === "pending") return `the status "${order.status}" does not earn yet: send the order again once it is paid`;
  if (order.stage === "void") return `the status "${order.status}" takes everything back`;
  if (order.plan === null)
    return `no compensation plan was in force at ${order.order_ts}: publish one that is in force from then`;
  if (order.waits_for_rate !== null)
    return `there is no rate from ${order.currency} to ${order.waits_for_rate} on its day: \`pnpm upline rate set ${order.currency} ${order.waits_for_rate} <rate> --from-day <day>\`, and the order is computed`;
  const products = order.lines.filter(({ kind }) => kind === "product");
  const waiting = [...new Set(products.filter(({ quarantined }) => quarantined).map((line) => line.platform_sku ?? line.name))];
  if (waiting.length > 0 && waiting.length === new Set(products.map((line) => line.platform_sku ?? line.name)).size)
    return `no SKU mapping covers ${waiting.slice(0, 10).join(", ")}: map it, and the order is computed again`;
  if (!/[1-9]/.test(order.net)) return "the net amount is 0";
  if (order.attribution.distributor_id === null) return `it belongs to no distributor: ${order.attribution.why}`;
  if (order.attribution.self_purchase) return "it is an own purchase, and the plan pays nobody for it at the time of the order";
  return `plan "${order.plan.id}" pays nobody for it at the time of the order: nobody qualified, or its bonuses are paid at a period's close`;
}

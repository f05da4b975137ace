/** The hub is away, or the shop is a copy of itself. */
import { orderOf } from "@upline/shop-suite/gate";
import { buy } from "./buyers.ts";
import type { Run } from "./placed.ts";

export interface Outage {
  readonly orders: number;
  readonly missing: number;
  readonly twice: number;
  /** Deliveries that were tried while the hub was away. */
  readonly knocks: number;
  readonly checkoutMs: number;
}

export async function sufferOutage({ shop, gate, placed, problems }: Run, orders: number): Promise<Outage> {
  gate.isOpen = false;
  gate.knocks = 0;
  const from = gate.deliveries.length;
  const tookMs: number[] = [];
  const ids: number[] = [];
  for (let at = 0; at < orders; at += 1) {
    const bought = await buy(shop, { link: "ANNA77" });
    ids.push(placed.note(bought.orderId, "ANNA77"));
    tookMs.push(bought.tookMs);
    await shop.inside("invoice", { order: bought.orderId });
  }
  await shop.inside("deliver");
  const { waiting } = (await shop.inside("outbox")) as { waiting: number };
  if (waiting < orders) problems.push(`${waiting} changes wait for a hub that is away, and ${orders} orders should`);
  if (gate.knocks === 0) problems.push("the shop has not even tried to reach a hub that is away");
  gate.isOpen = true;
  await shop.inside("deliver");
  const arrived = gate.deliveries.slice(from).map(({ body }) => orderOf(body));
  const missing = ids.filter((id) => !arrived.includes(id)).length;
  const twice = ids.filter((id) => arrived.filter((one) => one === id).length > 1).length;
  if (missing > 0 || twice > 0) problems.push(`after the outage ${missing} orders were missing and ${twice} came twice`);
  return { orders, missing, twice, knocks: gate.knocks, checkoutMs: Math.round(median(tookMs)) };
}

/** A copy has the same keys at another address: it sends nothing. Back at home, what it has noted goes out. */
export async function beACopy({ shop, gate, placed, problems }: Run): Promise<void> {
  const order = await placed.sell("CARLA9", { typed: "CARLA9" });
  await shop.inside("deliver");
  const before = gate.deliveries.length;
  await shop.inside("address", { url: "http://staging.example" });
  try {
    await shop.inside("correct", { order, code: "ANNA77" });
    await shop.inside("deliver");
    const sent = gate.deliveries.length - before;
    if (sent > 0) problems.push(`a shop at another address than the one it was connected at has sent ${sent} deliveries`);
  } finally {
    await shop.inside("address", { url: shop.url });
  }
  placed.note(order, "ANNA77");
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

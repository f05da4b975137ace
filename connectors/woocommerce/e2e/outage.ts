/** The hub cannot be reached while people go on buying; then it is back. */
import { setTimeout as wait } from "node:timers/promises";
import { type Gate, orderOf } from "@upline/shop-suite/gate";
import { median } from "./cost.ts";
import type { Placed } from "./placed.ts";
import type { Shop } from "./shop.ts";

export interface Outage {
  readonly orders: number;
  readonly missing: number;
  readonly twice: number;
  /** Deliveries that were tried while the hub was away. */
  readonly knocks: number;
  readonly checkoutMs: number;
  readonly recoveredAfterMs: number;
}

const LONGEST_RECOVERY_MS = 420_000;

export async function sufferOutage(args: { shop: Shop; gate: Gate; placed: Placed; orders: number }): Promise<Outage> {
  const { shop, gate, placed, orders } = args;
  gate.isOpen = false;
  gate.knocks = 0;
  const orderIds: number[] = [];
  const tookMs: number[] = [];
  const buyer = async (): Promise<void> => {
    while (tookMs.length < orders) {
      const place = tookMs.push(0) - 1;
      const code = place % 2 === 0 ? "ANNA77" : "BEN12";
      const bought = await placed.buy(code, { cookie: code });
      orderIds.push(bought.orderId);
      tookMs[place] = bought.tookMs;
    }
  };
  await Promise.all([buyer(), buyer()]);
  const from = gate.deliveries.length;
  gate.isOpen = true;
  const began = Date.now();
  const arrived = (): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const { body } of gate.deliveries.slice(from)) {
      const id = orderOf(body);
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  };
  while (orderIds.some((id) => !arrived().has(id)) && Date.now() - began < LONGEST_RECOVERY_MS) {
    // Somebody looks at the shop now and then, as people do.
    await shop.visit(`/?e2e-visit=${Date.now()}`);
    await wait(1000);
  }
  const recoveredAfterMs = Date.now() - began;
  await wait(3000);
  const counts = arrived();
  return {
    orders,
    missing: orderIds.filter((id) => !counts.has(id)).length,
    twice: orderIds.filter((id) => (counts.get(id) ?? 0) > 1).length,
    knocks: gate.knocks,
    checkoutMs: Math.round(median(tookMs)),
    recoveredAfterMs,
  };
}

/** Buyers who pay at the same moment as their order is on its way to a hub that takes its time. */
import { setTimeout as wait } from "node:timers/promises";
import type { Gate } from "@upline/shop-suite/gate";
import type { Placed } from "./placed.ts";
import { ONCE, type Shop } from "./shop.ts";

const HUB_MS = 400;
const LATEST_PAYMENT_MS = 2000;
const LANES = 3;

/** Places orders by bank transfer; the provider calls back within two seconds of each checkout. */
export async function payDuringDelivery(args: { shop: Shop; gate: Gate; placed: Placed; orders: number }): Promise<void> {
  const { shop, gate, placed, orders } = args;
  gate.delayMs = HUB_MS;
  const payments: Promise<void>[] = [];
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < orders) {
      const code = begun++ % 2 === 0 ? "ANNA77" : "CARLA9";
      const { orderId } = await placed.buy(code, { cookie: code, paysLater: true });
      payments.push(pay(shop, orderId, Math.random() * LATEST_PAYMENT_MS));
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
    await Promise.all(payments);
  } finally {
    gate.delayMs = 0;
  }
}

async function pay(shop: Shop, orderId: number, afterMs: number): Promise<void> {
  await wait(afterMs);
  const answer = await fetch(`${shop.url}/?wc-api=upline_e2e_paid&order=${orderId}`, { headers: ONCE });
  if (!answer.ok) throw new Error(`the payment of order ${orderId} was answered ${answer.status}`);
  await answer.text();
}

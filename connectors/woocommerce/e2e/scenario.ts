/** What buyers and the shop's people do in a run. */

import { setTimeout as wait } from "node:timers/promises";
import { type Gate, orderOf } from "@upline/shop-suite/gate";
import type { BrowserContext } from "playwright-core";
import { buyInBlockCheckout, buyInClassicCheckout } from "./buyers.ts";
import { judge, type Run } from "./judge.ts";
import { changeOrders, changeSome, correctCodes } from "./life.ts";
import { payDuringDelivery } from "./payments.ts";
import type { Placed } from "./placed.ts";
import { sellElsewhere, sendFromCopy } from "./second-store.ts";
import type { Shop } from "./shop.ts";

/** Enough of everything to tell each of the mutants, without a browser. */
export async function runShort(run: Run): Promise<void> {
  await buyHeadlessly(run);
  await changeSome(run.shop, run.placed);
  await payDuringDelivery({ ...run, orders: 4 });
  await judge(run);
  await beConfused(run);
}

/** Everything that can be told without shutting the hub out. */
export async function runLong(run: Run, payments: number): Promise<void> {
  const { shop, placed } = run;
  await changeOrders(shop, placed);
  await correctCodes(shop, placed);
  await placeByRest(shop, placed);
  await payDuringDelivery({ ...run, orders: payments });
  await judge(run);
  await beConfused(run);
}

export async function buyHeadlessly({ shop, placed }: Pick<Run, "shop" | "placed">): Promise<number[]> {
  const bought = [
    await placed.buy("ANNA77", { cookie: "ANNA77" }),
    await placed.buy("CARLA9", { cookie: "ANNA77", typed: "carla9" }),
    await placed.buy("BEN12", { coupon: "e2e-ben" }),
    await placed.buy("BEN12", { coupon: "e2e-ben", typed: "carla9" }),
    await placed.buy(null, { cookie: "NOBODY9" }),
    await placed.buy(null, { cookie: "ANNA77", typed: "" }),
    await placed.buy(null, {}),
  ];
  const [{ orderId } = { orderId: 0 }] = bought;
  placed.note(Number(await shop.inside("renewal", { order: orderId })), "ANNA77");
  return bought.map((order) => order.orderId);
}

/** By referral links through both checkouts; answers how long after the buyer's answer the hub had each order. */
export async function buyInBrowser(run: Run, browser: BrowserContext): Promise<number[]> {
  const { shop, placed, gate } = run;
  const pageBefore = await shop.inside("checkout-page", { slug: "e2e-block-checkout" });
  const classic = await buyInClassicCheckout(browser, shop, "/?ref=anna77");
  placed.note(classic.orderId, "ANNA77");
  const block = await buyInBlockCheckout(browser, shop, "/r/BEN12");
  placed.note(block.orderId, "BEN12");
  await shop.inside("checkout-page", { id: pageBefore });
  return Promise.all([classic, block].map(({ orderId, at }) => arrival(gate, orderId, at)));
}

/** A second store with the same order numbers, and a copy of this one with its keys. */
async function beConfused(run: Run): Promise<void> {
  const { gate, hub, placed, problems } = run;
  const [first = 0, second = 0, third = 0] = [...placed.codes.keys()];
  run.second = await sellElsewhere(hub, gate, [first, second, third]);
  problems.push(...(await sendFromCopy(gate, first, second)));
}

/** An order of a machine, with and without a code. */
async function placeByRest(shop: Shop, placed: Placed): Promise<void> {
  const lines = [{ product_id: shop.products[0], quantity: 1 }];
  const place = async (code: string | null, body: object): Promise<void> => {
    const made = (await shop.rest.post("orders", { line_items: lines, set_paid: true, ...body })).body as { id: number };
    placed.note(made.id, code);
  };
  await place(null, {});
  await place("ANNA77", { meta_data: [{ key: "_upline_ref_code", value: "anna77" }] });
  await place("BEN12", { coupon_lines: [{ code: "e2e-ben" }] });
}

async function arrival(gate: Gate, orderId: number, since: number): Promise<number> {
  for (let tries = 0; tries < 5000; tries += 1) {
    const found = gate.deliveries.find(({ body }) => orderOf(body) === orderId);
    if (found) return Math.max(0, found.at - since);
    await wait(20);
  }
  throw new Error(`order ${orderId} has not arrived within a hundred seconds`);
}

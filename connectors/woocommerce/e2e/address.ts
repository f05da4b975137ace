/** The shop at another address: first it has to keep still like a copy, then its owner says that it has moved. */
import { setTimeout as wait } from "node:timers/promises";
import type { BrowserContext } from "playwright-core";
import { judge, type Run } from "./judge.ts";
import { sayThatItMoved } from "./people.ts";

/** Long enough for a delivery to be made after a checkout. */
const STILL_MS = 5_000;

export async function changeAddress(browser: BrowserContext, run: Run): Promise<void> {
  const { shop, gate, placed, problems } = run;
  const { orderId: changed } = await placed.buy("BEN12", { cookie: "BEN12" });
  await judge(run);
  const elsewhere = new URL(shop.url);
  elsewhere.hostname = elsewhere.hostname === "localhost" ? "127.0.0.1" : "localhost";
  const began = Math.floor(Date.now() / 1000);
  await shop.inside("address", { url: elsewhere.origin });
  try {
    const before = gate.deliveries.length;
    await placed.buy("ANNA77", { cookie: "ANNA77" });
    await shop.inside("status", { order: changed, status: "cancelled" });
    await shop.visit("/wp-cron.php?doing_wp_cron");
    await wait(STILL_MS);
    const sent = gate.deliveries.length - before;
    if (sent > 0) problems.push(`a shop at another address than the one it was connected at has sent ${sent} deliveries`);
    await move(browser, run, elsewhere.origin);
  } finally {
    await shop.inside("address", { url: shop.url });
  }
  await move(browser, run, shop.url);
  await shop.inside("send-again", { since: began - 60 });
}

/** The store stays the same one in the hub: what was noted meanwhile has to be in its books. */
async function move(browser: BrowserContext, run: Run, address: string): Promise<void> {
  const refusal = await sayThatItMoved(browser, run.shop, address);
  if (refusal !== "") run.problems.push(`a shop that has moved was not taken at its new address: ${refusal}`);
  else await judge(run);
}

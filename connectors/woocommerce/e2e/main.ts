/**
 * End to end: a real shop with the built plugin, real buyers, and a hub (or the suite's own gate in its place).
 *
 *   UPLINE_WP_ROOT=… UPLINE_WP_URL=… [UPLINE_HUB_URL=… UPLINE_HUB_KEY=…] node e2e/main.ts
 *
 * Says on standard error what it does, and prints one line of JSON with everything it measured. It installs the
 * plugin from the zip, makes products, pages and an administrator in the shop, and takes the administrator away again:
 * use a shop that is for tests.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CHROMIUM_ARGS } from "@upline/testing/chromium";
import { type BrowserContext, chromium } from "playwright-core";
import { compare, worthInShop } from "./books.ts";
import { type Bought, buyHeadless, buyInBlockCheckout, buyInClassicCheckout } from "./buyers.ts";
import { measureCost, median } from "./cost.ts";
import { type Gate, openGate } from "./gate.ts";
import { openHub } from "./hub.ts";
import { changeOrders } from "./life.ts";
import { sufferOutage } from "./outage.ts";
import { connectInSettings } from "./people.ts";
import { readSettings, type Settings } from "./settings.ts";
import { openShop, type Shop } from "./shop.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** The code each path has to bring to its order. */
const EXPECTED: Readonly<Record<string, string>> = {
  classic: "ANNA77",
  block: "BEN12",
  cookie: "ANNA77",
  typed: "CARLA9",
  coupon: "BEN12",
  nobody: "",
  renewal: "ANNA77",
};

const settings = readSettings(join(import.meta.dirname, "../dist/upline-woocommerce.zip"));
const gate = await openGate(settings.hub?.url ?? null);
const profile = mkdtempSync(join(tmpdir(), "upline-e2e-"));
let failed = true;
try {
  const shop = await openShop(settings, gate.port);
  say(`shop ${JSON.stringify(shop.versions)}`);
  const browser = await openBrowser(settings, profile);
  const result = await run(settings, shop, browser, gate);
  await browser.close();
  await shop.inside("clean");
  failed = !result.ok;
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  say(error instanceof Error ? `${error.message}\n${error.stack}` : String(error));
} finally {
  await gate.close();
  rmSync(profile, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

async function run(settings: Settings, shop: Shop, browser: BrowserContext, gate: Gate) {
  const hub = settings.hub && openHub(settings.hub);
  const origin = Buffer.from(gate.origin).toString("base64url");
  const random = hub ? (await hub.connectionCode()).split(".").at(-1) : "e2e";
  say(await connectInSettings(browser, shop, `${origin}.${random}`));

  say("buying on every path");
  const bought = await buyOnEveryPath(shop, browser);
  // Nobody waits for a renewal.
  const { renewal: _, ...byBuyers } = bought;
  const latenciesMs = await Promise.all(Object.values(byBuyers).map(({ orderId, at }) => arrival(gate, orderId, at)));
  const byRest = await placeByRest(shop);
  const ids = [...Object.values(bought).map(({ orderId }) => orderId), ...byRest];

  say("changing orders: edits, refunds, cancellation, trash, deletion");
  const changed = await changeOrders(shop);
  ids.push(...changed);

  say(`the hub is away during ${settings.outageOrders} orders`);
  const outage = await sufferOutage(shop, gate, settings.outageOrders);
  ids.push(...outage.orderIds);

  say("comparing");
  await quiet(gate);
  const books = await compare(shop, gate, hub && (await hub.orders(ids)), ids);
  const codes = await codesOf(shop, bought, books.differences);

  say("measuring what a checkout costs");
  const cost = await measureCost(shop, settings.costSamples);
  const unsigned = gate.deliveries.filter(({ signed }) => !signed).length;
  return {
    ok: books.differences.length === 0 && unsigned === 0 && outage.missing === 0 && outage.twice === 0,
    versions: shop.versions,
    hub: settings.hub !== null,
    orders: books.orders,
    delta: Number(books.deltaMinor) / 100,
    commissions: books.bookedMinor === null ? null : Number(books.bookedMinor) / 100,
    differences: books.differences,
    codes,
    deliveries: gate.deliveries.length,
    unsigned,
    latencyMs: { median: Math.round(median(latenciesMs)), max: Math.max(...latenciesMs) },
    outage: { ...outage, orderIds: outage.orderIds.length },
    cost,
  };
}

async function buyOnEveryPath(shop: Shop, browser: BrowserContext): Promise<Record<string, Bought>> {
  const pageBefore = await shop.inside("checkout-page", { slug: "e2e-block-checkout" });
  const classic = await buyInClassicCheckout(browser, shop, "/?ref=anna77");
  const block = await buyInBlockCheckout(browser, shop, "/r/BEN12");
  await shop.inside("checkout-page", { id: pageBefore });
  const cookie = await buyHeadless(shop, { cookie: "ANNA77" });
  const typed = await buyHeadless(shop, { cookie: "ANNA77", typed: "carla9" });
  const coupon = await buyHeadless(shop, { coupon: "e2e-ben" });
  const nobody = await buyHeadless(shop);
  const renewalId = Number(await shop.inside("renewal", { order: cookie.orderId }));
  return { classic, block, cookie, typed, coupon, nobody, renewal: { orderId: renewalId, at: Date.now(), tookMs: 0 } };
}

/** The code on each order, as the shop's REST API shows it; what is not as expected joins the differences. */
async function codesOf(shop: Shop, bought: Readonly<Record<string, Bought>>, differences: string[]) {
  const codes: Record<string, string> = {};
  for (const [path, { orderId }] of Object.entries(bought)) {
    const code = (await worthInShop(shop, orderId))?.code ?? "";
    codes[path] = code;
    if (code !== EXPECTED[path]) differences.push(`${path}: the code is "${code}", not "${EXPECTED[path]}"`);
  }
  return codes;
}

/** How long after the buyer had the answer the hub had the order. */
async function arrival(gate: Gate, orderId: number, since: number): Promise<number> {
  for (let tries = 0; tries < 5000; tries += 1) {
    const found = gate.deliveries.find(({ data }) => (data.order as { id?: number } | undefined)?.id === orderId);
    if (found) return Math.max(0, found.at - since);
    await wait(20);
  }
  throw new Error(`order ${orderId} has not arrived within a hundred seconds`);
}

/** An order of a machine, with and without a code. */
async function placeByRest(shop: Shop): Promise<number[]> {
  const lines = [{ product_id: shop.products[0], quantity: 1 }];
  const place = async (body: object): Promise<number> =>
    ((await shop.rest.post("orders", { line_items: lines, set_paid: true, ...body })).body as { id: number }).id;
  return [
    await place({}),
    await place({ meta_data: [{ key: "_upline_ref_code", value: "anna77" }] }),
    await place({ coupon_lines: [{ code: "e2e-ben" }] }),
  ];
}

/** Waits until nothing has come for a while. */
async function quiet(gate: Gate): Promise<void> {
  for (let seen = -1; seen !== gate.deliveries.length; ) {
    seen = gate.deliveries.length;
    await wait(2000);
  }
}

function openBrowser({ chromium: executablePath }: Settings, folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath,
    args: [...CHROMIUM_ARGS],
    viewport: { width: 1280, height: 1000 },
  });
}

/**
 * End to end: a real shop with the built plugin, real buyers, and a real hub that the suite starts.
 *
 *   UPLINE_WP_ROOT=… UPLINE_WP_URL=… node e2e/main.ts [--mutants] [--race 200]
 *
 * Says on standard error what it does, and prints one line of JSON with everything it measured. It installs the
 * plugin from the zip, makes products, pages and an administrator in the shop, and takes the administrator away again:
 * use a shop that is for tests. `--mutants` then makes the hub wrong in each of the ways of `mutants.ts` and wants to see
 * it; `--race` places that many orders which are paid while they are delivered. Both do without the long run.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openGate } from "@upline/shop-suite/gate";
import { type Hub, openHub } from "@upline/shop-suite/hub";
import { CHROMIUM_ARGS } from "@upline/testing/chromium";
import { type BrowserContext, chromium } from "playwright-core";
import { changeAddress } from "./address.ts";
import { measureCost, median } from "./cost.ts";
import { type Judgement, judge, type Run } from "./judge.ts";
import { showMutants } from "./mutant-runs.ts";
import { sufferOutage } from "./outage.ts";
import { payDuringDelivery } from "./payments.ts";
import { connectInSettings } from "./people.ts";
import { placedIn } from "./placed.ts";
import { buyHeadlessly, buyInBrowser, runLong } from "./scenario.ts";
import { readSettings, type Settings } from "./settings.ts";
import { openShop, SKUS } from "./shop.ts";

const { values: flags } = parseArgs({ options: { mutants: { type: "boolean", default: false }, race: { type: "string" } } });
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const SHOWN_DIFFERENCES = 40;

const settings = readSettings(join(import.meta.dirname, "../dist/upline-woocommerce.zip"));
const gate = await openGate();
let hub: Hub | null = null;
let failed = true;
try {
  say("starting a hub");
  hub = await openHub({ publicUrl: gate.origin, platform: "woocommerce", skus: SKUS });
  gate.hub = hub.url;
  const shop = await openShop(settings, gate.port);
  gate.liveAddress = shop.url;
  say(`shop ${JSON.stringify(shop.versions)}`);
  const run: Run = { shop, gate, hub, placed: placedIn(shop), second: null, problems: [] };
  const result = flags.mutants
    ? await showMutants(run, say)
    : flags.race
      ? await race(run, Number(flags.race))
      : await live(run, settings);
  await shop.inside("clean");
  failed = !result.ok;
  process.stdout.write(`${JSON.stringify({ ...result, versions: shop.versions })}\n`);
} catch (error) {
  say(error instanceof Error ? `${error.message}\n${error.stack}` : String(error));
} finally {
  await hub?.close();
  await gate.close();
}
process.exit(failed ? 1 : 0);

async function live(run: Run, settings: Settings) {
  const { shop, gate, hub, placed } = run;
  const profile = mkdtempSync(join(tmpdir(), "upline-e2e-"));
  const browser = await openBrowser(settings, profile);
  try {
    say(await connectInSettings(browser, shop, await hub.connectionCode()));
    say("buying on every path");
    const latenciesMs = await buyInBrowser(run, browser);
    await buyHeadlessly(run);
    say("changing orders, paying them during their delivery, a second store, a copy");
    await runLong(run, settings.payments);
    say("the shop changes its address");
    await changeAddress(browser, run);
    say(`the hub is away during ${settings.outageOrders} orders`);
    const outage = await sufferOutage({ shop, gate, placed, orders: settings.outageOrders });
    if (outage.missing > 0 || outage.twice > 0)
      run.problems.push(`after the outage ${outage.missing} orders were missing and ${outage.twice} came twice`);
    say("comparing");
    const judgement = await judge(run);
    say("measuring what a checkout costs");
    const cost = await measureCost(shop, settings.costSamples);
    const latencyMs = { median: Math.round(median(latenciesMs)), max: Math.max(...latenciesMs) };
    return { ...verdict(judgement), deliveries: gate.deliveries.length, latencyMs, outage, cost };
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function race(run: Run, orders: number) {
  const { problem } = (await run.shop.inside("connect", { code: await run.hub.connectionCode() })) as { problem: string };
  if (problem !== "") throw new Error(problem);
  say(`${orders} orders are paid within two seconds of their checkout, and the hub takes 400 ms`);
  await payDuringDelivery({ ...run, orders });
  return { ...verdict(await judge(run)), race: orders, deliveries: run.gate.deliveries.length };
}

function verdict({ differences, orders, bookedMinor }: Judgement) {
  return {
    // Books in which nothing stands agree with anything.
    ok: differences.length === 0 && bookedMinor > 0n,
    delta: differences.length,
    orders,
    commissions: Number(bookedMinor) / 100,
    differences: differences.slice(0, SHOWN_DIFFERENCES).map(({ kind, text }) => `${kind}: ${text}`),
  };
}

function openBrowser({ chromium: executablePath }: Settings, folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath,
    args: [...CHROMIUM_ARGS],
    viewport: { width: 1280, height: 1000 },
  });
}

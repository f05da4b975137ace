/**
 * End to end: a real Magento with the built module, buyers over its REST API, and a real hub that the suite starts.
 *
 *   UPLINE_MAGENTO_ROOT=… UPLINE_MAGENTO_URL=… node e2e/main.ts [--mutants] [--only guests,memos]
 *
 * Says on standard error what it does, and prints one line of JSON with everything it measured. It builds the module, unpacks it
 * into the shop, installs it (UPLINE_MAGENTO_INSTALL=0 leaves that out), compiles the shop's classes (UPLINE_MAGENTO_COMPILE=0
 * leaves that out), makes products, taxes, a store view and a coupon: use a shop that is for tests. `--mutants` makes the hub wrong in each of the ways of `mutants.ts` and wants to see it; `--only`
 * does without everything but the named scenes.
 */
import { parseArgs } from "node:util";
import { openGate } from "@upline/shop-suite/gate";
import { type Hub, openHub } from "@upline/shop-suite/hub";
import { buy } from "./buyers.ts";
import { judge } from "./judge.ts";
import { correctCodes, giveBack, invoiceInParts, stop } from "./life.ts";
import { showMutants } from "./mutant-runs.ts";
import { placedIn, type Run } from "./placed.ts";
import { READS_PRIVATE, reconcile } from "./reconcile.ts";
import {
  buyAsCustomers,
  buyAsGuests,
  sellByTelephone,
  sellComposedGoods,
  sellInOtherCurrency,
  sellToTwoAddresses,
  sellWithTaxIncluded,
} from "./scenario.ts";
import { readSettings, type Settings } from "./settings.ts";
import { openShop, SKUS } from "./shop.ts";
import { beACopy, median, sufferOutage } from "./troubles.ts";

const { values: flags } = parseArgs({
  options: { mutants: { type: "boolean", default: false }, only: { type: "string" } },
});
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const SHOWN_DIFFERENCES = 40;

/** What the outage and the measurements say goes into the last line. */
const scenes: Readonly<Record<string, (run: Run, settings: Settings) => Promise<unknown>>> = {
  guests: buyAsGuests,
  customers: buyAsCustomers,
  addresses: sellToTwoAddresses,
  telephone: sellByTelephone,
  composed: sellComposedGoods,
  taxes: sellWithTaxIncluded,
  currency: sellInOtherCurrency,
  invoices: invoiceInParts,
  memos: giveBack,
  stops: stop,
  codes: correctCodes,
  outage: (run, { outageOrders }) => sufferOutage(run, outageOrders),
  copy: beACopy,
  cost: measure,
};

const settings = readSettings();
const began = new Date(Date.now() - 60_000);
const gate = await openGate();
let hub: Hub | null = null;
let failed = true;
try {
  const shop = await openShop(settings, say);
  say(`shop ${JSON.stringify(shop.versions)}; starting a hub`);
  hub = await openHub({ publicUrl: gate.origin, platform: "magento", skus: SKUS, env: READS_PRIVATE });
  gate.hub = hub.url;
  say((await shop.magento("upline:connect", await hub.connectionCode())).trim());
  const run: Run = { shop, gate, hub, placed: placedIn(shop), problems: [] };
  const result = flags.mutants ? await showMutants(run, say) : await live(run, flags.only?.split(",") ?? Object.keys(scenes));
  failed = !result.ok;
  process.stdout.write(`${JSON.stringify({ ...result, versions: shop.versions })}\n`);
} catch (error) {
  say(error instanceof Error ? `${error.message}\n${error.stack}` : String(error));
} finally {
  await hub?.close();
  await gate.close();
}
process.exit(failed ? 1 : 0);

async function live(run: Run, names: readonly string[]) {
  const told: Record<string, unknown> = {};
  for (const name of names) {
    const scene = scenes[name];
    if (!scene) throw new Error(`There is no scene "${name}"; known: ${Object.keys(scenes).join(", ")}.`);
    say(name);
    const said = await scene(run, settings);
    if (said !== undefined) told[name] = said;
  }
  say("comparing");
  const { differences: before } = await judge(run);
  if (before.length === 0) {
    say("reading the shop over REST");
    told.reconciled = await reconcile(run, began);
  }
  const { differences, bookedMinor } = await judge(run);
  return {
    // Books in which nothing stands agree with anything.
    ok: differences.length === 0 && bookedMinor > 0n,
    delta: differences.length,
    orders: run.placed.codes.size,
    deliveries: run.gate.deliveries.length,
    commissions: Number(bookedMinor) / 100,
    ...told,
    differences: differences.slice(0, SHOWN_DIFFERENCES).map(({ kind, text }) => `${kind}: ${text}`),
  };
}

/** How long the request takes that places an order, with the module and its outbox. */
async function measure({ shop, placed }: Run, { costSamples }: Settings) {
  const tookMs: number[] = [];
  for (let at = 0; at < costSamples; at += 1) {
    const bought = await buy(shop, { link: "ANNA77" });
    placed.note(bought.orderId, "ANNA77");
    tookMs.push(bought.tookMs);
  }
  return { checkoutMs: Math.round(median(tookMs)), samples: costSamples };
}

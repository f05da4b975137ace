/** The shop as its own REST API tells it, read with an integration's keys: to a hub that has had deliveries, and to one that never had any. */
import { compare } from "@upline/shop-suite/books";
import { type Hub, openHub } from "@upline/shop-suite/hub";
import { expectAll } from "./expected.ts";
import { totalOf } from "./judge.ts";
import type { Run } from "./placed.ts";
import { SKUS } from "./shop.ts";

/** The suite's hubs may read a shop that runs on this machine. */
export const READS_PRIVATE = { UPLINE_PRIVATE_STORES: "allow" };
const RESOURCES = [
  "Magento_Sales::actions_view",
  "Magento_Sales::sales_invoice",
  "Magento_Sales::sales_creditmemo",
  "Magento_Catalog::products",
  "Magento_Backend::store",
];

interface Keys {
  readonly key: string;
  readonly secret: string;
  readonly token: string;
  readonly tokenSecret: string;
}

interface Read {
  readonly checked: number;
  readonly healed: number;
}

export interface Reconciled {
  /** By the hub that has had deliveries: of this run's orders it has to find nothing to heal. */
  readonly after: Read;
  /** By a hub that has nothing but this. */
  readonly alone: Read & { readonly delta: number; readonly commissions: number };
}

/** Notes every difference among the run's problems. */
export async function reconcile(run: Run, since: Date): Promise<Reconciled> {
  const { shop, gate, hub, placed, problems } = run;
  const keys = (await shop.inside("integration", { resources: RESOURCES })) as Keys;
  const connected = gate.granted?.store ?? "";
  const first = Math.min(...placed.codes.keys());
  const after = await read(hub, { store: connected, url: shop.url, keys, since });
  if (after.checked < placed.codes.size) problems.push(`the shop was asked for ${after.checked} of ${placed.codes.size} orders`);
  // A reading overlaps what came before: the orders of a run that has just ended are new to this hub.
  const earlier = (await hub.books(connected, 0)).filter(({ shopId }) => shopId < first).length;
  const healed = after.healed - earlier;
  if (healed !== 0) problems.push(`${healed} orders of this run were not in the hub as the shop's REST API has them`);

  const fresh = await openHub({ publicUrl: gate.origin, platform: "magento", skus: SKUS, env: READS_PRIVATE });
  try {
    const added = await fresh.upline("store", "add", "--platform", "magento", "--domain", new URL(shop.url).host);
    const store = added.match(/st_[\w-]+/)?.[0] ?? "";
    const found = await read(fresh, { store, url: shop.url, keys, since });
    const { codes } = placed;
    const booked = await fresh.books(store, first);
    const expected = expectAll(await shop.facts(codes.keys()), codes);
    const differences = compare({ store: "read alone", codes, shop: expected, hub: booked });
    problems.push(...differences.map(({ text }) => text));
    return { after, alone: { ...found, delta: differences.length, commissions: Number(totalOf(booked)) / 100 } };
  } finally {
    await fresh.close();
  }
}

async function read(hub: Hub, args: { store: string; url: string; keys: Keys; since: Date }): Promise<Read> {
  const { store, url, keys, since } = args;
  const { key, secret, token, tokenSecret } = keys;
  const four = ["--key", key, "--secret", secret, "--token", token, "--token-secret", tokenSecret];
  await hub.upline("store", "rest", "--store", store, ...four, "--url", url);
  const said = await hub.upline("store", "reconcile", "--store", store, "--since", since.toISOString(), "--all", "--json");
  const [result] = JSON.parse(said) as Read[];
  if (!result) throw new Error(`the reconciliation said ${said}`);
  return { checked: result.checked, healed: result.healed };
}

import { readCompany } from "../companies/directory.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { Door } from "../inbox/door.ts";
import type { HandOff } from "../inbox/hand-off.ts";
import { insertDeliveries, type NewDelivery } from "../inbox/insert.ts";
import type { JobRunner } from "../jobs/runner.ts";
import { identityHashes } from "../network/buyer-hashes.ts";
import { keepToldEvidence } from "../orders/told-evidence.ts";
import type { HubParts } from "../parts.ts";
import { hashBuyer } from "../secret-box.ts";
import { setStoreStatus } from "../stores/connection-queries.ts";
import { storeSettings } from "../stores/settings.ts";
import { type AppShop, findAppShop, noteHint, saveUninstalled } from "./queries.ts";

/** What the app of a shop tells the hub besides orders. */

export interface TellParts extends Pick<HubParts, "db" | "box" | "log"> {
  readonly door: Pick<Door, "forget" | "forgetShop">;
  readonly handOff: HandOff;
  readonly jobs: Pick<JobRunner, "askFor">;
}

/** A shop that an app connected, whatever its status. Throws HubError for every other, and for one that is known by hand only. */
export async function needShop(parts: Pick<HubParts, "db">, domain: string): Promise<AppShop> {
  const shop = await findAppShop(parts.db.gate, { platform: "shopify", domain: domain.toLowerCase() });
  if (shop !== null && shop.connectedAt !== null) return shop;
  throw new HubError("not-found", `No app has connected the shop ${domain}: POST /api/service/shops first.`);
}

/** Something may have changed: the hub asks the shop itself, at once. What the hint says is believed in nothing else. */
export async function takeHints(
  parts: TellParts,
  shop: AppShop,
  hints: {
    readonly topic: string;
    readonly webhookId: string;
    readonly orderIds: readonly string[];
    readonly productIds: readonly string[];
  },
): Promise<void> {
  const { companyId, storeId } = shop;
  const { topic, webhookId } = hints;
  const bodies = [
    // Whatever the topic, an order is only asked for: a forged hint can delete nothing.
    ...hints.orderIds.map((id) => ({ topic: "orders/edited", body: { order_edit: { order_id: id }, hint: topic } })),
    ...hints.productIds.map((id) => ({ topic: "products/update", body: { id, hint: topic } })),
  ];
  await deliver(parts, shop, bodies, webhookId);
  await asCompany(parts.db, companyId, (tx) => noteHint(tx, { companyId, storeId }));
  if (hints.orderIds.length > 0) await askSoon(parts, "reconcile", { companyId, subject: storeId });
}

/** The app is gone from the shop. What it says of a time before it was installed again counts for nothing. */
export async function takeUninstalled(
  parts: TellParts,
  shop: AppShop,
  args: { readonly at: Date; readonly actor: string },
): Promise<void> {
  const { companyId, storeId } = shop;
  const key = { companyId, storeId };
  await asCompany(parts.db, companyId, async (tx) => {
    if (!(await saveUninstalled(tx, key, args.at))) return;
    // One that people paused or disconnected stays so.
    if (shop.status === "active") await setStoreStatus(tx, { ...key, status: "paused" });
    const details = { at: args.at.toISOString() };
    await insertAudit(tx, { companyId, actor: args.actor, act: "store.uninstall", subject: storeId, details });
  });
  parts.door.forget(storeId);
  for (const name of [shop.domain, shop.platformShopId]) if (name !== null) parts.door.forgetShop(shop.platform, name);
}

export type Request =
  | { readonly kind: "customer" | "data-request"; readonly customerId: string; readonly orderIds: readonly string[] }
  | { readonly kind: "shop" };

/**
 * What a shop asks for by law. Erasures go the way of every delivery: kept before they are answered, carried out by the job
 * `redact` and tried again until nothing is left, also for a shop that is gone. Who asks what is known of them is noted.
 */
export async function takeRequest(
  parts: TellParts,
  shop: AppShop,
  { request, actor }: { readonly request: Request; readonly actor: string },
): Promise<void> {
  const { companyId, storeId, domain, platformShopId: shopId } = shop;
  const named = { shop_domain: domain, shop_id: shopId ?? "0" };
  await asCompany(parts.db, companyId, async (tx) => {
    const details =
      request.kind === "shop" ? {} : { buyer: await buyerOf(parts, tx, shop, request.customerId), orders: [...request.orderIds] };
    await insertAudit(tx, { companyId, actor, act: `store.${ACTS[request.kind]}`, subject: storeId, details });
  });
  if (request.kind === "data-request") return;
  const body =
    request.kind === "shop"
      ? { topic: "shop/redact", body: named }
      : {
          topic: "customers/redact",
          body: { ...named, customer: { id: request.customerId }, orders_to_redact: [...request.orderIds] },
        };
  await deliver(parts, shop, [body], null);
  await askSoon(parts, "redact", { companyId, subject: "company" });
}

const ACTS = { customer: "redact-buyer", shop: "redact-shop", "data-request": "data-request" } as const;

export interface Told {
  readonly kind: "pixel" | "claim";
  readonly orderId: string | null;
  readonly checkoutToken: string | null;
  readonly code: string;
  readonly at: Date;
  readonly clientId: string | null;
}

/** Evidence beside the order. It decides nothing: a pixel's is kept with the order, a claim waits for a person. */
export async function takeEvidence(parts: TellParts, shop: AppShop, told: Told): Promise<void> {
  const { companyId, storeId } = shop;
  const { kind, orderId, checkoutToken, code, at, clientId } = told;
  await asCompany(parts.db, companyId, async (tx) => {
    const clientHash = clientId === null ? null : hashBuyer(await buyerKeyOf(parts, tx, companyId), `client:${clientId}`);
    await keepToldEvidence(tx, {
      ...{ companyId, storeId, kind, code, clientHash },
      platformOrderId: orderId ?? "",
      checkoutToken: checkoutToken ?? "",
      toldAt: at,
    });
  });
}

async function deliver(
  parts: TellParts,
  shop: AppShop,
  bodies: readonly { readonly topic: string; readonly body: unknown }[],
  deliveryId: string | null,
): Promise<void> {
  if (bodies.length === 0) return;
  const { companyId, storeId, platform } = shop;
  const deliveries = bodies.map(
    ({ topic, body }): NewDelivery => ({
      ...{ companyId, storeId, topic, platformDeliveryId: deliveryId },
      encoding: "utf8",
      body: JSON.stringify(body),
    }),
  );
  const receipts = await insertDeliveries(parts, deliveries);
  const settings = storeSettings(shop.settings);
  parts.handOff.offer(
    deliveries.flatMap((delivery, index) => {
      const receipt = receipts[index];
      return receipt === undefined ? [] : [{ ...delivery, ...receipt, platform, settings, attempts: 0 }];
    }),
  );
}

/** The clock asks in any case: where the jobs' tables cannot be reached just now, nothing is lost but time. */
async function askSoon(parts: TellParts, job: string, target: { companyId: number; subject: string }): Promise<void> {
  try {
    await parts.jobs.askFor(job, target);
  } catch (error) {
    parts.log.warn({ job, error: error instanceof Error ? error.name : "unknown" }, "a run could not be asked for");
  }
}

async function buyerKeyOf({ box }: Pick<HubParts, "box">, tx: Tx, companyId: number): Promise<string> {
  const company = await readCompany(tx, companyId);
  if (company === null) throw new Error("the company of this transaction does not exist");
  return box.open(company.buyerKey);
}

/** The audit log names a buyer as orders do: by the keyed hash. */
async function buyerOf(parts: Pick<HubParts, "box">, tx: Tx, shop: AppShop, customerId: string): Promise<string> {
  const buyerKey = await buyerKeyOf(parts, tx, shop.companyId);
  return identityHashes(buyerKey, { kind: "customer", value: customerId }, shop.storeId)[0] ?? "";
}

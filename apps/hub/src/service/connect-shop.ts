import { randomBytes } from "node:crypto";
import { addCompany } from "../companies/create.ts";
import { insertAudit } from "../db/audit.ts";
import { asOwner, sqlState, type Tx } from "../db/connect.ts";
import type { Store } from "../db/schema/stores.ts";
import { HubError, refused } from "../errors.ts";
import { newApiKey } from "../http/auth.ts";
import type { Door } from "../inbox/door.ts";
import { insertKey, revokeKeyNo } from "../keys/queries.ts";
import type { HubParts } from "../parts.ts";
import { hashOfCode } from "../stores/code.ts";
import { unusableCode } from "../stores/connect.ts";
import { findCompanyOfCode, takeConnectionCode } from "../stores/connection-queries.ts";
import { insertStore } from "../stores/queries.ts";
import { type AppShop, findConnected, lockShop, saveApp, saveShop } from "./queries.ts";

/** A shop as its platform's app knows it: by a token of the shop, which nobody else has. */
export interface ToldShop {
  readonly platform: "shopify";
  readonly domain: string;
  readonly shopId: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
}

/** To which company a shop goes: a new one, the one that made a code, or the one that it is in. */
export type Join =
  | { readonly kind: "create"; readonly companyName: string }
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "again" };

export interface ConnectedShop {
  readonly storeId: string;
  readonly company: { readonly slug: string; readonly name: string };
  /** An API key of the company, shown now only: the app's earlier one of this shop is revoked. */
  readonly key: string;
  readonly created: boolean;
}

type Place = Pick<AppShop, "companyId" | "storeId" | "slug" | "company">;

/**
 * Connects a shop by its app, and gives the app a key of the shop's company. Doing it again answers the same company with a
 * new key; two at once take turns. All in one transaction, a new company included. Throws HubError.
 */
export async function connectShop(
  parts: Pick<HubParts, "db" | "box"> & { readonly door: Pick<Door, "forget" | "forgetShop"> },
  args: { readonly shop: ToldShop; readonly join: Join; readonly actor: string },
): Promise<ConnectedShop> {
  const { shop, join, actor } = args;
  const connected = await asOwner(parts.db, async (tx) => {
    await lockShop(tx, shop);
    const known = await findKnown(tx, shop);
    const place = known === null ? await settle(parts, tx, args) : await stay(tx, known, args);
    const { companyId, storeId } = place;
    if (known?.keyNo != null) await revokeKeyNo(tx, { companyId, keyNo: known.keyNo });
    const { key, keyHash, prefix } = newApiKey();
    const owner = `${shop.platform}:${shop.domain}`;
    const scopes = ["admin"];
    const keyNo = await insertKey(tx, { companyId, keyHash, prefix, name: `${shop.platform} app`, owner, scopes });
    await saveApp(tx, { companyId, storeId, keyNo, currency: shop.currency, timeZone: shop.timeZone });
    const act = known === null ? "store.connect" : "store.reconnect";
    const details = { platform: shop.platform, domain: shop.domain, by: join.kind, key: prefix };
    await insertAudit(tx, { companyId, actor, act, subject: storeId, details });
    return { storeId, company: { slug: place.slug, name: place.company }, key, created: known === null };
  });
  parts.door.forget(connected.storeId);
  // Its first delivery may come at once.
  for (const name of [shop.domain, shop.shopId]) parts.door.forgetShop(shop.platform, name);
  return connected;
}

/** The store that the shop is connected as. Throws HubError where its domain and its number are two shops'. */
async function findKnown(tx: Tx, shop: ToldShop): Promise<AppShop | null> {
  const [known, other] = await findConnected(tx, shop);
  if (known === undefined) return null;
  if (other !== undefined || (known.platformShopId !== null && known.platformShopId !== shop.shopId))
    throw refused(
      "shop_id",
      "belongs to another shop than the domain",
      "The shop's domain and its number are known as two shops'.",
    );
  return known;
}

/** A shop that is here already stays in its company. */
async function stay(tx: Tx, known: AppShop, { shop, join }: { shop: ToldShop; join: Join }): Promise<Place> {
  const { companyId, storeId } = known;
  const codeHash = join.kind === "code" ? hashOfCode(join.code) : null;
  const owner = codeHash === null ? null : await findCompanyOfCode(tx, codeHash);
  if (join.kind === "code" && owner === null) throw unusableCode();
  if (owner !== null && owner.companyId !== companyId)
    throw new HubError("conflict", `The shop ${shop.domain} is connected to another company already. Disconnect it there first.`);
  // Whoever typed the domain in need not be the shop: only a code of that company says that the two belong together.
  if (known.connectedAt === null && owner === null)
    throw new HubError(
      "conflict",
      `The shop ${shop.domain} was connected by hand already. Use a connection code of that company, or disconnect the store there.`,
    );
  if (codeHash !== null && !(await takeConnectionCode(tx, { companyId, codeHash, storeId }))) throw unusableCode();
  // Paused by people stays paused; paused because the app was gone goes on.
  const status = known.uninstalledAt === null ? known.status : "active";
  await saveShop(tx, { companyId, storeId, domain: shop.domain, platformShopId: shop.shopId, status });
  return known;
}

/** A shop that is nowhere goes where it says. */
async function settle(
  { box }: Pick<HubParts, "box">,
  tx: Tx,
  { shop, join, actor }: { shop: ToldShop; join: Join; actor: string },
): Promise<Place> {
  if (join.kind === "again")
    throw new HubError("not-found", `The shop ${shop.domain} is not connected to a company: join one by a code, or create one.`);
  const storeId = `st_${randomBytes(12).toString("base64url")}`;
  const store = { storeId, platform: shop.platform, domain: shop.domain, name: shop.name };
  if (join.kind === "code") {
    const codeHash = hashOfCode(join.code);
    const owner = codeHash === null ? null : await findCompanyOfCode(tx, codeHash);
    if (codeHash === null || owner === null) throw unusableCode();
    const { companyId, company, slug } = owner;
    await place(tx, { ...store, companyId, shopId: shop.shopId });
    if (!(await takeConnectionCode(tx, { companyId, codeHash, storeId }))) throw unusableCode();
    return { companyId, storeId, slug, company };
  }
  const { companyId, slug } = await newCompany(tx, box, { name: join.companyName, domain: shop.domain, actor });
  await place(tx, { ...store, companyId, shopId: shop.shopId });
  return { companyId, storeId, slug, company: join.companyName.trim() };
}

async function place(
  tx: Tx,
  { shopId, ...store }: Pick<Store, "companyId" | "storeId" | "platform" | "domain" | "name"> & { readonly shopId: string },
): Promise<void> {
  await insertStore(tx, store);
  const { companyId, storeId, domain } = store;
  await saveShop(tx, { companyId, storeId, domain, platformShopId: shopId, status: "active" });
}

/** Its slug is the shop's own name on its platform, with something behind it where that is taken. */
async function newCompany(
  tx: Tx,
  box: HubParts["box"],
  { name, domain, actor }: { name: string; domain: string; actor: string },
): Promise<{ companyId: number; slug: string }> {
  const base = domain.split(".", 1)[0]?.slice(0, 50).padEnd(2, "0") ?? "shop";
  for (const slug of [base, `${base}-${randomBytes(4).toString("hex")}`]) {
    try {
      return { ...(await tx.savepoint((inner) => addCompany(inner, box, { slug, name, actor }))), slug };
    } catch (error) {
      if (sqlState(error) !== "23505") throw error;
    }
  }
  throw new HubError("unavailable", "The new company could not be named: try again.");
}

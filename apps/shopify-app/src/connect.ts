import { eq } from "drizzle-orm";
import { z } from "zod";
import { type AdminParts, askAdmin } from "./admin-api.ts";
import { type Database, lockShop } from "./database.ts";
import type { Env } from "./env.ts";
import type { HubService, Join } from "./hub-service.ts";
import { type ShopRow, shops } from "./schema.ts";
import { seal, unseal } from "./sealing.ts";
import { findShop } from "./shops.ts";

export interface ConnectParts extends AdminParts {
  readonly db: Database;
  readonly env: Pick<Env, "secretKey">;
  readonly hub: HubService;
}

const SHOP_DOCUMENT = `query UplineShop {
  shop { id name currencyCode ianaTimezone }
}`;

const shopAnswer = z.object({
  shop: z.object({ id: z.string(), name: z.string(), currencyCode: z.string(), ianaTimezone: z.string() }),
});

/** Maps the shop to its company at the hub, and keeps the key that it gets there, sealed. Throws HubProblem, AdminProblem, NoToken. */
export async function connectShop(parts: ConnectParts, shop: string, join: Join): Promise<void> {
  const { shop: told } = await askAdmin(parts, { shop, document: SHOP_DOCUMENT, answer: shopAnswer });
  const shopId = told.id.replace("gid://shopify/Shop/", "");
  const { currencyCode: currency, ianaTimezone: timeZone, name } = told;
  const connected = await parts.hub.connect({ domain: shop, shop_id: shopId, name, currency, time_zone: timeZone, join });
  await parts.db
    .update(shops)
    .set({
      ...{ shopId, name, currency, timeZone },
      storeId: connected.store_id,
      companySlug: connected.company.slug,
      companyName: connected.company.name,
      hubKey: seal(parts.env.secretKey, connected.key, shop),
      connectedAt: new Date(),
    })
    .where(eq(shops.shop, shop));
}

/** Whether the shop has to be connected again: it has its company, and has installed the app anew since. */
function isLapsed({ storeId, connectedAt, installedAt }: ShopRow): boolean {
  return storeId !== null && connectedAt !== null && connectedAt < installedAt;
}

/**
 * A shop that installed the app anew finds its company again, with no second sign-in. Several pages ask at once: they take
 * turns, because each new key makes the one before useless, and each goes on with the row as it stands afterwards: the
 * parts of one page are read at once, and whoever came second would knock with the key that was just replaced.
 */
export async function reconnect(parts: ConnectParts, row: ShopRow): Promise<{ readonly row: ShopRow; readonly isBack: boolean }> {
  if (!isLapsed(row)) return { row, isBack: false };
  return parts.db.transaction(async (tx) => {
    await lockShop(tx, `connect ${row.shop}`);
    const now = (await findShop(tx, row.shop)) ?? row;
    // Another part of the same page came first: to who looks at it, the shop is back all the same.
    if (!isLapsed(now)) return { row: now, isBack: true };
    await connectShop(parts, row.shop, { kind: "again" });
    return { row: (await findShop(parts.db, row.shop)) ?? now, isBack: true };
  });
}

/** The hub, as the shop's company sees it. */
export function hubOf(parts: Pick<ConnectParts, "hub" | "env">, row: { readonly shop: string; readonly hubKey: Uint8Array }) {
  return parts.hub.ofShop(unseal(parts.env.secretKey, row.hubKey, row.shop));
}

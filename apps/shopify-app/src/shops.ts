import { eq, sql } from "drizzle-orm";
import type { Database, Tx } from "./database.ts";
import { type ShopRow, sessions, shops } from "./schema.ts";

const SHOP = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;

/** A shop's permanent domain as Shopify writes it; null for anything else. */
export function shopDomain(text: string | null | undefined): string | null {
  const domain = text?.trim().toLowerCase() ?? "";
  return SHOP.test(domain) ? domain : null;
}

export async function findShop(db: Database | Tx, shop: string): Promise<ShopRow | null> {
  const [row] = await db.select().from(shops).where(eq(shops.shop, shop));
  return row ?? null;
}

/** Shopify gave a token at this moment, so the app is installed. A shop that had uninstalled it has installed it again. */
export async function proveInstalled(tx: Tx, shop: string, at: Date): Promise<void> {
  await tx
    .insert(shops)
    .values({ shop, installedAt: at, provenAt: at })
    .onConflictDoUpdate({
      target: shops.shop,
      set: {
        provenAt: at,
        refusedAt: null,
        uninstalledAt: null,
        installedAt: sql`case when ${shops.uninstalledAt} is null then ${shops.installedAt} else excluded.installed_at end`,
      },
    });
}

/**
 * The app was uninstalled at this moment: its tokens go. False, and nothing changes, where Shopify has given a token since:
 * then the message is late, and the shop has installed it again.
 */
export async function forgetInstallation(tx: Tx, shop: string, at: Date): Promise<boolean> {
  const known = await findShop(tx, shop);
  if (known !== null && known.provenAt >= at) return false;
  await tx.delete(sessions).where(eq(sessions.shop, shop));
  await tx.update(shops).set({ uninstalledAt: at }).where(eq(shops.shop, shop));
  return true;
}

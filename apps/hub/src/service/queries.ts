import { and, desc, eq, ne, or, sql } from "drizzle-orm";
import type { Sql, Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type StoreApp, storeApps } from "../db/schema/apps.ts";
import { companies } from "../db/schema/companies.ts";
import { type Store, stores } from "../db/schema/stores.ts";
import type { StoreKey } from "../stores/queries.ts";

/** Shops that the platform's app speaks for. */

export type AppShop = NonNullable<Awaited<ReturnType<typeof findAppShop>>>;

const shop = {
  companyId: stores.companyId,
  storeId: stores.storeId,
  domain: stores.domain,
  platform: stores.platform,
  platformShopId: stores.platformShopId,
  name: stores.name,
  status: stores.status,
  settings: stores.settings,
  slug: companies.slug,
  company: companies.name,
  connectedAt: storeApps.connectedAt,
  uninstalledAt: storeApps.uninstalledAt,
  keyNo: storeApps.keyNo,
  currency: storeApps.currency,
  timeZone: storeApps.timeZone,
  hintedAt: storeApps.hintedAt,
};

function shopsWithApps(tx: Sql | Tx) {
  return query(tx)
    .select(shop)
    .from(stores)
    .innerJoin(companies, eq(companies.companyId, stores.companyId))
    .leftJoin(storeApps, and(eq(storeApps.companyId, stores.companyId), eq(storeApps.storeId, stores.storeId)));
}

/** The store of a shop in whichever company, with what its app said; the newest where it was connected more than once. */
export async function findAppShop(tx: Sql | Tx, { platform, domain }: Pick<Store, "platform" | "domain">) {
  const [row] = await shopsWithApps(tx)
    .where(and(eq(stores.platform, platform), eq(stores.domain, domain)))
    .orderBy(sql`${stores.status} = 'disconnected'`, desc(stores.createdAt))
    .limit(1);
  return row ?? null;
}

/** Stores that a shop is connected as, by its domain or its number: more than one where the two do not belong together. */
export function findConnected(tx: Tx, args: Pick<Store, "platform" | "domain"> & { readonly shopId: string }) {
  return shopsWithApps(tx).where(
    and(
      eq(stores.platform, args.platform),
      ne(stores.status, "disconnected"),
      or(eq(stores.domain, args.domain), eq(stores.platformShopId, args.shopId)),
    ),
  );
}

/** Requests about one shop take turns until the transaction ends. */
export async function lockShop(tx: Tx, { platform, domain }: Pick<Store, "platform" | "domain">): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`upline shop ${platform} ${domain}`}, 0))`;
}

export async function saveShop(
  tx: Tx,
  { companyId, storeId, ...change }: StoreKey & Pick<Store, "domain" | "platformShopId" | "status">,
): Promise<void> {
  await query(tx)
    .update(stores)
    .set(change)
    .where(and(eq(stores.companyId, companyId), eq(stores.storeId, storeId)));
}

/** Notes that the app is installed, from now on. */
export async function saveApp(
  tx: Tx,
  app: Pick<StoreApp, "companyId" | "storeId" | "keyNo" | "currency" | "timeZone">,
): Promise<void> {
  const { keyNo, currency, timeZone } = app;
  await query(tx)
    .insert(storeApps)
    .values(app)
    .onConflictDoUpdate({
      target: [storeApps.companyId, storeApps.storeId],
      set: { keyNo, currency, timeZone, connectedAt: sql`now()`, uninstalledAt: null },
    });
}

/** Notes that the app is gone, unless it was installed again since then. Answers whether it counts. */
export async function saveUninstalled(tx: Tx, { companyId, storeId }: StoreKey, at: Date): Promise<boolean> {
  const gone = await query(tx)
    .update(storeApps)
    .set({ uninstalledAt: at })
    .where(
      and(
        eq(storeApps.companyId, companyId),
        eq(storeApps.storeId, storeId),
        sql`${storeApps.connectedAt} < ${at.toISOString()}::timestamptz`,
        sql`${storeApps.uninstalledAt} is null`,
      ),
    )
    .returning({ storeId: storeApps.storeId });
  return gone.length === 1;
}

export async function noteHint(tx: Tx, { companyId, storeId }: StoreKey): Promise<void> {
  await query(tx)
    .update(storeApps)
    .set({ hintedAt: sql`now()` })
    .where(and(eq(storeApps.companyId, companyId), eq(storeApps.storeId, storeId)));
}

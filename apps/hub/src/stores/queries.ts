import type { StoreSettings } from "@upline/core";
import { and, asc, eq } from "drizzle-orm";
import type { Sql, Tx } from "../db/connect.ts";
import { type Listed, listed, query } from "../db/query.ts";
import { type StoreAccess, type Store as StoredStore, type StoreSecret, storeSecrets, stores } from "../db/schema/stores.ts";
import { HubError } from "../errors.ts";
import type { SecretBox } from "../secret-box.ts";
import { storeSettings } from "./settings.ts";

export type StoreKey = Pick<StoredStore, "companyId" | "storeId">;

const { companyId, storeId, platform, domain, name, status, settings, createdAt } = stores;
const atDoor = { companyId, storeId, platform, domain, settings };

/** A store as the door needs it: whose it is, and which secrets may sign. */
export interface StoreAtDoor extends Omit<Listed<typeof atDoor>, "settings">, Pick<StoreAccess, "homeUrl"> {
  readonly settings: StoreSettings;
  /** The newest first. */
  readonly secrets: readonly string[];
}

/** An active store by its id, or by the shop's domain or number on its platform; null alike for unknown, paused and disconnected ones. */
export async function findStoreAtDoor(
  gate: Sql,
  box: SecretBox,
  by: Pick<StoredStore, "storeId"> | (Pick<StoredStore, "platform"> & { readonly shop: string }),
): Promise<StoreAtDoor | null> {
  const which =
    "storeId" in by
      ? gate`stores.store_id = ${by.storeId}`
      : gate`stores.platform = ${by.platform} and ${by.shop} in (stores.domain, stores.platform_shop_id)`;
  const [row] = await gate<
    (Listed<typeof atDoor> & Pick<StoreAccess, "homeUrl"> & { secrets: StoreSecret["ciphertext"][] | null })[]
  >`
    select ${listed(gate, atDoor)}, store_access.home_url as "homeUrl",
           (select array_agg(x.ciphertext order by x.secret_no desc) from store_secrets x
             where x.company_id = stores.company_id and x.store_id = stores.store_id and x.revoked_at is null) as secrets
      from stores
      left join store_access on store_access.company_id = stores.company_id and store_access.store_id = stores.store_id
     where ${which} and stores.status = 'active'`;
  if (!row) return null;
  const secrets = (row.secrets ?? []).map((sealed) => box.open(sealed));
  return { ...row, settings: storeSettings(row.settings), secrets };
}

const shown = { storeId, platform, domain, name, status, settings, createdAt };

export interface Store extends Omit<Listed<typeof shown>, "settings"> {
  readonly settings: StoreSettings;
}

const withSettings = (row: Listed<typeof shown>): Store => ({ ...row, settings: storeSettings(row.settings) });

export async function listStores(tx: Tx, ofCompany: number): Promise<Store[]> {
  const rows = await query(tx).select(shown).from(stores).where(eq(companyId, ofCompany)).orderBy(asc(createdAt), asc(storeId));
  return rows.map(withSettings);
}

export async function findStore(tx: Tx, key: StoreKey): Promise<Store | null> {
  const [row] = await query(tx).select(shown).from(stores).where(isStore(key));
  return row ? withSettings(row) : null;
}

/** Adds a store. A domain that another active store has violates the key. */
export async function insertStore(tx: Tx, store: StoreKey & Pick<StoredStore, "platform" | "domain" | "name">): Promise<void> {
  await query(tx)
    .insert(stores)
    .values({ ...store, domain: store.domain.toLowerCase() });
}

/** One more secret that may sign: the old ones stay valid until revoked, so that they can be rotated. */
export async function insertStoreSecret(tx: Tx, secret: StoreKey & Pick<StoreSecret, "ciphertext">): Promise<void> {
  await query(tx).insert(storeSecrets).values(secret);
}

/** The same whether it is nowhere or another company's. */
export function noSuchStore(): HubError {
  return new HubError("not-found", "There is no such store. GET /api/stores lists them.");
}

export function isStore(key: StoreKey) {
  return and(eq(companyId, key.companyId), eq(storeId, key.storeId));
}

import { DEFAULT_STORE_SETTINGS, type PlatformName, STATUS_MEANINGS, type StoreSettings } from "@upline/core";
import { z } from "zod";
import type { Sql, Tx } from "../db/connect.ts";
import type { SecretBox } from "../secret-box.ts";

/** A store as the door needs it: whose it is, and which secrets may sign. */
export interface StoreAtDoor {
  readonly companyId: number;
  readonly storeId: string;
  readonly platform: PlatformName;
  readonly domain: string;
  readonly settings: StoreSettings;
  readonly secrets: readonly string[];
}

const settingsSchema = z
  .object({
    refParameter: z.string().min(1),
    refKeys: z.array(z.string().min(1)),
    statuses: z.record(z.string(), z.enum(STATUS_MEANINGS)),
    paymentFees: z.array(z.string().min(1)),
  })
  .partial()
  .catch({});

/** Settings as stored, filled up with the defaults. */
export function storeSettings(stored: unknown): StoreSettings {
  return { ...DEFAULT_STORE_SETTINGS, ...settingsSchema.parse(stored) };
}

interface DoorRow {
  company_id: number;
  store_id: string;
  platform: PlatformName;
  domain: string;
  settings: unknown;
  secrets: Buffer[] | null;
}

/** An active store by its id, or by the shop's domain or number on its platform; null alike for unknown, paused and disconnected ones. */
export async function findStoreAtDoor(
  gate: Sql,
  box: SecretBox,
  by: { storeId: string } | { platform: PlatformName; shop: string },
): Promise<StoreAtDoor | null> {
  const which =
    "storeId" in by
      ? gate`s.store_id = ${by.storeId}`
      : gate`s.platform = ${by.platform} and ${by.shop} in (s.domain, s.platform_shop_id)`;
  const [row] = await gate<DoorRow[]>`
    select s.company_id, s.store_id, s.platform, s.domain, s.settings,
           (select array_agg(x.ciphertext order by x.secret_no desc) from store_secrets x
             where x.company_id = s.company_id and x.store_id = s.store_id and x.revoked_at is null) as secrets
      from stores s
     where ${which} and s.status = 'active'`;
  if (!row) return null;
  return {
    companyId: row.company_id,
    storeId: row.store_id,
    platform: row.platform,
    domain: row.domain,
    settings: storeSettings(row.settings),
    secrets: (row.secrets ?? []).map((sealed) => box.open(sealed)),
  };
}

export interface Store {
  readonly storeId: string;
  readonly platform: PlatformName;
  readonly domain: string;
  readonly name: string;
  readonly status: string;
  readonly settings: StoreSettings;
  readonly createdAt: Date;
}

interface StoreRow {
  store_id: string;
  platform: PlatformName;
  domain: string;
  name: string;
  status: string;
  settings: unknown;
  created_at: Date;
}

export async function listStores(tx: Tx, companyId: number): Promise<Store[]> {
  const rows = await tx<StoreRow[]>`
    select store_id, platform, domain, name, status, settings, created_at from stores
     where company_id = ${companyId} order by created_at, store_id`;
  return rows.map((row) => ({
    storeId: row.store_id,
    platform: row.platform,
    domain: row.domain,
    name: row.name,
    status: row.status,
    settings: storeSettings(row.settings),
    createdAt: row.created_at,
  }));
}

/** Adds a store and its first secret (sealed). A domain that another active store has violates the key. */
export async function insertStore(
  tx: Tx,
  args: { companyId: number; storeId: string; platform: PlatformName; domain: string; name: string; sealedSecret: Buffer | null },
): Promise<void> {
  await tx`
    insert into stores (company_id, store_id, platform, domain, name)
    values (${args.companyId}, ${args.storeId}, ${args.platform}, ${args.domain.toLowerCase()}, ${args.name})`;
  if (args.sealedSecret) await insertStoreSecret(tx, { ...args, sealedSecret: args.sealedSecret });
}

/** One more secret that may sign: the old ones stay valid until revoked, so that they can be rotated. */
export async function insertStoreSecret(
  tx: Tx,
  args: { companyId: number; storeId: string; sealedSecret: Buffer },
): Promise<void> {
  await tx`insert into store_secrets (company_id, store_id, ciphertext) values (${args.companyId}, ${args.storeId}, ${args.sealedSecret})`;
}

import type { PlatformName } from "@upline/core";
import type { JSONValue } from "postgres";
import type { Sql, Tx } from "../db/connect.ts";

/** Codes, tokens and addresses by which stores and the hub find each other. Codes, tokens and states are hashes. */

export async function insertConnectionCode(
  tx: Tx,
  args: { companyId: number; codeHash: Buffer; madeBy: string; expiresAt: Date },
): Promise<void> {
  await tx`
    insert into connection_codes (company_id, code_hash, made_by, expires_at)
    values (${args.companyId}, ${args.codeHash}, ${args.madeBy}, ${args.expiresAt})`;
}

/** Whose code this is; null alike for unknown, used and expired ones. */
export async function findCompanyOfCode(gate: Sql, codeHash: Buffer): Promise<{ companyId: number; company: string } | null> {
  const [row] = await gate<{ company_id: number; name: string }[]>`
    select c.company_id, c.name from connection_codes x join companies c using (company_id)
     where x.code_hash = ${codeHash} and x.used_at is null and x.expires_at > now()`;
  return row ? { companyId: row.company_id, company: row.name } : null;
}

/** Uses a code up, in the transaction of its effect. False where somebody else was faster. */
export async function takeConnectionCode(
  tx: Tx,
  args: { companyId: number; codeHash: Buffer; storeId: string },
): Promise<boolean> {
  const rows = await tx`
    update connection_codes set used_at = now(), store_id = ${args.storeId}
     where company_id = ${args.companyId} and code_hash = ${args.codeHash} and used_at is null and expires_at > now()
     returning code_hash`;
  return rows.length === 1;
}

/** The company's store of a domain, whatever its status: the one in use, else the newest. */
export async function findStoreOfDomain(
  tx: Tx,
  args: { companyId: number; platform: string; domain: string },
): Promise<string | null> {
  const [row] = await tx<{ store_id: string }[]>`
    select store_id from stores
     where company_id = ${args.companyId} and platform = ${args.platform} and domain = ${args.domain}
     order by status = 'disconnected', created_at desc limit 1 for update`;
  return row?.store_id ?? null;
}

/** Sets a store's status. Activating one whose domain another active store has violates the key. */
export async function setStoreStatus(
  tx: Tx,
  args: { companyId: number; storeId: string; status: "active" | "paused" | "disconnected" },
): Promise<void> {
  await tx`update stores set status = ${args.status} where company_id = ${args.companyId} and store_id = ${args.storeId}`;
}

/** Makes every secret and token of a store useless, and stops plugin and REST access; orders and ledger stay. */
export async function revokeStoreKeys(tx: Tx, args: { companyId: number; storeId: string }): Promise<void> {
  const { companyId, storeId } = args;
  await tx`update store_secrets set revoked_at = now() where company_id = ${companyId} and store_id = ${storeId} and revoked_at is null`;
  await tx`update store_tokens set revoked_at = now() where company_id = ${companyId} and store_id = ${storeId} and revoked_at is null`;
}

export async function insertStoreToken(tx: Tx, args: { companyId: number; storeId: string; tokenHash: Buffer }): Promise<void> {
  await tx`
    insert into store_tokens (company_id, store_id, token_hash) values (${args.companyId}, ${args.storeId}, ${args.tokenHash})`;
}

export interface StoreCaller {
  readonly companyId: number;
  readonly company: string;
  readonly storeId: string;
}

/** The active store that a token opens. */
export async function findStoreOfToken(gate: Sql, tokenHash: Buffer): Promise<StoreCaller | null> {
  const [row] = await gate<{ company_id: number; name: string; store_id: string }[]>`
    select t.company_id, c.name, t.store_id
      from store_tokens t
      join companies c on c.company_id = t.company_id
      join stores s on s.company_id = t.company_id and s.store_id = t.store_id
     where t.token_hash = ${tokenHash} and t.revoked_at is null and s.status = 'active'`;
  return row ? { companyId: row.company_id, company: row.name, storeId: row.store_id } : null;
}

/** Notes that a store's plugin is connected, from which address and in which versions. */
export async function savePlugin(
  tx: Tx,
  args: { companyId: number; storeId: string; url: string; versions: JSONValue },
): Promise<void> {
  await tx`
    insert into store_access (company_id, store_id, url, plugin_since, versions)
    values (${args.companyId}, ${args.storeId}, ${args.url}, now(), ${tx.json(args.versions)})
    on conflict (company_id, store_id) do update
      set url = excluded.url, plugin_since = now(), versions = excluded.versions, updated_at = now()`;
}

/** Keeps a store's REST key (sealed) and the address it was tried at. */
export async function saveRestKey(
  tx: Tx,
  args: { companyId: number; storeId: string; url: string; sealedKey: Buffer },
): Promise<void> {
  await tx`
    insert into store_access (company_id, store_id, url, rest_key_ciphertext, rest_since)
    values (${args.companyId}, ${args.storeId}, ${args.url}, ${args.sealedKey}, now())
    on conflict (company_id, store_id) do update
      set url = excluded.url, rest_key_ciphertext = excluded.rest_key_ciphertext, rest_since = now(), updated_at = now()`;
}

/** Forgets how a store is reached: nothing of it is asked any more. */
export async function forgetAccess(tx: Tx, args: { companyId: number; storeId: string }): Promise<void> {
  await tx`
    update store_access set plugin_since = null, rest_key_ciphertext = null, rest_since = null, updated_at = now()
     where company_id = ${args.companyId} and store_id = ${args.storeId}`;
}

export async function setWantsWebhooks(tx: Tx, args: { companyId: number; storeId: string; wanted: boolean }): Promise<void> {
  await tx`
    update store_access set wants_webhooks = ${args.wanted}, updated_at = now()
     where company_id = ${args.companyId} and store_id = ${args.storeId}`;
}

export interface StoreAccess {
  readonly storeId: string;
  readonly platform: PlatformName;
  readonly domain: string;
  readonly status: string;
  readonly createdAt: Date;
  /** Null where nobody told it yet. */
  readonly url: string | null;
  readonly pluginSince: Date | null;
  readonly restSince: Date | null;
  readonly sealedRestKey: Buffer | null;
  readonly wantsWebhooks: boolean;
  readonly settings: unknown;
}

interface StoreAccessRow {
  store_id: string;
  platform: PlatformName;
  domain: string;
  status: string;
  created_at: Date;
  url: string | null;
  plugin_since: Date | null;
  rest_since: Date | null;
  rest_key_ciphertext: Buffer | null;
  wants_webhooks: boolean | null;
  settings: unknown;
}

/** A store of the company with everything known of how to reach it; null where there is no such store. */
export async function findStoreAccess(tx: Tx, args: { companyId: number; storeId: string }): Promise<StoreAccess | null> {
  const [row] = await tx<StoreAccessRow[]>`
    select s.store_id, s.platform, s.domain, s.status, s.created_at, s.settings,
           c.url, c.plugin_since, c.rest_since, c.rest_key_ciphertext, c.wants_webhooks
      from stores s
      left join store_access c on c.company_id = s.company_id and c.store_id = s.store_id
     where s.company_id = ${args.companyId} and s.store_id = ${args.storeId}`;
  if (!row) return null;
  return {
    storeId: row.store_id,
    platform: row.platform,
    domain: row.domain,
    status: row.status,
    createdAt: row.created_at,
    url: row.url,
    pluginSince: row.plugin_since,
    restSince: row.rest_since,
    sealedRestKey: row.rest_key_ciphertext,
    wantsWebhooks: row.wants_webhooks ?? true,
    settings: row.settings,
  };
}

/** Keeps a one-time state of a key grant (hashed). */
export async function insertGrant(
  tx: Tx,
  args: { companyId: number; storeId: string; stateHash: Buffer; askedBy: string; expiresAt: Date },
): Promise<void> {
  await tx`
    insert into store_grants (company_id, store_id, state_hash, asked_by, expires_at)
    values (${args.companyId}, ${args.storeId}, ${args.stateHash}, ${args.askedBy}, ${args.expiresAt})`;
}

/** What a state stands for, before the company is known; null alike for unknown, used and expired ones. */
export async function findGrant(
  gate: Sql,
  stateHash: Buffer,
): Promise<{ companyId: number; storeId: string; askedBy: string } | null> {
  const [row] = await gate<{ company_id: number; store_id: string; asked_by: string }[]>`
    select company_id, store_id, asked_by from store_grants
     where state_hash = ${stateHash} and used_at is null and expires_at > now()`;
  return row ? { companyId: row.company_id, storeId: row.store_id, askedBy: row.asked_by } : null;
}

/** Uses a state up. False where somebody else was faster. */
export async function takeGrant(tx: Tx, args: { companyId: number; stateHash: Buffer }): Promise<boolean> {
  const rows = await tx`
    update store_grants set used_at = now()
     where company_id = ${args.companyId} and state_hash = ${args.stateHash} and used_at is null and expires_at > now()
     returning state_hash`;
  return rows.length === 1;
}

/** Who a referral code leads to, for a store that shows the buyer whom they support. */
export async function findReferral(
  tx: Tx,
  args: { companyId: number; foldedCode: string },
): Promise<{ code: string; name: string } | null> {
  const [row] = await tx<{ code: string; name: string }[]>`
    select c.code, d.name from referral_codes c
      join distributors d on d.company_id = c.company_id and d.distributor_no = c.distributor_no
     where c.company_id = ${args.companyId} and c.folded_code = ${args.foldedCode}`;
  return row ?? null;
}

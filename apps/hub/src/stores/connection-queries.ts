import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Sql, Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { storeApps } from "../db/schema/apps.ts";
import { companies } from "../db/schema/companies.ts";
import { distributors, referralCodes } from "../db/schema/network.ts";
import {
  type ConnectionCode,
  connectionCodes,
  type Store,
  type StoreAccess as StoredAccess,
  type StoreGrant,
  type StoreToken,
  storeAccess,
  storeGrants,
  storeSecrets,
  stores,
  storeTokens,
} from "../db/schema/stores.ts";
import { isStore, type StoreKey } from "./queries.ts";

/** Codes, tokens and addresses by which stores and the hub find each other. Codes, tokens and states are hashes. */

const now = sql`now()`;

export async function insertConnectionCode(
  tx: Tx,
  code: Pick<ConnectionCode, "companyId" | "codeHash" | "madeBy" | "expiresAt">,
): Promise<void> {
  await query(tx).insert(connectionCodes).values(code);
}

const isUsableCode = (codeHash: Buffer) =>
  and(eq(connectionCodes.codeHash, codeHash), isNull(connectionCodes.usedAt), gt(connectionCodes.expiresAt, now));

/** Whose code this is; null alike for unknown, used and expired ones. */
export async function findCompanyOfCode(gate: Sql | Tx, codeHash: Buffer) {
  const [row] = await query(gate)
    .select({ companyId: connectionCodes.companyId, company: companies.name, slug: companies.slug })
    .from(connectionCodes)
    .innerJoin(companies, eq(companies.companyId, connectionCodes.companyId))
    .where(isUsableCode(codeHash));
  return row ?? null;
}

/** Uses a code up, in the transaction of its effect. False where somebody else was faster. */
export async function takeConnectionCode(tx: Tx, args: StoreKey & Pick<ConnectionCode, "codeHash">): Promise<boolean> {
  const taken = await query(tx)
    .update(connectionCodes)
    .set({ usedAt: now, storeId: args.storeId })
    .where(and(eq(connectionCodes.companyId, args.companyId), isUsableCode(args.codeHash)))
    .returning({ storeId: connectionCodes.storeId });
  return taken.length === 1;
}

/** The company's store of a domain, whatever its status: the one in use, else the newest. */
export async function findStoreOfDomain(
  tx: Tx,
  args: Pick<Store, "companyId" | "platform" | "domain">,
): Promise<Store["storeId"] | null> {
  const [row] = await query(tx)
    .select({ storeId: stores.storeId })
    .from(stores)
    .where(and(eq(stores.companyId, args.companyId), eq(stores.platform, args.platform), eq(stores.domain, args.domain)))
    .orderBy(sql`${stores.status} = 'disconnected'`, desc(stores.createdAt))
    .limit(1)
    .for("update");
  return row?.storeId ?? null;
}

/** Sets a store's status. Activating one whose domain another active store has violates the key. */
export async function setStoreStatus(tx: Tx, { status, ...key }: StoreKey & Pick<Store, "status">): Promise<void> {
  await query(tx).update(stores).set({ status }).where(isStore(key));
}

export async function renameStore(tx: Tx, { name, ...key }: StoreKey & Pick<Store, "name">): Promise<void> {
  await query(tx).update(stores).set({ name }).where(isStore(key));
}

/** Makes every secret and token of a store useless; orders and ledger stay. */
export async function revokeStoreKeys(tx: Tx, { companyId, storeId }: StoreKey): Promise<void> {
  for (const keys of [storeSecrets, storeTokens])
    await query(tx)
      .update(keys)
      .set({ revokedAt: now })
      .where(and(eq(keys.companyId, companyId), eq(keys.storeId, storeId), isNull(keys.revokedAt)));
}

export async function insertStoreToken(tx: Tx, token: Pick<StoreToken, "companyId" | "storeId" | "tokenHash">): Promise<void> {
  await query(tx).insert(storeTokens).values(token);
}

export type StoreCaller = NonNullable<Awaited<ReturnType<typeof findStoreOfToken>>>;

/** The active store that a token opens. */
export async function findStoreOfToken(gate: Sql, tokenHash: Buffer) {
  const [row] = await query(gate)
    .select({ companyId: storeTokens.companyId, company: companies.name, storeId: storeTokens.storeId })
    .from(storeTokens)
    .innerJoin(companies, eq(companies.companyId, storeTokens.companyId))
    .innerJoin(stores, and(eq(stores.companyId, storeTokens.companyId), eq(stores.storeId, storeTokens.storeId)))
    .where(and(eq(storeTokens.tokenHash, tokenHash), isNull(storeTokens.revokedAt), eq(stores.status, "active")));
  return row ?? null;
}

/** Writes how a store is reached, or changes what is given of it. */
async function saveAccess(tx: Tx, key: StoreKey & Pick<StoredAccess, "url">, access: Partial<typeof storeAccess.$inferInsert>) {
  await query(tx)
    .insert(storeAccess)
    .values({ ...key, ...access })
    .onConflictDoUpdate({
      target: [storeAccess.companyId, storeAccess.storeId],
      set: { url: key.url, ...access, updatedAt: now },
    });
}

const noCopy = { copyUrl: null, copySeenAt: null };

/** Notes that a store's plugin is connected, from which address and in which versions. */
export async function savePlugin(
  tx: Tx,
  { versions, ...key }: Pick<StoredAccess, "companyId" | "storeId" | "url" | "versions">,
): Promise<void> {
  await saveAccess(tx, key, { versions, pluginSince: new Date(), homeUrl: key.url, ...noCopy });
}

/** Gives a store the address it has moved to. A domain that another active store has violates the key. */
export async function moveStore(tx: Tx, key: StoreKey, to: Pick<Store, "domain"> & Pick<StoredAccess, "url">): Promise<void> {
  await query(tx).update(stores).set({ domain: to.domain }).where(isStore(key));
  await saveAccess(tx, { ...key, url: to.url }, { homeUrl: to.url, ...noCopy });
}

/** Notes where a copy of the shop was heard from. */
export async function noteCopy(tx: Tx, key: StoreKey, copyUrl: string): Promise<void> {
  await changeAccess(tx, key, { copyUrl: copyUrl.slice(0, 500), copySeenAt: new Date() });
}

/** Keeps a store's REST key (sealed) and the address it was tried at. */
export async function saveRestKey(
  tx: Tx,
  { sealedKey, ...key }: StoreKey & Pick<StoredAccess, "url"> & { readonly sealedKey: Buffer },
): Promise<void> {
  await saveAccess(tx, key, { restKeyCiphertext: sealedKey, restSince: new Date() });
}

const changeAccess = (tx: Tx, { companyId, storeId }: StoreKey, change: Partial<typeof storeAccess.$inferInsert>) =>
  query(tx)
    .update(storeAccess)
    .set({ ...change, updatedAt: now })
    .where(and(eq(storeAccess.companyId, companyId), eq(storeAccess.storeId, storeId)));

/** Forgets how a store is reached: nothing of it is asked any more. */
export async function forgetAccess(tx: Tx, key: StoreKey): Promise<void> {
  await changeAccess(tx, key, { pluginSince: null, restKeyCiphertext: null, restSince: null });
}

export async function setWantsWebhooks(tx: Tx, { wanted, ...key }: StoreKey & { readonly wanted: boolean }): Promise<void> {
  await changeAccess(tx, key, { wantsWebhooks: wanted });
}

export type StoreAccess = NonNullable<Awaited<ReturnType<typeof findStoreAccess>>>;

/** A store of the company with everything known of how to reach it (null where nobody told it yet); null where there is no such store. */
export async function findStoreAccess(tx: Tx, key: StoreKey) {
  const { storeId, platform, domain, status, createdAt, settings } = stores;
  const { url, homeUrl, pluginSince, restSince, restKeyCiphertext, copyUrl, copySeenAt } = storeAccess;
  const wantsWebhooks = sql<boolean>`coalesce(${storeAccess.wantsWebhooks}, true)`;
  // While the app is gone it has no access to give.
  const appSince = sql<Date | null>`case when ${storeApps.uninstalledAt} is null then ${storeApps.connectedAt} end`.mapWith(
    storeApps.connectedAt,
  );
  const [row] = await query(tx)
    .select({
      storeId,
      platform,
      domain,
      status,
      createdAt,
      settings,
      url,
      homeUrl,
      pluginSince,
      restSince,
      restKeyCiphertext,
      copyUrl,
      copySeenAt,
      wantsWebhooks,
      appSince,
    })
    .from(stores)
    .leftJoin(storeAccess, and(eq(storeAccess.companyId, stores.companyId), eq(storeAccess.storeId, stores.storeId)))
    .leftJoin(storeApps, and(eq(storeApps.companyId, stores.companyId), eq(storeApps.storeId, stores.storeId)))
    .where(isStore(key));
  return row ?? null;
}

/** Keeps a one-time state of a key grant (hashed). */
export async function insertGrant(
  tx: Tx,
  grant: Pick<StoreGrant, "companyId" | "storeId" | "stateHash" | "askedBy" | "expiresAt">,
): Promise<void> {
  await query(tx).insert(storeGrants).values(grant);
}

const isUsableGrant = (stateHash: Buffer) =>
  and(eq(storeGrants.stateHash, stateHash), isNull(storeGrants.usedAt), gt(storeGrants.expiresAt, now));

/** What a state stands for, before the company is known; null alike for unknown, used and expired ones. */
export async function findGrant(gate: Sql, stateHash: Buffer) {
  const { companyId, storeId, askedBy } = storeGrants;
  const [row] = await query(gate).select({ companyId, storeId, askedBy }).from(storeGrants).where(isUsableGrant(stateHash));
  return row ?? null;
}

/** Uses a state up. False where somebody else was faster. */
export async function takeGrant(tx: Tx, args: Pick<StoreGrant, "companyId" | "stateHash">): Promise<boolean> {
  const taken = await query(tx)
    .update(storeGrants)
    .set({ usedAt: now })
    .where(and(eq(storeGrants.companyId, args.companyId), isUsableGrant(args.stateHash)))
    .returning({ storeId: storeGrants.storeId });
  return taken.length === 1;
}

/** Who a referral code leads to, for a store that shows the buyer whom they support. */
export async function findReferral(tx: Tx, args: Pick<typeof referralCodes.$inferSelect, "companyId" | "foldedCode">) {
  const [row] = await query(tx)
    .select({ code: referralCodes.code, name: distributors.name })
    .from(referralCodes)
    .innerJoin(
      distributors,
      and(eq(distributors.companyId, referralCodes.companyId), eq(distributors.distributorNo, referralCodes.distributorNo)),
    )
    .where(and(eq(referralCodes.companyId, args.companyId), eq(referralCodes.foldedCode, args.foldedCode)));
  return row ?? null;
}

export async function findDistributorName(
  tx: Tx,
  args: Pick<typeof distributors.$inferSelect, "companyId" | "distributorId">,
): Promise<string | null> {
  const [row] = await query(tx)
    .select({ name: distributors.name })
    .from(distributors)
    .where(and(eq(distributors.companyId, args.companyId), eq(distributors.distributorId, args.distributorId)));
  return row?.name ?? null;
}

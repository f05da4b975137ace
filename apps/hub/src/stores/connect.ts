import { randomBytes } from "node:crypto";
import { z } from "zod";
import { readEvidenceOrder, toldToShops } from "../companies/evidence.ts";
import { actorOf, insertAudit } from "../db/audit.ts";
import { asCompany, sqlState, type Tx } from "../db/connect.ts";
import { sealerOf } from "../db/sealing.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { sha256 } from "../secret-box.ts";
import { hashOfCode } from "./code.ts";
import {
  findCompanyOfCode,
  findStoreOfDomain,
  forgetAccess,
  insertStoreToken,
  moveStore,
  revokeStoreKeys,
  type StoreCaller,
  savePlugin,
  setStoreStatus,
  takeConnectionCode,
} from "./connection-queries.ts";
import { domainOf } from "./domain.ts";
import { findStore, insertStore, insertStoreSecret, type StoreKey } from "./queries.ts";

const version = z.string().max(60);

/** What a shop's plugin sends to be connected. */
export const connectRequest = z.object({
  code: z.string().max(1000),
  platform: z.enum(["woocommerce", "magento"]),
  domain: z.string().min(1).max(253),
  url: z.url({ protocol: /^https?$/ }).max(500),
  versions: z.record(z.string().max(40), version).default({}),
  /** The store that this shop was before, which somebody says it still is: at the same address or at a new one. */
  previousStore: z.string().max(60).optional(),
});
export type ConnectRequest = z.infer<typeof connectRequest>;

/** Where deliveries come in; it keeps a store's secrets for a while. */
export interface StoreDoor {
  forget(storeId: string): void;
}

export interface Connected {
  readonly store: string;
  readonly ingestUrl: string;
  /** Signs the store's deliveries. */
  readonly secret: string;
  /** Opens what the store may ask the hub. */
  readonly token: string;
  readonly company: string;
  /** What counts first where several things name a distributor, in the hub's words: the shop follows. */
  readonly evidenceOrder: readonly string[];
}

/**
 * Exchanges a one-time code for a store's keys. The same shop of the same company keeps its store and
 * its history, and gets new keys; the old ones stop working. One transaction: a code is used up only
 * where the shop is connected. Throws HubError.
 */
export async function connectStore(
  parts: Pick<HubParts, "db" | "box"> & { readonly door: StoreDoor },
  args: { readonly request: ConnectRequest; readonly publicUrl: string },
): Promise<Connected> {
  const { request, publicUrl } = args;
  const codeHash = hashOfCode(request.code);
  const owner = codeHash === null ? null : await findCompanyOfCode(parts.db.gate, codeHash);
  if (codeHash === null || owner === null) throw unusableCode();
  const { companyId, company } = owner;
  const domain = domainOf(request);
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const token = `upt_${randomBytes(24).toString("base64url")}`;
  const { store, evidenceOrder } = await onlyOne(domain, () =>
    asCompany(parts.db, companyId, async (tx) => {
      const { storeId, isNew } = await findOrAdd(tx, { companyId, request, domain });
      if (!(await takeConnectionCode(tx, { companyId, codeHash, storeId }))) throw unusableCode();
      await revokeStoreKeys(tx, { companyId, storeId });
      const seal = await sealerOf(tx, parts.box);
      await insertStoreSecret(tx, { companyId, storeId, ciphertext: seal(secret) });
      await insertStoreToken(tx, { companyId, storeId, tokenHash: sha256(token) });
      await savePlugin(tx, { companyId, storeId, url: request.url, versions: request.versions });
      const details = { platform: request.platform, domain, versions: request.versions };
      const act = isNew ? "store.connect" : "store.reconnect";
      await insertAudit(tx, { companyId, actor: actorOf("store", storeId), act, subject: storeId, details });
      return { store: storeId, evidenceOrder: toldToShops(await readEvidenceOrder(tx, companyId)) };
    }),
  );
  // Its first delivery may come at once, signed with the new secret.
  parts.door.forget(store);
  return { store, ingestUrl: `${publicUrl}/ingest/${request.platform}/${store}`, secret, token, company, evidenceOrder };
}

/** Ends the bond: no key of the store works any more. Its orders and the ledger stay. */
export async function disconnectStore(
  parts: Pick<HubParts, "db"> & { readonly door: StoreDoor },
  args: StoreKey & { readonly actor: string },
): Promise<void> {
  await asCompany(parts.db, args.companyId, (tx) => endBond(tx, args));
  parts.door.forget(args.storeId);
}

/** The same within a transaction. */
export async function endBond(tx: Tx, { actor, ...key }: StoreKey & { readonly actor: string }): Promise<void> {
  await revokeStoreKeys(tx, key);
  await forgetAccess(tx, key);
  await setStoreStatus(tx, { ...key, status: "disconnected" });
  await insertAudit(tx, { companyId: key.companyId, actor, act: "store.disconnect", subject: key.storeId });
}

/** The active store that a bearer token opens. Throws HubError. */
export function refuseToken(found: StoreCaller | null): StoreCaller {
  if (found) return found;
  throw new HubError("unauthorized", "This shop is not connected, or its token was replaced. Connect the shop again.");
}

async function findOrAdd(
  tx: Tx,
  { companyId, request, domain }: { companyId: number; request: ConnectRequest; domain: string },
): Promise<{ storeId: string; isNew: boolean }> {
  const { platform, previousStore, url } = request;
  const previous = previousStore === undefined ? null : await findStore(tx, { companyId, storeId: previousStore });
  const known = previous?.platform === platform ? previous.storeId : await findStoreOfDomain(tx, { companyId, platform, domain });
  if (known !== null) {
    const key = { companyId, storeId: known };
    await moveStore(tx, key, { domain, url });
    await setStoreStatus(tx, { ...key, status: "active" });
    return { storeId: known, isNew: false };
  }
  const storeId = `st_${randomBytes(12).toString("base64url")}`;
  await insertStore(tx, { companyId, platform, domain, storeId, name: domain });
  return { storeId, isNew: true };
}

/** A shop belongs to one company; whose it is, is not told. */
export async function onlyOne<T>(domain: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new HubError(
      "conflict",
      `The shop ${domain} is connected already. Disconnect it there first, then use this code again.`,
    );
  }
}

/** The same for unknown, used and expired codes. */
export function unusableCode(): HubError {
  return new HubError(
    "not-found",
    "This connection code is unknown, was used already, or has expired. Make a new one in the hub.",
  );
}

import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { endBond, type StoreDoor } from "./connect.ts";
import { renameStore, setStoreStatus } from "./connection-queries.ts";
import { findStore, noSuchStore, type Store, type StoreKey } from "./queries.ts";

export interface StoreChange {
  /** What people read. */
  readonly name?: string | undefined;
  /**
   * `paused`: deliveries are refused as if the store were not here, and the shop is not asked; its keys stay, and `active` goes
   * on. `disconnected`: its keys are revoked for good; the shop has to be connected again. Orders and ledger stay in any case.
   */
  readonly status?: Store["status"] | undefined;
}

const LONGEST_NAME = 100;

/** Renames, pauses, resumes or disconnects a store; what is so already changes nothing. Throws HubError. */
export async function changeStore(
  parts: Pick<HubParts, "db"> & { readonly door: StoreDoor },
  args: StoreKey & StoreChange & { readonly actor: string },
): Promise<Store> {
  const { companyId, storeId, status, actor } = args;
  const name = args.name?.trim();
  if (name === "" || (name ?? "").length > LONGEST_NAME)
    throw refused("name", `1 to ${LONGEST_NAME} characters`, `A store's name has 1 to ${LONGEST_NAME} characters.`);
  const changed = await asCompany(parts.db, companyId, async (tx) => {
    const key = { companyId, storeId };
    const before = await findStore(tx, key);
    if (before === null) throw noSuchStore();
    const note = (act: string, details?: Record<string, string>) =>
      insertAudit(tx, { companyId, actor, act, subject: storeId, ...(details === undefined ? {} : { details }) });
    if (name !== undefined && name !== before.name) {
      await renameStore(tx, { ...key, name });
      await note("store.rename", { from: before.name, to: name });
    }
    if (status !== undefined && status !== before.status) {
      if (before.status === "disconnected")
        throw new HubError("conflict", "This store is disconnected, and its keys are gone: connect the shop again.");
      if (status === "disconnected") await endBond(tx, { ...key, actor });
      else {
        await setStoreStatus(tx, { ...key, status });
        await note(status === "paused" ? "store.pause" : "store.resume");
      }
    }
    return (await findStore(tx, key)) ?? before;
  });
  parts.door.forget(storeId);
  return changed;
}

import { isObject } from "@upline/core";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { stores } from "../db/schema/stores.ts";
import { type FieldError, HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import type { StoreDoor } from "./connect.ts";
import { isStore, noSuchStore, type StoreKey } from "./queries.ts";
import { fieldNamed, fieldNames, type ReadSettings, readField, readSettings } from "./settings.ts";

/** By the API's names. A field is replaced, null goes back to the default; statuses are merged, of which null takes one out. */
export type SettingsChange = Readonly<Record<string, unknown>>;

export async function findSettings(tx: Tx, key: StoreKey): Promise<ReadSettings> {
  const [row] = await query(tx).select({ settings: stores.settings }).from(stores).where(isStore(key));
  if (!row) throw noSuchStore();
  return readSettings(row.settings);
}

/**
 * Changes how a store's deliveries are read, from now on: an order that is known changes with the next delivery about it,
 * or when everything is compared (`store reconcile --all`). Entries that could not be used are gone afterwards. Audited.
 * Throws HubError with a sentence for each field that is wrong; then nothing is changed.
 */
export async function changeSettings(
  parts: Pick<HubParts, "db"> & { readonly door: StoreDoor },
  args: StoreKey & { readonly change: SettingsChange; readonly actor: string },
): Promise<ReadSettings> {
  const { change, actor, ...key } = args;
  const changed = await asCompany(parts.db, key.companyId, async (tx) => {
    const [row] = await query(tx).select({ settings: stores.settings }).from(stores).where(isStore(key)).for("update");
    if (!row) throw noSuchStore();
    const { own } = readSettings(row.settings);
    const after = applied(own, change);
    await query(tx).update(stores).set({ settings: after }).where(isStore(key));
    const details = { before: JSON.stringify(own), after: JSON.stringify(after) };
    await insertAudit(tx, { companyId: key.companyId, actor, act: "store.settings", subject: key.storeId, details });
    return readSettings(after);
  });
  parts.door.forget(key.storeId);
  return changed;
}

function applied(own: ReadSettings["own"], change: SettingsChange): ReadSettings["own"] {
  const after: Record<string, unknown> = { ...own };
  const problems: FieldError[] = [];
  for (const [name, value] of Object.entries(change)) {
    const field = fieldNamed(name);
    if (field === null) problems.push({ path: name, message: `is no setting of a store: there are ${fieldNames().join(", ")}` });
    else if (value === null) delete after[field];
    else after[field] = readField(field, field === "statuses" ? merged(own.statuses, value) : value, problems);
  }
  if (problems.length > 0) {
    const [first] = problems;
    throw new HubError("unprocessable", `Check ${first?.path}: ${first?.message}.`, { fields: problems });
  }
  return after as ReadSettings["own"];
}

function merged(own: ReadSettings["own"]["statuses"], value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries({ ...own, ...value }).filter(([, meaning]) => meaning !== null));
}

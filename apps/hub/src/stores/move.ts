import { isSameShop } from "@upline/core";
import { z } from "zod";
import { actorOf, insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { onlyOne, type StoreDoor } from "./connect.ts";
import { findStoreAccess, moveStore, noteCopy, type StoreCaller } from "./connection-queries.ts";
import { domainOf } from "./domain.ts";
import type { StoreKey } from "./queries.ts";

/** A copy of a shop has its keys and order numbers, but another address; and a shop that moves is the same one at a new address. */

const address = z.url({ protocol: /^https?$/ }).max(500);

/** What a shop's plugin sends once somebody has said that the shop has moved. */
export const moveRequest = z.object({
  url: address,
  domain: z.string().min(1).max(253),
  /** The address it was connected at, as the plugin remembers it. */
  from: address,
});

/** Gives the store its new address; the old one is the copy from then on. Saying it twice changes nothing. Throws HubError. */
export async function moveShop(
  parts: Pick<HubParts, "db"> & { readonly door: StoreDoor },
  caller: StoreCaller,
  request: z.infer<typeof moveRequest>,
): Promise<{ platform: string }> {
  const { companyId, storeId } = caller;
  const { url, from } = request;
  const domain = domainOf(request);
  const { platform } = await onlyOne(domain, () =>
    asCompany(parts.db, companyId, async (tx) => {
      const store = await findStoreAccess(tx, caller);
      if (store === null) throw new HubError("not-found", "There is no such store.");
      const known = store.homeUrl;
      if (known !== null && !isSameShop(known, from) && !isSameShop(known, url)) throw copiedShop(known, url);
      await moveStore(tx, caller, { domain, url });
      const actor = actorOf("store", storeId);
      await insertAudit(tx, { companyId, actor, act: "store.move", subject: storeId, details: { from: known ?? from, to: url } });
      return store;
    }),
  );
  parts.door.forget(storeId);
  return { platform };
}

/** How often the same copy is noted: it may send a thousand deliveries. */
const NOTED_MS = 60_000;
const MOST_NOTED = 10_000;

/** Refuses what a copy sends, and notes for people that there is one. */
export class Copies {
  readonly #db: HubParts["db"];
  readonly #noted = new Map<string, number>();

  constructor(db: HubParts["db"]) {
    this.#db = db;
  }

  /** `source` is where a delivery says that it comes from, `known` where the store is. Throws HubError where they differ. */
  async refuse(store: StoreKey & { readonly homeUrl: string | null }, source: string | null): Promise<void> {
    const { companyId, storeId, homeUrl } = store;
    if (homeUrl === null || source === null || isSameShop(homeUrl, source)) return;
    const now = Date.now();
    if ((this.#noted.get(storeId) ?? 0) + NOTED_MS < now) {
      if (this.#noted.size >= MOST_NOTED) this.#noted.clear();
      this.#noted.set(storeId, now);
      await asCompany(this.#db, companyId, (tx) => noteCopy(tx, { companyId, storeId }, source));
    }
    throw copiedShop(homeUrl, source);
  }
}

function copiedShop(known: string, source: string): HubError {
  return new HubError(
    "copied-shop",
    `This store is known at ${known}; this came from ${source.slice(0, 200)}. A copy keeps silent; a shop that has moved says so.`,
    { members: { knownUrl: known } },
  );
}

import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { needReadableStore, readerOf } from "../stores/access.ts";
import { storeSettings } from "../stores/settings.ts";
import type { JobParts } from "./feed.ts";
import { heal, MOST_DELETIONS, Tally } from "./heal.ts";
import { withStoreLock } from "./lock.ts";
import { askForImport, findReadState, saveImport } from "./queries.ts";
import { ReadingProgress } from "./reading.ts";

export interface ImportResult {
  /** Orders read, those of an earlier, interrupted run included. */
  readonly done: number;
  readonly applied: number;
  readonly resumed: boolean;
  readonly discrepancies: readonly { readonly order: string; readonly problem: string }[];
}

/**
 * Brings in a store's orders from before it was connected, oldest first. How far it is, is kept after
 * every page, so that an interrupted import, or one that was asked for, goes on where it was; else it begins
 * with the store's first order. Null where another run is at the store. Throws HubError.
 */
export async function importStore(
  parts: JobParts,
  args: {
    readonly companyId: number;
    readonly storeId: string;
    /** Begins anew from here, whatever was imported before. */
    readonly since?: Date | undefined;
    readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ImportResult | null> {
  const { companyId, storeId, since, signal } = args;
  const store = await needReadableStore(parts, args);
  if (store.status !== "active") throw new HubError("unprocessable", `The store ${storeId} is ${store.status}.`);
  const reader = readerOf(parts, store, signal);
  const target = { companyId, storeId, platform: store.platform, settings: storeSettings(store.settings) };
  return withStoreLock(parts.db, storeId, async (hold) => {
    const { importCursor: cursor, importSince } = await asCompany(parts.db, companyId, async (tx) => {
      const { importFinishedAt } = await findReadState(tx, args);
      const goesOn = since === undefined && importFinishedAt === null;
      await askForImport(tx, { companyId, storeId }, goesOn ? null : { since: since ?? null });
      return findReadState(tx, args);
    });
    const progress = new ReadingProgress(parts, args);
    await progress.begin("import");
    const tally = new Tally();
    let done = 0;
    let total = 0;
    for await (const page of reader.orders({ by: "created", since: importSince ?? undefined, cursor })) {
      await heal(parts, target, page.found, { tally, by: "import", mostDeletions: MOST_DELETIONS });
      done = page.done;
      total = page.total ?? done;
      hold.demand();
      // After the page's orders are in: an interruption repeats a page at most, and a repeat changes nothing.
      await asCompany(parts.db, companyId, (tx) => saveImport(tx, { companyId, storeId, cursor: page.cursor, done, total }));
      await progress.at({ readingDone: done, readingTotal: page.total, readingHealed: tally.healed });
      args.onProgress?.({ done, total });
    }
    hold.demand();
    await asCompany(parts.db, companyId, (tx) => saveImport(tx, { companyId, storeId, cursor: null, done, total }));
    return { done, applied: tally.healed, resumed: cursor !== null, discrepancies: tally.discrepancies };
  });
}

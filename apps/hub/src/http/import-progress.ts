import { and, eq } from "drizzle-orm";
import type { JSONValue } from "postgres";
import { asCompany, type Database, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type ImportProgressRow, importProgress } from "../db/schema/imports.ts";
import { HubError } from "../errors.ts";

/**
 * How far the import of a file is, for the page that asked for it, for that page loaded anew, and for whoever else looks. It is kept beside the import,
 * whose own transaction shows nothing before it is committed.
 */

const TOLD_EVERY_MS = 300;
const HEARTBEAT_MS = 5_000;
/** Whoever was not heard for so long is gone, and what it wrote was undone with it. */
export const SILENT_MS = 30_000;

export interface ImportParts {
  readonly db: Pick<Database, "app">;
  /** The pages that are open are told that something moved. */
  readonly moved: (companyId: number) => void;
}

type Begun = Pick<ImportProgressRow, "companyId" | "kind" | "fileName" | "actor" | "total">;
type Changed = Partial<Pick<ImportProgressRow, "stage" | "done" | "total" | "told" | "problem">>;

/** What an import says of itself while it works: lines written, of so many; or that it computes what waited for them. */
export interface Telling {
  written(progress: { readonly done: number; readonly total: number }): void;
  computing(): void;
}

/** Runs an import and keeps how far it is; what it answers is kept for a page that was loaded anew meanwhile. */
export async function followImport<Told extends JSONValue>(
  parts: ImportParts,
  begun: Begun,
  work: (tell: Telling) => Promise<Told>,
): Promise<Told> {
  const saved = new Saved(parts, begun);
  await saved.begin();
  const beat = setInterval(() => saved.offer({}), HEARTBEAT_MS).unref();
  try {
    const told = await work({
      written: ({ done, total }) => saved.offer({ stage: "writing", done, total }),
      computing: () => saved.offer({ stage: "computing" }, { atOnce: true }),
    });
    await saved.end({ stage: "done", told });
    return told;
  } catch (error) {
    const problem = error instanceof HubError ? error.message : "The hub failed over it. Nothing was imported.";
    // What is wrong with the import is what its caller has to hear, whatever becomes of this note.
    await saved.end({ stage: "failed", problem }).catch(() => {});
    throw error;
  } finally {
    clearInterval(beat);
  }
}

class Saved {
  readonly #parts: ImportParts;
  readonly #begun: Begun;
  readonly #startedAt = new Date();
  #waiting: Changed = {};
  #saving: Promise<unknown> = Promise.resolve();
  #isSaving = false;
  #savedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ImportParts, begun: Begun) {
    this.#parts = parts;
    this.#begun = begun;
  }

  async begin(): Promise<void> {
    const { companyId } = this.#begun;
    const at = { startedAt: this.#startedAt, heardAt: this.#startedAt };
    const row = { ...this.#begun, ...at, stage: "reading" as const, done: 0, told: null, problem: null };
    await asCompany(this.#parts.db, companyId, (tx) =>
      query(tx)
        .insert(importProgress)
        .values(row)
        .onConflictDoUpdate({ target: [importProgress.companyId, importProgress.kind], set: row }),
    );
    this.#parts.moved(companyId);
  }

  /** Saved at most a few times a second, one after the other: an import waits for none of it. */
  offer(change: Changed, { atOnce = false } = {}): void {
    this.#waiting = { ...this.#waiting, ...change };
    if (this.#isSaving || (!atOnce && performance.now() - this.#savedAt < TOLD_EVERY_MS)) return;
    this.#isSaving = true;
    this.#saving = this.#save()
      // The next one says it.
      .catch(() => {})
      .finally(() => {
        this.#isSaving = false;
      });
  }

  async end(change: Changed): Promise<void> {
    await this.#saving;
    this.#waiting = { ...this.#waiting, ...change };
    await this.#save();
  }

  async #save(): Promise<void> {
    const { companyId, kind } = this.#begun;
    const change = this.#waiting;
    this.#waiting = {};
    this.#savedAt = performance.now();
    // Of two imports at once the one that began later is told of.
    await asCompany(this.#parts.db, companyId, (tx) =>
      query(tx)
        .update(importProgress)
        .set({ ...change, heardAt: new Date() })
        .where(
          and(
            eq(importProgress.companyId, companyId),
            eq(importProgress.kind, kind),
            eq(importProgress.startedAt, this.#startedAt),
          ),
        ),
    );
    this.#parts.moved(companyId);
  }
}

/** The newest import of a kind; null where there was none. */
export async function newestImport(
  tx: Tx,
  { companyId, kind }: Pick<ImportProgressRow, "companyId" | "kind">,
): Promise<ImportProgressRow | null> {
  const [row] = await query(tx)
    .select()
    .from(importProgress)
    .where(and(eq(importProgress.companyId, companyId), eq(importProgress.kind, kind)));
  return row ?? null;
}

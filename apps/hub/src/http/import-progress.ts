import { and, eq, sql } from "drizzle-orm";
import type { JSONValue } from "postgres";
import { mayHaveCommitted, onlyReads } from "../db/commits.ts";
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
type Changed = Partial<Pick<ImportProgressRow, "stage" | "done" | "total" | "told" | "problem" | "leavesOrders">>;

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
  let isWritten = false;
  try {
    const told = await work({
      written: ({ done, total }) => saved.offer({ stage: "writing", done, total }),
      computing: () => {
        isWritten = true;
        saved.offer({ stage: "computing" }, { atOnce: true });
      },
    });
    // It is done, whatever becomes of this note.
    await saved.end({ stage: "done", told, leavesOrders: false }).catch(() => {});
    return told;
  } catch (error) {
    const problem = problemOf(error, isWritten);
    // What is wrong with the import is what its caller has to hear.
    await saved.end({ stage: "failed", problem }).catch(() => {});
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** Lines are written all or none, and what waited for them is computed behind that: that nothing was imported is said where it is certain. */
function problemOf(error: unknown, isWritten: boolean): string {
  if (isWritten)
    return "The lines are imported. The hub failed over the orders that waited for them, and tries these again by itself.";
  if (error instanceof HubError) return error.message;
  if (mayHaveCommitted()) return "The hub failed over it. All of it may be imported, or nothing: look at the file once more.";
  return "The hub failed over it. Nothing was imported.";
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
    const leavesOrders = this.#begun.kind === "people";
    await this.#note((tx) =>
      query(tx)
        .insert(importProgress)
        .values({ ...row, leavesOrders })
        .onConflictDoUpdate({ target: [importProgress.companyId, importProgress.kind], set: { ...row, leavesOrders } }),
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
    await this.#note((tx) =>
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

  /** That it is committed says nothing of the import, whose caller is told whether anything was changed. */
  #note(write: (tx: Tx) => Promise<unknown>): Promise<unknown> {
    return onlyReads(() => asCompany(this.#parts.db, this.#begun.companyId, write));
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

/** Since when an import of people that is over, or not heard any more, left orders behind that nobody has gone through; null where none did. */
export async function leftOrders(tx: Tx, companyId: number): Promise<Pick<ImportProgressRow, "startedAt"> | null> {
  const { stage, heardAt, leavesOrders, startedAt } = importProgress;
  const isOver = sql`(${stage} in ('done', 'failed') or ${heardAt} < now() - ${SILENT_MS} * interval '1 millisecond')`;
  const [row] = await query(tx)
    .select({ startedAt })
    .from(importProgress)
    .where(and(eq(importProgress.companyId, companyId), eq(importProgress.kind, "people"), leavesOrders, isOver));
  return row ?? null;
}

/** Its orders were gone through; one that began meanwhile leaves its own. */
export async function tookOrders(tx: Tx, companyId: number, { startedAt }: Pick<ImportProgressRow, "startedAt">): Promise<void> {
  await query(tx)
    .update(importProgress)
    .set({ leavesOrders: false })
    .where(
      and(eq(importProgress.companyId, companyId), eq(importProgress.kind, "people"), eq(importProgress.startedAt, startedAt)),
    );
}

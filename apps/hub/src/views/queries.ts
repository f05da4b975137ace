import { and, asc, eq, or, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type SavedView, savedViews } from "../db/schema/views.ts";

export const MOST_VIEWS = 200;

/** Somebody's own views of a page and those that the company shares, by name. */
export function listViews(tx: Tx, { companyId, page, personId }: Pick<SavedView, "companyId" | "page" | "personId">) {
  return query(tx)
    .select()
    .from(savedViews)
    .where(
      and(
        eq(savedViews.companyId, companyId),
        eq(savedViews.page, page),
        or(eq(savedViews.shared, true), eq(savedViews.personId, personId)),
      ),
    )
    .orderBy(asc(savedViews.name), asc(savedViews.viewNo))
    .limit(MOST_VIEWS);
}

type Key = Pick<SavedView, "companyId" | "viewNo">;
const isOne = ({ companyId, viewNo }: Key) => and(eq(savedViews.companyId, companyId), eq(savedViews.viewNo, viewNo));

export async function findView(tx: Tx, key: Key): Promise<SavedView | null> {
  const [row] = await query(tx).select().from(savedViews).where(isOne(key)).for("update");
  return row ?? null;
}

/** Null where the name is taken. */
export async function insertView(tx: Tx, row: typeof savedViews.$inferInsert): Promise<SavedView | null> {
  const [made] = await query(tx).insert(savedViews).values(row).onConflictDoNothing().returning();
  return made ?? null;
}

export async function updateView(
  tx: Tx,
  key: Key,
  change: Pick<SavedView, "name" | "shared" | "query">,
): Promise<SavedView | undefined> {
  const set = { ...change, changedAt: sql`now()` };
  const [changed] = await query(tx).update(savedViews).set(set).where(isOne(key)).returning();
  return changed;
}

export async function deleteView(tx: Tx, key: Key): Promise<void> {
  await query(tx).delete(savedViews).where(isOne(key));
}

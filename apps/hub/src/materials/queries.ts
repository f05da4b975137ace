import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type Material, materials } from "../db/schema/portal.ts";

const { materialNo, kind, title, body, pictureType, changedAt } = materials;
const shown = { materialNo, kind, title, body, pictureType, changedAt };
export type MaterialRow = Pick<Material, keyof typeof shown>;

/** What a company offers, the newest first, without the pictures. */
export function listMaterials(tx: Tx, companyId: number, limit: number): Promise<MaterialRow[]> {
  return query(tx)
    .select(shown)
    .from(materials)
    .where(and(eq(materials.companyId, companyId), isNull(materials.withdrawnAt)))
    .orderBy(desc(materialNo))
    .limit(limit);
}

type Key = Pick<Material, "companyId" | "materialNo">;
const isOne = (key: Key) =>
  and(eq(materials.companyId, key.companyId), eq(materialNo, key.materialNo), isNull(materials.withdrawnAt));

export async function readPicture(tx: Tx, key: Key): Promise<Pick<Material, "picture" | "pictureType"> | null> {
  const [row] = await query(tx).select({ picture: materials.picture, pictureType }).from(materials).where(isOne(key));
  return row ?? null;
}

export async function insertMaterial(tx: Tx, row: typeof materials.$inferInsert): Promise<bigint> {
  const [made] = await query(tx).insert(materials).values(row).returning({ materialNo });
  if (!made) throw new Error("the new material has no number");
  return made.materialNo;
}

/** False where there is none any more. */
export async function updateMaterial(
  tx: Tx,
  key: Key,
  change: { readonly title: string; readonly body: string } | "withdraw",
): Promise<boolean> {
  const set = change === "withdraw" ? { withdrawnAt: sql`now()` } : { ...change, changedAt: sql`now()` };
  const changed = await query(tx).update(materials).set(set).where(isOne(key)).returning({ materialNo });
  return changed.length > 0;
}

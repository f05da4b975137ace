import { and, desc, eq, gt, ne } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type Period, periods } from "../db/schema/periods.ts";

/**
 * The last period that has counted, or is about to, who stands where at a time behind `at`: what is dated to `at` would never be
 * paid by. Null where nothing stands in the way.
 */
export async function closedBehind(
  tx: Tx,
  { companyId, at }: { readonly companyId: number; readonly at: Date },
): Promise<Pick<Period, "name" | "endsAt"> | null> {
  const { name, endsAt, state } = periods;
  const [last] = await query(tx)
    .select({ name, endsAt })
    .from(periods)
    .where(and(eq(periods.companyId, companyId), ne(state, "open"), gt(endsAt, at)))
    .orderBy(desc(endsAt))
    .limit(1);
  return last ?? null;
}

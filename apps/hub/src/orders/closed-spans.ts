import { and, eq } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { periods } from "../db/schema/periods.ts";

/** A closed period of a plan, in milliseconds, the end excluded. A close raises the directory's version, so that workers know it. */
export interface ClosedSpan {
  readonly planId: string;
  readonly from: number;
  readonly to: number;
}

export async function readClosedSpans(tx: Tx, companyId: number): Promise<ClosedSpan[]> {
  const rows = await query(tx)
    .select({ planId: periods.planId, startsAt: periods.startsAt, endsAt: periods.endsAt })
    .from(periods)
    .where(and(eq(periods.companyId, companyId), eq(periods.state, "closed")));
  return rows.map(({ planId, startsAt, endsAt }) => ({ planId, from: startsAt.getTime(), to: endsAt.getTime() }));
}

import { and, eq, min } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { closeRuns } from "../db/schema/close-runs.ts";
import { periods } from "../db/schema/periods.ts";

/** A closed period of a plan, in milliseconds, the end excluded. A close raises the directory's version, so that workers know it. */
export interface ClosedSpan {
  readonly planId: string;
  readonly from: number;
  readonly to: number;
  /** When it was closed first. */
  readonly closedAt: number;
}

export async function readClosedSpans(tx: Tx, companyId: number): Promise<ClosedSpan[]> {
  const firstCommit = min(closeRuns.recordedAt);
  const rows = await query(tx)
    .select({ planId: periods.planId, startsAt: periods.startsAt, endsAt: periods.endsAt, closedAt: firstCommit })
    .from(periods)
    .leftJoin(
      closeRuns,
      and(eq(closeRuns.companyId, periods.companyId), eq(closeRuns.periodNo, periods.periodNo), eq(closeRuns.kind, "committed")),
    )
    .where(and(eq(periods.companyId, companyId), eq(periods.state, "closed")))
    .groupBy(periods.planId, periods.startsAt, periods.endsAt);
  return rows.map(({ planId, startsAt, endsAt, closedAt }) => ({
    planId,
    from: startsAt.getTime(),
    to: endsAt.getTime(),
    closedAt: closedAt?.getTime() ?? endsAt.getTime(),
  }));
}

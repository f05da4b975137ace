import { and, desc, eq, lt, lte } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type RankDirective, rankDirectives } from "../db/schema/periods.ts";

/** Admins' decisions about ranks. */

const { companyId, directiveNo, distributorNo, kind, rank, validFrom, validUntil } = rankDirectives;

export async function insertDirective(tx: Tx, directive: Omit<RankDirective, "directiveNo" | "recordedAt">): Promise<void> {
  await query(tx).insert(rankDirectives).values(directive);
}

/** The newest decision of each kind about a distributor's rank that began before `endsAt`. */
export function directivesAsOf(tx: Tx, args: { companyId: number; upto: bigint; endsAt: Date }) {
  return query(tx)
    .selectDistinctOn([distributorNo, kind], { distributorNo, kind, rank, validUntil })
    .from(rankDirectives)
    .where(and(eq(companyId, args.companyId), lte(directiveNo, args.upto), lt(validFrom, args.endsAt)))
    .orderBy(distributorNo, kind, desc(directiveNo));
}

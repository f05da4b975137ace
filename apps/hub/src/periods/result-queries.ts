import { and, asc, desc, eq, inArray } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { before, given, query } from "../db/query.ts";
import { type RunBonus, runBonuses, runResults } from "../db/schema/close-runs.ts";
import { distributors } from "../db/schema/network.ts";

/** What a committed run came to, read back by distributor. */

const { distributorNo, active, pv, ownVolume, gv, personalGroupVolume, retailVolume, activeLegs, qualifiedRank, rank, title } =
  runResults;
const figures = { active, pv, ownVolume, gv, personalGroupVolume, retailVolume, activeLegs, qualifiedRank, rank, title };

export type Result = Awaited<ReturnType<typeof listResults>>[number];

/** Results of a run by distributor number, the newest number first, with what every bonus came to. */
export async function listResults(
  tx: Tx,
  args: { companyId: number; runNo: bigint; distributorId?: string | undefined; before?: number | undefined; limit: number },
) {
  const { companyId, runNo } = args;
  const results = await query(tx)
    .select({ distributorNo, distributorId: distributors.distributorId, ...figures })
    .from(runResults)
    .innerJoin(distributors, and(eq(distributors.companyId, runResults.companyId), eq(distributors.distributorNo, distributorNo)))
    .where(
      and(
        eq(runResults.companyId, companyId),
        eq(runResults.runNo, runNo),
        given(distributors.distributorId, args.distributorId),
        before(distributorNo, args.before),
      ),
    )
    .orderBy(desc(distributorNo))
    .limit(args.limit);
  const distributorNos = results.map((result) => result.distributorNo);
  const bonuses = Map.groupBy(await bonusesOf(tx, { companyId, runNo, distributorNos }), (bonus) => bonus.distributorNo);
  return results.map((result) => ({ ...result, bonuses: bonuses.get(result.distributorNo) ?? [] }));
}

type Bonus = Pick<RunBonus, "distributorNo" | "bonusId" | "beforeCaps" | "amount">;

async function bonusesOf(tx: Tx, args: { companyId: number; runNo: bigint; distributorNos: number[] }): Promise<Bonus[]> {
  if (args.distributorNos.length === 0) return [];
  const { distributorNo, bonusId, beforeCaps, amount } = runBonuses;
  return query(tx)
    .select({ distributorNo, bonusId, beforeCaps, amount })
    .from(runBonuses)
    .where(
      and(
        eq(runBonuses.companyId, args.companyId),
        eq(runBonuses.runNo, args.runNo),
        inArray(distributorNo, args.distributorNos),
      ),
    )
    .orderBy(asc(bonusId));
}

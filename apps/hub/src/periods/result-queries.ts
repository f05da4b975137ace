import { and, asc, desc, eq, inArray, lt, lte } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type RunBonus, runBonuses, runResults } from "../db/schema/close-runs.ts";
import { distributors } from "../db/schema/network.ts";
import { pageOfResult } from "./result-pages.ts";

/** What a committed run came to, read back by distributor. */

const {
  page,
  distributorNo,
  active,
  pv,
  ownVolume,
  gv,
  personalGroupVolume,
  retailVolume,
  activeLegs,
  qualifiedRank,
  rank,
  title,
} = runResults;
const figures = { active, pv, ownVolume, gv, personalGroupVolume, retailVolume, activeLegs, qualifiedRank, rank, title };

export type Result = Awaited<ReturnType<typeof listResults>>[number];

/**
 * Results of a run by distributor number, the newest number first, with what every bonus came to. They are kept in pages:
 * in their order no more pages are opened than the list needs.
 */
export async function listResults(
  tx: Tx,
  args: { companyId: number; runNo: bigint; distributorId?: string | undefined; before?: number | undefined; limit: number },
) {
  const { companyId, runNo } = args;
  const named = args.distributorId === undefined ? null : await numberOf(tx, companyId, args.distributorId);
  if (named === undefined) return [];
  const results = await query(tx)
    .select({ distributorNo, distributorId: distributors.distributorId, ...figures })
    .from(runResults)
    .innerJoin(distributors, and(eq(distributors.companyId, runResults.companyId), eq(distributors.distributorNo, distributorNo)))
    .where(
      and(
        eq(runResults.companyId, companyId),
        eq(runResults.runNo, runNo),
        ...(named === null ? [] : [eq(page, pageOfResult(named)), eq(distributorNo, named)]),
        ...(args.before === undefined ? [] : [lte(page, pageOfResult(args.before)), lt(distributorNo, args.before)]),
      ),
    )
    .orderBy(desc(page), desc(distributorNo))
    .limit(args.limit);
  const distributorNos = results.map((result) => result.distributorNo);
  const bonuses = Map.groupBy(await bonusesOf(tx, { companyId, runNo, distributorNos }), (bonus) => bonus.distributorNo);
  return results.map((result) => ({ ...result, bonuses: bonuses.get(result.distributorNo) ?? [] }));
}

export type Figures = Pick<Result, "active" | "pv" | "gv" | "rank">;

/** Of some people, by number; whoever had neither volume nor rank, and was not active, is not among them. */
export async function figuresOf(
  tx: Tx,
  args: { companyId: number; runNo: bigint; distributorNos: readonly number[] },
): Promise<Map<number, Figures>> {
  if (args.distributorNos.length === 0) return new Map();
  const rows = await query(tx)
    .select({ distributorNo, active, pv, gv, rank })
    .from(runResults)
    .where(
      and(
        eq(runResults.companyId, args.companyId),
        eq(runResults.runNo, args.runNo),
        inArray(page, [...new Set(args.distributorNos.map(pageOfResult))]),
        inArray(distributorNo, [...args.distributorNos]),
      ),
    );
  return new Map(rows.map(({ distributorNo, ...figures }) => [distributorNo, figures]));
}

async function numberOf(tx: Tx, companyId: number, distributorId: string): Promise<number | undefined> {
  const [found] = await query(tx)
    .select({ distributorNo: distributors.distributorNo })
    .from(distributors)
    .where(and(eq(distributors.companyId, companyId), eq(distributors.distributorId, distributorId)));
  return found?.distributorNo;
}

type Bonus = Pick<RunBonus, "distributorNo" | "bonusId" | "beforeCaps" | "amount">;

async function bonusesOf(tx: Tx, args: { companyId: number; runNo: bigint; distributorNos: number[] }): Promise<Bonus[]> {
  if (args.distributorNos.length === 0) return [];
  const { page, distributorNo, bonusId, beforeCaps, amount } = runBonuses;
  const pages = [...new Set(args.distributorNos.map(pageOfResult))];
  return query(tx)
    .select({ distributorNo, bonusId, beforeCaps, amount })
    .from(runBonuses)
    .where(
      and(
        eq(runBonuses.companyId, args.companyId),
        eq(runBonuses.runNo, args.runNo),
        inArray(page, pages),
        inArray(distributorNo, args.distributorNos),
      ),
    )
    .orderBy(asc(bonusId));
}

import { asCompany, asCompanyAtLength } from "../db/connect.ts";
import type { PeriodParts } from "./close.ts";
import { recomputeRun } from "./compare.ts";
import { unpostedOf } from "./post.ts";
import { listPeriods, standingRun } from "./queries.ts";

export interface CloseAudit {
  /** Closed periods, each computed again from what its standing run locked. */
  readonly periods: number;
  /** Names of those that no longer come to the bytes that were committed. */
  readonly changed: readonly string[];
  /** Where the ledger is not at what the computation gives: to be posted still, or posted too much where it is negative. */
  readonly differences: readonly {
    readonly period: string;
    readonly bonus: string;
    /** Null is the company: breakage. */
    readonly distributorId: string | null;
    readonly missingMinor: bigint;
    readonly currency: string;
  }[];
}

/** Computes every closed period of a company again and compares it with what was committed and posted. Reads only. */
export async function auditCloses(
  parts: Pick<PeriodParts, "db">,
  args: { companyId: number; onPeriod?: (name: string) => void },
): Promise<CloseAudit> {
  const { companyId } = args;
  const periods = await asCompany(parts.db, companyId, (tx) => listPeriods(tx, companyId));
  const changed: string[] = [];
  const differences: CloseAudit["differences"][number][] = [];
  let closed = 0;
  for (const period of periods) {
    await asCompanyAtLength(parts.db, companyId, async (tx) => {
      await tx`set transaction read only`;
      const run = await standingRun(tx, { companyId, periodNo: period.periodNo });
      if (run === null) return;
      args.onPeriod?.(period.name);
      closed++;
      const { input, result, outputHash } = await recomputeRun(tx, companyId, run);
      if (outputHash !== run.outputHash) changed.push(period.name);
      for (const { bonusId, postings } of await unpostedOf(tx, { companyId, period, input, result }))
        for (const [distributorNo, missing] of postings)
          differences.push({
            period: period.name,
            bonus: bonusId,
            distributorId: distributorNo === 0 ? null : (input.network.ids?.[distributorNo - 1] ?? null),
            missingMinor: BigInt(missing),
            currency: period.currency,
          });
    });
  }
  return { periods: closed, changed, differences };
}

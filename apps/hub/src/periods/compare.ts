import { compareRuns as compareResults } from "@upline/core/engine";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { PeriodParts } from "./close.ts";
import { type CloseRun, findPeriod, findRun, standingRun } from "./queries.ts";
import { type ComputedRun, computeRun, gatherRun } from "./run.ts";

export interface RunChange {
  readonly distributorId: string;
  readonly bonus: string;
  readonly beforeMinor: bigint;
  readonly afterMinor: bigint;
}

export interface RankMove {
  readonly distributorId: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ComparedRuns {
  readonly before: CloseRun;
  readonly after: CloseRun;
  /** Whether both read the same facts, and came to the same. */
  readonly sameInput: boolean;
  readonly sameOutput: boolean;
  /** Null where one of them was a trial: only its totals are kept. */
  readonly changes: readonly RunChange[] | null;
  readonly rankMoves: readonly RankMove[] | null;
}

/** Where two runs differ, distributor by distributor: both are computed again from what they locked. */
export async function compareRuns(
  parts: PeriodParts,
  args: { companyId: number; before: bigint; after: bigint },
): Promise<ComparedRuns> {
  const { companyId } = args;
  const seen = await asCompany(parts.db, companyId, async (tx) => {
    const before = await needRun(tx, companyId, args.before);
    const after = await needRun(tx, companyId, args.after);
    if (before.kind === "trial" || after.kind === "trial") return { before, after, computed: null };
    return {
      before,
      after,
      computed: [await recomputeRun(tx, companyId, before), await recomputeRun(tx, companyId, after)],
    };
  });
  const { before, after } = seen;
  const shared = {
    before,
    after,
    sameInput: before.inputHash === after.inputHash,
    sameOutput: before.outputHash === after.outputHash,
  };
  const [earlier, later] = seen.computed ?? [];
  if (earlier === undefined || later === undefined) return { ...shared, changes: null, rankMoves: null };
  const compared = compareResults(earlier.result, later.result);
  const idOf = (no: number) => later.input.network.ids?.[no] ?? earlier.input.network.ids?.[no] ?? "";
  return {
    ...shared,
    changes: compared.amounts.map((amount) => ({
      distributorId: idOf(amount.no),
      bonus: amount.bonusId,
      beforeMinor: BigInt(amount.beforeMinor),
      afterMinor: BigInt(amount.afterMinor),
    })),
    rankMoves: compared.ranks.map((rank) => ({
      distributorId: idOf(rank.no),
      before: earlier.input.plan.ranks[rank.before]?.id ?? null,
      after: later.input.plan.ranks[rank.after]?.id ?? null,
    })),
  };
}

/** A run computed again from its lock; a refund's keeps the ranks of the run it stood on. */
export async function recomputeRun(
  tx: Tx,
  companyId: number,
  run: CloseRun,
  options: { details?: boolean } = {},
): Promise<ComputedRun> {
  const period = await findPeriod(tx, { companyId, periodNo: run.periodNo });
  if (period === null) throw new Error("the period of a run does not exist");
  const ranksOfRun = await keptRanks(tx, companyId, run);
  return computeRun(await gatherRun(tx, { companyId, period, run, ranksOfRun }), options);
}

/** The run whose ranks one keeps: a refund's those of the run that it stood on. */
export async function keptRanks(tx: Tx, companyId: number, run: CloseRun): Promise<bigint | null> {
  if (run.cause !== "refund") return null;
  const standing = run.kind === "proposed" ? await standingRun(tx, { companyId, periodNo: run.periodNo }) : null;
  return run.supersedes ?? standing?.runNo ?? null;
}

async function needRun(tx: Tx, companyId: number, runNo: bigint): Promise<CloseRun> {
  const run = await findRun(tx, { companyId, runNo });
  if (run === null) throw new HubError("not-found", `There is no run ${runNo}: see \`pnpm upline period list --runs\`.`);
  return run;
}

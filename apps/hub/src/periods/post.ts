import { type CloseInput, type CloseResult, cappedOrderBonuses, closeOrder, keptAfter, measureNeeds } from "@upline/core/engine";
import { raiseDirectoryVersion } from "../companies/directory.ts";
import type { Batches } from "../db/column-batch.ts";
import type { Tx } from "../db/connect.ts";
import { type BonusPostings, insertPostings, type Posting, readPeriodPosted } from "../ledger/transfers.ts";
import type { LedgerWords } from "../ledger/words.ts";
import { explanationWrites, type NewExplanation } from "./explanation-queries.ts";
import type { Period } from "./queries.ts";
import { ResultRows } from "./result-rows.ts";
import { insertBonus, insertCarry, insertMeasure, insertPairs, insertResults } from "./result-writes.ts";
import { writeJudgements } from "./run-judgements.ts";

import { writeRunStandings } from "./run-standings.ts";

/** Writes what a committed run came to: results, what it carries over, the differences to the ledger, standings. */

export interface Committing {
  readonly companyId: number;
  readonly runNo: bigint;
  readonly period: Period;
  readonly input: CloseInput;
  readonly result: CloseResult;
  /** The end of the next closed period: standings from there on are that one's. */
  readonly nextEnd: Date | null;
  /** Made as they are written. */
  readonly explanations: Iterable<NewExplanation>;
  readonly words: LedgerWords;
  readonly onProgress: (stage: string) => void;
}

export interface Posted {
  readonly transfers: number;
  readonly results: number;
}

export async function postRun(tx: Tx, run: Committing): Promise<Posted> {
  run.onProgress("writing results");
  const rows = new ResultRows(run.input, run.result);
  const results = await insertResults(tx, run, rows);
  for (const bonus of run.result.bonuses) await insertBonus(tx, { ...run, bonusId: bonus.bonusId }, bonusRows(bonus));
  await writePairs(tx, run);
  await writeCarry(tx, run);
  await writeMeasures(tx, run);
  const beside = explanationWrites(tx, run, run.explanations);
  run.onProgress("posting differences");
  const transfers = await postDifferences(tx, run, beside);
  run.onProgress("writing ranks");
  const version = await raiseDirectoryVersion(tx, run.companyId);
  const { endsAt } = run.period;
  if (run.result.ranksOf === "own") {
    await writeRunStandings(tx, { ...run, version, endsAt, until: run.nextEnd, hasResult: (no) => rows.has(no), beside });
    await writeJudgements(tx, { ...run, version, endsAt });
  }
  for (let statement = beside(); statement !== null; statement = beside()) await statement;
  return { transfers, results };
}

function* bonusRows({ amounts, beforeCaps, breakageMinor }: CloseResult["bonuses"][number]): Generator<readonly number[]> {
  if (breakageMinor !== 0) yield [0, breakageMinor, breakageMinor];
  for (let no = 0; no < amounts.length; no++) {
    const before = beforeCaps[no] as number;
    const amount = amounts[no] as number;
    if (before !== 0 || amount !== 0) yield [no + 1, before, amount];
  }
}

async function writePairs(tx: Tx, run: Committing): Promise<void> {
  for (const [bonusId, out] of Object.entries(run.result.binary)) {
    function* rows(): Generator<readonly number[]> {
      for (let no = 0; no < out.left.length; no++) {
        const row = [out.left[no], out.right[no], out.matched[no], out.usedLeft[no], out.usedRight[no]] as number[];
        if (row.some((value) => value !== 0)) yield [no + 1, ...row];
      }
    }
    await insertPairs(tx, { ...run, bonusId }, rows());
  }
}

async function writeCarry(tx: Tx, run: Committing): Promise<void> {
  const { binary, pools, completed, deficits, rewards } = run.result.carried;
  for (const [bonusId, sides] of Object.entries(binary)) {
    for (const kind of ["left", "right"] as const)
      for (const [age, column] of sides[kind].entries()) await insertCarry(tx, { ...run, bonusId, kind, age }, filled(column));
  }
  for (const [bonusId, minor] of Object.entries(pools))
    if (minor !== 0) await insertCarry(tx, { ...run, bonusId, kind: "pool", age: 0 }, [[0, minor]]);
  for (const [bonusId, column] of Object.entries(completed))
    await insertCarry(tx, { ...run, bonusId, kind: "completed", age: 0 }, filled(column));
  for (const [bonusId, column] of Object.entries(deficits ?? {}))
    await insertCarry(tx, { ...run, bonusId, kind: "deficit", age: 0 }, filled(column));
  for (const [bonusId, columns] of Object.entries(rewards ?? {}))
    for (const [age, column] of columns.entries())
      await insertCarry(tx, { ...run, bonusId, kind: "reward", age }, filled(column));
}

/** Of a lifetime the sum is kept, of several periods each one's own count. */
async function writeMeasures(tx: Tx, run: Committing): Promise<void> {
  const needs = measureNeeds(run.input.plan);
  const after = keptAfter(needs, run.input.measured?.kept ?? {}, run.result.counts);
  for (const [measure, back] of needs.kept) {
    const kind = back === "sum" ? "sum" : "alone";
    await insertMeasure(tx, { ...run, measure, kind }, filled(after[measure]?.[0] ?? new Float64Array(0)));
  }
}

function* filled(column: Float64Array | Uint8Array): Generator<readonly number[]> {
  for (let no = 0; no < column.length; no++) if (column[no] !== 0) yield [no + 1, column[no] as number];
}

/** Posts what the period should stand at, less what its runs posted before. */
async function postDifferences(tx: Tx, run: Committing, beside: Batches["beside"]): Promise<number> {
  const { companyId, runNo, period } = run;
  // The last moment of the period, so that what it earned shows up in it.
  const effectiveAt = new Date(period.endsAt.getTime() - 1);
  const bonuses = await unpostedOf(tx, run);
  const wordOf = await run.words.learn(
    companyId,
    bonuses.map(({ bonusId }) => bonusId),
  );
  return insertPostings(tx, { companyId, runNo, currency: period.currency, effectiveAt }, { bonuses, wordOf, beside });
}

/** By bonus what a period should stand at, less what its runs posted: the plan's bonuses in the order of the close, then what is no bonus any more. */
export async function unpostedOf(
  tx: Tx,
  run: Pick<Committing, "companyId" | "period" | "result" | "input">,
): Promise<BonusPostings[]> {
  const { companyId, period, result, input } = run;
  const count = input.network.count + 1;
  const posted = new Map<string, Float64Array>();
  for await (const page of readPeriodPosted(tx, { companyId, periodNo: period.periodNo })) {
    for (const sum of page) {
      if (!posted.has(sum.bonusId)) posted.set(sum.bonusId, new Float64Array(count));
      (posted.get(sum.bonusId) as Float64Array)[sum.distributorNo] = Number(sum.amountMinor);
    }
  }
  const bonuses = new Map(result.bonuses.map((bonus) => [bonus.bonusId, bonus]));
  const { plan, calendar } = input;
  const ofClose = [...closeOrder(plan, calendar).map((bonus) => bonus.id), ...cappedOrderBonuses(plan, calendar)];
  const ids = new Set([...ofClose, ...bonuses.keys(), ...[...posted.keys()].sort()]);
  return [...ids].map((bonusId) => ({ bonusId, postings: differences(bonuses.get(bonusId), posted.get(bonusId), count) }));
}

function* differences(
  bonus: CloseResult["bonuses"][number] | undefined,
  posted: Float64Array | undefined,
  count: number,
): Generator<Posting> {
  for (let no = 0; no < count; no++) {
    const target = bonus === undefined ? 0 : no === 0 ? bonus.breakageMinor : (bonus.amounts[no - 1] as number);
    const difference = target - (posted?.[no] ?? 0);
    if (difference !== 0) yield [no, difference];
  }
}

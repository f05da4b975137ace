import type { Plan } from "@upline/core";
import {
  type CloseInput,
  type CloseResult,
  closePeriod,
  keptAfter,
  measureNeeds,
  paidMinor,
  summarize,
  wholePools,
} from "@upline/core/engine";
import type { JSONValue } from "postgres";
import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type PlanBook, readPlanBook } from "../plans/plan-book.ts";
import { lockedEarnings } from "./earnings.ts";
import { Fingerprint } from "./fingerprint.ts";
import { type Beside, type GatheredInput, gatherInput } from "./gather.ts";
import { Members } from "./members.ts";
import { type CloseRun, type Marks, type Period, readLock } from "./queries.ts";

/** One computation of a close, with its hashes and totals; nothing of it is written here. */
export interface ComputedRun {
  readonly input: CloseInput;
  readonly result: CloseResult;
  readonly inputHash: string;
  readonly outputHash: string;
  readonly carryHash: string;
  readonly totals: JSONValue;
  readonly warnings: readonly string[];
}

export function computeRun({ input, warnings }: GatheredInput, options: { details?: boolean } = {}): ComputedRun {
  const result = closePeriod(input, options);
  const print = new Fingerprint(input.network.ids ?? []);
  return {
    input,
    result,
    inputHash: print.ofInput(input),
    outputHash: print.ofOutput(result),
    carryHash: carryHashOf(print, input, result),
    totals: totalsOf(input, result, warnings),
    warnings,
  };
}

function carryHashOf(print: Fingerprint, input: CloseInput, result: CloseResult): string {
  const kept = keptAfter(measureNeeds(input.plan), input.measured?.kept ?? {}, result.counts);
  return print.ofCarry(result, kept, input.calendar === undefined ? {} : result.counts.atOrders);
}

/** What a person looks at before believing a close. Amounts are minor units as text. */
function totalsOf(input: CloseInput, result: CloseResult, warnings: readonly string[]): JSONValue {
  const { ranks, facts } = result;
  const count = (wanted: (no: number) => boolean): number => {
    let found = 0;
    for (let no = 0; no < input.network.count; no++) if (wanted(no)) found++;
    return found;
  };
  const byRank: Record<string, number> = {};
  for (const rank of ranks.paidAs)
    if (rank >= 0) byRank[input.plan.ranks[rank]?.id ?? ""] = (byRank[input.plan.ranks[rank]?.id ?? ""] ?? 0) + 1;
  const paid = paidMinor(result);
  const cv = Number(result.cvMinor);
  const pools = Object.entries(wholePools(input, result)).map(([pool, { units, sizeMinor }]) => {
    return { pool, units: String(units), sizeMinor: String(sizeMinor) };
  });
  return {
    currency: result.currency,
    distributors: input.network.count,
    active: count((no) => facts.active[no] === 1),
    volumeRows: input.orders.owner.length,
    cvMinor: String(result.cvMinor),
    netMinor: String(netMinorOf(input.orders)),
    paidMinor: String(paid),
    percentOfCv: cv === 0 ? null : Math.round((1_000_000 * paid) / cv) / 10_000,
    ranks: byRank,
    bonuses: summarize(result).map((bonus) => ({
      bonus: bonus.bonusId,
      paidMinor: String(bonus.paidMinor),
      payees: bonus.payees,
      breakageMinor: String(bonus.breakageMinor),
      cutMinor: String(bonus.cutMinor),
    })),
    caps: result.caps.map((cap) => ({
      cap: cap.capNo,
      kind: cap.kind,
      cutMinor: String(cap.cutMinor),
      distributors: cap.distributors,
    })),
    ...(pools.length === 0 ? {} : { pools }),
    warnings: [...warnings],
  };
}

/** Whole numbers below 2^53 each, whose sum need not be. */
function netMinorOf({ netMinor = new Float64Array(0) }: CloseInput["orders"]): bigint {
  let sum = 0n;
  for (const net of netMinor) sum += BigInt(net);
  return sum;
}

/** What a lock fixed of a period. */
export interface LockedInputs {
  readonly companyId: number;
  readonly period: Period;
  readonly lockNo: bigint;
  /** The run whose paid ranks stand: a refund moves money, not ranks that were paid. */
  readonly ranksOfRun: bigint | null;
}

/**
 * Reads what a lock fixed, and nothing else: the same bytes at any time. `beside` begins another transaction, behind the lock's
 * commit: the database reads on both at once.
 */
export async function gatherLocked(
  tx: Tx,
  { companyId, period, lockNo, ranksOfRun }: LockedInputs,
  beside?: Beside,
): Promise<GatheredInput> {
  const marks = await readLock(tx, { companyId, lockNo });
  const members = Members.everyone(marks.distributors);
  const earnings = await lockedEarnings(tx, { companyId, lockNo, members });
  const plans = await readPlanBook(tx, companyId);
  const plan = planOf(plans, marks);
  return gatherInput(tx, {
    companyId,
    period,
    lockNo,
    plan,
    marks,
    earnings,
    members,
    planByHash: (hash) => plans.byHash(hash),
    ranksOfRun,
    beside,
  });
}

/** The same for a proposed or committed run. */
export async function gatherRun(
  tx: Tx,
  { run, ...inputs }: Omit<LockedInputs, "lockNo"> & { run: CloseRun },
  beside?: Beside,
): Promise<GatheredInput> {
  const { lockNo, runNo } = run;
  if (lockNo === null)
    throw new HubError("unprocessable", `Run ${runNo} was a trial: it locked nothing, and only its totals are kept.`);
  return gatherLocked(tx, { ...inputs, lockNo }, beside);
}

export function planOf(plans: PlanBook, marks: Pick<Marks, "planHash">): Plan {
  const plan = plans.byHash(marks.planHash);
  if (plan === null) throw new Error("the plan of a lock is not published");
  return plan;
}

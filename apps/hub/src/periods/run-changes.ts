import type { CloseResult } from "@upline/core/engine";
import { and, desc, eq, inArray } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { closeRuns, runBonuses, runChanges, runPayPages, type StoredChanges } from "../db/schema/close-runs.ts";
import { distributors } from "../db/schema/network.ts";
import { writePages } from "./result-pages.ts";

/**
 * Whom a trial or a proposal gives more or less than the run before it of the same period. It is worked out once, while the
 * amounts are at hand: of a trial nothing else but totals stays.
 */

/** So many of the largest differences are told by name. */
const TOLD = 50;

interface OfPeriod {
  readonly companyId: number;
  readonly periodNo: number;
}

/** What each distributor is paid in all, minor units, by number; 0, the company, is left out. */
export type Pay = ReadonlyMap<number, number>;

export function payOf({ bonuses }: Pick<CloseResult, "bonuses">): Pay {
  const pay = new Map<number, number>();
  for (const { amounts } of bonuses)
    for (let index = 0; index < amounts.length; index++) {
      const amount = amounts[index] as number;
      if (amount !== 0) pay.set(index + 1, (pay.get(index + 1) ?? 0) + amount);
    }
  return pay;
}

/** Keeps what a run pays until the next one, and how that differs from the one before. */
export async function keepChanges(tx: Tx, run: OfPeriod & { readonly runNo: bigint; readonly pay: Pay }): Promise<void> {
  const { companyId, runNo, pay } = run;
  const earlier = await runBefore(tx, run);
  if (earlier !== null) {
    const before = earlier.kind === "committed" ? await bonusPay(tx, run, earlier.runNo) : await keptPay(tx, run, earlier.runNo);
    // Runs of before such pay was kept have none to compare with, and would look as if everybody gained.
    if (before !== null) {
      const changes = { sinceRun: String(earlier.runNo), ...differencesOf(before, pay) };
      await query(tx).insert(runChanges).values({ companyId, runNo, changes });
    }
  }
  await forgetPay(tx, run);
  const rows = [...pay].sort(([one], [other]) => one - other);
  const write = (page: number, column: (index: number) => string) => tx`
    insert into run_pay_pages (company_id, run_no, page, distributor_no, amount)
    values (${companyId}, ${runNo}, ${page}, ${column(0)}::text::integer[], ${column(1)}::text::bigint[])`;
  // A run that pays nobody is told from one of which nothing was kept.
  if (rows.length === 0) await write(0, () => "{}");
  else await writePages(rows, write);
}

export function differencesOf(before: Pay, after: Pay): Omit<StoredChanges, "sinceRun"> {
  const differences = [...new Set([...before.keys(), ...after.keys()])]
    .map((no) => ({ no, before: before.get(no) ?? 0, after: after.get(no) ?? 0 }))
    .filter((one) => one.before !== one.after);
  const tally = (some: readonly { before: number; after: number }[]) => {
    const minor = some.reduce((sum, one) => sum + BigInt(Math.abs(one.after - one.before)), 0n);
    return { people: some.length, minor: String(minor) };
  };
  const size = (one: { before: number; after: number }) => Math.abs(one.after - one.before);
  const largest = differences.toSorted((one, other) => size(other) - size(one) || one.no - other.no).slice(0, TOLD);
  return {
    gained: tally(differences.filter((one) => one.after > one.before)),
    lost: tally(differences.filter((one) => one.after < one.before)),
    largest: largest.map(({ no, before, after }) => ({
      distributorNo: no,
      beforeMinor: String(before),
      afterMinor: String(after),
    })),
  };
}

/** What was kept of a run, with how those are called of whom it tells; null where it came first, or was committed. */
export async function readChanges(tx: Tx, run: { readonly companyId: number; readonly runNo: bigint }) {
  const { companyId, runNo } = run;
  const [row] = await query(tx)
    .select({ changes: runChanges.changes })
    .from(runChanges)
    .where(and(eq(runChanges.companyId, companyId), eq(runChanges.runNo, runNo)));
  if (row === undefined) return null;
  const { distributorNo, distributorId, name } = distributors;
  const numbers = row.changes.largest.map((one) => one.distributorNo);
  const people = await query(tx)
    .select({ distributorNo, distributorId, name })
    .from(distributors)
    .where(and(eq(distributors.companyId, companyId), inArray(distributorNo, numbers)));
  return { ...row.changes, people: new Map(people.map((person) => [person.distributorNo, person])) };
}

async function runBefore(tx: Tx, { companyId, periodNo, runNo }: OfPeriod & { readonly runNo: bigint }) {
  const earlier = await query(tx)
    .select({ runNo: closeRuns.runNo, kind: closeRuns.kind })
    .from(closeRuns)
    .where(and(eq(closeRuns.companyId, companyId), eq(closeRuns.periodNo, periodNo)))
    .orderBy(desc(closeRuns.runNo))
    .limit(2);
  return earlier.find((one) => one.runNo !== runNo) ?? null;
}

async function bonusPay(tx: Tx, { companyId }: OfPeriod, runNo: bigint): Promise<Pay> {
  const pay = new Map<number, number>();
  const rows = await query(tx)
    .select({ no: runBonuses.distributorNo, amount: runBonuses.amount })
    .from(runBonuses)
    .where(and(eq(runBonuses.companyId, companyId), eq(runBonuses.runNo, runNo)));
  for (const { no, amount } of rows) if (no !== 0) pay.set(no, (pay.get(no) ?? 0) + Number(amount));
  return pay;
}

async function keptPay(tx: Tx, { companyId }: OfPeriod, runNo: bigint): Promise<Pay | null> {
  const pages = await query(tx)
    .select({ numbers: runPayPages.distributorNo, amounts: runPayPages.amount })
    .from(runPayPages)
    .where(and(eq(runPayPages.companyId, companyId), eq(runPayPages.runNo, runNo)));
  if (pages.length === 0) return null;
  return new Map(pages.flatMap(({ numbers, amounts }) => numbers.map((no, index) => [no, Number(amounts[index])] as const)));
}

async function forgetPay(tx: Tx, { companyId, periodNo }: OfPeriod): Promise<void> {
  const ofPeriod = query(tx)
    .select({ runNo: closeRuns.runNo })
    .from(closeRuns)
    .where(and(eq(closeRuns.companyId, companyId), eq(closeRuns.periodNo, periodNo)));
  await query(tx)
    .delete(runPayPages)
    .where(and(eq(runPayPages.companyId, companyId), inArray(runPayPages.runNo, ofPeriod)));
}

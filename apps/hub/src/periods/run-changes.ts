import type { CloseResult } from "@upline/core/engine";
import { and, desc, eq, inArray } from "drizzle-orm";
import type postgres from "postgres";
import type { Tx } from "../db/connect.ts";
import { packedNumbers } from "../db/packed.ts";
import { type ColumnArrays, PackedColumns } from "../db/packed-column.ts";
import { type Counts, type Packed, query } from "../db/query.ts";
import { closeRuns, runChanges, runPayPages, type StoredChanges } from "../db/schema/close-runs.ts";
import { distributors } from "../db/schema/network.ts";
import { paidByRuns } from "./gather-queries.ts";
import { Members } from "./members.ts";
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

/** What each distributor is paid in all, minor units, by number; 0, the company, is left out, and so is whoever is behind the last. */
export type Pay = Float64Array;

export function payOf({ bonuses }: Pick<CloseResult, "bonuses">): Pay {
  const pay = new Float64Array(1 + Math.max(0, ...bonuses.map(({ amounts }) => amounts.length)));
  for (const { amounts } of bonuses)
    for (let no = 1; no <= amounts.length; no++) pay[no] = (pay[no] as number) + (amounts[no - 1] as number);
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
  const types = ["int4", "int8"] as const;
  const write = (page: number, column: ColumnArrays) => tx`
    insert into run_pay_pages (company_id, run_no, page, distributor_no, amount)
    values (${companyId}, ${runNo}, ${page}, ${column(0)}, ${column(1)})`;
  const written = await writePages(tx, { types, rows: paidRows(pay), write });
  // A run that pays nobody is told from one of which nothing was kept.
  if (written === 0) await write(0, new PackedColumns(types).take(tx));
}

function* paidRows(pay: Pay): Generator<readonly number[]> {
  for (let no = 1; no < pay.length; no++) if (pay[no] !== 0) yield [no, pay[no] as number];
}

interface Difference {
  readonly no: number;
  readonly before: number;
  readonly after: number;
}

const sizeOf = ({ before, after }: Difference): number => Math.abs(after - before);

export function differencesOf(before: Pay, after: Pay): Omit<StoredChanges, "sinceRun"> {
  const gained = { people: 0, minor: 0n };
  const lost = { people: 0, minor: 0n };
  const largest: Difference[] = [];
  for (let no = 1; no < Math.max(before.length, after.length); no++) {
    const one = { no, before: before[no] ?? 0, after: after[no] ?? 0 };
    if (one.before === one.after) continue;
    const side = one.after > one.before ? gained : lost;
    side.people++;
    side.minor += BigInt(sizeOf(one));
    keepLargest(largest, one);
  }
  const told = (side: typeof gained) => ({ people: side.people, minor: String(side.minor) });
  return {
    gained: told(gained),
    lost: told(lost),
    largest: largest.map((one) => ({
      distributorNo: one.no,
      beforeMinor: String(one.before),
      afterMinor: String(one.after),
    })),
  };
}

/** Of two alike the one that came first stays before the other. */
function keepLargest(largest: Difference[], one: Difference): void {
  if (largest.length === TOLD && sizeOf(one) <= sizeOf(largest[TOLD - 1] as Difference)) return;
  const place = largest.findIndex((other) => sizeOf(other) < sizeOf(one));
  largest.splice(place < 0 ? largest.length : place, 0, one);
  if (largest.length > TOLD) largest.pop();
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
  const numbers = await lastPaid(
    tx,
    tx`select distributor_no from run_bonus_pages where company_id = ${companyId} and run_no = ${runNo}`,
  );
  const pay = new Float64Array(numbers + 1);
  const members = Members.everyone(numbers);
  for await (const pages of paidByRuns(tx, { companyId, runNos: [runNo], members })) for (const page of pages) addPaid(pay, page);
  pay[0] = 0;
  return pay;
}

async function keptPay(tx: Tx, { companyId }: OfPeriod, runNo: bigint): Promise<Pay | null> {
  const kept = tx`from run_pay_pages where company_id = ${companyId} and run_no = ${runNo}`;
  const pages = await tx<Packed<"distributorNos" | "amounts">[]>`
    select array_send(distributor_no) as "distributorNos", array_send(amount) as amounts ${kept}`;
  if (pages.length === 0) return null;
  const pay = new Float64Array(1 + (await lastPaid(tx, tx`select distributor_no ${kept}`)));
  for (const page of pages) addPaid(pay, page);
  return pay;
}

/** The last number in the pages of a query, which are in order. */
async function lastPaid(tx: Tx, pages: postgres.Fragment): Promise<number> {
  const [row] = await tx<Counts<"last">[]>`
    select coalesce(max(distributor_no[cardinality(distributor_no)]), 0) as last from (${pages}) pages`;
  return row?.last ?? 0;
}

function addPaid(pay: Pay, page: Packed<"distributorNos" | "amounts">): void {
  const amounts = packedNumbers(page.amounts);
  for (const [index, no] of packedNumbers(page.distributorNos).entries())
    pay[no] = (pay[no] as number) + (amounts[index] as number);
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

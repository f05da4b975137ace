import type { Plan } from "@upline/core";
import { type CloseInput, type CloseNetwork, type Measured, type MeasureNeeds, measureNeeds } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { packedNumbers, packedTexts } from "../db/packed.ts";
import { enrolmentsOf, factsOf, lockedCountriesOf } from "./fact-queries.ts";
import { measurePages } from "./gather-queries.ts";
import { GivenMeasures } from "./given-measures.ts";
import { numberRanges } from "./number-ranges.ts";
import { findRun, listPeriods, type Marks, type Period, readLock } from "./queries.ts";

/** What a plan's measures and conditions need of the hub; plans without any cost nothing here. */

export interface Measuring {
  readonly companyId: number;
  readonly period: Period;
  readonly lockNo: bigint;
  readonly plan: Plan;
  readonly marks: Marks;
  readonly planByHash: (hash: string) => Plan | null;
}

export interface GatheredMeasures {
  readonly ofInput: Pick<CloseInput, "measured" | "periodStarts">;
  readonly ofPeople: Pick<CloseNetwork, "country" | "enrolledAt">;
}

export async function gatherMeasures(tx: Tx, measuring: Measuring, warnings: string[]): Promise<GatheredMeasures> {
  const needs = measureNeeds(measuring.plan);
  const { country, enrolledAt: byEnrolment } = needs.people;
  const enrolledAt = byEnrolment ? await gatherEnrolments(tx, measuring) : undefined;
  const asksPeriods = needs.given.length > 0 || needs.people.periodStarts;
  const periods = asksPeriods ? await periodsUpTo(tx, measuring) : [];
  const given = await gatherGiven(tx, { ...measuring, needs, periods, enrolledAt }, warnings);
  const kept = await gatherKept(tx, measuring, needs);
  const asks = needs.given.length > 0 || needs.kept.size > 0;
  return {
    ofInput: {
      ...(asks ? { measured: { given, kept } } : {}),
      ...(needs.people.periodStarts ? { periodStarts: periods.map(({ startsAt }) => startsAt.getTime()) } : {}),
    },
    ofPeople: {
      ...(enrolledAt === undefined ? {} : { enrolledAt }),
      ...(country ? { country: await gatherCountries(tx, measuring) } : {}),
    },
  };
}

/** The plan's periods, this one first and then those before it. */
async function periodsUpTo(tx: Tx, { companyId, period }: Measuring): Promise<Period[]> {
  const all = await listPeriods(tx, companyId);
  return all.filter(({ planId, startsAt }) => planId === period.planId && startsAt <= period.startsAt).reverse();
}

interface Giving extends Measuring {
  readonly needs: MeasureNeeds;
  readonly periods: readonly Period[];
  readonly enrolledAt: Float64Array | undefined;
}

async function gatherGiven(tx: Tx, giving: Giving, warnings: string[]): Promise<Measured["given"]> {
  const { companyId, plan, marks, needs, periods, enrolledAt } = giving;
  if (needs.given.length === 0) return {};
  const measures = new GivenMeasures(plan, needs.given, { count: marks.distributors, enrolledAt });
  const periodNos = periods.slice(0, periodsAsked(plan, needs.given)).map(({ periodNo }) => periodNo);
  for (const range of numberRanges(marks.distributors))
    measures.take(await factsOf(tx, { companyId, periodNos, upto: marks.volumeUpto, range }));
  if (measures.unknown > 0)
    warnings.push(
      `${measures.unknown} volumes were booked before a version of the plan asked for customers, orders, items or subscriptions: they count in none of those.`,
    );
  return measures.columns();
}

/** How many periods the measures look at, this one included. */
function periodsAsked(plan: Plan, given: readonly string[]): number {
  const asked = given.map((id) => {
    const measure = plan.measures?.[id];
    const over = measure !== undefined && "over" in measure ? measure.over : undefined;
    if (over === undefined) return 1;
    return "periods" in over ? over.periods + (over.before ?? 0) : Number.POSITIVE_INFINITY;
  });
  return Math.max(...asked);
}

async function gatherEnrolments(tx: Tx, { companyId, marks }: Measuring): Promise<Float64Array> {
  const enrolledAt = new Float64Array(marks.distributors);
  for (const range of numberRanges(marks.distributors)) {
    const page = await enrolmentsOf(tx, { companyId, range });
    if (page !== null) fill(enrolledAt, packedNumbers(page.distributorNos), packedNumbers(page.enrolledAts));
  }
  return enrolledAt;
}

function fill(column: Float64Array, distributorNos: Float64Array, values: Float64Array): void {
  for (const [index, distributorNo] of distributorNos.entries()) column[distributorNo - 1] = values[index] as number;
}

async function gatherCountries(tx: Tx, { companyId, lockNo, marks }: Measuring): Promise<NonNullable<CloseNetwork["country"]>> {
  const codes = new Map([["", 0]]);
  const of = new Uint16Array(marks.distributors);
  for await (const pages of lockedCountriesOf(tx, { companyId, lockNo }))
    for (const page of pages) {
      const countries = packedTexts(page.countries);
      for (const [index, distributorNo] of packedNumbers(page.distributorNos).entries()) {
        const code = countries[index] as string;
        if (!codes.has(code)) codes.set(code, codes.size);
        of[distributorNo - 1] = codes.get(code) as number;
      }
    }
  return { codes: [...codes.keys()], of };
}

/** What the runs before counted, of measures that look back; a measure that says something else now begins anew. */
async function gatherKept(tx: Tx, measuring: Measuring, { kept }: MeasureNeeds): Promise<Measured["kept"]> {
  const columns: Record<string, Float64Array[]> = {};
  const depth = Math.max(0, ...[...kept.values()].map((back) => (back === "sum" ? 1 : back.periods)));
  const { companyId, plan, marks, planByHash } = measuring;
  let runNo = marks.afterRun;
  for (let age = 0; age < depth && runNo !== null; age++) {
    const run = await findRun(tx, { companyId, runNo });
    if (run?.lockNo == null) break;
    const before = planByHash(run.planHash);
    const asked = [...kept].filter(([id, back]) => age < (back === "sum" ? 1 : back.periods) && isSame(before, plan, id));
    const found = await countedIn(tx, { companyId, runNo, count: marks.distributors });
    for (const [id] of kept) {
      const column = asked.some(([same]) => same === id) ? found.get(id) : undefined;
      columns[id] = [...(columns[id] ?? []), column ?? new Float64Array(0)];
    }
    runNo = (await readLock(tx, { companyId, lockNo: run.lockNo })).afterRun;
  }
  return columns;
}

function isSame(before: Plan | null, plan: Plan, id: string): boolean {
  return JSON.stringify(before?.measures?.[id]) === JSON.stringify(plan.measures?.[id]);
}

async function countedIn(
  tx: Tx,
  { count, ...run }: { companyId: number; runNo: bigint; count: number },
): Promise<Map<string, Float64Array>> {
  const found = new Map<string, Float64Array>();
  for await (const pages of measurePages(tx, run))
    for (const { measure, distributorNos, amounts } of pages) {
      const column = found.get(measure) ?? new Float64Array(count);
      found.set(measure, column);
      fill(column, packedNumbers(distributorNos), packedNumbers(amounts));
    }
  return found;
}

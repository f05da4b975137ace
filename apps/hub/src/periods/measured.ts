import type { Plan } from "@upline/core";
import {
  type CloseInput,
  type CloseNetwork,
  type Measured,
  type MeasureNeeds,
  measureNeeds,
  ranksOfCalendar,
  spannedPlan,
} from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { packedNumbers, packedTexts } from "../db/packed.ts";
import { calendarOf, ranksRun, runningPeriod } from "./calendars.ts";
import { countriesOf, enrolmentsOf, factsOf, lockedCountriesOf } from "./fact-queries.ts";
import { measurePages } from "./gather-queries.ts";
import { GivenMeasures } from "./given-measures.ts";
import type { Members } from "./members.ts";
import { findRun, listPeriods, type Marks, type Period, readLock } from "./queries.ts";

/** What a plan's measures and conditions need of the hub; plans without any cost nothing here. */

export interface Measuring {
  readonly companyId: number;
  readonly period: Period;
  readonly lockNo: bigint | null;
  readonly plan: Plan;
  readonly marks: Marks;
  readonly members: Members;
  readonly planByHash: (hash: string) => Plan | null;
}

type Asked = Pick<CloseInput, "measured" | "periodStarts">;

export interface GatheredMeasures {
  /** Of the period itself, where its close judges people; empty where it does not. */
  readonly ofInput: Pick<CloseInput, "measured" | "periodStarts">;
  /** Of the rank calendar's period so far, where this close goes by running ranks. */
  readonly ofRunning: Asked;
  readonly ofPeople: Pick<CloseNetwork, "country" | "enrolledAt">;
}

export async function gatherMeasures(tx: Tx, measuring: Measuring, warnings: string[]): Promise<GatheredMeasures> {
  const needs = measureNeeds(measuring.plan);
  const { country, enrolledAt: byEnrolment } = needs.people;
  const enrolledAt = byEnrolment ? await gatherEnrolments(tx, measuring) : undefined;
  const ofPeople = {
    ...(enrolledAt === undefined ? {} : { enrolledAt }),
    ...(country ? { country: await gatherCountries(tx, measuring) } : {}),
  };
  const { period, marks } = measuring;
  switch (ranksOfCalendar(measuring.plan, calendarOf(period))) {
    case "own": {
      const judging = { ...measuring, needs, enrolledAt, judged: period, afterRun: marks.afterRun };
      return { ofInput: await gatherAsked(tx, judging, warnings), ofRunning: {}, ofPeople };
    }
    case "last-closed":
      return { ofInput: {}, ofRunning: {}, ofPeople };
    case "running": {
      const judged = await runningPeriod(tx, measuring);
      const afterRun = (await ranksRun(tx, { ...measuring, ...marks }))?.runNo ?? null;
      const judging = { ...measuring, needs, enrolledAt, judged, afterRun, placedBefore: period.endsAt };
      return { ofInput: {}, ofRunning: await gatherAsked(tx, judging, warnings), ofPeople };
    }
  }
}

/** Whom a period judges: the closed one, or the one that runs around it, until the closed one's end. */
interface Judging extends Measuring {
  readonly needs: MeasureNeeds;
  readonly enrolledAt: Float64Array | undefined;
  readonly judged: Period;
  /** The run of the judging period before. */
  readonly afterRun: bigint | null;
  readonly placedBefore?: Date;
}

async function gatherAsked(tx: Tx, judging: Judging, warnings: string[]): Promise<Asked> {
  const { needs } = judging;
  const asksPeriods = needs.given.length > 0 || needs.people.periodStarts;
  const periods = asksPeriods ? await periodsUpTo(tx, judging) : [];
  const given = await gatherGiven(tx, { ...judging, periods }, warnings);
  const kept = await gatherKept(tx, judging);
  const asks = needs.given.length > 0 || needs.kept.size > 0;
  return {
    ...(asks ? { measured: { given, kept } } : {}),
    ...(needs.people.periodStarts ? { periodStarts: periods.map(({ startsAt }) => startsAt.getTime()) } : {}),
  };
}

/** The periods of the plan and calendar that judge people, the latest first. */
async function periodsUpTo(tx: Tx, { companyId, judged }: Judging): Promise<Period[]> {
  const all = await listPeriods(tx, companyId);
  return all
    .filter(
      ({ planId, calendar, startsAt }) => planId === judged.planId && calendar === judged.calendar && startsAt <= judged.startsAt,
    )
    .reverse();
}

interface Giving extends Judging {
  readonly periods: readonly Period[];
}

async function gatherGiven(tx: Tx, giving: Giving, warnings: string[]): Promise<Measured["given"]> {
  const { companyId, marks, members, needs, periods, enrolledAt, placedBefore } = giving;
  const plan = spannedPlan(giving.plan, giving.period.endsAt.getTime());
  if (needs.given.length === 0) return {};
  const measures = new GivenMeasures(plan, needs.given, { members, enrolledAt });
  const periodNos = periods.slice(0, periodsAsked(plan, needs.given)).map(({ periodNo }) => periodNo);
  for (const piece of members.pieces())
    measures.take(await factsOf(tx, { companyId, periodNos, upto: marks.volumeUpto, piece, placedBefore }));
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

async function gatherEnrolments(tx: Tx, { companyId, members }: Measuring): Promise<Float64Array> {
  const enrolledAt = new Float64Array(members.count);
  for (const piece of members.pieces()) {
    const page = await enrolmentsOf(tx, { companyId, piece });
    if (page !== null) fill(enrolledAt, members.places(page.distributorNos), packedNumbers(page.enrolledAts));
  }
  return enrolledAt;
}

function fill(column: Float64Array, places: Float64Array, values: Float64Array): void {
  for (const [index, no] of places.entries()) if (no >= 0) column[no] = values[index] as number;
}

async function gatherCountries(tx: Tx, { companyId, lockNo, members }: Measuring): Promise<NonNullable<CloseNetwork["country"]>> {
  const codes = new Map([["", 0]]);
  const of = new Uint16Array(members.count);
  const found = lockNo === null ? countriesNow(tx, companyId, members) : lockedCountriesOf(tx, { companyId, lockNo, members });
  for await (const pages of found)
    for (const page of pages) {
      const countries = packedTexts(page.countries);
      for (const [index, no] of members.places(page.distributorNos).entries()) {
        if (no < 0) continue;
        const code = countries[index] as string;
        if (!codes.has(code)) codes.set(code, codes.size);
        of[no] = codes.get(code) as number;
      }
    }
  return { codes: [...codes.keys()], of };
}

async function* countriesNow(tx: Tx, companyId: number, members: Members) {
  for (const piece of members.pieces()) {
    const page = await countriesOf(tx, { companyId, piece });
    if (page !== null) yield [page];
  }
}

/** What the runs before counted, of measures that look back; a measure that says something else now begins anew. */
async function gatherKept(tx: Tx, judging: Judging): Promise<Measured["kept"]> {
  const { kept } = judging.needs;
  const columns: Record<string, Float64Array[]> = {};
  const depth = Math.max(0, ...[...kept.values()].map((back) => (back === "sum" ? 1 : back.periods)));
  const { companyId, plan, members, planByHash } = judging;
  let runNo = judging.afterRun;
  for (let age = 0; age < depth && runNo !== null; age++) {
    const run = await findRun(tx, { companyId, runNo });
    if (run?.lockNo == null) break;
    const before = planByHash(run.planHash);
    const asked = [...kept].filter(([id, back]) => age < (back === "sum" ? 1 : back.periods) && isSame(before, plan, id));
    const found = await countedIn(tx, { companyId, runNo, members });
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
  run: { companyId: number; runNo: bigint; members: Members },
): Promise<Map<string, Float64Array>> {
  const found = new Map<string, Float64Array>();
  for await (const pages of measurePages(tx, run))
    for (const { measure, distributorNos, amounts } of pages) {
      const column = found.get(measure) ?? new Float64Array(run.members.count);
      found.set(measure, column);
      fill(column, run.members.places(distributorNos), packedNumbers(amounts));
    }
  return found;
}

import type { CloseInput, CloseResult } from "@upline/core/engine";
import { type Batches, writeColumns } from "../db/column-batch.ts";
import type { Tx } from "../db/connect.ts";
import { packedNumbers } from "../db/packed.ts";
import { embedded, type Packed } from "../db/query.ts";
import { DISTRIBUTOR_STATUSES, standings } from "../db/schema/network.ts";
import { asOf } from "../network/as-of.ts";
import { type NumberRange, numberRanges } from "./number-ranges.ts";

/**
 * Rank and personal volume of a closed period as standings from its end on: order-time bonuses judge by
 * them. Only whose rank or volume changed gets one. Standings that were written for a later time keep what they say, with the
 * new volume, and with the new rank unless they were about the rank; those from the next closed period's end on stay.
 */

export interface StandingsOfRun {
  readonly companyId: number;
  readonly version: bigint;
  readonly endsAt: Date;
  /** The end of the next closed period. */
  readonly until: Date | null;
  readonly input: CloseInput;
  readonly result: CloseResult;
  /** Whether the run has something to tell of a distributor, by number less one. */
  readonly hasResult: (no: number) => boolean;
  /** What else is written meanwhile. */
  readonly beside?: Batches["beside"];
}

/** Answers how many standings were written. The caller holds the company's lock. */
export async function writeRunStandings(tx: Tx, run: StandingsOfRun): Promise<number> {
  let written = 0;
  const ranges = [...numberRanges(run.input.network.count)];
  const read = (index: number) => {
    const range = ranges[index];
    const page = range === undefined ? null : standingsAt(tx, run, range);
    // If what is before it fails, nobody waits for it.
    page?.catch(() => {});
    return page;
  };
  let next = read(0);
  for (const [index, range] of ranges.entries()) {
    const changed = changedIn(run, (await next) as StandingsPage);
    // Each range tells of other people, so that the next is read before this one is written.
    next = read(index + 1);
    // What is later is judged by the standings as they were.
    written += await insertLater(tx, run, { range, changed });
    written += await insertChanged(tx, run, changed);
  }
  return written;
}

/** A rank as its place in the run's plan, from 1; 0 is none, and -1 a rank that the plan does not have. */
type RankPlace = number;
/** Volume, -1 where there is none. */
type Pv = number;
type Changed = readonly [distributorNo: number, status: number, rank: RankPlace, pv: Pv];

const CHANGED = ["int4", "int4", "int4", "int8"] as const;

const rankIdsOf = ({ input }: StandingsOfRun): string[] => input.plan.ranks.map((rank) => rank.id);

function changedIn({ result, hasResult }: StandingsOfRun, before: StandingsPage): Changed[] {
  const { ranks, facts } = result;
  const [enrolled, statuses, oldRanks, oldPvs] = [before.enrolled, before.statuses, before.ranks, before.pvs].map(
    packedNumbers,
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const changed: Changed[] = [];
  for (const [index, distributorNo] of packedNumbers(before.distributorNos).entries()) {
    const no = distributorNo - 1;
    if (enrolled[index] !== 1 && !hasResult(no)) continue;
    const [oldRank, oldPv] = [oldRanks[index] as number, oldPvs[index] as number];
    const rank = (ranks.paidAs[no] as number) + 1;
    const volume = facts.pv[no] as number;
    const pv = volume === 0 && oldPv < 0 ? -1 : volume;
    if (rank !== oldRank || pv !== oldPv) changed.push([distributorNo, statuses[index] as number, rank, pv]);
  }
  return changed;
}

type StandingsPage = Packed<"distributorNos" | "enrolled" | "statuses" | "ranks" | "pvs">;

const standingAsOf = (at: Date) => asOf({ validFrom: standings.validFrom, serial: standings.standingNo }, at);

/** Everyone of a range as they stand at the end of the period, whatever was recorded since it was locked. */
async function standingsAt(tx: Tx, run: StandingsOfRun, range: NumberRange): Promise<StandingsPage> {
  const { companyId, endsAt } = run;
  const inRange = tx`company_id = ${companyId} and distributor_no between ${range.from} and ${range.to}`;
  const [page] = await tx<StandingsPage[]>`
    with old as (
      select distinct on (distributor_no) distributor_no, status, rank, period_pv from standings
       where ${inRange} order by distributor_no, ${embedded(tx, standingAsOf(endsAt))})
    select array_send(coalesce(array_agg(d.distributor_no), '{}')) as "distributorNos",
           array_send(coalesce(array_agg((d.enrolled_at < ${endsAt})::int), '{}')) as enrolled,
           array_send(coalesce(array_agg(array_position(${[...DISTRIBUTOR_STATUSES]}::text[], coalesce(o.status, 'active'))), '{}')) as statuses,
           array_send(coalesce(array_agg(case when o.rank is null then 0
             else coalesce(array_position(${rankIdsOf(run)}::text[], o.rank), -1) end), '{}')) as ranks,
           array_send(coalesce(array_agg(coalesce(o.period_pv, -1)), '{}')) as pvs
      from (select distributor_no, enrolled_at from distributors where ${inRange}) d
      left join old o on o.distributor_no = d.distributor_no`;
  if (page === undefined) throw new Error("a query without a group answers one row");
  return page;
}

function insertChanged(tx: Tx, run: StandingsOfRun, changed: readonly Changed[]): Promise<number> {
  return writeColumns(tx, {
    types: CHANGED,
    rows: changed,
    beside: run.beside,
    write: (column) => tx`
    insert into standings (company_id, version, distributor_no, status, rank, period_pv, valid_from)
    select ${run.companyId}, ${run.version}, no, (${[...DISTRIBUTOR_STATUSES]}::text[])[status], (${rankIdsOf(run)}::text[])[rank],
           nullif(pv, -1), ${run.endsAt}::timestamptz
      from (select unnest(${column(0)}) as no, unnest(${column(1)}) as status, unnest(${column(2)}) as rank, unnest(${column(3)}) as pv) changed`,
  });
}

/** Of whoever changed, what was written for a time between this period's end and the next closed one's. */
async function insertLater(
  tx: Tx,
  run: StandingsOfRun,
  { range, changed }: { range: NumberRange; changed: readonly Changed[] },
): Promise<number> {
  const { companyId, endsAt, until } = run;
  const later = tx`company_id = ${companyId} and valid_from > ${endsAt} and valid_from < coalesce(${until}::timestamptz, 'infinity')`;
  const [found] = await tx<Packed<"distributorNos">[]>`
    select array_send(coalesce(array_agg(distinct distributor_no), '{}')) as "distributorNos" from standings
     where ${later} and distributor_no between ${range.from} and ${range.to}`;
  const distributorNos = new Set(found === undefined ? [] : packedNumbers(found.distributorNos));
  return writeColumns(tx, {
    types: CHANGED,
    rows: changed.filter(([distributorNo]) => distributorNos.has(distributorNo)),
    write: (column) => tx`
    insert into standings (company_id, version, distributor_no, status, rank, period_pv, valid_from)
    select distinct on (s.distributor_no, s.valid_from) ${companyId}::integer, ${run.version}::bigint, s.distributor_no, s.status,
           case when s.rank is distinct from o.rank then s.rank else (${rankIdsOf(run)}::text[])[c.rank] end, nullif(c.pv, -1), s.valid_from
      from unnest(${column(0)}, ${column(2)}, ${column(3)}) as c (no, rank, pv)
      join (select distributor_no, status, rank, valid_from, standing_no from standings where ${later}) s on s.distributor_no = c.no
      left join lateral (
        select rank from standings where company_id = ${companyId} and distributor_no = c.no
         order by ${embedded(tx, standingAsOf(endsAt))} limit 1) o on true
     order by s.distributor_no, s.valid_from, s.standing_no desc`,
  });
}

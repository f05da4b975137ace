import type { Tx } from "../db/connect.ts";
import { type Counts, embedded, listed } from "../db/query.ts";
import { type CarriedVolume, type RunResult, runCarry, runResults } from "../db/schema/close-runs.ts";
import {
  type Distributor,
  type PlacementEdge,
  placementEdges,
  type SponsorEdge,
  type Standing,
  sponsorEdges,
  standings,
} from "../db/schema/network.ts";
import { type PeriodEarning, periodEarnings, type VolumeEntry } from "../db/schema/periods.ts";
import { asOf } from "../network/as-of.ts";

/** What a close reads, set by set, as of a lock's marks; long ones come in pages through a cursor. */

const PAGE = 20_000;

/** Somebody with sponsor, status and rank at a moment. */
export type DistributorAsOf = Pick<Distributor, "distributorNo" | "distributorId" | "enrolledAt"> &
  Pick<SponsorEdge, "sponsorNo"> &
  Pick<Standing, "status" | "rank">;

/** A period is judged by what was so in its last moment. */
const lastMoment = (endsAt: Date): Date => new Date(endsAt.getTime() - 1);

const sponsorAsOf = (at: Date) => asOf({ validFrom: sponsorEdges.validFrom, serial: sponsorEdges.edgeNo }, at);
const standingAsOf = (at: Date) => asOf({ validFrom: standings.validFrom, serial: standings.standingNo }, at);
const placeAsOf = (at: Date) => asOf({ validFrom: placementEdges.validFrom, serial: placementEdges.edgeNo }, at);

/** Everyone with sponsor, status and rank just before `endsAt`, by number. */
export function distributorsAsOf(
  tx: Tx,
  args: { companyId: number; upto: number; directoryVersion: bigint; endsAt: Date },
): AsyncIterable<DistributorAsOf[]> {
  const { companyId, directoryVersion } = args;
  const at = lastMoment(args.endsAt);
  return tx<DistributorAsOf[]>`
    with edge as (
      select distinct on (distributor_no) distributor_no, sponsor_no from sponsor_edges
       where company_id = ${companyId} and version <= ${directoryVersion} and distributor_no <= ${args.upto}
       order by distributor_no, ${embedded(tx, sponsorAsOf(at))}),
    standing as (
      select distinct on (distributor_no) distributor_no, status, rank from standings
       where company_id = ${companyId} and version <= ${directoryVersion} and distributor_no <= ${args.upto}
       order by distributor_no, ${embedded(tx, standingAsOf(at))})
    select d.distributor_no as "distributorNo", d.distributor_id as "distributorId", d.enrolled_at as "enrolledAt",
           coalesce(e.sponsor_no, 0) as "sponsorNo",
           coalesce(s.status, 'active') as status, s.rank
      from distributors d
      left join edge e on e.distributor_no = d.distributor_no
      left join standing s on s.distributor_no = d.distributor_no
     where d.company_id = ${companyId} and d.distributor_no <= ${args.upto}
     order by d.distributor_no`.cursor(PAGE);
}

/** Sums of one kind of volume. Whole numbers below 2^53 are exact as floats, in any order of adding, and much cheaper than numerics. */
export type VolumeSum = Pick<
  VolumeEntry,
  "distributorNo" | "commissionClass" | "market" | "selfPurchase" | "openFastStarts" | "currency"
> &
  Counts<"pv" | "qv" | "cv" | "netMinor">;

/** A period's volume summed by everything a close tells apart: the order in which entries were booked cannot matter. */
export function volumeSums(tx: Tx, args: { companyId: number; periodNo: number; upto: bigint }): AsyncIterable<VolumeSum[]> {
  return tx<VolumeSum[]>`
    select distributor_no as "distributorNo", commission_class as "commissionClass", market, self_purchase as "selfPurchase",
           open_fast_starts as "openFastStarts", currency,
           sum(pv::float8) as pv, sum(qv::float8) as qv, sum(cv::float8) as cv, sum(net_minor::float8) as "netMinor"
      from volume_entries
     where company_id = ${args.companyId} and period_no = ${args.periodNo} and entry_no <= ${args.upto}
     group by distributor_no, commission_class, market, self_purchase, open_fast_starts, currency
     order by distributor_no, commission_class collate "C", market collate "C", self_purchase, open_fast_starts collate "C", currency collate "C"`.cursor(
    PAGE,
  );
}

/** The same of every earlier period of a plan in one, for some distributors: what of them was counted before. */
export function volumeSumsBefore(
  tx: Tx,
  args: { companyId: number; planId: string; startsAt: Date; upto: bigint; distributorNos: readonly number[] },
): AsyncIterable<VolumeSum[]> {
  return tx<VolumeSum[]>`
    select distributor_no as "distributorNo", commission_class as "commissionClass", market, self_purchase as "selfPurchase",
           open_fast_starts as "openFastStarts", v.currency,
           sum(pv)::float8 as pv, sum(qv)::float8 as qv, sum(cv)::float8 as cv, sum(net_minor)::float8 as "netMinor"
      from volume_entries v
      join periods p on p.company_id = v.company_id and p.period_no = v.period_no and p.plan_id = ${args.planId} and p.starts_at < ${args.startsAt}
     where v.company_id = ${args.companyId} and v.entry_no <= ${args.upto} and v.distributor_no = any(${args.distributorNos as number[]}::integer[])
     group by distributor_no, commission_class, market, self_purchase, open_fast_starts, v.currency
     order by distributor_no, commission_class collate "C", market collate "C", self_purchase, open_fast_starts collate "C", v.currency collate "C"`.cursor(
    PAGE,
  );
}

export type PlaceAsOf = Pick<PlacementEdge, "distributorNo" | "parentNo" | "leg">;

/** Who stood where in a placement tree just before `endsAt`; whoever was in the holding tank is not among them. */
export function placesAsOf(
  tx: Tx,
  args: { companyId: number; tree: string; directoryVersion: bigint; endsAt: Date },
): AsyncIterable<PlaceAsOf[]> {
  const at = lastMoment(args.endsAt);
  return tx<PlaceAsOf[]>`
    select distinct on (distributor_no) distributor_no as "distributorNo", parent_no as "parentNo", leg from placement_edges
     where company_id = ${args.companyId} and tree = ${args.tree} and version <= ${args.directoryVersion} and valid_from <= ${at}
     order by distributor_no, ${embedded(tx, placeAsOf(at))}`.cursor(PAGE);
}

const { distributorNo, rank, title, graceUsed } = runResults;
const left = { distributorNo, rank, title, graceUsed };
export type RankRow = Pick<RunResult, keyof typeof left>;

/** Ranks as a run left them. */
export function runRanks(tx: Tx, args: { companyId: number; runNo: bigint }): AsyncIterable<RankRow[]> {
  return tx<RankRow[]>`
    select ${listed(tx, left)} from run_results
     where company_id = ${args.companyId} and run_no = ${args.runNo} order by distributor_no`.cursor(PAGE);
}

const { bonusId, kind, age, amount } = runCarry;
const carried = { bonusId, kind, age, distributorNo: runCarry.distributorNo, amount };
export type CarryRow = Pick<CarriedVolume, keyof typeof carried>;

export function carryOf(tx: Tx, args: { companyId: number; runNo: bigint }): AsyncIterable<CarryRow[]> {
  return tx<CarryRow[]>`
    select ${listed(tx, carried)} from run_carry
     where company_id = ${args.companyId} and run_no = ${args.runNo} order by distributor_no`.cursor(PAGE);
}

const earned = { bonusId: periodEarnings.bonusId, distributorNo: periodEarnings.distributorNo, amount: periodEarnings.amount };
export type EarningRow = Pick<PeriodEarning, keyof typeof earned>;

/**
 * What order-time bonuses paid up to a period's end and no earlier period has matched. Late orders and
 * refunds so count in the next period that is closed.
 */
export function unmatchedEarnings(
  tx: Tx,
  args: {
    companyId: number;
    planId: string;
    from: Date;
    endsAt: Date;
    currency: string;
    bonusIds: readonly string[];
    startsAt: Date;
  },
): Promise<EarningRow[]> {
  const { companyId, bonusIds } = args;
  return tx<EarningRow[]>`
    select bonus_id as "bonusId", distributor_no as "distributorNo", sum(amount)::bigint as amount from (
      select bonus_id, distributor_no, case when kind = 'commission' then amount else -amount end as amount
        from transfers
       where company_id = ${companyId} and source_kind = 1 and distributor_no > 0 and currency = ${args.currency}
         and effective_at >= ${args.from} and effective_at < ${args.endsAt}
         and bonus_id = any(${bonusIds as string[]}::text[])
      union all
      select e.bonus_id, e.distributor_no, -e.amount
        from period_earnings e
        join close_runs r on r.company_id = e.company_id and r.lock_no = e.lock_no and r.kind = 'committed'
        join periods p on p.company_id = r.company_id and p.period_no = r.period_no and p.plan_id = ${args.planId}
       where e.company_id = ${companyId} and p.starts_at < ${args.startsAt} and e.bonus_id = any(${bonusIds as string[]}::text[])
         and not exists (select from close_runs n where n.company_id = r.company_id and n.supersedes = r.run_no)) all_of
     group by bonus_id, distributor_no having sum(amount) <> 0
     order by bonus_id collate "C", distributor_no`;
}

export async function insertEarnings(
  tx: Tx,
  args: { companyId: number; lockNo: bigint; rows: readonly EarningRow[] },
): Promise<void> {
  if (args.rows.length === 0) return;
  await tx`
    insert into period_earnings (company_id, lock_no, bonus_id, distributor_no, amount)
    select ${args.companyId}, ${args.lockNo}, * from unnest(
      ${args.rows.map((row) => row.bonusId)}::text[], ${args.rows.map((row) => row.distributorNo)}::integer[],
      ${args.rows.map((row) => String(row.amount))}::bigint[])`;
}

export function lockedEarnings(tx: Tx, args: { companyId: number; lockNo: bigint }): Promise<EarningRow[]> {
  return tx<EarningRow[]>`
    select ${listed(tx, earned)} from period_earnings
     where company_id = ${args.companyId} and lock_no = ${args.lockNo} order by bonus_id collate "C", distributor_no`;
}

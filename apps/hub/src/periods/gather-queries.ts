import type { Tx } from "../db/connect.ts";

/** What a close reads, set by set, as of a lock's marks; long ones come in pages through a cursor. */

const PAGE = 20_000;

export interface DistributorAsOf {
  readonly distributor_no: number;
  readonly distributor_id: string;
  readonly enrolled_at: Date;
  readonly sponsor_no: number;
  readonly status: string;
  readonly rank: string | null;
}

/**
 * Everyone with sponsor, status and rank just before `endsAt`, by number. Before somebody's first edge
 * or standing the first one counts, as at order time.
 */
export function distributorsAsOf(
  tx: Tx,
  args: { companyId: number; upto: number; directoryVersion: bigint; endsAt: Date },
): AsyncIterable<DistributorAsOf[]> {
  const { companyId, endsAt, directoryVersion } = args;
  return tx<DistributorAsOf[]>`
    with edge as (
      select distinct on (distributor_no) distributor_no, sponsor_no from sponsor_edges
       where company_id = ${companyId} and version <= ${directoryVersion} and distributor_no <= ${args.upto}
       order by distributor_no, valid_from < ${endsAt} desc, case when valid_from < ${endsAt} then valid_from end desc,
                case when valid_from < ${endsAt} then edge_no else -edge_no end desc),
    standing as (
      select distinct on (distributor_no) distributor_no, status, rank from standings
       where company_id = ${companyId} and version <= ${directoryVersion} and distributor_no <= ${args.upto}
       order by distributor_no, valid_from < ${endsAt} desc, case when valid_from < ${endsAt} then valid_from end desc,
                case when valid_from >= ${endsAt} then valid_from end, standing_no desc)
    select d.distributor_no, d.distributor_id, d.enrolled_at, coalesce(e.sponsor_no, 0) as sponsor_no,
           coalesce(s.status, 'active') as status, s.rank
      from distributors d
      left join edge e on e.distributor_no = d.distributor_no
      left join standing s on s.distributor_no = d.distributor_no
     where d.company_id = ${companyId} and d.distributor_no <= ${args.upto}
     order by d.distributor_no`.cursor(PAGE);
}

export interface VolumeSum {
  readonly distributor_no: number;
  readonly commission_class: string;
  readonly market: string;
  readonly self_purchase: boolean;
  readonly open_fast_starts: string;
  readonly currency: string;
  readonly pv: number;
  readonly qv: number;
  readonly cv: number;
  readonly net_minor: number;
}

/** A period's volume summed by everything a close tells apart: the order in which entries were booked cannot matter. */
export function volumeSums(tx: Tx, args: { companyId: number; periodNo: number; upto: bigint }): AsyncIterable<VolumeSum[]> {
  return tx<VolumeSum[]>`
    select distributor_no, commission_class, market, self_purchase, open_fast_starts, currency,
           -- Whole numbers below 2^53 are exact as floats, in any order of adding, and much cheaper than numerics.
           sum(pv::float8) as pv, sum(qv::float8) as qv, sum(cv::float8) as cv, sum(net_minor::float8) as net_minor
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
    select distributor_no, commission_class, market, self_purchase, open_fast_starts, v.currency,
           sum(pv)::float8 as pv, sum(qv)::float8 as qv, sum(cv)::float8 as cv, sum(net_minor)::float8 as net_minor
      from volume_entries v
      join periods p on p.company_id = v.company_id and p.period_no = v.period_no and p.plan_id = ${args.planId} and p.starts_at < ${args.startsAt}
     where v.company_id = ${args.companyId} and v.entry_no <= ${args.upto} and v.distributor_no = any(${args.distributorNos as number[]}::integer[])
     group by distributor_no, commission_class, market, self_purchase, open_fast_starts, v.currency
     order by distributor_no, commission_class collate "C", market collate "C", self_purchase, open_fast_starts collate "C", v.currency collate "C"`.cursor(
    PAGE,
  );
}

export interface PlaceAsOf {
  readonly distributor_no: number;
  readonly parent_no: number;
  readonly leg: number;
}

/** Who stood where in a placement tree just before `endsAt`; whoever was in the holding tank is not among them. */
export function placesAsOf(
  tx: Tx,
  args: { companyId: number; tree: string; directoryVersion: bigint; endsAt: Date },
): AsyncIterable<PlaceAsOf[]> {
  return tx<PlaceAsOf[]>`
    select distinct on (distributor_no) distributor_no, parent_no, leg from placement_edges
     where company_id = ${args.companyId} and tree = ${args.tree} and version <= ${args.directoryVersion} and valid_from < ${args.endsAt}
     order by distributor_no, valid_from desc, edge_no desc`.cursor(PAGE);
}

export interface DirectiveRow {
  readonly distributor_no: number;
  readonly kind: "override" | "constraint";
  readonly rank: string | null;
  readonly valid_until: Date;
}

/** The newest word of each kind on a distributor's rank that began before `endsAt`. */
export function directivesAsOf(tx: Tx, args: { companyId: number; upto: bigint; endsAt: Date }): Promise<DirectiveRow[]> {
  return tx<DirectiveRow[]>`
    select distinct on (distributor_no, kind) distributor_no, kind, rank, valid_until from rank_directives
     where company_id = ${args.companyId} and directive_no <= ${args.upto} and valid_from < ${args.endsAt}
     order by distributor_no, kind, directive_no desc`;
}

export interface RankRow {
  readonly distributor_no: number;
  readonly rank: number;
  readonly title: number;
  readonly grace_used: number;
}

/** Ranks as a run left them. */
export function runRanks(tx: Tx, args: { companyId: number; runNo: bigint }): AsyncIterable<RankRow[]> {
  return tx<RankRow[]>`
    select distributor_no, rank, title, grace_used from run_results
     where company_id = ${args.companyId} and run_no = ${args.runNo} order by distributor_no`.cursor(PAGE);
}

export interface CarryRow {
  readonly bonus_id: string;
  readonly kind: "left" | "right" | "pool" | "completed" | "deficit";
  readonly age: number;
  readonly distributor_no: number;
  readonly amount: bigint;
}

export function runCarry(tx: Tx, args: { companyId: number; runNo: bigint }): AsyncIterable<CarryRow[]> {
  return tx<CarryRow[]>`
    select bonus_id, kind, age, distributor_no, amount from run_carry
     where company_id = ${args.companyId} and run_no = ${args.runNo} order by distributor_no`.cursor(PAGE);
}

export interface EarningRow {
  readonly bonus_id: string;
  readonly distributor_no: number;
  readonly amount: bigint;
}

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
    select bonus_id, distributor_no, sum(amount)::bigint as amount from (
      select split_part(entry_key, ':', 1) as bonus_id, distributor_no,
             case when kind = 'commission' then amount else -amount end as amount
        from transfers
       where company_id = ${companyId} and source_kind = 1 and distributor_no > 0 and currency = ${args.currency}
         and effective_at >= ${args.from} and effective_at < ${args.endsAt}
         and split_part(entry_key, ':', 1) = any(${bonusIds as string[]}::text[])
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
      ${args.rows.map((one) => one.bonus_id)}::text[], ${args.rows.map((one) => one.distributor_no)}::integer[],
      ${args.rows.map((one) => String(one.amount))}::bigint[])`;
}

export function lockedEarnings(tx: Tx, args: { companyId: number; lockNo: bigint }): Promise<EarningRow[]> {
  return tx<EarningRow[]>`
    select bonus_id, distributor_no, amount from period_earnings
     where company_id = ${args.companyId} and lock_no = ${args.lockNo} order by bonus_id collate "C", distributor_no`;
}

import { writeColumns } from "../db/column-batch.ts";
import type { Tx } from "../db/connect.ts";
import { embedded } from "../db/query.ts";
import type { CarriedVolume } from "../db/schema/close-runs.ts";
import { standings } from "../db/schema/network.ts";
import { asOf } from "../network/as-of.ts";

/** What a committed run leaves, written column by column. */

interface OfRun {
  readonly companyId: number;
  readonly runNo: bigint;
}

/** Distributor, active (0 or 1), pv, own, gv, personal group, retail, active legs, qualified, rank, title, grace used. */
export function insertResults(tx: Tx, run: OfRun, rows: Iterable<readonly number[]>): Promise<number> {
  return writeColumns(
    rows,
    (column) => tx`
    insert into run_results (company_id, run_no, distributor_no, active, pv, own_volume, gv, personal_group_volume, retail_volume, active_legs,
      qualified_rank, rank, title, grace_used)
    select ${run.companyId}, ${run.runNo}, no, active = 1, pv, own, gv, pgv, retail, legs, qualified, rank, title, grace from unnest(
      ${column(0)}::text::integer[], ${column(1)}::text::smallint[], ${column(2)}::text::bigint[], ${column(3)}::text::bigint[],
      ${column(4)}::text::bigint[], ${column(5)}::text::bigint[], ${column(6)}::text::bigint[], ${column(7)}::text::integer[],
      ${column(8)}::text::smallint[], ${column(9)}::text::smallint[], ${column(10)}::text::smallint[], ${column(11)}::text::smallint[])
      as row (no, active, pv, own, gv, pgv, retail, legs, qualified, rank, title, grace)`,
  );
}

/** Distributor (0 is breakage), before caps, amount. */
export function insertBonus(tx: Tx, target: OfRun & { bonusId: string }, rows: Iterable<readonly number[]>): Promise<number> {
  return writeColumns(
    rows,
    (column) => tx`
    insert into run_bonuses (company_id, run_no, bonus_id, distributor_no, before_caps, amount)
    select ${target.companyId}, ${target.runNo}, ${target.bonusId}, * from unnest(
      ${column(0)}::text::integer[], ${column(1)}::text::bigint[], ${column(2)}::text::bigint[])`,
  );
}

/** Distributor, left, right, matched, used left, used right. */
export function insertPairs(tx: Tx, target: OfRun & { bonusId: string }, rows: Iterable<readonly number[]>): Promise<number> {
  return writeColumns(
    rows,
    (column) => tx`
    insert into run_pairs (company_id, run_no, bonus_id, distributor_no, left_volume, right_volume, matched, used_left, used_right)
    select ${target.companyId}, ${target.runNo}, ${target.bonusId}, * from unnest(
      ${column(0)}::text::integer[], ${column(1)}::text::bigint[], ${column(2)}::text::bigint[], ${column(3)}::text::bigint[],
      ${column(4)}::text::bigint[], ${column(5)}::text::bigint[])`,
  );
}

/** Age, distributor, amount. */
export function insertCarry(
  tx: Tx,
  target: OfRun & { bonusId: string; kind: CarriedVolume["kind"] },
  rows: Iterable<readonly number[]>,
): Promise<number> {
  return writeColumns(
    rows,
    (column) => tx`
    insert into run_carry (company_id, run_no, bonus_id, kind, age, distributor_no, amount)
    select ${target.companyId}, ${target.runNo}, ${target.bonusId}, ${target.kind}, * from unnest(
      ${column(0)}::text::smallint[], ${column(1)}::text::integer[], ${column(2)}::text::bigint[])`,
  );
}

/**
 * Rank and personal volume of a closed period as standings from its end on: order-time bonuses judge by
 * them. Standings that were written for a later time keep what they say, with the new volume, and with
 * the new rank unless they were about the rank; those from the next closed period's end on stay.
 */
export async function insertRunStandings(
  tx: Tx,
  args: OfRun & { version: bigint; endsAt: Date; until: Date | null; distributors: number; rankIds: readonly string[] },
): Promise<void> {
  const { companyId, endsAt } = args;
  await tx`
    with old as (
      select distinct on (distributor_no) distributor_no, status, rank, period_pv from standings
       where company_id = ${companyId} and distributor_no <= ${args.distributors}
       order by distributor_no, ${embedded(tx, asOf({ validFrom: standings.validFrom, serial: standings.standingNo }, endsAt))}),
    new as (
      select d.distributor_no, coalesce(o.status, 'active') as status, o.rank as old_rank, o.period_pv as old_pv,
             (${args.rankIds as string[]}::text[])[coalesce(r.rank, -1) + 1] as rank,
             case when coalesce(r.pv, 0) = 0 and o.period_pv is null then null else coalesce(r.pv, 0) end as pv
        from distributors d
        left join run_results r on r.company_id = d.company_id and r.run_no = ${args.runNo} and r.distributor_no = d.distributor_no
        left join old o on o.distributor_no = d.distributor_no
       where d.company_id = ${companyId} and d.distributor_no <= ${args.distributors} and (d.enrolled_at < ${endsAt} or r.distributor_no is not null)),
    changed as (select * from new where (rank, pv) is distinct from (old_rank, old_pv)),
    later as (
      select distinct on (s.distributor_no, s.valid_from) s.distributor_no, s.status,
             case when s.rank is distinct from c.old_rank then s.rank else c.rank end as rank, c.pv, s.valid_from
        from changed c
        join standings s on s.company_id = ${companyId} and s.distributor_no = c.distributor_no
       where s.valid_from > ${endsAt} and s.valid_from < coalesce(${args.until}::timestamptz, 'infinity')
       order by s.distributor_no, s.valid_from, s.standing_no desc)
    insert into standings (company_id, version, distributor_no, status, rank, period_pv, valid_from)
    select ${companyId}::integer, ${args.version}::bigint, distributor_no, status, rank, pv, ${endsAt}::timestamptz from changed
    union all
    select ${companyId}::integer, ${args.version}::bigint, distributor_no, status, rank, pv, valid_from from later`;
}

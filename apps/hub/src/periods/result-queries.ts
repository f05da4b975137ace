import type { Tx } from "../db/connect.ts";

/** What a committed run came to, read back by distributor. */

export interface ResultRow {
  readonly distributor_no: number;
  readonly distributor_id: string;
  readonly active: boolean;
  readonly pv: bigint;
  readonly own_volume: bigint;
  readonly gv: bigint;
  readonly personal_group_volume: bigint;
  readonly retail_volume: bigint;
  readonly active_legs: number;
  readonly qualified_rank: number;
  readonly rank: number;
  readonly title: number;
  readonly bonuses: readonly { readonly bonus: string; readonly before_caps: string; readonly amount: string }[];
}

/** Results of a run by distributor number, the newest number first, with what every bonus came to. */
export function listResults(
  tx: Tx,
  args: { companyId: number; runNo: bigint; distributorId?: string | undefined; before?: number | undefined; limit: number },
): Promise<ResultRow[]> {
  return tx<ResultRow[]>`
    select r.distributor_no, d.distributor_id, r.active, r.pv, r.own_volume, r.gv, r.personal_group_volume, r.retail_volume, r.active_legs,
           r.qualified_rank, r.rank, r.title, coalesce(b.bonuses, '[]') as bonuses
      from run_results r
      join distributors d on d.company_id = r.company_id and d.distributor_no = r.distributor_no
      left join lateral (
        select jsonb_agg(jsonb_build_object('bonus', b.bonus_id, 'before_caps', b.before_caps::text, 'amount', b.amount::text) order by b.bonus_id) as bonuses
          from run_bonuses b
         where b.company_id = r.company_id and b.run_no = r.run_no and b.distributor_no = r.distributor_no) b on true
     where r.company_id = ${args.companyId} and r.run_no = ${args.runNo}
       ${args.distributorId === undefined ? tx`` : tx`and d.distributor_id = ${args.distributorId}`}
       ${args.before === undefined ? tx`` : tx`and r.distributor_no < ${args.before}`}
     order by r.distributor_no desc limit ${args.limit}`;
}

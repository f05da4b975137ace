import type postgres from "postgres";
import type { Tx } from "../db/connect.ts";
import type { Packed } from "../db/query.ts";
import type { PeriodEarning } from "../db/schema/periods.ts";
import type { Members } from "./members.ts";

/** What order-time bonuses paid, for matching bonuses of a close: written with a lock, and read by it ever after. */

/**
 * Locks what order-time bonuses paid up to a period's end and no earlier period has matched. Late orders and
 * refunds so count in the next period that is closed.
 */
export async function lockUnmatchedEarnings(
  tx: Tx,
  args: {
    companyId: number;
    lockNo: bigint;
    planId: string;
    calendar: string;
    from: Date;
    endsAt: Date;
    currency: string;
    bonusIds: readonly string[];
    startsAt: Date;
  },
): Promise<void> {
  const { companyId, bonusIds } = args;
  if (bonusIds.length === 0) return;
  await tx`
    insert into period_earnings (company_id, lock_no, bonus_id, distributor_no, amount)
    select ${companyId}, ${args.lockNo}, bonus_id, distributor_no, amount from (${unmatched(tx, args, tx``)}) earned`;
}

/** By bonus and distributor; `whose` is one more condition on the distributor's number. */
function unmatched(
  tx: Tx,
  args: Omit<Parameters<typeof lockUnmatchedEarnings>[1], "lockNo">,
  whose: postgres.Fragment,
): postgres.Fragment {
  const { companyId, bonusIds } = args;
  return tx`
    select bonus_id, distributor_no, sum(amount) as amount from (
      select bonus_id, distributor_no, case when kind = 'commission' then amount else -amount end as amount
        from transfers
       where company_id = ${companyId} and source_kind = 1 and distributor_no > 0 and currency = ${args.currency}
         and effective_at >= ${args.from} and effective_at < ${args.endsAt}
         and bonus_id = any(${bonusIds as string[]}::text[]) ${whose}
      union all
      select e.bonus_id, e.distributor_no, -e.amount
        from period_earnings e
        join close_runs r on r.company_id = e.company_id and r.lock_no = e.lock_no and r.kind = 'committed'
        join periods p on p.company_id = r.company_id and p.period_no = r.period_no and p.plan_id = ${args.planId}
       and p.calendar = ${args.calendar}
       where e.company_id = ${companyId} and p.starts_at < ${args.startsAt} and e.bonus_id = any(${bonusIds as string[]}::text[]) ${whose}
         and not exists (select from close_runs n where n.company_id = r.company_id and n.supersedes = r.run_no)) all_of
     group by bonus_id, distributor_no having sum(amount) <> 0`;
}

function ofPeriod(
  tx: Tx,
  args: Omit<Parameters<typeof lockEarningsOfPeriod>[1], "lockNo">,
  whose: postgres.Fragment,
): postgres.Fragment {
  return tx`
    select bonus_id, distributor_no, sum(amount) as amount from (
      select bonus_id, distributor_no, case when kind = 'commission' then amount else -amount end as amount
        from transfers
       where company_id = ${args.companyId} and source_kind = 1 and distributor_no > 0 and currency = ${args.currency}
         and effective_at >= ${args.startsAt} and effective_at < ${args.endsAt}
         and bonus_id = any(${args.bonusIds as string[]}::text[]) ${whose}) earned
     group by bonus_id, distributor_no having sum(amount) <> 0`;
}

/** What a lock taken now would say was earned by some people: the bonuses of a cap on a running total, and those that are matched. */
export async function earningsNow(
  tx: Tx,
  args: Omit<Parameters<typeof lockUnmatchedEarnings>[1], "lockNo"> & { capped: readonly string[]; members: Members },
): Promise<EarningsPage[]> {
  const { bonusIds, capped, members } = args;
  if (bonusIds.length === 0 && capped.length === 0) return [];
  const whose = members.ownRows(tx);
  return tx<EarningsPage[]>`
    select bonus_id as "bonusId", array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(amount::float8)) as amounts
      from (${unmatched(tx, { ...args, bonusIds: bonusIds.filter((id) => !capped.includes(id)) }, whose)}
            union all ${ofPeriod(tx, { ...args, bonusIds: capped }, whose)}) earned
     group by bonus_id order by bonus_id collate "C"`;
}

/** Locks what order-time bonuses paid on the orders of a period, as it stands now: what a cap on a running total counts. */
export async function lockEarningsOfPeriod(
  tx: Tx,
  args: { companyId: number; lockNo: bigint; startsAt: Date; endsAt: Date; currency: string; bonusIds: readonly string[] },
): Promise<void> {
  const { companyId, bonusIds } = args;
  if (bonusIds.length === 0) return;
  await tx`
    insert into period_earnings (company_id, lock_no, bonus_id, distributor_no, amount)
    select ${companyId}, ${args.lockNo}, bonus_id, distributor_no, amount from (${ofPeriod(tx, args, tx``)}) earned`;
}

/** Locks the same earnings as another lock, but for bonuses whose earnings are read anew. */
export async function lockEarningsOf(
  tx: Tx,
  args: { companyId: number; lockNo: bigint; earlier: bigint; without: readonly string[] },
): Promise<void> {
  await tx`
    insert into period_earnings (company_id, lock_no, bonus_id, distributor_no, amount)
    select company_id, ${args.lockNo}, bonus_id, distributor_no, amount from period_earnings
     where company_id = ${args.companyId} and lock_no = ${args.earlier} and bonus_id <> all(${args.without as string[]}::text[])`;
}

export type EarningsPage = Pick<PeriodEarning, "bonusId"> & Packed<"distributorNos" | "amounts">;

/** What a lock says was earned, by bonus. */
export function lockedEarnings(tx: Tx, args: { companyId: number; lockNo: bigint; members: Members }): Promise<EarningsPage[]> {
  return tx<EarningsPage[]>`
    select bonus_id as "bonusId", array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(amount)) as amounts
      from period_earnings where company_id = ${args.companyId} and lock_no = ${args.lockNo} ${args.members.ownRows(tx)}
     group by bonus_id order by bonus_id collate "C"`;
}

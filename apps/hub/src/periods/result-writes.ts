import { ACCOUNTS } from "@upline/core";
import type { Tx } from "../db/connect.ts";

/**
 * What a committed run leaves, written column by column: an array travels as one text, so that a
 * million rows cost a few statements.
 */

const BATCH = 50_000;

/** Rows as columns of plain numbers or texts without special characters; grown by `push`, written by `flush`. */
class ColumnBatch {
  readonly #columns: (number | string)[][];
  readonly #write: (columns: readonly string[]) => Promise<unknown>;

  constructor(width: number, write: (columns: readonly string[]) => Promise<unknown>) {
    this.#columns = Array.from({ length: width }, () => []);
    this.#write = write;
  }

  push(...cells: readonly (number | string)[]): void {
    for (let at = 0; at < cells.length; at++) (this.#columns[at] as (number | string)[]).push(cells[at] as number | string);
  }

  get full(): boolean {
    return (this.#columns[0] as unknown[]).length >= BATCH;
  }

  async flush(): Promise<void> {
    if ((this.#columns[0] as unknown[]).length === 0) return;
    const texts = this.#columns.map((column) => `{${column.join(",")}}`);
    for (const column of this.#columns) column.length = 0;
    await this.#write(texts);
  }
}

/** Writes rows as they are generated, a batch at a time. */
async function writeAll(
  rows: Iterable<readonly (number | string)[]>,
  width: number,
  write: (columns: readonly string[]) => Promise<unknown>,
): Promise<number> {
  const batch = new ColumnBatch(width, write);
  let count = 0;
  for (const row of rows) {
    batch.push(...row);
    count++;
    if (batch.full) await batch.flush();
  }
  await batch.flush();
  return count;
}

interface OfRun {
  readonly companyId: number;
  readonly runNo: bigint;
}

/** Distributor, active (0 or 1), pv, own, gv, personal group, retail, active legs, qualified, rank, title, grace used. */
export function insertResults(tx: Tx, of: OfRun, rows: Iterable<readonly number[]>): Promise<number> {
  return writeAll(
    rows,
    12,
    (c) => tx`
    insert into run_results (company_id, run_no, distributor_no, active, pv, own_volume, gv, personal_group_volume, retail_volume, active_legs,
      qualified_rank, rank, title, grace_used)
    select ${of.companyId}, ${of.runNo}, no, active = 1, pv, own, gv, pgv, retail, legs, qualified, rank, title, grace from unnest(
      ${c[0] as string}::text::integer[], ${c[1] as string}::text::smallint[], ${c[2] as string}::text::bigint[], ${c[3] as string}::text::bigint[],
      ${c[4] as string}::text::bigint[], ${c[5] as string}::text::bigint[], ${c[6] as string}::text::bigint[], ${c[7] as string}::text::integer[],
      ${c[8] as string}::text::smallint[], ${c[9] as string}::text::smallint[], ${c[10] as string}::text::smallint[], ${c[11] as string}::text::smallint[])
      as row (no, active, pv, own, gv, pgv, retail, legs, qualified, rank, title, grace)`,
  );
}

/** Distributor (0 is breakage), before caps, amount. */
export function insertBonus(tx: Tx, of: OfRun & { bonusId: string }, rows: Iterable<readonly number[]>): Promise<number> {
  return writeAll(
    rows,
    3,
    (c) => tx`
    insert into run_bonuses (company_id, run_no, bonus_id, distributor_no, before_caps, amount)
    select ${of.companyId}, ${of.runNo}, ${of.bonusId}, * from unnest(
      ${c[0] as string}::text::integer[], ${c[1] as string}::text::bigint[], ${c[2] as string}::text::bigint[])`,
  );
}

/** Distributor, left, right, matched, used left, used right. */
export function insertPairs(tx: Tx, of: OfRun & { bonusId: string }, rows: Iterable<readonly number[]>): Promise<number> {
  return writeAll(
    rows,
    6,
    (c) => tx`
    insert into run_pairs (company_id, run_no, bonus_id, distributor_no, left_volume, right_volume, matched, used_left, used_right)
    select ${of.companyId}, ${of.runNo}, ${of.bonusId}, * from unnest(
      ${c[0] as string}::text::integer[], ${c[1] as string}::text::bigint[], ${c[2] as string}::text::bigint[], ${c[3] as string}::text::bigint[],
      ${c[4] as string}::text::bigint[], ${c[5] as string}::text::bigint[])`,
  );
}

/** Age, distributor, amount. */
export function insertCarry(
  tx: Tx,
  of: OfRun & { bonusId: string; kind: "left" | "right" | "pool" | "completed" | "deficit" },
  rows: Iterable<readonly number[]>,
): Promise<number> {
  return writeAll(
    rows,
    3,
    (c) => tx`
    insert into run_carry (company_id, run_no, bonus_id, kind, age, distributor_no, amount)
    select ${of.companyId}, ${of.runNo}, ${of.bonusId}, ${of.kind}, * from unnest(
      ${c[0] as string}::text::smallint[], ${c[1] as string}::text::integer[], ${c[2] as string}::text::bigint[])`,
  );
}

export interface PostedSum {
  readonly bonus_id: string;
  readonly distributor_no: number;
  readonly amount: bigint;
}

/** What the closes of a period posted so far, by bonus and distributor; 0 is the company: breakage. */
export function readPeriodPosted(tx: Tx, args: { companyId: number; periodNo: number }): AsyncIterable<PostedSum[]> {
  return tx<PostedSum[]>`
    select split_part(t.entry_key, ':', 1) as bonus_id, t.distributor_no,
           sum(case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end)::bigint as amount
      from close_runs r
      join transfers t on t.company_id = r.company_id and t.source_kind = 2 and t.source_no = r.run_no
     where r.company_id = ${args.companyId} and r.period_no = ${args.periodNo} and r.kind = 'committed'
     group by 1, 2`.cursor(20_000);
}

/** One difference to post: distributor (0 is breakage), signed minor units. */
export type Posting = readonly [distributorNo: number, differenceMinor: number];

/**
 * Posts the differences of one bonus. The distributor and the bonus' place are part of the rows' key:
 * the same effect cannot be written twice.
 */
export function insertPostings(
  tx: Tx,
  of: OfRun & { bonusId: string; place: number; periodName: string; currency: string; effectiveAt: Date },
  postings: Iterable<Posting>,
): Promise<number> {
  const { held, breakage } = ACCOUNTS;
  const expense = ACCOUNTS["commission-expense"];
  return writeAll(
    postings,
    2,
    (c) => tx`
    insert into transfers (company_id, source_kind, source_no, revision, seq, kind, entry_key, distributor_no,
      debit_owner, debit_account, credit_owner, credit_account, amount, currency, effective_at)
    select ${of.companyId}, 2, ${of.runNo}, p.no, ${of.place}::smallint,
           case when p.no = 0 then 'breakage' || case when p.minor < 0 then '-clawback' else '' end
                else case when p.minor < 0 then 'clawback' else 'commission' end end,
           ${of.bonusId}::text || ':' || ${of.periodName}::text, p.no,
           case when p.minor > 0 then 0 else p.no end,
           case when p.minor > 0 then ${expense}::smallint when p.no = 0 then ${breakage}::smallint else ${held}::smallint end,
           case when p.minor > 0 then p.no else 0 end,
           case when p.minor < 0 then ${expense}::smallint when p.no = 0 then ${breakage}::smallint else ${held}::smallint end,
           abs(p.minor), ${of.currency}, ${of.effectiveAt}
      from unnest(${c[0] as string}::text::integer[], ${c[1] as string}::text::bigint[]) as p (no, minor)`,
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
       order by distributor_no, valid_from <= ${endsAt} desc, case when valid_from <= ${endsAt} then valid_from end desc,
                case when valid_from > ${endsAt} then valid_from end, standing_no desc),
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

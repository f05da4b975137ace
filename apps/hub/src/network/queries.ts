import type { Tx } from "../db/connect.ts";

/** Reads of the network as of a time. A distributor's name is nobody's business here; tax ids stay sealed. */

export interface DistributorRow {
  readonly distributor_no: number;
  readonly distributor_id: string;
  readonly sponsor_id: string | null;
  readonly status: string | null;
  readonly rank: string | null;
  readonly country: string | null;
  readonly tax_id_ciphertext: Buffer | null;
  readonly enrolled_at: Date;
  readonly codes: string[] | null;
}

/** The sponsor of a distributor at a time: the latest edge not after it; before the first, the first. */
const sponsorAt = (tx: Tx, at: Date, distributorNo: ReturnType<Tx>) => tx`(
  select edge.sponsor_no from sponsor_edges edge
   where edge.company_id = current_company() and edge.distributor_no = ${distributorNo}
   order by edge.valid_from <= ${at} desc, case when edge.valid_from <= ${at} then edge.valid_from end desc,
            case when edge.valid_from <= ${at} then edge.edge_no end desc, edge.edge_no
   limit 1)`;

const columns = (tx: Tx) => tx`
  d.distributor_no, d.distributor_id, u.distributor_id as sponsor_id, s.status, s.rank, d.country, d.tax_id_ciphertext, d.enrolled_at,
  (select array_agg(c.code order by c.code) from referral_codes c
    where c.company_id = d.company_id and c.distributor_no = d.distributor_no and c.code <> d.distributor_id) as codes`;

/** What joins to a distributor `d` as of a time: the sponsor `u` and the standing `s`, by the same rule as the pipeline's directory. */
const asOf = (tx: Tx, at: Date) => tx`
  left join distributors u on u.company_id = d.company_id and u.distributor_no = ${sponsorAt(tx, at, tx`d.distributor_no`)}
  left join lateral (
    select status, rank from standings s where s.company_id = d.company_id and s.distributor_no = d.distributor_no
     order by s.valid_from <= ${at} desc, case when s.valid_from <= ${at} then s.valid_from end desc,
              case when s.valid_from <= ${at} then s.standing_no end desc, s.valid_from, s.standing_no
     limit 1) s on true`;

export interface DistributorFilter {
  readonly status?: string | undefined;
  readonly country?: string | undefined;
  readonly rank?: string | undefined;
  readonly sponsorId?: string | undefined;
  /** By referral code, folded. */
  readonly foldedCode?: string | undefined;
}

/** Newest enrolment number first. */
export function listDistributors(
  tx: Tx,
  args: DistributorFilter & { companyId: number; at: Date; before?: number | undefined; limit: number },
): Promise<DistributorRow[]> {
  const none = tx``;
  return tx<DistributorRow[]>`
    select ${columns(tx)} from distributors d ${asOf(tx, args.at)}
     where d.company_id = ${args.companyId}
       ${args.before === undefined ? none : tx`and d.distributor_no < ${args.before}`}
       ${args.status === undefined ? none : tx`and coalesce(s.status, 'active') = ${args.status}`}
       ${args.country === undefined ? none : tx`and d.country = ${args.country}`}
       ${args.rank === undefined ? none : tx`and s.rank = ${args.rank}`}
       ${args.sponsorId === undefined ? none : tx`and u.distributor_id = ${args.sponsorId}`}
       ${
         args.foldedCode === undefined
           ? none
           : tx`and d.distributor_no = (select c.distributor_no from referral_codes c where c.company_id = ${args.companyId} and c.folded_code = ${args.foldedCode})`
       }
     order by d.distributor_no desc limit ${args.limit}`;
}

export async function findDistributor(
  tx: Tx,
  args: { companyId: number; distributorId: string; at: Date },
): Promise<DistributorRow | null> {
  const [row] = await tx<DistributorRow[]>`
    select ${columns(tx)} from distributors d ${asOf(tx, args.at)}
     where d.company_id = ${args.companyId} and d.distributor_id = ${args.distributorId}`;
  return row ?? null;
}

export interface LeveledRow extends DistributorRow {
  readonly level: number;
}

/** Sponsors as of a time, the nearest first. */
export function readUpline(
  tx: Tx,
  args: { companyId: number; distributorNo: number; at: Date; depth: number },
): Promise<LeveledRow[]> {
  return tx<LeveledRow[]>`
    with recursive above as (
      select ${args.distributorNo}::integer as no, 0 as level
      union all
      select ${sponsorAt(tx, args.at, tx`a.no`)}, a.level + 1 from above a where a.no <> 0 and a.level < ${args.depth}
    )
    select a.level, ${columns(tx)}
      from above a join distributors d on d.company_id = ${args.companyId} and d.distributor_no = a.no ${asOf(tx, args.at)}
     where a.level > 0 order by a.level`;
}

/** Everyone below as of a time, level by level, at most `depth` levels; `after` is the last of the page before. */
export function readDownline(
  tx: Tx,
  args: {
    companyId: number;
    distributorNo: number;
    at: Date;
    depth: number;
    after?: { level: number; distributorNo: number } | undefined;
    limit: number;
  },
): Promise<LeveledRow[]> {
  const { companyId, at, after } = args;
  return tx<LeveledRow[]>`
    with recursive below as (
      select ${args.distributorNo}::integer as no, 0 as level
      union all
      select e.distributor_no, b.level + 1
        from below b
        join lateral (
          select distinct x.distributor_no from sponsor_edges x where x.company_id = ${companyId} and x.sponsor_no = b.no) e on true
       where b.level < ${args.depth} and ${sponsorAt(tx, at, tx`e.distributor_no`)} = b.no
    )
    select b.level, ${columns(tx)}
      from below b join distributors d on d.company_id = ${companyId} and d.distributor_no = b.no ${asOf(tx, at)}
     where b.level > 0 and d.enrolled_at <= ${at}
       ${after === undefined ? tx`` : tx`and (b.level, b.no) > (${after.level}, ${after.distributorNo})`}
     order by b.level, b.no limit ${args.limit}`;
}

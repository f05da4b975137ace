import type { Tx } from "../db/connect.ts";

/** Reads and writes of the network for enrolments and corrections. Writes take batches as columns: one statement for thousands of rows. */

const READ_BATCH = 5_000;

/** A distributor as of a time. */
export interface KnownDistributor {
  readonly distributorNo: number;
  readonly distributorId: string;
  readonly name: string;
  readonly country: string | null;
  readonly taxIdSealed: Buffer | null;
  readonly enrolledAt: Date;
  /** By the latest recorded edge; null is the company. */
  readonly sponsorId: string | null;
  readonly status: string;
  readonly rank: string | null;
  readonly periodPv: bigint | null;
}

interface KnownRow {
  distributor_no: number;
  distributor_id: string;
  name: string;
  country: string | null;
  tax_id_ciphertext: Buffer | null;
  enrolled_at: Date;
}
interface SponsorRow {
  distributor_no: number;
  sponsor_id: string | null;
}
interface StandingRow {
  distributor_no: number;
  status: string;
  rank: string | null;
  period_pv: bigint | null;
}

/** Those of the ids that are enrolled, with sponsor and standing as of a time. */
export async function readKnown(
  tx: Tx,
  args: { companyId: number; distributorIds: readonly string[]; at: Date },
): Promise<Map<string, KnownDistributor>> {
  const { companyId, at } = args;
  const known = new Map<string, KnownDistributor>();
  for (const ids of batches(args.distributorIds, READ_BATCH)) {
    const rows = await tx<KnownRow[]>`
      select distributor_no, distributor_id, name, country, tax_id_ciphertext, enrolled_at from distributors
       where company_id = ${companyId} and distributor_id = any(${ids as string[]}::text[])`;
    if (rows.length === 0) continue;
    const wanted = { companyId, numbers: rows.map((row) => row.distributor_no), at };
    const sponsors = new Map((await readSponsors(tx, wanted)).map((row) => [row.distributor_no, row.sponsor_id]));
    const standings = new Map((await readStandings(tx, wanted)).map((row) => [row.distributor_no, row]));
    for (const row of rows) {
      const no = row.distributor_no;
      known.set(row.distributor_id, knownFrom(row, sponsors.get(no) ?? null, standings.get(no)));
    }
  }
  return known;
}

function knownFrom(row: KnownRow, sponsorId: string | null, standing: StandingRow | undefined): KnownDistributor {
  return {
    distributorNo: row.distributor_no,
    distributorId: row.distributor_id,
    name: row.name,
    country: row.country,
    taxIdSealed: row.tax_id_ciphertext,
    enrolledAt: row.enrolled_at,
    sponsorId,
    status: standing?.status ?? "active",
    rank: standing?.rank ?? null,
    periodPv: standing?.period_pv ?? null,
  };
}

// Whole batches at a time: looked up one by one, a table too new for statistics is searched by its primary key, row after row.

function readSponsors(tx: Tx, args: { companyId: number; numbers: number[] }): Promise<SponsorRow[]> {
  return tx<SponsorRow[]>`
    select e.distributor_no, u.distributor_id as sponsor_id from (
      select distinct on (distributor_no) distributor_no, sponsor_no from sponsor_edges
       where company_id = ${args.companyId} and distributor_no = any(${args.numbers}::integer[])
       order by distributor_no, edge_no desc) e
      left join distributors u on u.company_id = ${args.companyId} and u.distributor_no = e.sponsor_no`;
}

/** In force at the time; before the first standing the first one counts. */
function readStandings(tx: Tx, args: { companyId: number; numbers: number[]; at: Date }): Promise<StandingRow[]> {
  return tx<StandingRow[]>`
    select distinct on (distributor_no) distributor_no, status, rank, period_pv from standings
     where company_id = ${args.companyId} and distributor_no = any(${args.numbers}::integer[])
     order by distributor_no, valid_from <= ${args.at} desc, abs(extract(epoch from valid_from - ${args.at}::timestamptz)), standing_no desc`;
}

/** Whose these codes are, by folded code. */
export async function readCodeOwners(
  tx: Tx,
  args: { companyId: number; foldedCodes: readonly string[] },
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const codes of batches(args.foldedCodes, READ_BATCH)) {
    const rows = await tx<{ folded_code: string; distributor_id: string }[]>`
      select c.folded_code, d.distributor_id from referral_codes c
        join distributors d on d.company_id = c.company_id and d.distributor_no = c.distributor_no
       where c.company_id = ${args.companyId} and c.folded_code = any(${codes as string[]}::text[])`;
    for (const row of rows) owners.set(row.folded_code, row.distributor_id);
  }
  return owners;
}

/** Which distributors these buyers are, by keyed hash. */
export async function readBuyerOwners(
  tx: Tx,
  args: { companyId: number; buyerHashes: readonly string[] },
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const hashes of batches(args.buyerHashes, READ_BATCH)) {
    const rows = await tx<{ buyer_hash: string; distributor_id: string }[]>`
      select b.buyer_hash, d.distributor_id from distributor_buyers b
        join distributors d on d.company_id = b.company_id and d.distributor_no = b.distributor_no
       where b.company_id = ${args.companyId} and b.buyer_hash = any(${hashes as string[]}::text[])`;
    for (const row of rows) owners.set(row.buyer_hash, row.distributor_id);
  }
  return owners;
}

export interface EdgeWrite {
  readonly distributorNo: number;
  readonly sponsorNo: number;
  readonly validFrom: Date;
}

/** Every sponsor edge, in the order they were recorded. */
export async function readEdges(tx: Tx, companyId: number): Promise<EdgeWrite[]> {
  const rows = await tx<{ distributor_no: number; sponsor_no: number; valid_from: Date }[]>`
    select distributor_no, sponsor_no, valid_from from sponsor_edges where company_id = ${companyId} order by edge_no`;
  return rows.map((row) => ({ distributorNo: row.distributor_no, sponsorNo: row.sponsor_no, validFrom: row.valid_from }));
}

/** The last number given; 0 before the first distributor. */
export async function lastDistributorNo(tx: Tx, companyId: number): Promise<number> {
  const [row] = await tx<
    { last: number }[]
  >`select coalesce(max(distributor_no), 0) as last from distributors where company_id = ${companyId}`;
  return row?.last ?? 0;
}

export interface DistributorWrite {
  readonly distributorNo: number;
  readonly distributorId: string;
  readonly name: string;
  readonly country: string | null;
  readonly taxIdSealed: Buffer | null;
  readonly enrolledAt: Date;
}
export interface StandingWrite {
  readonly distributorNo: number;
  readonly status: string;
  readonly rank: string | null;
  readonly periodPv: bigint | null;
  readonly validFrom: Date;
}
export interface CodeWrite {
  readonly distributorNo: number;
  readonly code: string;
  readonly folded: string;
}
export interface BuyerWrite {
  readonly distributorNo: number;
  readonly buyerHash: string;
}

/** Everything of one batch, in an order that respects the keys. */
export interface NetworkWrites {
  readonly enrolled: readonly DistributorWrite[];
  readonly corrected: readonly DistributorWrite[];
  readonly edges: readonly EdgeWrite[];
  readonly standings: readonly StandingWrite[];
  readonly codes: readonly CodeWrite[];
  readonly buyers: readonly BuyerWrite[];
}

/** Writes a batch; every row carries the directory's version, so that workers find it. */
export async function writeNetwork(tx: Tx, to: { companyId: number; version: bigint }, writes: NetworkWrites): Promise<void> {
  const { companyId } = to;
  const version = String(to.version);
  if (writes.enrolled.length > 0) await insertDistributors(tx, { companyId, version }, writes.enrolled);
  if (writes.corrected.length > 0) await updateDistributors(tx, { companyId, version }, writes.corrected);
  const { edges, standings, codes, buyers } = writes;
  if (edges.length > 0)
    await tx`
      insert into sponsor_edges (company_id, version, distributor_no, sponsor_no, valid_from)
      select ${companyId}, ${version}::bigint, * from unnest(
        ${edges.map((one) => one.distributorNo)}::integer[], ${edges.map((one) => one.sponsorNo)}::integer[],
        ${edges.map((one) => one.validFrom.toISOString())}::timestamptz[])`;
  if (standings.length > 0)
    await tx`
      insert into standings (company_id, version, distributor_no, status, rank, period_pv, valid_from)
      select ${companyId}, ${version}::bigint, * from unnest(
        ${standings.map((one) => one.distributorNo)}::integer[], ${standings.map((one) => one.status)}::text[], ${standings.map((one) => one.rank)}::text[],
        ${standings.map((one) => (one.periodPv === null ? null : String(one.periodPv)))}::bigint[],
        ${standings.map((one) => one.validFrom.toISOString())}::timestamptz[])`;
  if (codes.length > 0)
    await tx`
      insert into referral_codes (company_id, version, distributor_no, code, folded_code)
      select ${companyId}, ${version}::bigint, * from unnest(
        ${codes.map((one) => one.distributorNo)}::integer[], ${codes.map((one) => one.code)}::text[], ${codes.map((one) => one.folded)}::text[])`;
  if (buyers.length > 0)
    await tx`
      insert into distributor_buyers (company_id, version, distributor_no, buyer_hash)
      select ${companyId}, ${version}::bigint, * from unnest(
        ${buyers.map((one) => one.distributorNo)}::integer[], ${buyers.map((one) => one.buyerHash)}::text[])`;
}

type Numbered = { companyId: number; version: string };

async function insertDistributors(tx: Tx, to: Numbered, rows: readonly DistributorWrite[]): Promise<void> {
  await tx`
    insert into distributors (company_id, version, distributor_no, distributor_id, name, country, enrolled_at, tax_id_ciphertext)
    select ${to.companyId}, ${to.version}::bigint, no, id, name, country, enrolled_at, decode(tax_id, 'hex') from unnest(
      ${rows.map((one) => one.distributorNo)}::integer[], ${rows.map((one) => one.distributorId)}::text[], ${rows.map((one) => one.name)}::text[],
      ${rows.map((one) => one.country)}::text[], ${rows.map((one) => one.enrolledAt.toISOString())}::timestamptz[],
      ${rows.map((one) => one.taxIdSealed?.toString("hex") ?? null)}::text[]) as row (no, id, name, country, enrolled_at, tax_id)`;
}

async function updateDistributors(tx: Tx, to: Numbered, rows: readonly DistributorWrite[]): Promise<void> {
  await tx`
    update distributors d
       set version = ${to.version}::bigint, name = row.name, country = row.country, tax_id_ciphertext = decode(row.tax_id, 'hex')
      from unnest(
        ${rows.map((one) => one.distributorNo)}::integer[], ${rows.map((one) => one.name)}::text[], ${rows.map((one) => one.country)}::text[],
        ${rows.map((one) => one.taxIdSealed?.toString("hex") ?? null)}::text[]) as row (no, name, country, tax_id)
     where d.company_id = ${to.companyId} and d.distributor_no = row.no`;
}

export function* batches<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

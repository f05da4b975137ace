import { and, eq, inArray, sql } from "drizzle-orm";
import { batches } from "../db/batches.ts";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import {
  type Distributor,
  type DistributorBuyer,
  distributorBuyers,
  distributors,
  type ReferralCode,
  referralCodes,
  type SponsorEdge,
  type Standing,
  sponsorEdges,
  standings,
} from "../db/schema/network.ts";
import { type Store, stores } from "../db/schema/stores.ts";
import { asOf } from "./as-of.ts";

/** Reads and writes of the network for enrolments and corrections. Writes take batches as columns: one statement for thousands of rows. */

const READ_BATCH = 5_000;

const { distributorNo, distributorId, name, country, taxIdCiphertext, enrolledAt } = distributors;
const details = { distributorNo, distributorId, name, country, taxIdCiphertext, enrolledAt };
export type DistributorWrite = Pick<Distributor, keyof typeof details>;
export type EdgeWrite = Pick<SponsorEdge, "distributorNo" | "sponsorNo" | "validFrom"> &
  Partial<Pick<SponsorEdge, "actor" | "reason">>;
export type StandingWrite = Pick<Standing, "distributorNo" | "status" | "rank" | "periodPv" | "validFrom">;
export type CodeWrite = Pick<ReferralCode, "distributorNo" | "code" | "foldedCode">;
export type BuyerWrite = Pick<DistributorBuyer, "distributorNo" | "buyerHash" | "kind" | "storeId">;

/** A distributor with the sponsor (null is the company) and the standing as of a time. */
export type KnownDistributor = DistributorWrite &
  Pick<StandingWrite, "status" | "rank" | "periodPv"> & { readonly sponsorId: string | null };

/** Those of the ids that are enrolled, with sponsor and standing as of a time. */
export async function readKnown(
  tx: Tx,
  args: { companyId: number; distributorIds: readonly string[]; at: Date },
): Promise<Map<string, KnownDistributor>> {
  const { companyId, at } = args;
  const known = new Map<string, KnownDistributor>();
  for (const ids of batches(args.distributorIds, READ_BATCH)) {
    const rows = await query(tx)
      .select(details)
      .from(distributors)
      .where(and(eq(distributors.companyId, companyId), inArray(distributorId, [...ids])));
    if (rows.length === 0) continue;
    const wanted = { companyId, numbers: rows.map((row) => row.distributorNo), at };
    const sponsors = new Map((await readSponsors(tx, wanted)).map((row) => [row.distributorNo, row.sponsorId]));
    const newest = new Map((await readStandings(tx, wanted)).map((row) => [row.distributorNo, row]));
    for (const row of rows) {
      const { status = "active", rank = null, periodPv = null } = newest.get(row.distributorNo) ?? {};
      known.set(row.distributorId, { ...row, sponsorId: sponsors.get(row.distributorNo) ?? null, status, rank, periodPv });
    }
  }
  return known;
}

// Whole batches at a time: looked up one by one, a table too new for statistics is searched by its primary key, row after row.

function readSponsors(tx: Tx, args: { companyId: number; numbers: number[]; at: Date }) {
  const { validFrom, edgeNo } = sponsorEdges;
  const latest = query(tx)
    .selectDistinctOn([sponsorEdges.distributorNo], {
      distributorNo: sponsorEdges.distributorNo,
      sponsorNo: sponsorEdges.sponsorNo,
    })
    .from(sponsorEdges)
    .where(and(eq(sponsorEdges.companyId, args.companyId), inArray(sponsorEdges.distributorNo, args.numbers)))
    .orderBy(sponsorEdges.distributorNo, asOf({ validFrom, serial: edgeNo }, args.at))
    .as("latest");
  return query(tx)
    .select({ distributorNo: latest.distributorNo, sponsorId: distributors.distributorId })
    .from(latest)
    .leftJoin(distributors, and(eq(distributors.companyId, args.companyId), eq(distributors.distributorNo, latest.sponsorNo)));
}

function readStandings(tx: Tx, args: { companyId: number; numbers: number[]; at: Date }) {
  const { distributorNo, status, rank, periodPv, validFrom, standingNo } = standings;
  return query(tx)
    .selectDistinctOn([distributorNo], { distributorNo, status, rank, periodPv })
    .from(standings)
    .where(and(eq(standings.companyId, args.companyId), inArray(distributorNo, args.numbers)))
    .orderBy(distributorNo, asOf({ validFrom, serial: standingNo }, args.at));
}

/** Whose these codes are, by folded code. */
export async function readCodeOwners(
  tx: Tx,
  args: { companyId: number; foldedCodes: readonly string[] },
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const owner = and(
    eq(distributors.companyId, referralCodes.companyId),
    eq(distributors.distributorNo, referralCodes.distributorNo),
  );
  for (const codes of batches(args.foldedCodes, READ_BATCH)) {
    const rows = await query(tx)
      .select({ foldedCode: referralCodes.foldedCode, distributorId })
      .from(referralCodes)
      .innerJoin(distributors, owner)
      .where(and(eq(referralCodes.companyId, args.companyId), inArray(referralCodes.foldedCode, [...codes])));
    for (const row of rows) owners.set(row.foldedCode, row.distributorId);
  }
  return owners;
}

/** Which distributors these buyers are, by keyed hash. */
export async function readBuyerOwners(
  tx: Tx,
  args: { companyId: number; buyerHashes: readonly string[] },
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const owner = and(
    eq(distributors.companyId, distributorBuyers.companyId),
    eq(distributors.distributorNo, distributorBuyers.distributorNo),
  );
  for (const hashes of batches(args.buyerHashes, READ_BATCH)) {
    const rows = await query(tx)
      .select({ buyerHash: distributorBuyers.buyerHash, distributorId })
      .from(distributorBuyers)
      .innerJoin(distributors, owner)
      .where(and(eq(distributorBuyers.companyId, args.companyId), inArray(distributorBuyers.buyerHash, [...hashes])));
    for (const row of rows) owners.set(row.buyerHash, row.distributorId);
  }
  return owners;
}

/** The company's stores, for customer ids that name one. */
export function readStoreNames(tx: Tx, companyId: number): Promise<Pick<Store, "storeId" | "domain">[]> {
  return query(tx)
    .select({ storeId: stores.storeId, domain: stores.domain })
    .from(stores)
    .where(eq(stores.companyId, companyId))
    .orderBy(stores.storeId);
}

/** Every sponsor edge, in the order they were recorded. */
export function readEdges(tx: Tx, companyId: number): Promise<EdgeWrite[]> {
  const { distributorNo, sponsorNo, validFrom, edgeNo } = sponsorEdges;
  return query(tx)
    .select({ distributorNo, sponsorNo, validFrom })
    .from(sponsorEdges)
    .where(eq(sponsorEdges.companyId, companyId))
    .orderBy(edgeNo);
}

/** The last number given; 0 before the first distributor. */
export async function lastDistributorNo(tx: Tx, companyId: number): Promise<number> {
  const [row] = await query(tx)
    .select({ last: sql<number>`coalesce(max(${distributorNo}), 0)` })
    .from(distributors)
    .where(eq(distributors.companyId, companyId));
  return row?.last ?? 0;
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

/** What a batch has none of. */
export const NOTHING: NetworkWrites = { enrolled: [], corrected: [], edges: [], standings: [], codes: [], buyers: [] };

/** Writes a batch; every row carries the directory's version, so that workers find it. */
export async function writeNetwork(tx: Tx, to: { companyId: number; version: bigint }, writes: NetworkWrites): Promise<void> {
  const { companyId } = to;
  const version = String(to.version);
  if (writes.enrolled.length > 0) await insertDistributors(tx, { companyId, version }, writes.enrolled);
  if (writes.corrected.length > 0) await updateDistributors(tx, { companyId, version }, writes.corrected);
  const { edges, standings, codes, buyers } = writes;
  if (edges.length > 0)
    await tx`
      insert into sponsor_edges (company_id, version, distributor_no, sponsor_no, valid_from, actor, reason)
      select ${companyId}, ${version}::bigint, * from unnest(
        ${edges.map((edge) => edge.distributorNo)}::integer[], ${edges.map((edge) => edge.sponsorNo)}::integer[],
        ${edges.map((edge) => edge.validFrom.toISOString())}::timestamptz[],
        ${edges.map(({ actor = null }) => actor)}::text[], ${edges.map(({ reason = null }) => reason)}::text[])`;
  if (standings.length > 0)
    await tx`
      insert into standings (company_id, version, distributor_no, status, rank, period_pv, valid_from)
      select ${companyId}, ${version}::bigint, * from unnest(
        ${standings.map((standing) => standing.distributorNo)}::integer[], ${standings.map((standing) => standing.status)}::text[],
        ${standings.map((standing) => standing.rank)}::text[],
        ${standings.map((standing) => (standing.periodPv === null ? null : String(standing.periodPv)))}::bigint[],
        ${standings.map((standing) => standing.validFrom.toISOString())}::timestamptz[])`;
  if (codes.length > 0)
    await tx`
      insert into referral_codes (company_id, version, distributor_no, code, folded_code)
      select ${companyId}, ${version}::bigint, * from unnest(
        ${codes.map((code) => code.distributorNo)}::integer[], ${codes.map(({ code }) => code)}::text[],
        ${codes.map((code) => code.foldedCode)}::text[])`;
  if (buyers.length > 0)
    await tx`
      insert into distributor_buyers (company_id, version, distributor_no, buyer_hash, kind, store_id)
      select ${companyId}, ${version}::bigint, * from unnest(
        ${buyers.map((buyer) => buyer.distributorNo)}::integer[], ${buyers.map((buyer) => buyer.buyerHash)}::text[],
        ${buyers.map((buyer) => buyer.kind)}::text[], ${buyers.map((buyer) => buyer.storeId)}::text[])`;
}

type Numbered = { companyId: number; version: string };

async function insertDistributors(tx: Tx, to: Numbered, rows: readonly DistributorWrite[]): Promise<void> {
  await tx`
    insert into distributors (company_id, version, distributor_no, distributor_id, name, country, enrolled_at, tax_id_ciphertext)
    select ${to.companyId}, ${to.version}::bigint, no, id, name, country, enrolled_at, decode(tax_id, 'hex') from unnest(
      ${rows.map((row) => row.distributorNo)}::integer[], ${rows.map((row) => row.distributorId)}::text[], ${rows.map((row) => row.name)}::text[],
      ${rows.map((row) => row.country)}::text[], ${rows.map((row) => row.enrolledAt.toISOString())}::timestamptz[],
      ${rows.map((row) => row.taxIdCiphertext?.toString("hex") ?? null)}::text[]) as row (no, id, name, country, enrolled_at, tax_id)`;
}

async function updateDistributors(tx: Tx, to: Numbered, rows: readonly DistributorWrite[]): Promise<void> {
  await tx`
    update distributors d
       set version = ${to.version}::bigint, name = row.name, country = row.country, tax_id_ciphertext = decode(row.tax_id, 'hex')
      from unnest(
        ${rows.map((row) => row.distributorNo)}::integer[], ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.country)}::text[],
        ${rows.map((row) => row.taxIdCiphertext?.toString("hex") ?? null)}::text[]) as row (no, name, country, tax_id)
     where d.company_id = ${to.companyId} and d.distributor_no = row.no`;
}

import { and, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import {
  type Distributor,
  distributors,
  referralCodes,
  type SponsorEdge,
  type Standing,
  sponsorEdges,
  standings,
} from "../db/schema/network.ts";
import { asOf } from "./as-of.ts";

/** Reads of the network as of a time. Tax ids stay sealed. */

/** The number of somebody's sponsor at a time; 0 is the company. */
function sponsorAt(distributorNo: SQL | typeof distributors.distributorNo, at: Date): SQL<number> {
  const { companyId, sponsorNo, validFrom, edgeNo } = sponsorEdges;
  return sql`(select ${sponsorNo} from ${sponsorEdges}
    where ${companyId} = current_company() and ${sponsorEdges.distributorNo} = ${distributorNo}
    order by ${asOf({ validFrom, serial: edgeNo }, at)} limit 1)`;
}

const sponsor = alias(distributors, "sponsor");

function select(tx: Tx, at: Date, where: () => SQL | undefined) {
  const standing = query(tx)
    .select({ status: standings.status, rank: standings.rank })
    .from(standings)
    .where(and(eq(standings.companyId, distributors.companyId), eq(standings.distributorNo, distributors.distributorNo)))
    .orderBy(asOf({ validFrom: standings.validFrom, serial: standings.standingNo }, at))
    .limit(1)
    .as("standing");
  const { distributorNo, distributorId, name, country, taxIdCiphertext, enrolledAt } = distributors;
  const codes = sql<string[] | null>`(select array_agg(${referralCodes.code} order by ${referralCodes.code}) from ${referralCodes}
    where ${referralCodes.companyId} = ${distributors.companyId} and ${referralCodes.distributorNo} = ${distributorNo}
      and ${referralCodes.code} <> ${distributorId})`;
  const status = sql<Standing["status"]>`coalesce(${standing.status}, 'active')`;
  return query(tx)
    .select({
      ...{ distributorNo, distributorId, name, country, taxIdCiphertext, enrolledAt, codes, status },
      // A look-up for each, of which there are few: joined, every distributor of the company would be read.
      sponsorId: sql<string | null>`(select ${sponsor.distributorId} from ${distributors} ${sponsor}
        where ${sponsor.companyId} = ${distributors.companyId} and ${sponsor.distributorNo} = ${sponsorAt(distributorNo, at)})`,
      rank: sql<string | null>`${standing.rank}`,
    })
    .from(distributors)
    .leftJoinLateral(standing, sql`true`)
    .where(where())
    .orderBy(desc(distributorNo));
}

export type DistributorView = Awaited<ReturnType<typeof select>>[number];

/** Those of these numbers, the newest first. */
export function readDistributors(
  tx: Tx,
  args: { companyId: number; at: Date; numbers: readonly number[] },
): Promise<DistributorView[]> {
  const { companyId, at, numbers } = args;
  return select(tx, at, () => and(eq(distributors.companyId, companyId), inArray(distributors.distributorNo, [...numbers])));
}

export async function findDistributor(
  tx: Tx,
  args: { companyId: number; distributorId: string; at: Date },
): Promise<DistributorView | null> {
  const [row] = await select(tx, args.at, () =>
    and(eq(distributors.companyId, args.companyId), eq(distributors.distributorId, args.distributorId)),
  );
  return row ?? null;
}

const { distributorNo } = distributors;
/** Of somebody who was moved more often, the latest are shown. */
const MOST_MOVES = 50;

/** Adds who they are at a time to numbers that a walk came by, in the order it came by them. */
export async function describeMembers(
  tx: Tx,
  args: { companyId: number; at: Date },
  walked: readonly { readonly no: number; readonly level: number }[],
): Promise<(DistributorView & { level: number })[]> {
  const numbers = walked.map(({ no }) => no);
  const found = await select(tx, args.at, () => and(eq(distributors.companyId, args.companyId), inArray(distributorNo, numbers)));
  const views = new Map(found.map((view) => [view.distributorNo, view]));
  return walked.flatMap(({ no, level }) => {
    const view = views.get(no);
    return view === undefined ? [] : [{ ...view, level }];
  });
}

export async function findDistributorNo(tx: Tx, args: { companyId: number; distributorId: string }): Promise<number | null> {
  const [row] = await query(tx)
    .select({ distributorNo })
    .from(distributors)
    .where(and(eq(distributors.companyId, args.companyId), eq(distributors.distributorId, args.distributorId)));
  return row?.distributorNo ?? null;
}

/** The id that belongs to a number; null for 0, the company. */
export async function findDistributorId(tx: Tx, args: { companyId: number; distributorNo: number }): Promise<string | null> {
  const [row] = await query(tx)
    .select({ distributorId: distributors.distributorId })
    .from(distributors)
    .where(and(eq(distributors.companyId, args.companyId), eq(distributorNo, args.distributorNo)));
  return row?.distributorId ?? null;
}

/** Names and ids, by number. */
export async function namesOf(
  tx: Tx,
  args: { companyId: number; distributorNos: readonly number[] },
): Promise<Map<number, Pick<Distributor, "distributorId" | "name">>> {
  if (args.distributorNos.length === 0) return new Map();
  const rows = await tx<Pick<Distributor, "distributorNo" | "distributorId" | "name">[]>`
    select distributor_no as "distributorNo", distributor_id as "distributorId", name from distributors
     where company_id = ${args.companyId} and distributor_no = any(${args.distributorNos as number[]}::integer[])`;
  return new Map(rows.map(({ distributorNo, ...row }) => [distributorNo, row]));
}

/** Under whom somebody stood, the latest recorded first; what a later correction of the same moment took the place of is left out. */
export function sponsorHistory(
  tx: Tx,
  { companyId, distributorNo }: { companyId: number; distributorNo: number },
): Promise<Pick<SponsorEdge, "sponsorNo" | "validFrom" | "actor" | "reason">[]> {
  const { sponsorNo, validFrom, actor, reason, edgeNo } = sponsorEdges;
  return query(tx)
    .select({ sponsorNo, validFrom, actor, reason })
    .from(sponsorEdges)
    .where(and(eq(sponsorEdges.companyId, companyId), eq(sponsorEdges.distributorNo, distributorNo)))
    .orderBy(desc(edgeNo))
    .limit(MOST_MOVES);
}

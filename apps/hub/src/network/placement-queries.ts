import { and, asc, eq, lte, notExists, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import {
  distributors,
  placementEdges,
  placementTrees,
  type PlacementEdge as StoredEdge,
  type PlacementTree as StoredTree,
  sponsorEdges,
} from "../db/schema/network.ts";
import { asOf } from "./as-of.ts";

/** Placement trees: their shape, who stands where, and who waits for a place. */

const { tree, width, depth, spillover, windowDays, within } = placementTrees;
const shape = { tree, width, depth, spillover, windowDays, within };
export type TreeSettings = Pick<StoredTree, keyof typeof shape>;

export function listTrees(tx: Tx, companyId: number): Promise<TreeSettings[]> {
  return query(tx).select(shape).from(placementTrees).where(eq(placementTrees.companyId, companyId)).orderBy(tree);
}

/** A tree of that name violates the key. */
export async function insertTree(tx: Tx, companyId: number, settings: TreeSettings): Promise<void> {
  await query(tx)
    .insert(placementTrees)
    .values({ companyId, ...settings });
}

const { distributorNo, parentNo, leg, validFrom } = placementEdges;
const place = { distributorNo, parentNo, leg, validFrom };
/** Parent 0 is the top. */
export type PlacementEdge = Pick<StoredEdge, keyof typeof place>;

/** Every edge of a tree in the order it was decided. */
export function readPlacementEdges(tx: Tx, args: { companyId: number; tree: string }): Promise<PlacementEdge[]> {
  return query(tx).select(place).from(placementEdges).where(ofTree(args)).orderBy(placementEdges.edgeNo);
}

function ofTree(args: { companyId: number; tree: string }): SQL | undefined {
  return and(eq(placementEdges.companyId, args.companyId), eq(placementEdges.tree, args.tree));
}

export async function insertPlacementEdges(
  tx: Tx,
  to: { companyId: number; tree: string; version: bigint; actor: string },
  edges: readonly PlacementEdge[],
): Promise<void> {
  if (edges.length === 0) return;
  await tx`
    insert into placement_edges (company_id, tree, version, actor, distributor_no, parent_no, leg, valid_from)
    select ${to.companyId}, ${to.tree}, ${to.version}::bigint, ${to.actor}, * from unnest(
      ${edges.map((edge) => edge.distributorNo)}::integer[], ${edges.map((edge) => edge.parentNo)}::integer[],
      ${edges.map((edge) => edge.leg)}::smallint[], ${edges.map((edge) => edge.validFrom.toISOString())}::timestamptz[])`;
}

/** Whose window in the holding tank is over: whoever has no place yet and is enrolled for long enough, the earliest enrolled first, with the sponsor as of `at`. */
export function listWaiting(tx: Tx, args: { companyId: number; tree: string; enrolledBefore: Date; at: Date; limit: number }) {
  const placed = query(tx)
    .select({ distributorNo })
    .from(placementEdges)
    .where(and(ofTree(args), eq(distributorNo, distributors.distributorNo)));
  const earliest = [asc(distributors.enrolledAt), sql`${distributors.distributorId} collate "C"`];
  // Only of the page the sponsors: a look at each of those who wait would cost most of all.
  const page = query(tx)
    .select({
      distributorNo: distributors.distributorNo,
      distributorId: distributors.distributorId,
      enrolledAt: distributors.enrolledAt,
    })
    .from(distributors)
    .where(and(eq(distributors.companyId, args.companyId), lte(distributors.enrolledAt, args.enrolledBefore), notExists(placed)))
    .orderBy(...earliest)
    .limit(args.limit)
    .as("page");
  const latest = query(tx)
    .select({ sponsorNo: sponsorEdges.sponsorNo })
    .from(sponsorEdges)
    .where(and(eq(sponsorEdges.companyId, args.companyId), eq(sponsorEdges.distributorNo, page.distributorNo)))
    .orderBy(asOf({ validFrom: sponsorEdges.validFrom, serial: sponsorEdges.edgeNo }, args.at))
    .limit(1)
    .as("latest");
  return query(tx)
    .select({
      distributorNo: page.distributorNo,
      distributorId: page.distributorId,
      sponsorNo: latest.sponsorNo,
      enrolledAt: page.enrolledAt,
    })
    .from(page)
    .innerJoinLateral(latest, sql`true`)
    .orderBy(asc(page.enrolledAt), sql`${page.distributorId} collate "C"`);
}

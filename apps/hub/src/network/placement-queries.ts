import type { SpilloverMode } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";

/** Placement trees and who stands where in them. */

export interface TreeSettings {
  readonly tree: string;
  readonly width: number;
  /** Levels below a distributor that spillover searches; null is without end. */
  readonly depth: number | null;
  readonly spillover: SpilloverMode;
  /** How long a newcomer waits for a sponsor's choice, and may be moved after being placed. */
  readonly windowDays: number;
}

interface TreeRow {
  tree: string;
  width: number;
  depth: number | null;
  spillover: SpilloverMode;
  window_days: number;
}

export async function listTrees(tx: Tx, companyId: number): Promise<TreeSettings[]> {
  const rows = await tx<TreeRow[]>`
    select tree, width, depth, spillover, window_days from placement_trees where company_id = ${companyId} order by tree`;
  return rows.map(({ window_days, ...row }) => ({ ...row, windowDays: window_days }));
}

/** A tree of that name violates the key. */
export async function insertTree(tx: Tx, companyId: number, tree: TreeSettings): Promise<void> {
  await tx`
    insert into placement_trees (company_id, tree, width, depth, spillover, window_days)
    values (${companyId}, ${tree.tree}, ${tree.width}, ${tree.depth}, ${tree.spillover}, ${tree.windowDays})`;
}

export interface PlacementEdge {
  readonly distributorNo: number;
  /** 0 is the top. */
  readonly parentNo: number;
  readonly leg: number;
  readonly validFrom: Date;
}

/** Every edge of a tree in the order it was decided. */
export async function readPlacementEdges(tx: Tx, args: { companyId: number; tree: string }): Promise<PlacementEdge[]> {
  const rows = await tx<{ distributor_no: number; parent_no: number; leg: number; valid_from: Date }[]>`
    select distributor_no, parent_no, leg, valid_from from placement_edges
     where company_id = ${args.companyId} and tree = ${args.tree} order by edge_no`;
  return rows.map((row) => ({
    distributorNo: row.distributor_no,
    parentNo: row.parent_no,
    leg: row.leg,
    validFrom: row.valid_from,
  }));
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
      ${edges.map((one) => one.distributorNo)}::integer[], ${edges.map((one) => one.parentNo)}::integer[],
      ${edges.map((one) => one.leg)}::smallint[], ${edges.map((one) => one.validFrom.toISOString())}::timestamptz[])`;
}

export interface PlaceRow {
  readonly distributor_no: number;
  readonly distributor_id: string;
  readonly parent_id: string | null;
  readonly leg: number;
  readonly valid_from: Date;
}

/** Who stands where at a time, by number from `after` on. */
export function listPlaces(
  tx: Tx,
  args: {
    companyId: number;
    tree: string;
    at: Date;
    distributorId?: string | undefined;
    before?: number | undefined;
    limit: number;
  },
): Promise<PlaceRow[]> {
  return tx<PlaceRow[]>`
    select p.distributor_no, d.distributor_id, u.distributor_id as parent_id, p.leg, p.valid_from
      from (select distinct on (distributor_no) distributor_no, parent_no, leg, valid_from from placement_edges
             where company_id = ${args.companyId} and tree = ${args.tree} and valid_from <= ${args.at}
             order by distributor_no, valid_from desc, edge_no desc) p
      join distributors d on d.company_id = ${args.companyId} and d.distributor_no = p.distributor_no
      left join distributors u on u.company_id = ${args.companyId} and u.distributor_no = p.parent_no
     where true ${args.distributorId === undefined ? tx`` : tx`and d.distributor_id = ${args.distributorId}`}
       ${args.before === undefined ? tx`` : tx`and p.distributor_no < ${args.before}`}
     order by p.distributor_no desc limit ${args.limit}`;
}

export interface WaitingRow {
  readonly distributor_no: number;
  readonly distributor_id: string;
  readonly sponsor_no: number;
  readonly enrolled_at: Date;
}

/** The holding tank: whoever has no place yet, the earliest enrolled first, with the sponsor as recorded last. */
export function listWaiting(
  tx: Tx,
  args: { companyId: number; tree: string; enrolledBefore?: Date | undefined; limit: number },
): Promise<WaitingRow[]> {
  return tx<WaitingRow[]>`
    select d.distributor_no, d.distributor_id, e.sponsor_no, d.enrolled_at
      from distributors d
      join lateral (select sponsor_no from sponsor_edges s
                     where s.company_id = d.company_id and s.distributor_no = d.distributor_no order by s.edge_no desc limit 1) e on true
     where d.company_id = ${args.companyId}
       ${args.enrolledBefore === undefined ? tx`` : tx`and d.enrolled_at <= ${args.enrolledBefore}`}
       and not exists (select from placement_edges p
                        where p.company_id = d.company_id and p.tree = ${args.tree} and p.distributor_no = d.distributor_no)
     order by d.enrolled_at, d.distributor_id collate "C" limit ${args.limit}`;
}

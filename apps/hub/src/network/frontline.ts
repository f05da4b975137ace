import type { Plan } from "@upline/core";
import type { Network } from "./network.ts";
import type { TreeSums } from "./tree-sums.ts";

/** Whom somebody sponsors, by group volume: a page of them, and what those behind it come to together. */

export interface TreeVolumes {
  /** The period that is looked at; null where none is open for the time. */
  readonly period: { readonly id: string; readonly name: string } | null;
  /** What makes somebody active, in ten-thousandths of PV; null without a plan. */
  readonly active: {
    readonly statuses: readonly string[];
    readonly minimumPv: bigint;
    readonly isByVolumeAlone: boolean;
  } | null;
  /** Own volume in ten-thousandths; null where there is no period. */
  pvOf(no: number): number | null;
  /** Own volume with that of all below; 0 is the company. */
  gvOf(no: number): number | null;
}

/** Volumes of everybody in a tree, in the period that holds a time. */
export type VolumesOfTree = (args: {
  companyId: number;
  network: Network;
  sums: TreeSums;
  at: Date;
  plan: { readonly hash: string; readonly plan: Plan } | null;
}) => Promise<TreeVolumes>;

/** A company's network in memory with its plans, as new as the database. */
export type SeenCompany = (companyId: number) => Promise<{
  readonly network: Network;
  planAt(at: number): { readonly hash: string; readonly plan: Plan } | null;
}>;

export interface FrontlineWanted {
  readonly no: number;
  readonly limit: number;
  readonly after?: Place | undefined;
}

/** Where somebody stands in a frontline: by what it is sorted by, then by number. */
export interface Place {
  readonly size: number;
  readonly no: number;
}

export interface FrontlinePage {
  readonly rows: readonly Place[];
  readonly isLast: boolean;
  /** Those behind the page. */
  readonly rest: { readonly distributors: number; readonly gv: number | null; readonly downline: number };
}

/** The largest groups first, in one look at the frontline however long it is; without volumes the largest downlines. */
export function frontlinePage(
  network: Network,
  { sums, volumes }: { sums: TreeSums; volumes: TreeVolumes },
  { no, limit, after }: FrontlineWanted,
): FrontlinePage {
  const sizeOf = (other: number): number => volumes.gvOf(other) ?? sums.belowOf(other);
  const behind = sums
    .membersUnder(network, no)
    .map((other): Place => ({ no: other, size: sizeOf(other) }))
    .filter((place) => after === undefined || compare(after, place) < 0);
  const rows = first(behind, limit);
  const shown = new Set(rows.map((row) => row.no));
  const rest = { distributors: behind.length - rows.length, gv: volumes.period === null ? null : 0, downline: 0 };
  for (const { no: other } of behind) {
    if (shown.has(other)) continue;
    rest.downline += sums.belowOf(other);
    if (rest.gv !== null) rest.gv += volumes.gvOf(other) ?? 0;
  }
  return { rows, isLast: rest.distributors === 0, rest };
}

const compare = (a: Place, b: Place): number => b.size - a.size || a.no - b.no;

/** The first of them in order. Sorting a hundred thousand to show five would take most of the time. */
function first(places: readonly Place[], limit: number): Place[] {
  const rows: Place[] = [];
  for (const place of places) {
    const last = rows[limit - 1];
    if (last !== undefined && compare(last, place) < 0) continue;
    let at = Math.min(rows.length, limit - 1);
    for (; at > 0 && compare(place, rows[at - 1] as Place) < 0; at--) if (at < limit) rows[at] = rows[at - 1] as Place;
    rows[at] = place;
  }
  return rows;
}

import type { Plan } from "@upline/core";
import { and, asc, eq, gt } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { type Listed, query } from "../db/query.ts";
import { placementEdges } from "../db/schema/network.ts";

/** The placement trees that bonuses at the order's time pay on, as workers keep them in memory. */

const { distributorNo, parentNo, validFrom } = placementEdges;
const place = { distributorNo, parentNo, validFrom };

/** The trees whose places an order of this plan needs. */
export function orderTimeTrees(plan: Plan | null): string[] {
  const trees = (plan?.bonuses ?? []).flatMap((bonus) =>
    bonus.kind === "matrix" && bonus.snapshot === "order" ? [bonus.tree] : [],
  );
  return [...new Set(trees)];
}

/** Places of a tree that were decided after a version of the directory, in the order in which they were. */
export function readPlaces(tx: Tx, args: { companyId: number; tree: string; after: bigint }): Promise<Listed<typeof place>[]> {
  return query(tx)
    .select(place)
    .from(placementEdges)
    .where(
      and(
        eq(placementEdges.companyId, args.companyId),
        eq(placementEdges.tree, args.tree),
        gt(placementEdges.version, args.after),
      ),
    )
    .orderBy(asc(placementEdges.edgeNo));
}

/** Who stands under whom in one tree, as of any time. Before the first place there is none. */
export class Places {
  /** By distributor number, the earliest first: a move is always later than the place before it. */
  readonly #places = new Map<number, { readonly from: number; readonly parent: number }[]>();

  add(edges: readonly Listed<typeof place>[]): void {
    for (const edge of edges) {
      const known = this.#places.get(edge.distributorNo) ?? [];
      known.push({ from: edge.validFrom.getTime(), parent: edge.parentNo });
      this.#places.set(edge.distributorNo, known);
    }
  }

  /** Nearest first, up to the top of the tree. */
  uplineAsOf(no: number, at: number): number[] {
    const upline: number[] = [];
    const parentOf = (below: number) => this.#places.get(below)?.findLast(({ from }) => from <= at)?.parent ?? 0;
    for (let up = parentOf(no); up !== 0; up = parentOf(up)) upline.push(up);
    return upline;
  }
}

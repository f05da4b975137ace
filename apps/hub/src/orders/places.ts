import { DatedEdges, NO_EDGE, type Plan } from "@upline/core";
import { placementTrees } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { eachPage, onlyRow, PackedInts, PackedMoments, type Page, packedInts, packedMoments } from "../db/packed-pages.ts";
import type { Packed, Sums } from "../db/query.ts";
import { placementEdges } from "../db/schema/network.ts";

/** The placement trees that bonuses at the order's time pay on, as workers keep them in memory. */

const PAGE = 5_000;

/** The trees whose places an order of this plan needs. */
export function orderTimeTrees(plan: Plan | null): string[] {
  return plan === null ? [] : placementTrees(plan, "order");
}

/** Who stands under whom in one tree, as of any time. Before the first place there is none. */
export class Places {
  /** A move is always later than the place before it. */
  readonly #edges = new DatedEdges();

  get bytes(): number {
    return this.#edges.bytes;
  }

  add(place: { readonly distributorNo: number; readonly parentNo: number; readonly from: number }): void {
    this.#edges.add(place.distributorNo, place.parentNo, place.from);
  }

  /** Nearest first, up to the top of the tree. */
  uplineAsOf(no: number, at: number): number[] {
    const upline: number[] = [];
    for (let up = this.#parentAsOf(no, at); up !== 0; up = this.#parentAsOf(up, at)) upline.push(up);
    return upline;
  }

  #parentAsOf(no: number, at: number): number {
    const edge = this.#edges.edgeAsOf(no, at);
    return edge === NO_EDGE ? 0 : this.#edges.aboveOf(edge);
  }
}

/** Adds the places of a tree that were decided after a version of the directory, in the order in which they were. */
export async function followPlaces(
  tx: Tx,
  places: Places,
  wanted: { readonly companyId: number; readonly tree: string; readonly after: bigint },
): Promise<void> {
  await eachPage({
    size: PAGE,
    read: (last) => readPlaces(tx, wanted, last),
    take: (page) => {
      for (let row = 0; row < page.rows; row++)
        places.add({ distributorNo: page.numbers.at(row), parentNo: page.above.at(row), from: page.validFroms.at(row) });
    },
  });
}

interface PlacesPage extends Page {
  readonly numbers: PackedInts;
  readonly above: PackedInts;
  readonly validFroms: PackedMoments;
}

async function readPlaces(
  tx: Tx,
  { companyId, tree, after }: { companyId: number; tree: string; after: bigint },
  last: string,
): Promise<PlacesPage> {
  const { edgeNo, distributorNo, parentNo, validFrom } = placementEdges;
  const page = onlyRow(
    await tx<(Packed<"numbers" | "above" | "validFroms"> & Sums<"last">)[]>`
    select ${packedInts(tx, distributorNo, edgeNo)} as numbers, ${packedInts(tx, parentNo, edgeNo)} as above,
           ${packedMoments(tx, validFrom, edgeNo)} as "validFroms", max(edge_no) as last
      from (select edge_no, distributor_no, parent_no, valid_from from placement_edges
             where company_id = ${companyId} and tree = ${tree} and version > ${after} and edge_no > ${Number(last)}
             order by edge_no limit ${PAGE}) page`,
  );
  const numbers = new PackedInts(page.numbers);
  return {
    rows: numbers.length,
    last: String(page.last),
    numbers,
    above: new PackedInts(page.above),
    validFroms: new PackedMoments(page.validFroms),
  };
}

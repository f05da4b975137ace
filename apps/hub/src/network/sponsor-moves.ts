import { NOBODY, SponsorTree } from "@upline/core";

export interface SponsorEdge {
  readonly distributorNo: number;
  /** 0 is the company. */
  readonly sponsorNo: number;
  readonly validFrom: Date;
}

export type MoveRefusal = "cycle" | "before-latest-move";

/**
 * Which moves can be made from a date on, in an order that never passes through a circle, and why
 * the others cannot. Judged by the same tree that judges orders.
 */
export function settleMoves<T extends SponsorEdge>(args: {
  /** Every edge so far, oldest first, then the first edges of those enrolled now. */
  readonly edges: Iterable<SponsorEdge>;
  readonly moves: readonly T[];
}): { accepted: T[]; refused: { move: T; reason: MoveRefusal }[] } {
  const tree = new SponsorTree();
  tree.enrol(0, NOBODY);
  growTree(tree, args.edges);
  const accepted: T[] = [];
  let waiting = [...args.moves];
  let refused: { move: T; reason: MoveRefusal }[] = [];
  // A move may be possible only after another one: two who change places.
  for (let before = -1; before !== accepted.length && waiting.length > 0; ) {
    before = accepted.length;
    refused = [];
    for (const move of waiting) {
      const outcome = tree.move(move.distributorNo, above(move.sponsorNo), move.validFrom.getTime());
      if (outcome.kind === "done") accepted.push(move);
      else refused.push({ move, reason: outcome.reason === "before-latest-move" ? outcome.reason : "cycle" });
    }
    waiting = refused.map(({ move }) => move);
  }
  return { accepted, refused };
}

/** A distributor's first edge is the enrolment, every later one a move. Numbers are dense, sponsors have smaller ones. */
function growTree(tree: SponsorTree, edges: Iterable<SponsorEdge>): void {
  const first = new Map<number, SponsorEdge>();
  const later: SponsorEdge[] = [];
  for (const edge of edges) {
    if (first.has(edge.distributorNo)) later.push(edge);
    else first.set(edge.distributorNo, edge);
  }
  for (let no = 1; no <= first.size; no++) {
    const edge = first.get(no);
    const outcome = tree.enrol(no, edge ? above(edge.sponsorNo) : NOBODY);
    if (outcome.kind === "refused") throw new Error(`distributor number ${no} cannot be enrolled: ${outcome.reason}`);
  }
  for (const edge of later) tree.move(edge.distributorNo, above(edge.sponsorNo), edge.validFrom.getTime());
}

function above(sponsorNo: number): number {
  return sponsorNo === 0 ? NOBODY : sponsorNo;
}

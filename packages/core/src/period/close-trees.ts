import { placementNamed } from "../plan/trees.ts";
import { type CloseInput, CloseInputError } from "./input.ts";
import { topDown } from "./tree.ts";

/** A tree as a close goes through it. */
export interface CloseTree {
  /** Who stands above, -1 for a root and whoever has no place. */
  readonly above: Int32Array;
  /** Nobody before who stands above them. */
  readonly order: Int32Array;
  /** Leg under the parent, in a placement tree. */
  readonly leg: Uint8Array | null;
}

/** The trees of a close by the names that its plan gives them; each is put in order once. */
export class CloseTrees {
  readonly #input: CloseInput;
  readonly #enrolment: CloseTree;
  readonly #placements = new Map<string, CloseTree>();

  constructor(input: CloseInput) {
    this.#input = input;
    const { sponsor, count } = input.network;
    this.#enrolment = { above: sponsor, order: topDown(sponsor, count), leg: null };
  }

  /** A tree the plan names; without a name who enrolled whom. Throws `CloseInputError` for a placement tree that is not there. */
  named(tree: string | undefined): CloseTree {
    const { network, plan } = this.#input;
    const name = placementNamed(plan, tree);
    if (name === null) return this.#enrolment;
    let placed = this.#placements.get(name);
    if (placed === undefined) {
      const columns = network.placements[name];
      if (columns === undefined)
        throw new CloseInputError(`the plan goes by the placement tree "${name}", which the input does not have`);
      placed = { above: columns.parent, order: topDown(columns.parent, network.count), leg: columns.leg };
      this.#placements.set(name, placed);
    }
    return placed;
  }

  /** The tree whose legs and groups ranks are judged by. */
  get ofRanks(): CloseTree {
    return this.named(this.#input.plan.rankTree);
  }

  /** Everyone, nobody before who stands above them in any of some trees. Throws where two trees have them the other way round. */
  together(trees: readonly CloseTree[]): Int32Array {
    const [first = this.#enrolment, ...others] = [...new Set(trees)];
    return others.length === 0 ? first.order : mergedOrder([first, ...others], this.#input.network.count);
  }
}

function mergedOrder(trees: readonly CloseTree[], count: number): Int32Array {
  const waitsFor = new Int32Array(count);
  for (const { above } of trees) for (const up of above) if (up >= 0) waitsFor[up] = (waitsFor[up] as number) + 1;
  const order = new Int32Array(count);
  // From the end: whoever has nobody left below them comes last of those who are not there yet.
  let taken = 0;
  const take = (no: number): void => {
    taken++;
    order[count - taken] = no;
  };
  for (let no = 0; no < count; no++) if (waitsFor[no] === 0) take(no);
  for (let done = 0; done < taken; done++) {
    const no = order[count - 1 - done] as number;
    for (const { above } of trees) {
      const up = above[no] as number;
      if (up < 0) continue;
      waitsFor[up] = (waitsFor[up] as number) - 1;
      if (waitsFor[up] === 0) take(up);
    }
  }
  if (taken < count)
    throw new CloseInputError(
      `ranks count ranks of people below in several trees, and ${count - taken} distributors stand above each other in them`,
    );
  return order;
}

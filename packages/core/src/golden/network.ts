import { NOBODY } from "../network.ts";
import type { CloseNetwork, PlacementColumns } from "../period/input.ts";
import { PlacementTree } from "../placement.ts";
import { rankNoOf } from "../plan/rules.ts";
import type { Plan } from "../plan/schema.ts";
import type { GoldenCase, GoldenDistributor } from "./case.ts";

/** A case's distributors as numbers and columns. */
export interface CaseNetwork {
  readonly numbers: ReadonlyMap<string, number>;
  readonly distributors: readonly GoldenDistributor[];
  readonly sponsor: Int32Array;
  readonly placements: Readonly<Record<string, PlacementColumns>>;
}

/** Numbers the distributors, resolves names, and places whoever the case leaves to spillover. Throws for unknown names. */
export function buildNetwork(distributors: readonly GoldenDistributor[], spillover: GoldenCase["spillover"]): CaseNetwork {
  const numbers = new Map(distributors.map((one, no) => [one.id, no]));
  if (numbers.size < distributors.length) throw new Error("the case has two distributors of the same id");
  const sponsor = Int32Array.from(distributors, (one) => (one.sponsor === null ? NOBODY : numberOf(numbers, one.sponsor)));
  const trees = new Set([...Object.keys(spillover ?? {}), ...distributors.flatMap((one) => Object.keys(one.places ?? {}))]);
  const placements = Object.fromEntries(
    [...trees].map((tree) => [tree, placeAll(tree, distributors, numbers, sponsor, spillover?.[tree])]),
  );
  return { numbers, distributors, sponsor, placements };
}

export function numberOf(numbers: ReadonlyMap<string, number>, name: string): number {
  const no = numbers.get(name);
  if (no === undefined) throw new Error(`the case names the distributor "${name}", which it does not have`);
  return no;
}

function placeAll(
  tree: string,
  distributors: readonly GoldenDistributor[],
  numbers: ReadonlyMap<string, number>,
  sponsor: Int32Array,
  rule: NonNullable<GoldenCase["spillover"]>[string] | undefined,
): PlacementColumns {
  const count = distributors.length;
  const columns = { parent: new Int32Array(count).fill(NOBODY), leg: new Uint8Array(count) };
  const placed = new PlacementTree({ width: rule?.width ?? 100, ...(rule?.depth === undefined ? {} : { depth: rule.depth }) });
  distributors.forEach((one, no) => {
    const place = one.places?.[tree];
    const parent = place === undefined || place.parent === null ? NOBODY : numberOf(numbers, place.parent);
    if (place !== undefined && parent !== NOBODY) {
      columns.parent[no] = parent;
      columns.leg[no] = place.leg;
    } else if (rule !== undefined && place === undefined && sponsor[no] !== NOBODY) {
      const outcome = placed.place(no, sponsor[no] as number, rule.mode, no);
      if (outcome.kind === "refused") throw new Error(`${one.id} cannot be placed in "${tree}": ${outcome.reason}`);
      columns.parent[no] = outcome.parent;
      columns.leg[no] = outcome.leg;
    } else placed.plant(no, no);
  });
  return columns;
}

/** The columns a close of the case starts from. Ranks the case fixes are directives without end. */
export function closeNetwork(
  network: CaseNetwork,
  plan: Plan,
  titles: Int16Array | null,
  last: readonly Int16Array[],
  grace: Uint8Array | null,
): CloseNetwork {
  const { distributors } = network;
  const count = distributors.length;
  const fixed = distributors.flatMap((one, no) =>
    one.rank === undefined
      ? []
      : [
          {
            no,
            kind: "override" as const,
            rankNo: one.rank === null ? -1 : rankNoOf(plan, one.rank),
            until: Number.POSITIVE_INFINITY,
          },
        ],
  );
  return {
    count,
    ids: distributors.map((one) => one.id),
    sponsor: network.sponsor,
    earning: Uint8Array.from(distributors, (one) =>
      plan.active.statuses.includes(one.status ?? plan.active.statuses[0] ?? "") ? 1 : 0,
    ),
    title: titles ?? Int16Array.from(distributors, (one) => (one.title === undefined ? -1 : rankNoOf(plan, one.title))),
    recentRanks: last,
    graceUsed: grace ?? new Uint8Array(count),
    directives: fixed,
    positionOwner: Int32Array.from(distributors, (one, no) =>
      one.owner === undefined ? no : numberOf(network.numbers, one.owner),
    ),
    placements: network.placements,
  };
}

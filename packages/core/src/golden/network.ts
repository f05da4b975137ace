import { NOBODY } from "../network.ts";
import type { CloseNetwork, PlacementColumns } from "../period/input.ts";
import { type PlacementOutcome, PlacementTree } from "../placement.ts";
import { rankNoOf } from "../plan/rules.ts";
import type { Plan } from "../plan/schema.ts";
import { int32At } from "../typed.ts";
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
  const numbers = new Map(distributors.map((distributor, no) => [distributor.id, no]));
  if (numbers.size < distributors.length) throw new Error("the case has two distributors of the same id");
  const sponsor = Int32Array.from(distributors, (person) =>
    person.sponsor === null ? NOBODY : numberOf(numbers, person.sponsor),
  );
  const trees = new Set([
    ...Object.keys(spillover ?? {}),
    ...distributors.flatMap((distributor) => Object.keys(distributor.places ?? {})),
  ]);
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
  const placed = new PlacementTree({ width: rule?.width ?? 100, ...(rule?.depth === undefined ? {} : { depth: rule.depth }) });
  const put = (no: number, outcome: PlacementOutcome): void => {
    if (outcome.kind === "refused") throw new Error(`${distributors[no]?.id} cannot be placed in "${tree}": ${outcome.reason}`);
  };
  // By hand first, so that spillover sees every place that is taken; whoever stands under somebody comes after them.
  for (const no of handOrder(tree, distributors, numbers)) {
    const place = distributors[no]?.places?.[tree];
    if (place === undefined || place.parent === null) put(no, placed.plant(no, no));
    else put(no, placed.placeAt(no, numberOf(numbers, place.parent), place.leg, no));
  }
  // Then sponsors before whom they sponsored, else as the case lists them.
  const waiting = new Set(distributors.flatMap((distributor, no) => (distributor.places?.[tree] === undefined ? [no] : [])));
  const placeOne = (no: number): void => {
    const under = int32At(sponsor, no);
    if (!waiting.delete(no)) return;
    if (under !== NOBODY && waiting.has(under)) placeOne(under);
    put(no, rule === undefined || under === NOBODY ? placed.plant(no, no) : placed.place(no, under, rule.mode, no));
  };
  for (const no of waiting) placeOne(no);
  return placed.columnsAsOf(count, count);
}

/** Whoever has a place by hand, parents first. */
function handOrder(tree: string, distributors: readonly GoldenDistributor[], numbers: ReadonlyMap<string, number>): number[] {
  const order = new Set<number>();
  const visit = (no: number, above: readonly number[]): void => {
    const place = distributors[no]?.places?.[tree];
    if (place === undefined || order.has(no)) return;
    if (above.includes(no)) throw new Error(`${distributors[no]?.id} is placed below themselves in "${tree}"`);
    if (place.parent !== null) visit(numberOf(numbers, place.parent), [...above, no]);
    order.add(no);
  };
  distributors.forEach((_, no) => {
    visit(no, []);
  });
  return [...order];
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
  const fixed = distributors.flatMap((distributor, no) =>
    distributor.rank === undefined
      ? []
      : [
          {
            no,
            kind: "override" as const,
            rankNo: distributor.rank === null ? -1 : rankNoOf(plan, distributor.rank),
            until: Number.POSITIVE_INFINITY,
          },
        ],
  );
  return {
    count,
    ids: distributors.map((distributor) => distributor.id),
    sponsor: network.sponsor,
    earning: Uint8Array.from(distributors, (person) =>
      plan.active.statuses.includes(person.status ?? plan.active.statuses[0] ?? "") ? 1 : 0,
    ),
    title: titles ?? Int16Array.from(distributors, (person) => (person.title === undefined ? -1 : rankNoOf(plan, person.title))),
    recentRanks: last,
    graceUsed: grace ?? new Uint8Array(count),
    directives: fixed,
    positionOwner: Int32Array.from(distributors, (person, no) =>
      person.owner === undefined ? no : numberOf(network.numbers, person.owner),
    ),
    placements: network.placements,
  };
}

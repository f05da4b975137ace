import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { largeDownlines } from "./large-downlines.ts";

/** Whoever stands below in any tree, found person by person. */
function partOf(no: number, trees: readonly (readonly number[])[]): number {
  const seen = new Set([no]);
  for (const member of seen)
    for (const above of trees) for (const [below, up] of above.entries()) if (up === member) seen.add(below);
  return seen.size;
}

/** Where everyone stands in a tree: below somebody before them in an order of its own, or below nobody. */
const tree = (count: number) =>
  fc
    .tuple(
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, no) => no),
        { minLength: count },
      ),
      fc.array(fc.integer({ min: -1, max: 4 * count }), { minLength: count, maxLength: count }),
    )
    .map(([order, picks]) => {
      const above = new Array<number>(count).fill(-1);
      for (const [place, no] of order.entries())
        above[no] = place === 0 ? -1 : (order[((picks[place] as number) + place) % place] ?? -1);
      return above;
    });

test("those are large whose part of all trees together has more people, however the trees cross", () => {
  const company = fc.integer({ min: 1, max: 40 }).chain((count) => fc.record({ sponsor: tree(count), binary: tree(count) }));
  fc.assert(
    fc.property(company, fc.integer({ min: 1, max: 12 }), ({ sponsor, binary }, most) => {
      const network = {
        count: sponsor.length,
        sponsor: Int32Array.from(sponsor),
        placements: { binary: { parent: Int32Array.from(binary), leg: new Uint8Array(sponsor.length) } },
      };
      const found = largeDownlines({ network } as unknown as Parameters<typeof largeDownlines>[0], most);
      const large = sponsor.flatMap((_, no) => (partOf(no, [sponsor, binary]) > most ? [no] : []));
      expect(found).toStrictEqual(large);
    }),
    runs(300),
  );
});

import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { earliestWaiting } from "./holding-tank.ts";
import { Network } from "./network.ts";
import { bytesOf } from "./text-index.ts";

/** The oracle: everybody who waits, sorted. */
test("those who wait come by date, then by the bytes of their ids, however many they are and in whatever order they came", () => {
  const SIGNS = ["b", "B", "\u00e9", "\u{1f600}", "\uff5a"];
  const order = fc.constantFrom<"as drawn" | "by date" | "against it">("as drawn", "by date", "against it");
  const days = fc.array(fc.nat(3), { maxLength: 900, size: "max" });
  fc.assert(
    fc.property(days, order, fc.integer({ min: 1, max: 40 }), (days, order, limit) => {
      const sign = order === "as drawn" ? 0 : order === "by date" ? 1 : -1;
      const people = days
        .map((day, index) => ({ id: `${SIGNS[index % 5]}${(index * 7919) % 1009}`, day, placed: (index * 31) % 7 < 3 }))
        .toSorted((a, b) => sign * (a.day - b.day));
      const network = new Network();
      for (const [index, { id, day, placed }] of people.entries()) {
        const distributorNo = index + 1;
        network.enrol(distributorNo, { id: bytesOf(id), enrolledAt: day, country: 0 });
        if (placed) network.place(bytesOf("binary"), { distributorNo, parentNo: 0, leg: 0, from: 0 });
      }
      const sorted = people.toSorted((a, b) => a.day - b.day || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
      const pagesOf = (tree: string) => {
        const found: number[] = [];
        for (let page = earliestWaiting(network, { tree, limit }); page.length > 0; ) {
          found.push(...page);
          page = earliestWaiting(network, { tree, limit, after: page.at(-1) });
        }
        return found;
      };
      const idsOf = (tree: string) => pagesOf(tree).map((no) => network.needIdOf(no));
      const waiting = sorted.filter(({ placed }) => !placed);
      expect(idsOf("binary")).toStrictEqual(waiting.map(({ id }) => id));
      expect(idsOf("another")).toStrictEqual(sorted.map(({ id }) => id));
    }),
    runs(40),
  );
});

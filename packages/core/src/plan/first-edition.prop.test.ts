import { readdirSync, readFileSync } from "node:fs";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GoldenDistributor, GoldenOrder, GoldenPeriod } from "../golden/case.ts";
import { buildNetwork } from "../golden/network.ts";
import { playPeriods } from "../golden/play.ts";
import { parsePlan } from "./parse.ts";
import type { Plan } from "./schema.ts";

/**
 * The first five ready plans were rewritten in the words of the second edition. Their documents of before stand in `first-edition/`,
 * and what they judge and pay is the same, whatever a company lives through. Only the rounding differs, which is left out here.
 */

const read = (url: URL): Plan => parsePlan({ ...JSON.parse(readFileSync(url, "utf8")), rounding: "half-up" });
const BEFORE = new URL("first-edition/", import.meta.url);
const NOW = new URL("../../../../docs/plans/", import.meta.url);
const RANKED = { width: 3, depth: 7, mode: "breadth-first" } as const;

/** Mostly a few volumes around what ranks ask for, so that some meet it to the unit and some fall short by little. */
const pv = fc.constantFrom("0", "50", "99.9999", "100", "199.99", "200", "400", "2000", "5000", "8000", "25000");
const sale = fc.record({
  owner: fc.nat(1000),
  self: fc.boolean(),
  first: fc.boolean(),
  class: fc.constantFrom("standard", "standard", "standard", "promotional", "starter-kit"),
  pv,
  factor: fc.constantFrom("same", "none"),
});
const people = fc.array(
  fc.record({
    sponsor: fc.option(fc.nat(1000), { nil: null, freq: 1 }),
    status: fc.constantFrom("active", "active", "active", "active", "left"),
  }),
  { minLength: 8, maxLength: 16, size: "max" },
);
/** Everyone buys and sells enough to be active in most periods, and some sell more. */
const company = fc.record({
  people,
  periods: fc.array(
    fc.record({ sales: fc.array(sale, { maxLength: 14, size: "max" }), idle: fc.array(fc.nat(15), { maxLength: 3 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
});
type Company = typeof company extends fc.Arbitrary<infer Value> ? Value : never;

function told({ people, periods }: Company): { people: GoldenDistributor[]; periods: GoldenPeriod[] } {
  const id = (no: number) => `P${no % people.length}`;
  return {
    people: people.map(({ sponsor, status }, no) => ({
      id: id(no),
      // Three under everyone, but who stands elsewhere.
      sponsor: no === 0 ? null : id(sponsor === null ? Math.floor((no - 1) / 3) : sponsor % no),
      status,
    })),
    periods: periods.map(({ sales, idle }, at) => ({
      id: `2027-0${at + 1}`,
      orders: [
        ...people.flatMap((_, no): GoldenOrder[] =>
          idle.includes(no) ? [] : [{ owner: id(no), pv: "200", cv: "200", net: "240" }],
        ),
        ...sales.map(({ owner, self, first, class: of, pv: volume, factor }) => ({
          ...{ owner: id(owner), self, first, class: of, pv: volume, net: volume },
          cv: factor === "same" ? volume : "0",
        })),
      ],
    })),
  };
}

test.each(readdirSync(BEFORE))("%s judges and pays what its document of the first edition did", (file) => {
  const [before, now] = [read(new URL(file, BEFORE)), read(new URL(file, NOW))];
  const ranks = new Set<number>();
  let amounts = 0;
  fc.assert(
    fc.property(company, (drawn) => {
      const { people, periods } = told(drawn);
      const network = buildNetwork(people, { binary: { ...RANKED, width: 2, depth: 20 }, matrix: RANKED });
      const [was, is] = [before, now].map((plan) => playPeriods(plan, "USD", network, periods));
      expect(is?.amounts).toStrictEqual(was?.amounts);
      expect(is?.closes.map(({ ranks }) => ranks)).toStrictEqual(was?.closes.map(({ ranks }) => ranks));
      amounts += was?.amounts.length ?? 0;
      for (const { ranks: judged } of was?.closes ?? []) for (const rank of judged.paidAs) ranks.add(rank);
    }),
    runs(100),
  );
  expect(amounts).toBeGreaterThan(300);
  // Nobody's rank is all there is: the ranks that ask for the rewritten conditions are reached.
  expect(Math.max(...ranks)).toBeGreaterThanOrEqual(2);
});

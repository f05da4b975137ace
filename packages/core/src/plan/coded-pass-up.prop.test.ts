import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { computeCommissions } from "../commission.ts";
import { buildNetwork } from "../golden/network.ts";
import { playPeriods } from "../golden/play.ts";
import { payoutCeiling } from "./ceiling.ts";
import { diffPlans } from "./diff.ts";
import { explainStep } from "./explain.ts";
import { lintPlan } from "./lint.ts";
import { parsePlan } from "./parse.ts";
import type { Bonus, Plan } from "./schema.ts";
import { distributorOf, lineOf, orderOf, planOf } from "./testing.ts";

const coded = {
  ...{ id: "two-up", kind: "pass-up", snapshot: "order", base: "net", rates: { "*": "0.40" }, count: 2, cascades: false },
  ...{ kept: { "*": "0.10" }, to: "company", counts: "sales", per: "class" },
};
const classes = ["a", "b"].map((id) => ({ id, name: id }));
const planWith = (more: object): Plan =>
  parsePlan(planOf({ commissionClasses: classes, bonuses: [{ ...coded, ...more }] as unknown as Bonus[] }));

/** Who sponsors whom; whole hundreds, so that percents are whole cents and the oracle needs no rounding. */
const SPONSOR: Readonly<Record<string, string | null>> = { T: null, A: "T", B: "T", C: "A", D: "A", E: "B", F: "C" };
const network = buildNetwork(
  Object.entries(SPONSOR).map(([id, sponsor]) => ({ id, sponsor })),
  undefined,
);
const sales = fc.array(
  fc.record({
    owner: fc.constantFrom(...Object.keys(SPONSOR)),
    hundreds: fc.integer({ min: 1, max: 9 }),
    class: fc.constantFrom("a", "b"),
    day: fc.integer({ min: 10, max: 14 }),
  }),
  { maxLength: 14 },
);
const rules = fc.record({
  count: fc.integer({ min: 1, max: 3 }),
  keeps: fc.constantFrom(0, 10, 25, 40),
  to: fc.constantFrom("upline" as const, "company" as const),
  perClass: fc.boolean(),
});

test("each sale pays the sponsor, the company and the next upline what the rule says, whatever order sales are listed in", () => {
  let amounts = 0;
  fc.assert(
    fc.property(sales, rules, (sold, { count, keeps, to, perClass }) => {
      const plan = planWith({ count, to, kept: { "*": (keeps / 100).toFixed(2) }, per: perClass ? "class" : undefined });
      const expected: Record<string, number> = {};
      const add = (who: string, dollars: number): void => {
        if (dollars !== 0) expected[who] = (expected[who] ?? 0) + dollars * 100;
      };
      const before: typeof sold = [];
      for (const sale of [...sold].sort((a, b) => a.day - b.day)) {
        const sponsor = SPONSOR[sale.owner];
        const earlier = before.filter(
          (other) => SPONSOR[other.owner] === sponsor && (!perClass || other.class === sale.class),
        ).length;
        before.push(sale);
        if (sponsor == null) continue;
        if (earlier >= count) {
          add(sponsor, 40 * sale.hundreds);
          continue;
        }
        add(sponsor, keeps * sale.hundreds);
        const up = SPONSOR[sponsor];
        if (to === "company") add("company", (40 - keeps) * sale.hundreds);
        else if (up != null) add(up, (40 - keeps) * sale.hundreds);
      }
      const orders = sold.map((sale) => ({
        ...{ owner: sale.owner, class: sale.class, net: `${sale.hundreds}00.00`, self: true },
        placedAt: `2026-06-${sale.day}T12:00:00Z`,
      }));
      const found: Record<string, number> = {};
      const played = playPeriods(plan, "USD", network, [{ id: "p", orders }]).amounts;
      for (const { to: who, amountMinor } of played)
        found[who ?? "company"] = (found[who ?? "company"] ?? 0) + Number(amountMinor);
      amounts += played.length;
      expect(found).toStrictEqual(expected);
      const sold100 = sold.reduce((sum, sale) => sum + sale.hundreds, 0);
      const paid = Object.values(found).reduce((sum, minor) => sum + minor, 0);
      expect(paid).toBeLessThanOrEqual(40 * sold100 * 100);
    }),
    runs(500),
  );
  expect(amounts).toBeGreaterThan(1_000);
  expect(payoutCeiling(planWith({})).ofNet).toStrictEqual({ num: 2n, den: 5n });
});

test("an explanation says which sale it is, what was kept and what the company has", () => {
  const upline = [distributorOf("buyer"), distributorOf("sponsor"), distributorOf("above")];
  const order = orderOf(planWith({}), { lines: [lineOf({ commissionClass: "a", netMinor: 10_000n })], upline });
  expect(computeCommissions({ ...order, saleNumbers: { a: 2 } }).walk.map(explainStep)).toStrictEqual([
    "level 1: sale number 2 is among the first 2, whose pay is passed up",
    "level 1: no rank earns 10% of 100.00 = 10.00 USD",
    "level 1: of 40% of 100.00 10% is kept below: 30.00 USD go to the company",
  ]);
  expect(computeCommissions({ ...order, saleNumbers: { a: 3 } }).walk.map(explainStep)).toStrictEqual([
    "level 1: no rank earns 40% of 100.00 = 40.00 USD",
  ]);
  expect(() => computeCommissions(order)).toThrow('the bonus "two-up" counts sales, and nobody said which one this is');
  const left = upline.map((distributor, i) => (i === 1 ? { ...distributor, status: "left" } : distributor));
  expect(computeCommissions({ ...order, upline: left, saleNumbers: { a: 1 } }).walk.map(explainStep)).toStrictEqual([
    "level 1: sale number 1 is among the first 2, whose pay is passed up",
    'level 1: status is "left", which does not earn; not earned, the level is used',
    "level 1: of 40% of 100.00 10% is kept below: 30.00 USD go to the company",
  ]);
});

test("recruits are counted as before, and the sponsor keeps a share of the first", () => {
  const plan = planWith({ counts: "recruits", per: undefined, to: undefined });
  const paid = (enrolmentNumber: number): string[] =>
    computeCommissions(
      orderOf(plan, {
        lines: [lineOf({ commissionClass: "a", netMinor: 10_000n })],
        upline: [distributorOf("buyer", { enrolmentNumber }), distributorOf("sponsor"), distributorOf("above")],
      }),
    ).entries.map((entry) => `${entry.earner} ${entry.amountMinor}`);
  expect(paid(2)).toStrictEqual(["sponsor 1000", "above 3000"]);
  expect(paid(3)).toStrictEqual(["sponsor 4000"]);
});

test("what is kept may go by something else than the rate, and is never more than it", () => {
  const ranks = [{ id: "pro", name: "Pro", requires: { pv: "1" } }];
  const rates = { by: "title", rows: { none: "0.20", pro: "0.50" } };
  const kept = {
    by: "measure",
    measure: "own",
    applies: "whole",
    rows: [
      { from: "0", row: "0.10" },
      { from: "100", row: "0.30" },
    ],
  };
  const bonuses = [{ ...coded, rates, kept, counts: "recruits", per: undefined, to: "company" }] as unknown as Bonus[];
  const plan = parsePlan(planOf({ ranks, commissionClasses: classes, measures: { own: { what: "pv" } }, bonuses }));
  const paid = (title: string | null, own: bigint): string[] =>
    computeCommissions(
      orderOf(plan, {
        lines: [lineOf({ commissionClass: "a", netMinor: 10_000n })],
        upline: [distributorOf("buyer", { enrolmentNumber: 1 }), distributorOf("sponsor", { title, measures: { own } })],
      }),
    ).entries.map((entry) => `${entry.earner ?? "company"} ${entry.amountMinor}`);
  expect(paid("pro", 99_0000n)).toStrictEqual(["sponsor 1000", "company 4000"]);
  expect(paid("pro", 100_0000n)).toStrictEqual(["sponsor 3000", "company 2000"]);
  expect(paid(null, 100_0000n)).toStrictEqual(["sponsor 2000"]);
  expect(payoutCeiling(plan).ofNet).toStrictEqual({ num: 1n, den: 2n });
});

test("a pass-up whose ranks all have a rate needs no rate for everyone else", () => {
  const ranks = [{ id: "pro", name: "Pro", requires: { pv: "1" } }];
  const bonuses = [{ ...coded, rates: { none: "0.3", pro: "0.5" } }] as unknown as Bonus[];
  expect(() => parsePlan(planOf({ ranks, commissionClasses: classes, bonuses }))).not.toThrow();
});

test("a pass-up that cannot be kept is refused with the field, and one that keeps everything is warned of", () => {
  const sentence = (more: object): string => {
    try {
      planWith(more);
      return "accepted";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  expect(sentence({})).toBe("accepted");
  expect(sentence({ cascades: true })).toMatch(
    /bonuses\[0\]\.cascades: is true, but what is passed up here goes one step and no further; right would be false/,
  );
  expect(sentence({ counts: "recruits" })).toMatch(
    /bonuses\[0\]\.per: counts each class anew, but recruits have no class; right would be "counts": "sales", or to leave it out/,
  );
  expect(sentence({ kept: { "*": "0.50" } })).toMatch(
    /bonuses\[0\]\.kept\.\*: is "0.50", more than the rate of "0.40" that it is kept of; right would be at most that rate/,
  );
  expect(sentence({ kept: { gold: "0.1" } })).toMatch(/bonuses\[0\]\.kept\.gold: names the rank "gold"/);
  expect(sentence({ to: "nobody" })).toMatch(/bonuses\[0\]\.to: is "nobody"; right would be one of "upline", "company"/);
  const found = (more: object) => lintPlan(planWith(more)).filter((finding) => finding.rule === "pass-up");
  expect(found({})).toStrictEqual([]);
  expect(found({ kept: { "*": "0.40" } })).toMatchObject([
    { severity: "warning", path: "bonuses[0].kept", wrong: "keeps the whole rate, so that nothing is passed up" },
  ]);
});

test("a version that keeps more says so", () => {
  expect(diffPlans(planWith({}), planWith({ kept: { "*": "0.15" } })).map((change) => change.text)).toStrictEqual([
    'bonus "two-up", kept, everyone else: 10% becomes 15%',
  ]);
});

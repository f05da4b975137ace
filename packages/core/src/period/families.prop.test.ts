import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { anyNetwork, anyRows, differential, generation, RANKS, within } from "../plan/arbitrary.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { planOf, rankOf } from "../plan/testing.ts";
import { closePeriod } from "./close.ts";
import type { CloseNetwork } from "./input.ts";
import { qualifyingVolume } from "./ranks.ts";
import { closeOf, networkOf, type TestRow } from "./testing.ts";
import { childrenOf } from "./tree.ts";

const RUNS = runs(200);
const planWith = (bonus: unknown): Plan =>
  parsePlan(planOf({ ranks: RANKS.map((id) => rankOf(id)), breakawayRank: "gold", bonuses: [bonus as Bonus] }));

function uplineOf(network: CloseNetwork, no: number): number[] {
  const upline: number[] = [];
  for (let up = network.sponsor[no] as number; up >= 0; up = network.sponsor[up] as number) upline.push(up);
  return upline;
}

test("a differential pays exactly the top percentage of the path, to the last unit", () => {
  fc.assert(
    fc.property(differential, anyNetwork, fc.nat(100), fc.integer({ min: 1, max: 900_000 }), (bonus, network, at, volume) => {
      fc.pre(bonus.percentage.by === "rank" && !bonus.stopsAtBreakaway);
      const source = at % network.count;
      const result = closePeriod(closeOf(planWith(bonus), network, [{ owner: source, volume }]));
      const rates = bonus.percentage.by === "rank" ? bonus.percentage.rates : {};
      const shares = [source, ...uplineOf(network, source)].map((no) => {
        const rank = RANKS[network.directives.find((directive) => directive.no === no)?.rankNo ?? -1] ?? "*";
        return network.earning[no] === 1 ? Number(rates[rank] ?? rates["*"] ?? "0") : 0;
      });
      const baseRate = Number(bonus.baseRate);
      const top = Math.round(Math.max(...shares) * 1000);
      const exact = Math.floor((2 * volume * top * baseRate * 10 + 1_000_000) / 2_000_000);
      const paid = result.bonuses[0]?.amounts.reduce((sum, amount) => sum + amount, 0);
      expect(paid).toBe(exact);
    }),
    RUNS,
  );
});

/** The view down from the earner: everyone below, with the leaders passed on the way. */
function downwardGenerations(
  network: CloseNetwork,
  earner: number,
  bounds: (no: number) => boolean,
  emptyCounts: boolean,
): Map<number, number> {
  const below = childrenOf(network.sponsor, network.count);
  const found = new Map<number, number>();
  const open: { no: number; generation: number; leaderAbove: boolean }[] = [{ no: earner, generation: 1, leaderAbove: true }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    for (let i = below.start[entry.no] as number; i < (below.start[entry.no + 1] as number); i++) {
      const no = below.list[i] as number;
      found.set(no, entry.generation);
      const isLeader = bounds(no);
      const counts = isLeader && (emptyCounts || !entry.leaderAbove);
      open.push({ no, generation: entry.generation + (counts ? 1 : 0), leaderAbove: isLeader });
    }
  }
  return found;
}

test("generations counted up from the source are those counted down from the earner", () => {
  fc.assert(
    fc.property(generation, anyNetwork, fc.nat(100), (bonus, network, at) => {
      const source = at % network.count;
      const rankOfNo = (no: number): number => network.directives.find((directive) => directive.no === no)?.rankNo ?? -1;
      const result = closePeriod(closeOf(planWith(bonus), network, [{ owner: source, volume: 1_000_000_0000 }]), {
        details: true,
      });
      for (const entry of result.entries ?? []) {
        const boundary = bonus.boundary.kind === "fixed-rank" ? RANKS.indexOf(bonus.boundary.rank) : rankOfNo(entry.earner);
        const bounds = (no: number): boolean =>
          boundary >= 0 && rankOfNo(no) >= boundary && (bonus.boundary.inactiveLeaderBounds || network.earning[no] === 1);
        expect(entry.level).toBe(
          downwardGenerations(network, entry.earner, bounds, bonus.boundary.emptyGenerationCounts).get(source),
        );
      }
    }),
    RUNS,
  );
});

test("the max-leg rule on the total is the largest total in which no leg is above its share", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2000), { maxLength: 6 }),
      fc.nat(500),
      fc.constantFrom([1, 2], [2, 5], [3, 5], [1, 3]),
      (legs, own, [num, den]) => {
        const network = networkOf([-1, ...legs.map(() => 0)]);
        const facts = { own: Float64Array.from([own, ...legs]), gv: Float64Array.from([0, ...legs]) };
        const rule = { gv: 0, maxLeg: { mode: "cap-on-total" as const, num: num as number, den: den as number } };
        const total = qualifyingVolume(rule, facts, childrenOf(network.sponsor, network.count), 0);
        const counted = (most: number): number =>
          legs.reduce((sum, leg) => sum + Math.min(leg, (most * (num as number)) / (den as number)), own);
        assert.ok(counted(total) >= total - 1e-9, `${total} is too much`);
        assert.ok(
          counted(total + 1) < total + 1 || total >= own + legs.reduce((sum, leg) => sum + leg, 0),
          `${total} is too little`,
        );
      },
    ),
    RUNS,
  );
});

test("infinity, blocked: an earner is paid below the level pay exactly where no equal or higher rank stands between", () => {
  fc.assert(
    fc.property(anyNetwork, anyRows, fc.nat(3), fc.nat(2), (network, rows, belowLevel, levelsUnder) => {
      const bonus = {
        id: "infinity",
        kind: "infinity",
        snapshot: "close",
        base: "cv",
        rates: { bronze: "0.01", silver: "0.02", gold: "0.03", diamond: "0.04" },
        belowLevel,
        pay: { mode: "blocked", levelsUnder },
      };
      const result = closePeriod(
        closeOf(
          planWith(bonus),
          network,
          within(rows, network).map((row) => ({ ...row, self: false, volume: row.volume + 10_000_00 })),
        ),
        { details: true },
      );
      const rankOfNo = (no: number): number => network.directives.find((directive) => directive.no === no)?.rankNo ?? -1;
      const paid = new Set((result.entries ?? []).map((entry) => `${entry.source} ${entry.earner}`));
      for (const source of new Set(within(rows, network).map((row) => row.owner))) {
        const path = [source, ...uplineOf(network, source)];
        path.forEach((earner, i) => {
          const blocked = path.slice(levelsUnder, i).some((between) => rankOfNo(between) >= rankOfNo(earner));
          const due = i + 1 > belowLevel && network.earning[earner] === 1 && rankOfNo(earner) >= 0 && !blocked;
          expect(paid.has(`${source} ${earner}`), `${earner} on ${source}`).toBe(due);
        });
      }
    }),
    RUNS,
  );
});

test("a pool is paid out to the last unit, or rolls over whole", () => {
  fc.assert(
    fc.property(anyNetwork, anyRows, fc.integer({ min: 1, max: 99_999 }), (network, rows, cents) => {
      const bonus = {
        id: "pool",
        kind: "pool",
        snapshot: "close",
        size: { by: "amount", amount: (cents / 100).toFixed(2) },
        units: { by: "rank", units: { gold: 1, diamond: 3 } },
        withoutQualifiers: "roll-over",
      };
      const result = closePeriod(closeOf(planWith(bonus), network, within(rows, network)));
      const paid = result.bonuses[0]?.amounts.reduce((sum, amount) => sum + amount, 0) ?? 0;
      expect(paid + (result.carried.pools.pool ?? 0)).toBe(cents);
      assert.ok(paid === 0 || paid === cents);
    }),
    RUNS,
  );
});

test("level pay and its breakage give out every share of a level somebody stands at", () => {
  fc.assert(
    fc.property(anyNetwork, fc.nat(100), fc.constantFrom("company", "next-qualified"), (network, index, unqualifiedEarner) => {
      const bonus = {
        id: "levels",
        kind: "unilevel",
        snapshot: "close",
        base: "cv",
        rates: { "*": ["0.10", "0.05", "0.03"] },
        levelOne: "owner",
        compression: "none",
        unqualifiedSource: "pay-in-place",
        unqualifiedEarner,
      };
      const source = index % network.count;
      const row: TestRow = { owner: source, volume: 1_000_0000 };
      const closed = closePeriod(closeOf(planWith(bonus), network, [row])).bonuses[0];
      const standing = [0.1, 0.05, 0.03].slice(0, 1 + uplineOf(network, source).length);
      const given = (closed?.amounts.reduce((sum, amount) => sum + amount, 0) ?? 0) + (closed?.breakageMinor ?? 0);
      expect(given).toBe(Math.round(standing.reduce((sum, rate) => sum + rate, 0) * 100_000));
    }),
    RUNS,
  );
});

import { expect, test } from "vitest";
import { payoutCeiling } from "../plan/ceiling.ts";
import { diffPlans } from "../plan/diff.ts";
import { lintPlan } from "../plan/lint.ts";
import { parsePlan } from "../plan/parse.ts";
import { planOf, rankOf } from "../plan/testing.ts";
import { closePeriod } from "./close.ts";
import { explainClose } from "./explain.ts";
import { closeOf, fixedRanks, networkOf } from "./testing.ts";

/** What is told of a pool; its amounts are golden cases and the oracle's. */

const pool = {
  ...{ id: "elite", kind: "pool", snapshot: "close", size: { by: "amount", amount: "1000.00" }, earnsIf: "seller" },
  units: [
    { by: "rank", units: { gold: 1, diamond: 3 } },
    { by: "measure", measure: "gold-below", each: 2 },
  ],
  ...{ shareCap: { share: "0.40" }, cutGoesTo: "others", withoutQualifiers: "company" },
};
const plan = (more: object = {}) =>
  parsePlan(
    planOf({
      ranks: [rankOf("gold"), rankOf("diamond")],
      measures: {
        own: { what: "pv" },
        "gold-below": { what: "count", of: "levels", levels: { from: 1 }, meeting: { rank: "gold" } },
      },
      conditions: { seller: { measure: "own", atLeast: "10" } },
      bonuses: [{ ...pool, ...more }] as never,
    }),
  );

test("an explanation tells the units, the pool and the limit, and why somebody has nothing", () => {
  const network = networkOf([-1, 0, 0, 0, 0], {
    directives: fixedRanks([1, 0, 0, 0, -1]),
    earning: Uint8Array.of(1, 1, 1, 0, 1),
  });
  const rows = [0, 1, 3, 4].map((owner) => ({ owner, volume: 120_000 }));
  const input = closeOf(plan(), network, rows);
  const result = closePeriod(input, { details: true });
  const told = (no: number) => explainClose(input, result, no).bonuses[0]?.lines;
  expect(told(0)).toStrictEqual([
    "9 of 10 units (rank: 3, gold-below 3 × 2: 6) of a pool of 1000.00 USD",
    "nobody gets more than 400.00 USD; the rest goes to the others by their units",
    "level 0: 400.00 USD",
  ]);
  expect(told(1)).toStrictEqual([
    "1 of 10 units (rank: 1, gold-below 0 × 2: 0) of a pool of 1000.00 USD",
    "nobody gets more than 400.00 USD; the rest goes to the others by their units",
    "level 0: 400.00 USD",
  ]);
  expect(told(2)).toStrictEqual(["does not qualify: own needs 10, had 0: 10 short"]);
  expect(told(3)).toStrictEqual(["no member: only the active share the pool"]);
  expect(told(4)).toStrictEqual(["no units (rank: 0, gold-below 0 × 2: 0)"]);
  expect(result.bonuses[0]?.breakageMinor).toBe(20_000);
});

test("a pool whose units are enrolments pays for recruiting", () => {
  const measures = { recruits: { what: "count" as const, of: "enrolled" as const } };
  const found = lintPlan(
    parsePlan(
      planOf({ measures, bonuses: [{ ...pool, earnsIf: undefined, units: [{ by: "measure", measure: "recruits" }] }] as never }),
    ),
  );
  expect(found.filter(({ rule }) => rule === "pay-for-recruiting").map(({ path, wrong }) => `${path} ${wrong}`)).toStrictEqual([
    'bonuses[0].units pays for recruiting: it asks for nothing but "recruits", which counts enrolments or kits',
  ]);
});

test("the ceiling of a pool is its share of CV or net, and of PV there is none", () => {
  const ofShare = (of: string) => payoutCeiling(plan({ size: { by: "share", share: "0.02", of } }));
  const two = { num: 1n, den: 50n };
  const nothing = { num: 0n, den: 1n };
  expect([ofShare("cv").ofCv, ofShare("cv").ofNet]).toStrictEqual([two, nothing]);
  expect([ofShare("net").ofCv, ofShare("net").ofNet]).toStrictEqual([nothing, two]);
  expect([ofShare("pv").ofCv, ofShare("pv").bonuses[0]?.why]).toStrictEqual([
    null,
    "it is a share of PV, which is no share of CV",
  ]);
});

test("a newer version's limit is told in words", () => {
  const found = diffPlans(plan(), plan({ shareCap: { share: "0.25" }, cutGoesTo: "company" }));
  expect(found.map(({ text }) => text)).toStrictEqual([
    'bonus "elite", the most one person gets, share: 40% becomes 25%',
    'bonus "elite", what is cut goes to: "others" becomes "company"',
  ]);
});

import { readdirSync, readFileSync } from "node:fs";
import { assert, expect, test } from "vitest";
import type { GoldenExpectation } from "../golden/case.ts";
import { runGoldenCase } from "../golden/run.ts";
import { payoutCeiling } from "./ceiling.ts";
import { isPublishable, lintPlan, shareText } from "./lint.ts";
import { parsePlan } from "./parse.ts";

const folder = new URL("../../../../docs/plans/", import.meta.url);
const documentOf = (name: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));

const CEILINGS: Readonly<Record<string, string>> = {
  "binary-matching": "50 %",
  "breakaway-guarantee-pool": "26 %",
  "customer-acquisition": "8.5 %",
  "forced-matrix": "39.1 %",
  "hybrid-generations-pool": "34 %",
  "party-plan": "42 %",
  "stairstep-breakaway": "33 %",
  "two-tree-car": "39.35 %",
  "unilevel-compression": "30 %",
  "weekly-binary-monthly-unilevel": "39 %",
};

test("every ready plan parses, may be published, and has the ceiling it says", () => {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.replace(".json", ""));
  expect(names.sort()).toStrictEqual(Object.keys(CEILINGS));
  for (const name of names) {
    const plan = parsePlan(documentOf(name));
    assert.ok(isPublishable(lintPlan(plan)), name);
    const { ofCv } = payoutCeiling(plan);
    expect(ofCv === null ? "none" : shareText(ofCv)).toBe(CEILINGS[name]);
  }
});

test.each(readdirSync(new URL("cases/", folder)))("ready plan, worked by hand: %s", (file) => {
  const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`cases/${path}`, folder), "utf8"));
  for (const { outcome, reason, differences } of runGoldenCase(read(file), read))
    expect({ outcome, reason, differences }).toStrictEqual({ outcome: "passed", reason: null, differences: [] });
});

test("every ready plan has a page for people", () => {
  for (const name of Object.keys(CEILINGS)) expect(readFileSync(new URL(`${name}.md`, folder), "utf8")).toContain(`${name}.json`);
});

interface Play {
  readonly plan: string;
  readonly distributors: unknown[];
  readonly periods: unknown[];
  readonly spillover?: unknown;
  readonly expected: GoldenExpectation;
}

function play({ plan, distributors, periods, spillover, expected }: Play): void {
  const head = {
    format: "upline-golden/1",
    id: plan,
    source: { name: "ready plan", url: "" },
    provenance: "worked by hand",
    currency: "USD",
  };
  const [result] = runGoldenCase({
    ...head,
    plan: documentOf(plan),
    distributors,
    periods,
    expected,
    ...(spillover === undefined ? {} : { spillover }),
  });
  expect(result?.outcome, JSON.stringify(result, null, 1)).toBe("passed");
}

test("unilevel with compression: ranks from the volumes, dynamic compression, first orders pay fast start instead", () => {
  play({
    plan: "unilevel-compression",
    distributors: [
      { id: "top", sponsor: null, rank: "gold", periodPv: "100" },
      { id: "weak", sponsor: "top", rank: "silver", periodPv: "80" },
      { id: "low", sponsor: "weak", rank: "associate", periodPv: "100" },
      { id: "seller", sponsor: "low", rank: "associate", periodPv: "100" },
    ],
    periods: [
      {
        id: "june",
        orders: [
          { id: "o1", owner: "seller", cv: "100", net: "120" },
          { id: "o2", owner: "seller", self: true, first: true, cv: "100", net: "100" },
          { id: "o3", owner: "seller", class: "starter-kit", cv: "50", net: "50" },
        ],
      },
    ],
    expected: {
      paid: [
        { to: "seller", order: "o1", bonus: "retail-profit", amount: "24.00" },
        { to: "low", order: "o1", bonus: "levels", level: 1, amount: "5.00" },
        { to: "weak", order: "o1", amount: "0" },
        { to: "top", order: "o1", bonus: "levels", level: 2, amount: "6.00" },
        { to: "low", order: "o2", bonus: "fast-start", amount: "20.00" },
        { to: "low", order: "o2", bonus: "levels", amount: "0" },
        { to: "low", order: "o3", amount: "0" },
      ],
    },
  });
});

test("stair-step breakaway: the group bonus ends at the director, whose group pays an override above", () => {
  play({
    plan: "stairstep-breakaway",
    distributors: [
      { id: "upline", sponsor: null, rank: "senior-director" },
      { id: "director", sponsor: "upline", rank: "director" },
      { id: "builder", sponsor: "director", rank: "builder" },
    ],
    periods: [
      {
        id: "june",
        orders: [
          { owner: "upline", cv: "10000" },
          { owner: "director", cv: "7000" },
          { owner: "builder", cv: "1500" },
        ],
      },
    ],
    expected: {
      paid: [
        { to: "builder", bonus: "group-bonus", amount: "135.00" },
        { to: "director", bonus: "group-bonus", amount: "1650.00" },
        { to: "upline", bonus: "group-bonus", amount: "2100.00" },
        { to: "upline", bonus: "leadership", from: "director", level: 1, amount: "425.00" },
      ],
    },
  });
});

test("binary with matching: sides, carry, the match, and the company cap over both", () => {
  const leg = (parent: string, side: number) => ({ places: { binary: { parent, leg: side } } });
  play({
    plan: "binary-matching",
    distributors: [
      { id: "top", sponsor: null, rank: "silver", places: { binary: { parent: null, leg: 0 } } },
      { id: "left", sponsor: "top", rank: "associate", ...leg("top", 0) },
      { id: "right", sponsor: "top", rank: "associate", ...leg("top", 1) },
      { id: "ll", sponsor: "left", rank: "associate", ...leg("left", 0) },
      { id: "lr", sponsor: "left", rank: "associate", ...leg("left", 1) },
    ],
    periods: [
      {
        id: "june",
        orders: ["top", "left", "right", "ll", "lr"].map((owner) => ({ owner, cv: owner === "ll" ? "300" : "200" })),
      },
    ],
    expected: {
      paid: [
        { to: "left", bonus: "pairs", amount: "16.00" },
        { to: "top", bonus: "pairs", amount: "20.00" },
        { to: "top", bonus: "match", from: "left", amount: "1.60" },
      ],
      carry: [
        { period: "june", bonus: "pairs", distributor: "top", left: "500", right: "0" },
        { period: "june", bonus: "pairs", distributor: "left", left: "100", right: "0" },
      ],
    },
  });
});

test("forced matrix: level pay follows placement, the match follows sponsors", () => {
  play({
    plan: "forced-matrix",
    distributors: [
      { id: "top", sponsor: null, rank: "leader" },
      { id: "a", sponsor: "top", rank: "builder" },
      { id: "b", sponsor: "top", rank: "starter" },
      { id: "c", sponsor: "top", rank: "starter" },
      { id: "d", sponsor: "top", rank: "starter" },
    ],
    spillover: { matrix: { width: 3, depth: 7, mode: "breadth-first" } },
    periods: [
      { id: "may", orders: ["top", "a", "b", "c", "d"].map((owner) => ({ owner, pv: "100", cv: "0" })) },
      {
        id: "june",
        orders: [...["top", "a", "b", "c"].map((owner) => ({ owner, pv: "100", cv: "0" })), { owner: "d", cv: "200" }],
      },
    ],
    expected: {
      places: [{ tree: "matrix", distributor: "d", parent: "a", leg: 0 }],
      paid: [
        { to: "a", period: "june", bonus: "matrix", level: 1, amount: "10.00" },
        { to: "top", period: "june", bonus: "matrix", level: 2, amount: "10.00" },
        { to: "top", period: "june", bonus: "sponsor-match", from: "a", amount: "1.00" },
      ],
    },
  });
});

test("hybrid: generations end at directors, the pool is shared by units", () => {
  play({
    plan: "hybrid-generations-pool",
    distributors: [
      { id: "president", sponsor: null, rank: "president" },
      { id: "director", sponsor: "president", rank: "director" },
      { id: "manager", sponsor: "director", rank: "manager" },
      { id: "seller", sponsor: "manager", rank: "associate" },
    ],
    periods: [
      {
        id: "june",
        orders: [
          ...["president", "director", "manager"].map((owner) => ({ owner, pv: "100", cv: "0" })),
          { owner: "seller", cv: "1000", net: "0" },
        ],
      },
    ],
    expected: {
      paid: [
        { to: "director", bonus: "generations", from: "seller", level: 1, amount: "40.00" },
        { to: "president", bonus: "generations", from: "seller", level: 2, amount: "30.00" },
        // Level 3 of the level pay; the infinity bonus begins one above.
        { to: "president", bonus: "levels", from: "seller", level: 3, amount: "50.00" },
        { to: "president", bonus: "infinity", from: "seller", amount: "0.00" },
        { to: "director", bonus: "leaders-pool", amount: "1.82" },
        { to: "president", bonus: "leaders-pool", amount: "18.18" },
        { to: "president", bonus: "rank-advancement", amount: "10000.00" },
      ],
    },
  });
});

test("hybrid: the infinity bonus begins above the last level of the level pay, so that no upline is paid twice", () => {
  play({
    plan: "hybrid-generations-pool",
    distributors: [
      { id: "president", sponsor: null, rank: "president" },
      { id: "director", sponsor: "president", rank: "director" },
      { id: "manager", sponsor: "director", rank: "manager" },
      { id: "associate", sponsor: "manager", rank: "associate" },
      { id: "seller", sponsor: "associate", rank: "associate" },
    ],
    periods: [
      {
        id: "june",
        orders: [
          ...["president", "director", "manager", "associate"].map((owner) => ({ owner, pv: "100", cv: "0" })),
          { owner: "seller", cv: "1000", net: "0" },
        ],
      },
    ],
    expected: {
      paid: [
        { to: "director", bonus: "levels", from: "seller", level: 3, amount: "50.00" },
        { to: "president", bonus: "levels", from: "seller", amount: "0.00" },
        { to: "president", bonus: "infinity", from: "seller", level: 4, amount: "20.00" },
      ],
    },
  });
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isPublishable, lintPlan } from "./lint.ts";
import { parsePlan } from "./parse.ts";
import { car, customers, levels, plan } from "./testing-parts.ts";

const refused = new URL("../../../../docs/plans/refused/", import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, refused), "utf8"));

const findings = (document: unknown, rule: string): string[] =>
  lintPlan(parsePlan(document)).flatMap((found) =>
    found.rule === rule ? [`${found.severity} ${found.path}: ${found.wrong}; right would be ${found.right}`] : [],
  );
const recruiting = (document: unknown): string[] => findings(document, "pay-for-recruiting");
const says = (path: string, measures: string, count: string): string =>
  `error ${path}: pays for recruiting: it asks for nothing but ${measures}, which ${count} enrolments or kits; right would be a measure of sales to customers or of volume, or a count of people who meet one`;

test.each([
  ["levels-opened-by-packages-burnlounge", says("bonuses[0].opens", '"packages-sold"', "counts")],
  ["levels-opened-by-recruits-customer-advantage", says("bonuses[0].opens", '"referred"', "counts")],
])("%s is refused, and told why", (name, sentence) => {
  const document = read(name);
  expect(recruiting(document)).toStrictEqual([sentence]);
  expect(isPublishable(lintPlan(parsePlan(document)))).toBe(false);
});

const enrolled = { what: "count", of: "enrolled", over: { lifetime: true } };
const near = { what: "count", of: "frontline", meeting: "active" };
const bring = (measure: string) => ({ measure, atLeast: "3" });
const monthly = (when: unknown) => [{ ...car, for: { kind: "each-period", when } }];
const selling = { statuses: ["active"], minimumPv: "50", beforeFirstClose: "active" };

const RECRUITING: readonly (readonly [what: string, document: object, sentences: string[]])[] = [
  [
    "a monthly reward for enrolments",
    plan({ measures: { enrolled }, bonuses: monthly(bring("enrolled")) }),
    [says("bonuses[0].for.when", '"enrolled"', "counts")],
  ],
  [
    "one that hides them behind a name",
    plan({
      measures: { enrolled },
      conditions: { builder: { all: [bring("enrolled"), { country: ["US"] }] } },
      bonuses: monthly("builder"),
    }),
    [says("bonuses[0].for.when", '"enrolled"', "counts")],
  ],
  [
    "two measures of people, of which neither sells",
    plan({ measures: { enrolled, near }, bonuses: monthly({ any: [bring("enrolled"), bring("near")] }) }),
    [says("bonuses[0].for.when", '"enrolled" and "near"', "count")],
  ],
  [
    "pay for each enrolment",
    plan({ measures: { enrolled }, bonuses: [{ ...car, for: { kind: "per-step", measure: "enrolled", step: "1" } }] }),
    [says("bonuses[0].for.measure", '"enrolled"', "counts")],
  ],
  [
    "levels opened by people who only have to be active, where being active takes no sales",
    plan({ measures: { near }, bonuses: [{ ...levels, opens: { measure: "near", levels: [{ from: "1", upTo: 1 }] } }] }),
    [says("bonuses[0].opens", '"near"', "counts")],
  ],
  [
    "the same where being active takes volume",
    plan({
      active: selling,
      measures: { near },
      bonuses: [{ ...levels, opens: { measure: "near", levels: [{ from: "1", upTo: 1 }] } }],
    }),
    [],
  ],
  ["customers are no recruits", plan({ measures: { customers }, bonuses: monthly(bring("customers")) }), []],
  [
    "enrolments beside a measure of sales",
    plan({ measures: { enrolled, customers }, bonuses: monthly({ all: [bring("enrolled"), bring("customers")] }) }),
    [],
  ],
  [
    "enrolments of people who sell",
    plan({
      measures: { customers, sellers: { ...enrolled, meeting: "sells" } },
      conditions: { sells: { measure: "customers", atLeast: "1" } },
      bonuses: monthly(bring("sellers")),
    }),
    [],
  ],
];

test.each(RECRUITING)("pay for recruiting: %s", (_, document, sentences) => {
  expect(recruiting(document)).toStrictEqual(sentences);
});

test("a name that nothing asks for is told, and one that only another unused one asks for too", () => {
  const document = plan({
    measures: {
      customers,
      orders: { what: "orders" },
      "used-below": { what: "orders" },
      lonely: { what: "count", of: "frontline", meeting: "idle" },
    },
    conditions: {
      idle: { measure: "orders", atLeast: "1" },
      busy: { measure: "counted", atLeast: "1" },
      below: { measure: "used-below", atLeast: "1" },
    },
    bonuses: monthly({ all: [bring("customers"), "busy"] }),
  });
  const withCount = {
    ...document,
    measures: { ...(document as { measures: object }).measures, counted: { what: "count", of: "frontline", meeting: "below" } },
  };
  const unused = (path: string): string =>
    `warning ${path}: is asked for by nothing; right would be to leave it out, or the place that should ask for it`;
  expect(findings(withCount, "unused-name")).toStrictEqual([
    unused("measures.orders"),
    unused("measures.lonely"),
    unused("conditions.idle"),
  ]);
});

const byOwnPurchases = (requires: object, words: object = {}): string[] =>
  findings(plan({ active: selling, ranks: [{ id: "gold", name: "Gold", requires }], ...words }), "own-purchases");
const sold = { what: "pv", from: "customers" };

test("ranks that ask for sales to customers, by their own word or a condition, are not met by own purchases alone", () => {
  const note =
    "note active.minimumPv: can be met by own purchases alone; right would be a retailVolume in the ranks or a condition on sales to customers, where the law of a market looks at sales to customers";
  expect(byOwnPurchases({ pv: "100" })).toStrictEqual([note]);
  expect(byOwnPurchases({ retailVolume: "100" })).toStrictEqual([]);
  const conditions = { sells: { measure: "sold", atLeast: "100" } };
  expect(byOwnPurchases({ condition: "sells" }, { measures: { sold }, conditions })).toStrictEqual([]);
  expect(byOwnPurchases({ condition: { measure: "customers", atLeast: "1" } }, { measures: { customers } })).toStrictEqual([]);
  expect(byOwnPurchases({ condition: "sells" }, { measures: { sold: { what: "pv" } }, conditions })).toStrictEqual([note]);
});

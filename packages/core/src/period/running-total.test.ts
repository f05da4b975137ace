import { expect, test } from "vitest";
import { diffPlans } from "../plan/diff.ts";
import { lintPlan } from "../plan/lint.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { planOf } from "../plan/testing.ts";
import { closePeriod } from "./close.ts";
import { explainClose } from "./explain.ts";
import { NOTHING_CARRIED } from "./input.ts";
import { closeOf, networkOf } from "./testing.ts";

const retail = (id: string): object => ({
  ...{ id, kind: "retail", pays: { mode: "percent", base: "net", rates: { "*": "0.1" } } },
  ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
});
const levels = {
  ...{ id: "levels", kind: "unilevel", snapshot: "close", base: "cv", levelOne: "owner", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "none", rates: { "*": ["0.10"] } },
};
const cap = { kind: "running-total", bonuses: ["base", "levels"], counts: "before-it", atMost: { levels: { "*": "200.00" } } };
const documentOf = (caps: readonly object[], more: Partial<Plan> = {}): Plan =>
  planOf({
    ...{ bonuses: [retail("base"), levels] as Bonus[], refundAfterClose: "reverse-delta", ...more },
    caps: caps as NonNullable<Plan["caps"]>,
  });
const sentence = (caps: readonly object[], more: Partial<Plan> = {}): string => {
  try {
    parsePlan(documentOf(caps, more));
    return "accepted";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test("an explanation says what was earned, the cap, what was paid before it and what stays", () => {
  const input = closeOf(parsePlan(documentOf([cap])), networkOf([-1]), [{ owner: 0, volume: 10_000 * 10_000 }], {
    carried: { ...NOTHING_CARRIED, earned: { base: Float64Array.of(15_000) } },
  });
  const result = closePeriod(input, { details: true });
  expect([...(result.bonuses.find((bonus) => bonus.bonusId === "levels")?.amounts ?? [])]).toStrictEqual([5_000]);
  expect(explainClose(input, result, 0).bonuses.find((bonus) => bonus.bonusId === "levels")?.lines).toStrictEqual([
    "level 1 on d0000: 1000.00 USD",
    'earned 1000.00 USD, cap 200.00 USD less 150.00 USD that "base" paid before it: 50.00 USD stay',
  ]);
});

test("a running total that cannot be kept is refused, with the field and what would be right", () => {
  expect(sentence([cap])).toBe("accepted");
  expect(sentence([{ ...cap, bonuses: ["base"] }])).toMatch(/caps\[0\]\.bonuses: is a list of 1; right would be at least 2/);
  expect(sentence([{ ...cap, bonuses: ["base", "levels", "base"] }])).toMatch(
    /caps\[0\]\.bonuses\[2\]: counts "base" twice; right would be each bonus once, in the order in which they count/,
  );
  expect(sentence([{ ...cap, atMost: { others: { "*": "1.00" } } }])).toMatch(
    /caps\[0\]\.atMost\.others: is a cap of a bonus that this list does not count; right would be "others" among its bonuses/,
  );
  expect(sentence([{ ...cap, bonuses: ["base", "nothing"] }])).toMatch(
    /names the bonus "nothing", which this plan does not have/,
  );
  expect(sentence([{ ...cap, atMost: { levels: { gold: "1.00" } } }])).toMatch(
    /caps\[0\]\.atMost\.levels\.gold: names the rank "gold"/,
  );
  expect(sentence([cap], { refundAfterClose: "write-off" })).toMatch(
    /caps\[0\]\.bonuses: names "base", which is paid at order time: a later refund would take back what the cap has cut already; right would be "refundAfterClose": "reverse-delta"/,
  );
  const match = {
    ...{ id: "match", kind: "matching", snapshot: "close", of: ["base"], amounts: "before-caps", cascade: false },
    ...{ rates: { "*": ["0.1"] }, by: { kind: "level", compression: "none" }, who: "everyone" },
  };
  expect(sentence([cap], { bonuses: [retail("base"), levels, match] as Bonus[] })).toMatch(
    /caps\[0\]\.bonuses: cuts what "match" matches: "base" is paid at order time and capped at the close/,
  );
});

test("a cap that cuts nothing, or does not reach what it names, is found", () => {
  const found = (caps: readonly object[]) =>
    lintPlan(parsePlan(documentOf(caps))).flatMap(({ severity, rule, path, wrong }) =>
      ["running-total", "cap-reach"].includes(rule) ? [`${severity} ${path} ${wrong}`] : [],
    );
  expect(found([cap])).toStrictEqual([]);
  expect(found([{ ...cap, atMost: {} }])).toStrictEqual(["error caps[0].atMost names no cap, so that nothing is cut"]);
  const plain = { kind: "distributor", bonuses: ["base", "levels"], atMost: { "*": "9.00" }, enforcement: "priority" };
  expect(found([plain])).toStrictEqual([
    'warning caps[0].bonuses[0] names "base", which is paid at order time: this cap does not reach it',
  ]);
});

test("a version that lowers a running cap says so", () => {
  const lower = { ...cap, atMost: { levels: { "*": "150.00" } } };
  expect(diffPlans(parsePlan(documentOf([cap])), parsePlan(documentOf([lower]))).map((change) => change.text)).toStrictEqual([
    'cap, no. 1, at most, "levels", everyone else: "200.00" becomes "150.00"',
  ]);
});

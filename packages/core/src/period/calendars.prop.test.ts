import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyNetwork, anyRows, RANKS, within } from "../plan/arbitrary.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Plan } from "../plan/schema.ts";
import { planOf, rankOf } from "../plan/testing.ts";
import { type CloseResult, closePeriod } from "./close.ts";
import { type CloseInput, type CloseNetwork, NOTHING_CARRIED } from "./input.ts";
import { closeOf, type TestRow } from "./testing.ts";

/** Weeks and their month in one plan, beside plans of their own that know no calendars, and sums of their amounts. */

const pairs = {
  id: "pairs",
  kind: "binary",
  snapshot: "close",
  tree: "binary",
  pay: { mode: "percent", rates: { "*": "0.1", gold: "0.15" } },
  remainder: "flush",
  flushIfInactive: false,
  cappedVolume: "consumed",
};
const levels = {
  id: "levels",
  kind: "unilevel",
  snapshot: "close",
  base: "cv",
  rates: { "*": ["0.05", "0.03"], silver: ["0.07"] },
  levelOne: "owner",
  compression: "none",
  unqualifiedSource: "pay-in-place",
  unqualifiedEarner: "none",
};
const match = {
  id: "match",
  kind: "matching",
  snapshot: "close",
  of: ["pairs", "levels"],
  amounts: "after-caps",
  cascade: true,
  rates: { "*": ["0.2", "0.1"] },
  by: { kind: "level", compression: "none" },
  who: "everyone",
};
const plain = (bonuses: readonly unknown[]): Plan =>
  parsePlan({ ...planOf({ ranks: RANKS.map((id) => rankOf(id)) }), bonuses: JSON.parse(JSON.stringify(bonuses)) });

const inCalendars = (more: object = {}): Plan =>
  parsePlan({
    ...planOf({ ranks: RANKS.map((id) => rankOf(id)) }),
    calendars: { week: { every: "week", startsOn: "monday" }, month: { every: "month" } },
    rankCalendar: "month",
    bonuses: [
      { ...pairs, calendar: "week", ranksOf: "last-closed" },
      { ...levels, calendar: "month" },
      { ...match, calendar: "month" },
    ],
    ...more,
  } as object);

/** Everyone as their directive fixes them: the last close left the same ranks that this one finds. */
const lastClosed = (network: CloseNetwork): NonNullable<CloseInput["lastClosed"]> => {
  const rank = new Int16Array(network.count).fill(-1);
  for (const { no, rankNo } of network.directives) rank[no] = rankNo;
  return { rank, pv: new Float64Array(network.count), measures: {} };
};

const amountsOf = (result: CloseResult | undefined, bonusId: string): number[] =>
  Array.from(result?.bonuses.find((bonus) => bonus.bonusId === bonusId)?.amounts ?? []);

const sumOf = (columns: readonly (readonly number[])[], count: number): number[] =>
  Array.from({ length: count }, (_, no) => columns.reduce((sum, column) => sum + (column[no] ?? 0), 0));

const anyMonth = fc.tuple(anyNetwork, fc.array(anyRows, { minLength: 4, maxLength: 4 }));

function closeMonth(
  plan: Plan,
  network: CloseNetwork,
  weeks: readonly TestRow[][],
): { weekly: CloseResult[]; monthly: CloseResult } {
  const weekly = weeks.map((rows, i) =>
    closePeriod(closeOf(plan, network, rows, { periodId: `w${i}`, calendar: "week", lastClosed: lastClosed(network) })),
  );
  const earned = {
    pairs: Float64Array.from(
      sumOf(
        weekly.map((close) => amountsOf(close, "pairs")),
        network.count,
      ),
    ),
  };
  const carried = { ...NOTHING_CARRIED, earned };
  return { weekly, monthly: closePeriod(closeOf(plan, network, weeks.flat(), { calendar: "month", carried })) };
}

test("weeks and a month in one plan pay what two plans pay, and the month matches the sum of the weeks", () => {
  const [ofWeeks, ofMonth, matching] = [plain([pairs]), plain([levels]), plain([pairs, levels, match])];
  fc.assert(
    fc.property(anyMonth, ([network, rows]) => {
      const weeks = rows.map((week) => within(week, network));
      const { weekly, monthly } = closeMonth(inCalendars(), network, weeks);
      weekly.forEach((close, i) => {
        const alone = closePeriod(closeOf(ofWeeks, network, weeks[i] ?? []));
        expect(close.bonuses.map(({ bonusId }) => bonusId)).toStrictEqual(["pairs"]);
        expect(amountsOf(close, "pairs")).toStrictEqual(amountsOf(alone, "pairs"));
      });
      expect(monthly.bonuses.map(({ bonusId }) => bonusId)).toStrictEqual(["levels", "match"]);
      expect(amountsOf(monthly, "levels")).toStrictEqual(
        amountsOf(closePeriod(closeOf(ofMonth, network, weeks.flat())), "levels"),
      );
      // With all volume in one week, week and month are one period, and one close of a plan without calendars is the oracle.
      const inOne = closeMonth(inCalendars(), network, [weeks.flat()]).monthly;
      const together = closePeriod(closeOf(matching, network, weeks.flat()));
      expect(amountsOf(inOne, "match")).toStrictEqual(amountsOf(together, "match"));
    }),
    runs(100),
  );
});

test("a month's cap leaves nobody more than it says, of weeks and month together, and takes from nobody else", () => {
  const atMost = 900;
  for (const enforcement of ["priority", "pro-rata"] as const) {
    const capped = inCalendars({ caps: [{ kind: "distributor", calendar: "month", atMost: { "*": "9.00" }, enforcement }] });
    fc.assert(
      fc.property(anyMonth, ([network, rows]) => {
        const weeks = rows.map((week) => within(week, network));
        const [free, held] = [closeMonth(inCalendars(), network, weeks), closeMonth(capped, network, weeks)];
        expect(held.weekly.map((close) => amountsOf(close, "pairs"))).toStrictEqual(
          free.weekly.map((close) => amountsOf(close, "pairs")),
        );
        const all = ({ weekly, monthly }: typeof free): number[] =>
          sumOf(
            [...weekly, monthly].flatMap((close) => close.bonuses.map(({ amounts }) => Array.from(amounts))),
            network.count,
          );
        expect(all(held)).toStrictEqual(all(free).map((sum) => Math.min(sum, atMost)));
      }),
      runs(60),
    );
  }
});

import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { richStory } from "../../oracle/stories.ts";
import type { Story } from "../../oracle/story.ts";
import type { GoldenOrder } from "../golden/case.ts";
import { buildNetwork } from "../golden/network.ts";
import { type Played, playPeriods } from "../golden/play.ts";
import { parseAmount, parseDecimal } from "../money.ts";
import { payoutCeiling } from "./ceiling.ts";
import { parsePlan } from "./parse.ts";
import { PlanError } from "./problem.ts";
import type { Plan } from "./schema.ts";

/** Plans of measures, conditions, tables, rewards and promotions: what holds of every plan holds of them. */

const play = ({ plan, people, periods }: Story): Played => playPeriods(plan, "USD", buildNetwork(people, undefined), periods);

test("no plan of the second edition pays more than the ceiling it claims, fixed amounts apart, whatever a company lives through", () => {
  let [proven, paying] = [0, 0];
  fc.assert(
    fc.property(richStory, (drawn) => {
      const story = { ...drawn, plan: bounded(drawn.plan) };
      const { plan } = story;
      const { ofCv, ofNet, bonuses } = payoutCeiling(plan);
      if (ofCv === null || ofNet === null) return;
      proven++;
      const inSum = new Set(bonuses.flatMap(({ bonusId, share }) => (share === null ? [] : [bonusId])));
      const fixed = new Set(bonuses.flatMap(({ bonusId, of }) => (of === "fixed" ? [bonusId] : [])));
      // What a match takes of fixed amounts cannot be told from the rest of it.
      const counted = play(story).amounts.filter(
        ({ bonus, to }) =>
          (inSum.has(bonus) || capped(plan).includes(bonus)) && !fixed.has(bonus) && (to !== null || plan.caps === undefined),
      );
      const paid = counted.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      const worth = worthOf(story);
      const den = ofCv.den * ofNet.den * worth.den;
      const halves = BigInt(counted.length) * (plan.rounding === "down" ? 0n : 1n);
      const most = 2n * worth.cv * ofCv.num * ofNet.den + 2n * worth.net * worth.den * ofNet.num * ofCv.den + halves * den;
      assert.ok(2n * paid * den <= most, `paid ${paid} at ${ofCv.num}/${ofCv.den} of CV, ${ofNet.num}/${ofNet.den} of net`);
      if (paid > 0n) paying++;
    }),
    runs(100),
  );
  expect(proven).toBeGreaterThan(40);
  expect(paying).toBeGreaterThan(20);
});

/** The plan with a company cap over what has no bound, as the linter asks for. */
function bounded(plan: Plan): Plan {
  const open = capped(plan);
  if (open.length === 0) return plan;
  const cap = { kind: "company", bonuses: open, atMost: { by: "share", share: "0.2" }, enforcement: "pro-rata" };
  return parsePlan(JSON.parse(JSON.stringify({ ...plan, caps: [...(plan.caps ?? []), cap] })));
}

/** Bonuses of the close that have no bound of their own. */
function capped(plan: Plan): string[] {
  const open = payoutCeiling(plan).bonuses.filter(({ share, of }) => share === null && of !== "fixed");
  const ids = new Set(open.map(({ bonusId }) => bonusId));
  return plan.bonuses.flatMap(({ id, snapshot }) => (ids.has(id) && snapshot === "close" ? [id] : []));
}

/** CV in minor units over `den`, and net in minor units, of everything that was sold. */
function worthOf({ plan, periods }: Story): { cv: bigint; net: bigint; den: bigint } {
  const den = 10n ** 10n;
  let [cv, net] = [0n, 0n];
  for (const order of periods.flatMap(({ orders }) => orders)) {
    const parts = [order.cv ?? "0", plan.cvRates[order.market ?? ""] ?? plan.cvRates["*"] ?? "0", factorOf(plan, order.class)];
    const whole = parts
      .map((text) => parseDecimal(text))
      .reduce((all, part) => ({ num: all.num * part.num, den: all.den * part.den }), { num: 100n, den: 1n });
    cv += (whole.num * den) / whole.den;
    net += parseAmount(order.net ?? "0", "USD");
  }
  return { cv, net, den };
}

const factorOf = (plan: Plan, id: string | undefined): string =>
  plan.commissionClasses.find((commissionClass) => commissionClass.id === id)?.factors?.cv ?? "1";

/** Everything that was paid, by period, bonus, order and person. */
function paidOf({ amounts }: Played): string[] {
  const sums = new Map<string, bigint>();
  for (const { period, bonus, order, to, amountMinor } of amounts) {
    const key = `${period} ${bonus} ${order} ${to}`;
    sums.set(key, (sums.get(key) ?? 0n) + amountMinor);
  }
  return [...sums].map(([key, minor]) => `${key} ${minor}`).sort();
}

test("neither the order in which orders come nor how people are numbered changes an amount", () => {
  fc.assert(
    fc.property(richStory, fc.infiniteStream(fc.nat()), (story, random) => {
      const shuffled = <T>(list: readonly T[]): T[] =>
        list
          .map((item) => ({ item, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item);
      const mixed = {
        ...story,
        people: shuffled(story.people),
        periods: story.periods.map((period) => ({ ...period, orders: shuffled(period.orders) })),
      };
      expect(paidOf(play(mixed))).toStrictEqual(paidOf(play(story)));
    }),
    runs(60),
  );
});

test("goods sold and returned in a period are to its close as if they had never been sold, as under reverse-delta", () => {
  let compared = 0;
  fc.assert(
    fc.property(richStory, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (drawn, back) => {
      const plan = ofVolumes(drawn.plan);
      if (plan === null) return;
      const last = drawn.periods.at(-1) as Story["periods"][number];
      const lastClose = (orders: readonly GoldenOrder[]): unknown[] => {
        const periods = [...drawn.periods.slice(0, -1), { ...last, orders: [...orders] }];
        const close = play({ ...drawn, plan, periods }).closes.at(-1);
        return [close?.bonuses, close?.ranks.paidAs, close?.counts, close?.carried.rewards];
      };
      const isBack = (_: GoldenOrder, i: number): boolean => back[i] === true;
      const returned = last.orders.filter(isBack).map(returnOf);
      const shadow = lastClose(last.orders.filter((order, i) => !isBack(order, i)));
      expect(lastClose([...last.orders, ...returned])).toStrictEqual(shadow);
      if (returned.length > 0) compared++;
    }),
    runs(60),
  );
  expect(compared).toBeGreaterThan(10);
});

function returnOf(order: GoldenOrder): GoldenOrder {
  const back = (text: string | undefined): string => (Number(text) === 0 ? "0" : `-${text}`);
  const { pv, qv, cv, net } = order;
  return { ...order, id: `${order.id} back`, pv: back(pv), qv: back(qv), cv: back(cv), net: back(net) };
}

/** The plan with its close bonuses only, by measures of volume: an order that is given back whole still was an order. Null where nothing is left. */
function ofVolumes(plan: Plan): Plan | null {
  const bonuses = plan.bonuses.filter(({ snapshot }) => snapshot === "close");
  const left = (ids: readonly string[]): string[] => ids.filter((id) => bonuses.some((bonus) => bonus.id === id));
  const measures = Object.entries(plan.measures ?? {}).map(([id, measure]) => {
    const counts = ["customers-with-order", "new-customers", "orders", "items"].includes(measure.what);
    if (counts) return [id, { what: "pv", ...("over" in measure ? { over: measure.over } : {}) }];
    return [id, measure.what === "earned" ? { ...measure, bonuses: left(measure.bonuses) } : measure];
  });
  const { promotions: _, ...rest } = plan;
  try {
    return parsePlan({
      ...rest,
      refundAfterClose: "reverse-delta",
      measures: Object.fromEntries(measures),
      bonuses: bonuses.map((bonus) => (bonus.kind === "matching" ? { ...bonus, of: left(bonus.of) } : bonus)),
    });
  } catch (error) {
    if (error instanceof PlanError) return null;
    throw error;
  }
}

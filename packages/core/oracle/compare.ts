import { expect } from "vitest";
import { buildNetwork } from "../src/golden/network.ts";
import { playPeriods } from "../src/golden/play.ts";
import { Fraction } from "./fraction.ts";
import { type Story, type ToldPeriod, tellStory } from "./story.ts";

const UNIT = Fraction.whole(10_000);

/** Answers how many amounts there were. */
export function compare(story: Story): number {
  const { plan, people, periods } = story;
  const played = playPeriods(plan, "USD", buildNetwork(people, undefined), periods);
  const told = tellStory(story);
  const sums = (list: readonly (readonly [string, bigint])[]): [string, bigint][] => {
    const all = new Map<string, bigint>();
    for (const [key, minor] of list) all.set(key, (all.get(key) ?? 0n) + minor);
    return [...all].filter(([, minor]) => minor !== 0n).sort();
  };
  told.forEach((period, i) => {
    const close = played.closes[i] as (typeof played.closes)[number];
    const measures = Object.keys(plan.measures ?? {}).map((id) => [
      id,
      period.closing.world.people.map((person) => close.people.measure(id, person.no)),
    ]);
    expect(measures, `measures of ${close.periodId}`).toStrictEqual(measuresOf(period));
    expect([...close.ranks.paidAs], `ranks of ${close.periodId}`).toStrictEqual(
      period.closing.world.people.map((person) => period.closing.standing.rank(person)),
    );
    const owed = period.closing.owed();
    for (const bonus of close.bonuses) {
      const due = owed.get(bonus.bonusId);
      const label = `${bonus.bonusId} of ${close.periodId}`;
      expect([...bonus.beforeCaps], `${label} before caps`).toStrictEqual(
        period.closing.world.people.map((person) => Number(due?.get(person) ?? 0n)),
      );
      expect([...bonus.amounts], `${label} after caps`).toStrictEqual(
        people.map((_, no) => Number(period.left.get(bonus.bonusId)?.get(no) ?? 0n)),
      );
      expect(bonus.breakageMinor, `breakage of ${label}`).toBe(Number(due?.get("company") ?? 0n));
    }
  });
  const atOrders = sums(
    played.amounts.flatMap(({ order, bonus, to, amountMinor }) =>
      order === null ? [] : [[`${order} ${bonus} ${to}`, amountMinor] as const],
    ),
  );
  const owed = sums(
    told.flatMap(({ orders }) => orders.map(({ order, bonus, to, minor }) => [`${order} ${bonus} ${to}`, minor] as const)),
  );
  expect(atOrders, "amounts at order time").toStrictEqual(owed);
  const closed = played.closes
    .flatMap(({ bonuses }) => bonuses.flatMap(({ beforeCaps }) => [...beforeCaps]))
    .filter((minor) => minor !== 0);
  return atOrders.length + closed.length;
}

function measuresOf({ closing }: ToldPeriod): [string, number[]][] {
  const { world, standing } = closing;
  return Object.keys(world.plan.measures ?? {}).map((id) => [
    id,
    world.people.map((person) => Number(standing.measure(id, person).times(UNIT).floor())),
  ]);
}

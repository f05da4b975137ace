import { expect } from "vitest";
import { buildNetwork } from "../src/golden/network.ts";
import { type Played, playPeriods } from "../src/golden/play.ts";
import { Fraction } from "./fraction.ts";
import { type Story, type ToldPeriod, tellStory } from "./story.ts";

const UNIT = Fraction.whole(10_000);

/** How many amounts were compared, and how many of them hang on what was added to the oracle late. */
export interface Compared {
  readonly amounts: number;
  /** On a base that something was taken off, at order time and at closes. */
  readonly lessAtOrders: number;
  readonly lessAtCloses: number;
  /** Measures above 0 that are counted on a named tree, and of ranks below on another tree than ranks are judged by. */
  readonly onTrees: number;
  readonly acrossTrees: number;
}

export function compare(story: Story): Compared {
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
  return { amounts: atOrders.length + closed.length, ...reached(story, { played, told, atOrders }) };
}

/** How much of what was compared hangs on bases with deductions and on trees. */
function reached(
  { plan, people }: Story,
  { played, told, atOrders }: { played: Played; told: readonly ToldPeriod[]; atOrders: readonly [string, bigint][] },
): Omit<Compared, "amounts"> {
  const deducted = new Set(
    told.flatMap(({ closing }) =>
      closing.world.people.flatMap(({ sold }) =>
        sold.flatMap((sale) =>
          Object.entries(sale.deducted).flatMap(([id, off]) => (off.isZero ? [] : [`${sale.told?.id} ${id}`])),
        ),
      ),
    ),
  );
  const ids = new Set([...deducted].map((key) => key.split(" ")[1]));
  const lessAtCloses = played.closes.flatMap(({ bonuses }) =>
    bonuses.filter(({ bonusId }) => ids.has(bonusId)).flatMap(({ beforeCaps }) => [...beforeCaps].filter((minor) => minor !== 0)),
  );
  const counted = plan.trees === undefined ? [] : Object.entries(plan.measures ?? {}).filter(([, measure]) => "tree" in measure);
  const above = (entries: typeof counted): number =>
    played.closes.reduce(
      (sum, { people: found }) => sum + entries.filter(([id]) => people.some((_, no) => found.measure(id, no) > 0)).length,
      0,
    );
  return {
    lessAtOrders: atOrders.filter(([key]) => deducted.has(key.split(" ").slice(0, 2).join(" "))).length,
    lessAtCloses: lessAtCloses.length,
    onTrees: above(counted),
    acrossTrees: above(
      counted.filter(([id, measure]) => id === "lead-legs" && "tree" in measure && measure.tree !== plan.rankTree),
    ),
  };
}

function measuresOf({ closing }: ToldPeriod): [string, number[]][] {
  const { world, standing } = closing;
  return Object.keys(world.plan.measures ?? {}).map((id) => [
    id,
    world.people.map((person) => Number(standing.measure(id, person).times(UNIT).floor())),
  ]);
}

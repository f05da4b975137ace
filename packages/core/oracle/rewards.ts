import type { PlanMoney } from "../src/plan/parts.ts";
import type { RewardBonus } from "../src/plan/rewards.ts";
import { isKeyed, keyRows, type Table, thresholdRows } from "../src/plan/tables.ts";
import type { Payee } from "./due.ts";
import { Fraction } from "./fraction.ts";
import type { Life } from "./life.ts";
import { measureOf, Terms } from "./terms.ts";
import type { Scene } from "./walks.ts";
import { type Person, uplineOf, type World } from "./world.ts";
import { minorOf } from "./worth.ts";

type Row = PlanMoney | readonly PlanMoney[];
type For<Kind extends RewardBonus["for"]["kind"]> = Extract<RewardBonus["for"], { kind: Kind }>;

/** The rows of a reward from the lowest: everybody's, that of those without a rank, the ranks; or thresholds as they rise. */
function rowsUpward(world: World, { amounts }: RewardBonus): (Row | undefined)[] {
  const table = amounts as Table<Row>;
  const byThreshold = thresholdRows(table);
  if (byThreshold !== null)
    return byThreshold.sort(([a], [b]) => (Fraction.read(a).isMoreThan(Fraction.read(b)) ? 1 : -1)).map(([, row]) => row);
  const rows = keyRows(table);
  return [rows["*"], rows.none, ...world.plan.ranks.map(({ id }) => rows[id])];
}

/** The place from 1 of the row that somebody has; 0 is none. */
function placeOf({ standing, terms, world }: Scene, bonus: RewardBonus, person: Person): number {
  const table = bonus.amounts as Table<Row>;
  const rows = rowsUpward(world, bonus);
  if (thresholdRows(table) !== null) {
    const value = standing.measure(measureOf(table), person);
    return (thresholdRows(table) ?? []).filter(([from]) => value.isAtLeast(Fraction.read(from))).length;
  }
  if (terms.row(table, { person, source: person }) === undefined) return 0;
  const rank = isKeyed(table) && table.by === "title" ? standing.title(person) : standing.rank(person);
  return rows[rank + 2] === undefined ? 1 : rank + 3;
}

/** What each is paid, of everything that is due because of anybody. */
export function payReward(scene: Scene, bonus: RewardBonus, closing: Life): Map<Payee, bigint> {
  const paid = new Map<Payee, bigint>();
  for (const person of scene.world.people)
    for (const [earner, minor] of dueFor(scene, bonus, { closing, person })) paid.set(earner, (paid.get(earner) ?? 0n) + minor);
  return paid;
}

interface Bringing {
  readonly closing: Life;
  /** Who brings the reward about. */
  readonly person: Person;
}

type Amount = readonly [earner: Person, minor: bigint];

function dueFor(scene: Scene, bonus: RewardBonus, at: Bringing): Amount[] {
  switch (bonus.for.kind) {
    case "each-period":
      return dueEachPeriod(scene, bonus, { ...at, asked: bonus.for });
    case "first-time":
      return dueFirstTime(scene, bonus, { ...at, asked: bonus.for });
    case "per-step":
      return dueSteps(scene, bonus, { ...at, asked: bonus.for });
    case "per-item":
      throw new Error("items are paid when their order comes");
  }
}

/** Up the line: level 1 is the person or their sponsor; a level whose earner does not qualify is used up. */
export function payUp(
  { terms, world: { plan } }: Scene,
  bonus: RewardBonus,
  { person, share, row }: { person: Person; share: (minor: bigint) => bigint; row?: Row | undefined },
): Amount[] {
  const line =
    bonus.levelOne === "sponsor" ? uplineOf(plan, person, bonus.tree) : [person, ...uplineOf(plan, person, bonus.tree)];
  return line.flatMap((earner, place): Amount[] => {
    const own = row ?? terms.row(bonus.amounts as Table<Row>, { person: earner, source: person });
    const amount = own === undefined ? undefined : isList(own) ? own[place] : place === 0 ? own : undefined;
    if (amount === undefined || !earner.mayEarn || !terms.qualifies(earner)) return [];
    return [[earner, share(minorOf(amount))]];
  });
}

const isList = (row: Row): row is readonly PlanMoney[] => Array.isArray(row);
const whole = (minor: bigint): bigint => minor;

/** The closes so far with this one last, as a person has gone through them. */
function lifeOf({ closing, person }: Bringing): { closing: Life; person: Person }[] {
  return [closing, ...closing.past]
    .reverse()
    .map((close) => ({ closing: close, person: close.world.people[person.no] as Person }));
}

const holdsIn = (condition: Parameters<Life["standing"]["holds"]>[0] | undefined, { closing, person }: Bringing): boolean =>
  condition === undefined || closing.standing.holds(condition, person);

function dueEachPeriod(scene: Scene, bonus: RewardBonus, { asked, ...at }: Bringing & { asked: For<"each-period"> }): Amount[] {
  const life = lifeOf(at);
  // What `since` and `when` say may be dated: each period is asked by the plan of its time.
  const forThen = (close: Life): For<"each-period"> => (close.bonus(bonus.id) as RewardBonus).for as For<"each-period">;
  const began = life.findIndex((then) => holdsIn(forThen(then.closing).since, then));
  if (began < 0 || life.length - began > (asked.forPeriods ?? Number.POSITIVE_INFINITY)) return [];
  const timesPaid = at.closing.past.filter((close) => {
    const person = close.world.people[at.person.no] as Person;
    const then = close.bonus(bonus.id) as RewardBonus;
    return dueFor(sceneOf(close, then), then, { closing: close, person }).some(([, minor]) => minor > 0n);
  }).length;
  if (timesPaid >= (asked.atMostTimes ?? Number.POSITIVE_INFINITY) || !holdsIn(asked.when, at)) return [];
  // Where level 1 is the person, it is by their row that there is a reward at all.
  if (bonus.levelOne !== "sponsor" && placeOf(scene, bonus, at.person) === 0) return [];
  return payUp(scene, bonus, { person: at.person, share: whole });
}

function sceneOf(closing: Life, bonus: RewardBonus): Scene {
  const { standing, world } = closing;
  return { standing, world, terms: new Terms(standing, bonus), due: undefined as never };
}

/** The row that the person reached in each period of their life; 0 where it does not hold. */
function reachedIn(bonus: RewardBonus, at: Bringing): number[] {
  return lifeOf(at).map((then) => {
    const own = then.closing.bonus(bonus.id) as RewardBonus;
    if (!holdsIn((own.for as For<"first-time">).when, then)) return 0;
    return placeOf(sceneOf(then.closing, own), own, then.person);
  });
}

function dueFirstTime(scene: Scene, bonus: RewardBonus, { asked, ...at }: Bringing & { asked: For<"first-time"> }): Amount[] {
  const reached = reachedIn(bonus, at);
  const rows = rowsUpward(scene.world, bonus);
  const now = reached.length - 1;
  return rows.flatMap((row, i): Amount[] => {
    const place = i + 1;
    // Once in life, and upward: a row below one that was reached before is not begun any more.
    const began = reached.findIndex((own, period) => own === place && reached.slice(0, period).every((before) => before < place));
    if (began < 0 || row === undefined) return [];
    const held = reached.slice(began).map((own) => own >= place);
    if (asked.inParts === undefined) return began === now ? payUp(scene, bonus, { person: at.person, share: whole, row }) : [];
    const part = partDue(asked.inParts, held);
    const count = BigInt(asked.inParts.after.length);
    const upTo = (minor: bigint, parts: bigint): bigint => (minor * parts) / count;
    if (part === null) return [];
    const share = (minor: bigint): bigint => upTo(minor, BigInt(part)) - upTo(minor, BigInt(part) - 1n);
    return payUp(scene, bonus, { person: at.person, share, row });
  });
}

/** The part from 1 that is due in the last of some periods, or null. */
function partDue({ after, gap }: NonNullable<For<"first-time">["inParts"]>, held: readonly boolean[]): number | null {
  let inRow = 0;
  let paid = 0;
  let due: number | null = null;
  for (const holds of held) {
    due = null;
    if (paid === after.length) continue;
    if (holds) {
      inRow++;
      // At most one part a period: of parts that are left, the next one.
      if (inRow >= (after[paid] as number)) due = ++paid;
    } else if (gap === "forfeit") return null;
    else if (gap !== "hold") {
      inRow = 0;
      if (gap === "restart") paid = 0;
    }
  }
  return due;
}

function dueSteps(scene: Scene, bonus: RewardBonus, { asked, ...at }: Bringing & { asked: For<"per-step"> }): Amount[] {
  const stepsIn = ({ closing, person }: Bringing): bigint =>
    closing.standing.measure(asked.measure, person).over(Fraction.read(asked.step)).floor();
  const measure = scene.world.plan.measures?.[asked.measure];
  const over = measure !== undefined && "over" in measure ? measure.over : undefined;
  const onceInLife = over !== undefined && !("periods" in over);
  const before = onceInLife ? lifeOf(at).slice(0, -1).map(stepsIn) : [];
  const highest = before.sort((a, b) => (a < b ? -1 : 1)).at(-1) ?? 0n;
  const due = stepsIn(at) - highest;
  return due > 0n ? payUp(scene, bonus, { person: at.person, share: (minor) => minor * due }) : [];
}

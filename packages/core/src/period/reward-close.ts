import { volumeOf } from "../plan/parts.ts";
import { type RewardRow, RewardRows } from "../plan/reward-amounts.ts";
import type { RewardBonus } from "../plan/rewards.ts";
import type { CloseContext } from "./context.ts";
import type { BonusSum } from "./till.ts";

/**
 * Rewards of a close. What the next one has to know of a person is kept in columns of whole numbers: when a reward began,
 * how often it was paid, how far somebody has come. Answers the columns; none where nothing has to be known.
 */
export function closeReward(bonus: RewardBonus, context: CloseContext, sum: BonusSum): readonly Float64Array[] {
  switch (bonus.for.kind) {
    case "each-period":
      return payEachPeriod(bonus, bonus.for, new Rewarding(bonus, context, sum));
    case "first-time":
      return bonus.for.inParts === undefined
        ? payFirstTime(bonus.for, new Rewarding(bonus, context, sum))
        : payInParts({ ...bonus.for, inParts: bonus.for.inParts }, new Rewarding(bonus, context, sum));
    case "per-step":
      return paySteps(bonus.for, new Rewarding(bonus, context, sum));
    case "per-item":
      return [];
  }
}

type For<Kind extends RewardBonus["for"]["kind"]> = Extract<RewardBonus["for"], { kind: Kind }>;

/** What all kinds of rewards need: who holds a condition, which row somebody has, and how a row is paid up the line. */
class Rewarding {
  readonly #bonus: RewardBonus;
  readonly #sum: BonusSum;
  readonly rows: RewardRows;
  readonly #above: ArrayLike<number>;
  readonly #earns: ((no: number) => boolean) | null;
  readonly context: CloseContext;

  constructor(bonus: RewardBonus, context: CloseContext, sum: BonusSum) {
    const { plan, currency } = context.input;
    this.#bonus = bonus;
    this.#sum = sum;
    this.context = context;
    this.rows = new RewardRows(bonus, { plan, currency });
    this.#above = context.trees.named(bonus.tree).above;
    this.#earns = bonus.earnsIf === undefined ? null : context.people.holds(bonus.earnsIf);
  }

  get count(): number {
    return this.context.input.network.count;
  }

  /** Columns of a kind as the close before left them, made as long as the network and free to be changed. */
  columns(count: number): Float64Array[] {
    const before = this.context.input.carried.rewards?.[this.#bonus.id] ?? [];
    return Array.from({ length: count }, (_, i) => {
      const column = new Float64Array(this.count);
      column.set(before[i]?.subarray(0, this.count) ?? []);
      return column;
    });
  }

  /** The row of a person as the one who brought the reward about. */
  rowOf(person: number): RewardRow | null {
    return this.rows.of(this.context.people, { earner: person, person, leg: person });
  }

  /**
   * Pays each level its amount: of the row given, or of each earner's own. `share` makes of an amount what is due now. A level
   * whose earner does not qualify is used up. Answers whether anybody was paid.
   */
  pay(person: number, share: (minor: bigint) => bigint, row?: RewardRow): boolean {
    let paid = false;
    let leg = person;
    let earner = this.#bonus.levelOne === "sponsor" ? (this.#above[person] as number) : person;
    for (let level = 1; earner >= 0 && level <= MOST_LEVELS; leg = earner, earner = this.#above[earner] as number, level++) {
      const own = row ?? this.rows.of(this.context.people, { earner, person, leg });
      const minor = own?.levels[level - 1] ?? 0n;
      const qualifies = this.context.input.network.earning[earner] === 1 && (this.#earns?.(earner) ?? true);
      if (minor === 0n || !qualifies) continue;
      this.#sum.add(earner, person, level, Number(share(minor)));
      paid = true;
    }
    return paid;
  }
}

/** As many amounts as a row can hold. */
const MOST_LEVELS = 20;
const whole = (minor: bigint): bigint => minor;

/** Columns: in which period since it began the person is, and how often they were paid. */
function payEachPeriod(bonus: RewardBonus, asked: For<"each-period">, rewarding: Rewarding): readonly Float64Array[] {
  const { people } = rewarding.context;
  const holds = people.holds(asked.when);
  const begins = asked.since === undefined ? null : people.holds(asked.since);
  const looksBack = begins !== null || asked.forPeriods !== undefined || asked.atMostTimes !== undefined;
  const [age, paid] = rewarding.columns(2) as [Float64Array, Float64Array];
  for (let no = 0; no < rewarding.count; no++) {
    if (age[no] === 0 && begins !== null && !begins(no)) continue;
    age[no] = (age[no] as number) + 1;
    if ((age[no] as number) > (asked.forPeriods ?? Number.POSITIVE_INFINITY)) continue;
    if ((paid[no] as number) >= (asked.atMostTimes ?? Number.POSITIVE_INFINITY)) continue;
    if (!holds(no) || (bonus.levelOne !== "sponsor" && rewarding.rowOf(no) === null)) continue;
    if (rewarding.pay(no, whole)) paid[no] = (paid[no] as number) + 1;
  }
  return looksBack ? [age, paid] : [];
}

/** Column: the highest row that somebody reached. */
function payFirstTime(asked: For<"first-time">, rewarding: Rewarding): readonly Float64Array[] {
  const holds = rewarding.context.people.holds(asked.when);
  const [highest] = rewarding.columns(1) as [Float64Array];
  for (let no = 0; no < rewarding.count; no++) {
    const row = holds(no) ? rewarding.rowOf(no) : null;
    if (row === null || row.place <= (highest[no] as number)) continue;
    highest[no] = row.place;
    rewarding.pay(no, whole, row);
  }
  return [highest];
}

type InParts = For<"first-time"> & { readonly inParts: NonNullable<For<"first-time">["inParts"]> };

/** Columns: the highest row that somebody reached; then for each row the periods in a row plus 1 (0 is not begun), and the parts paid. */
function payInParts(asked: InParts, rewarding: Rewarding): readonly Float64Array[] {
  const { inParts } = asked;
  const holds = rewarding.context.people.holds(asked.when);
  const columns = rewarding.columns(1 + rewarding.rows.places * 2);
  const highest = columns[0] as Float64Array;
  for (let no = 0; no < rewarding.count; no++) {
    const row = holds(no) ? rewarding.rowOf(no) : null;
    const reached = row?.place ?? 0;
    if (row !== null && reached > (highest[no] as number)) {
      highest[no] = reached;
      (columns[reached * 2 - 1] as Float64Array)[no] = 1;
    }
    for (let place = 1; place <= (highest[no] as number); place++) {
      const streak = columns[place * 2 - 1] as Float64Array;
      const parts = columns[place * 2] as Float64Array;
      if (streak[no] === 0 || (parts[no] as number) >= inParts.after.length) continue;
      if (reached >= place) {
        const due = keepOn({ streak, parts, no }, inParts.after);
        const own = rewarding.rows.at(place);
        if (due !== null && own !== null) rewarding.pay(no, due, own);
      } else breakOff({ streak, parts, no }, inParts);
    }
  }
  return columns;
}

interface Instalments {
  readonly streak: Float64Array;
  readonly parts: Float64Array;
  readonly no: number;
}

/** One more period in a row: the part that is due now, or null. Parts sum to the whole to the last unit. */
function keepOn({ streak, parts, no }: Instalments, after: readonly number[]): ((minor: bigint) => bigint) | null {
  streak[no] = (streak[no] as number) + 1;
  const done = parts[no] as number;
  if ((streak[no] as number) - 1 < (after[done] as number)) return null;
  parts[no] = done + 1;
  const [of, before] = [BigInt(after.length), BigInt(done)];
  return (minor) => (minor * (before + 1n)) / of - (minor * before) / of;
}

function breakOff({ streak, parts, no }: Instalments, { gap, after }: InParts["inParts"]): void {
  if (gap === "hold") return;
  streak[no] = 1;
  if (gap === "restart") parts[no] = 0;
  if (gap === "forfeit") parts[no] = after.length;
}

/** Column: steps paid so far, of a measure that adds up; one of a period counts anew each time. */
function paySteps(asked: For<"per-step">, rewarding: Rewarding): readonly Float64Array[] {
  const { people, input } = rewarding.context;
  const measure = input.plan.measures?.[asked.measure];
  const over = measure !== undefined && "over" in measure ? measure.over : undefined;
  const addsUp = over !== undefined && !("periods" in over);
  const [paid] = rewarding.columns(1) as [Float64Array];
  const step = Number(volumeOf(asked.step));
  for (let no = 0; no < rewarding.count; no++) {
    const steps = Math.floor(people.measure(asked.measure, no) / step);
    const due = steps - (addsUp ? (paid[no] as number) : 0);
    if (due <= 0) continue;
    paid[no] = steps;
    rewarding.pay(no, (minor) => minor * BigInt(due));
  }
  return addsUp ? [paid] : [];
}

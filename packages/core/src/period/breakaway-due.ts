import { parseDecimal, type Ratio } from "../money.ts";
import { baseRateOf } from "../plan/bonus-base.ts";
import type { BreakawayBonus } from "../plan/breakaway.ts";
import { minorPerVolumeUnit, volumeOf } from "../plan/parts.ts";
import { divideRounded } from "../plan/rounding.ts";
import { breakawayRankNo } from "../plan/rules.ts";
import { aboveOf, type Ground, isActive, rankOf } from "../plan/walks/ground.ts";
import { float64At } from "../typed.ts";
import type { CloseContext } from "./context.ts";
import type { BonusSum } from "./till.ts";
import type { SourceVolumes } from "./volumes.ts";

export type GuaranteedOverride = BreakawayBonus["override"] & { mode: "guaranteed-minimum" };

/** The level of an entry tells what it is: what came from a group, what of it went on, and what was not to be kept. */
export const DUE_LEVELS = { received: 1, shortfall: 0, notKept: 2 } as const;

/** What one leader's group owes, all in minor units, each rounded once. */
export interface LeaderDue {
  /** The share of the own group's volume. */
  readonly ownMinor: number;
  /** What the minimum comes to. */
  readonly leastMinor: number;
  /** Of what came from groups below: how much, from how many groups. */
  readonly receivedMinor: number;
  readonly groups: number;
  /** What is taken of it to make up for the own group, and what is not kept. */
  readonly shortfallMinor: number;
  readonly passedMinor: number;
}

/**
 * The override with a guaranteed minimum: leaders from the bottom up. Each owes the share of the own group's volume, at least
 * that of the minimum; what is short comes out of what the leader receives from below, so that all leaders together
 * pay out the share of what was sold and no more. `groups` are the volumes of broken-away groups by leader.
 * Source: AmwayWiki, "Leadership Bonus".
 */
export function closeBreakawayDue(
  override: GuaranteedOverride,
  bonus: BreakawayBonus,
  { context, groups, sum }: { context: CloseContext; groups: SourceVolumes; sum: BonusSum },
): void {
  const { order } = context.trees.named(bonus.tree);
  const ground = context.ground(bonus.tree);
  const dues = new Dues(override, bonus, context, groups);
  const received = new Map<number, { minor: number; groups: number }>();
  for (let place = order.length - 1; place >= 0; place--) {
    const leader = order[place] as number;
    if (rankOf(ground, leader) < dues.threshold) continue;
    const below = received.get(leader) ?? { minor: 0, groups: 0 };
    const due = dues.of(leader, below);
    sum.add(leader, leader, DUE_LEVELS.shortfall, -due.shortfallMinor);
    sum.add(leader, leader, DUE_LEVELS.notKept, -due.passedMinor);
    const up = dues.nextLeader(leader);
    if (up < 0) continue;
    const made = override.due.shortfallFrom === "company" ? Math.max(0, due.leastMinor - due.ownMinor) : due.shortfallMinor;
    const paid = due.ownMinor + made + due.passedMinor;
    if (paid === 0) continue;
    sum.add(up, leader, DUE_LEVELS.received, paid);
    const above = received.get(up) ?? { minor: 0, groups: 0 };
    received.set(up, { minor: above.minor + paid, groups: above.groups + 1 });
  }
}

class Dues {
  readonly threshold: number;
  readonly #override: GuaranteedOverride;
  readonly #context: CloseContext;
  readonly #ground: Ground;
  readonly #personalGroups: Float64Array;
  readonly #groups: SourceVolumes;
  /** Share of the base, as one fraction. */
  readonly #share: Ratio;
  readonly #leastMinor: number;

  constructor(override: GuaranteedOverride, bonus: BreakawayBonus, context: CloseContext, groups: SourceVolumes) {
    const { plan, currency } = context.input;
    this.threshold = breakawayRankNo(plan);
    this.#override = override;
    this.#context = context;
    this.#ground = context.ground(bonus.tree);
    this.#personalGroups = context.groupVolume(bonus.tree, "personal");
    this.#groups = groups;
    this.#share = parseDecimal(override.due.share);
    const perUnit = minorPerVolumeUnit(parseDecimal(plan.cvRates["*"] ?? "0"), currency);
    const base = baseRateOf(bonus);
    const least = volumeOf(override.due.atLeastVolume) * perUnit.num * base.num;
    this.#leastMinor = this.#round({ num: least, den: perUnit.den * base.den });
  }

  /** A leader that nobody is above owes nobody, and so keeps what comes from below. */
  of(leader: number, received: { readonly minor: number; readonly groups: number }): LeaderDue {
    const worth = this.#worthOf(leader);
    const ownMinor = this.#round(worth);
    const owes = this.nextLeader(leader) >= 0;
    const short = owes && this.#override.due.shortfallFrom === "received" ? this.#leastMinor - ownMinor : 0;
    const shortfallMinor = Math.max(0, Math.min(short, received.minor));
    const keeps = !owes || this.#keeps(leader, received.groups);
    return {
      ...{ ownMinor, leastMinor: this.#leastMinor, shortfallMinor },
      ...{ receivedMinor: received.minor, groups: received.groups },
      passedMinor: keeps ? 0 : Math.max(0, received.minor - shortfallMinor),
    };
  }

  nextLeader(leader: number): number {
    const ground = this.#ground;
    let up = aboveOf(ground, leader);
    while (up >= 0 && !(isActive(ground, up) && rankOf(ground, up) >= this.threshold)) up = aboveOf(ground, up);
    return up;
  }

  #keeps(leader: number, groups: number): boolean {
    const { keeps } = this.#override;
    if (keeps === undefined || groups >= keeps.orGroups) return true;
    return float64At(this.#personalGroups, leader) >= Number(volumeOf(keeps.personalGroupVolume));
  }

  #round({ num, den }: Ratio): number {
    return Number(divideRounded(num * this.#share.num, den * this.#share.den, this.#context.input.plan.rounding));
  }

  /** The worth of a leader's group in minor units, exact. */
  #worthOf(leader: number): Ratio {
    const { groups, den, settled } = this.#groups;
    const worths = settled?.get(leader);
    if (worths !== undefined) return { num: worths.reduce((sum, worth) => sum + worth, 0n), den };
    const num = groups.reduce(
      (sum, { volume, minorPerUnit }) => sum + (BigInt(volume[leader] as number) * minorPerUnit.num * den) / minorPerUnit.den,
      0n,
    );
    return { num, den };
  }
}

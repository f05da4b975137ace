import type { BreakawayBonus } from "../src/plan/breakaway.ts";
import { Fraction } from "./fraction.ts";
import type { Scene } from "./walks.ts";
import { type Person, uplineOf } from "./world.ts";
import { cvMoney } from "./worth.ts";

type Guaranteed = BreakawayBonus["override"] & { mode: "guaranteed-minimum" };

/**
 * What each leader owes the next one above, from the definition: the share of the own group, plus what makes it up to the
 * minimum, plus all that may not be kept. What one has of groups below is the sum of what those owe, found the same way.
 */
export function payGuaranteed(
  { world, standing, due }: Scene,
  bonus: BreakawayBonus & { override: Guaranteed },
  worthBelow: (person: Person) => Fraction,
): void {
  const { plan } = world;
  const { share, atLeastVolume, shortfallFrom } = bonus.override.due;
  const { keeps } = bonus.override;
  const shareOf = (worth: Fraction): bigint => worth.times(Fraction.read(share)).rounded(plan.rounding);
  const least = shareOf(
    Fraction.read(atLeastVolume)
      .times(cvMoney(plan, "*"))
      .times(Fraction.read(bonus.baseRate ?? "1")),
  );
  const leaders = world.people.filter((person) => standing.breaksAway(person));
  const over = (leader: Person): Person | undefined =>
    uplineOf(plan, leader, bonus.tree).find((person) => standing.breaksAway(person) && standing.active(person));
  const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

  const owes = (leader: Person): bigint => {
    const { own, shortfall, notKept } = partsOf(leader);
    return own + (shortfallFrom === "company" ? most(0n, least - own) : shortfall) + notKept;
  };
  const partsOf = (leader: Person): { own: bigint; shortfall: bigint; notKept: bigint } => {
    const paying = leaders.filter((other) => over(other) === leader && owes(other) !== 0n);
    const received = paying.reduce((sum, other) => sum + owes(other), 0n);
    const own = shareOf(worthBelow(leader));
    if (over(leader) === undefined) return { own, shortfall: 0n, notKept: 0n };
    const missing = shortfallFrom === "company" ? 0n : most(0n, least - own);
    const shortfall = missing < received ? missing : received;
    const mayKeep =
      keeps === undefined ||
      paying.length >= keeps.orGroups ||
      standing.personalGroup(leader, bonus.tree).isAtLeast(Fraction.read(keeps.personalGroupVolume));
    return { own, shortfall, notKept: mayKeep ? 0n : received - shortfall };
  };
  for (const leader of leaders) {
    const up = over(leader);
    const { shortfall, notKept } = partsOf(leader);
    due.owe(leader, leader, { level: 0, upTo: Fraction.whole(-(shortfall + notKept)) });
    if (up !== undefined) due.owe(up, leader, { level: 1, upTo: Fraction.whole(owes(leader)) });
  }
}

import type { CloseInput } from "../src/period/input.ts";
import type { RankRequirement } from "../src/plan/ranks.ts";
import type { Plan } from "../src/plan/schema.ts";

/**
 * The oracle: the same close written the plain way, with objects, recursion and bigint fractions, and
 * nothing shared with the engine but the plan document. Slow, and easy to believe.
 */
export interface Person {
  readonly no: number;
  readonly below: Person[];
  sponsor: Person | null;
  pv: bigint;
  gv: bigint;
  rank: number;
  highest: number;
  readonly sides: [Person | null, Person | null];
  readonly earned: Record<string, bigint>;
  own: Record<"self" | "customer", bigint>;
}

export function naiveClose(input: CloseInput): Person[] {
  const people = peopleOf(input);
  const roots = people.filter((one) => one.sponsor === null);
  for (const root of roots) groupVolume(root);
  for (const root of roots) judge(root, input.plan);
  for (const one of people) payLevels(one, input.plan);
  for (const one of people) payDifference(one, input.plan);
  if (input.plan.bonuses.some((bonus) => bonus.kind === "binary")) {
    for (const one of people) payPairs(one, input.plan);
    for (const one of people) payMatch(one, input.plan);
  }
  return people;
}

function peopleOf(input: CloseInput): Person[] {
  const { network, orders } = input;
  const people = Array.from(
    { length: network.count },
    (_, no): Person => ({
      no,
      below: [],
      sponsor: null,
      pv: 0n,
      gv: 0n,
      rank: -1,
      highest: -1,
      sides: [null, null],
      earned: {},
      own: { self: 0n, customer: 0n },
    }),
  );
  const binary = network.placements.binary;
  people.forEach((one, no) => {
    one.sponsor = people[network.sponsor[no] as number] ?? null;
    one.sponsor?.below.push(one);
    const up = people[binary?.parent[no] ?? -1];
    if (up) up.sides[(binary?.leg[no] ?? 0) as 0 | 1] = one;
  });
  orders.owner.forEach((no, row) => {
    const one = people[no] as Person;
    one.pv += BigInt(orders.pv[row] as number);
    one.own[orders.self[row] === 1 ? "self" : "customer"] += BigInt(orders.cv[row] as number);
  });
  return people;
}

function groupVolume(one: Person): bigint {
  one.gv = one.below.reduce((sum, below) => sum + groupVolume(below), one.pv);
  return one.gv;
}

const units = (text: string): bigint => BigInt(Math.round(Number(text) * 10_000));
const isActive = (one: Person, plan: Plan): boolean => one.pv >= units(plan.active.minimumPv);

function judge(one: Person, plan: Plan): void {
  for (const below of one.below) judge(below, plan);
  plan.ranks.forEach((rank, no) => {
    if (meets(one, rank.requires, plan)) one.rank = no;
  });
  one.highest = Math.max(one.rank, ...one.below.map((below) => below.highest));
}

function meets(one: Person, needs: RankRequirement, plan: Plan): boolean {
  if (one.pv < units(needs.pv ?? "0")) return false;
  if (one.below.filter((below) => isActive(below, plan)).length < (needs.activeLegs ?? 0)) return false;
  const rankNo = (id: string): number => plan.ranks.findIndex((rank) => rank.id === id);
  if (
    (needs.legsWithRank ?? []).some((need) => one.below.filter((below) => below.highest >= rankNo(need.rank)).length < need.legs)
  )
    return false;
  return needs.gv === undefined || counted(one, needs.gv) >= units(needs.gv.volume);
}

function counted(one: Person, gv: NonNullable<RankRequirement["gv"]>): bigint {
  if (gv.maxLeg === undefined) return one.gv;
  const legs = one.below.map((below) => below.gv);
  if (gv.maxLeg.mode === "cap-on-required") {
    const cap = (units(gv.volume) * units(gv.maxLeg.share)) / 10_000n;
    return legs.reduce((sum, leg) => sum + (leg < cap ? leg : cap), one.pv);
  }
  let low = 0n;
  let high = one.gv;
  while (low < high) {
    const total = (low + high + 1n) / 2n;
    const held = legs.reduce((sum, leg) => sum + least(leg * 10_000n, units(gv.maxLeg?.share ?? "1") * total), one.pv * 10_000n);
    if (held >= total * 10_000n) low = total;
    else high = total - 1n;
  }
  return low;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Half up, of a volume in ten-thousandths at a decimal rate, in cents. */
function share(volume: bigint, rate: string): bigint {
  return (2n * volume * units(rate) + 1_000_000n) / 2_000_000n;
}

function pay(one: Person, bonus: string, amount: bigint): void {
  one.earned[bonus] = (one.earned[bonus] ?? 0n) + amount;
}

const rankId = (one: Person, plan: Plan): string => plan.ranks[one.rank]?.id ?? "none";

/** What somebody earns on a source is summed over own purchases and customers' orders, and rounded once. */
function payLevels(source: Person, plan: Plan): void {
  const exact = new Map<Person, bigint>();
  for (const kind of ["self", "customer"] as const) shareLevels(source, kind, plan, exact);
  for (const [one, millionths] of exact) pay(one, "levels", (2n * millionths + 1_000_000n) / 2_000_000n);
}

function shareLevels(source: Person, kind: "self" | "customer", plan: Plan, exact: Map<Person, bigint>): void {
  const bonus = plan.bonuses.find((one) => one.id === "levels");
  if (bonus?.kind !== "unilevel" || source.own[kind] === 0n) return;
  let one = kind === "self" ? source.sponsor : source;
  for (let level = 0; one !== null && level < 7; one = one.sponsor) {
    if (!isActive(one, plan)) continue;
    const rate = bonus.rates[rankId(one, plan)]?.[level];
    if (rate !== undefined) exact.set(one, (exact.get(one) ?? 0n) + source.own[kind] * units(rate));
    level++;
  }
}

function payDifference(source: Person, plan: Plan): void {
  const bonus = plan.bonuses.find((one) => one.id === "difference");
  if (bonus?.kind !== "differential" || bonus.percentage.by !== "rank") return;
  const volume = source.own.self + source.own.customer;
  let paid = 0n;
  let best = "0";
  for (let one: Person | null = source; one !== null; one = one.sponsor) {
    const rate = isActive(one, plan) ? (bonus.percentage.rates[rankId(one, plan)] ?? "0") : "0";
    if (Number(rate) <= Number(best)) continue;
    pay(one, "difference", share(volume, rate) - paid);
    paid = share(volume, rate);
    best = rate;
  }
}

function sideVolume(one: Person | null): bigint {
  if (one === null) return 0n;
  return one.pv + sideVolume(one.sides[0]) + sideVolume(one.sides[1]);
}

function payPairs(one: Person, plan: Plan): void {
  if (!isActive(one, plan)) return;
  const matched = least(sideVolume(one.sides[0]), sideVolume(one.sides[1]));
  pay(one, "pairs", least(share(matched, "0.10"), 500_000n));
}

function payMatch(source: Person, plan: Plan): void {
  const bonus = plan.bonuses.find((one) => one.id === "match");
  if (bonus?.kind !== "matching") return;
  const earned = source.earned.pairs ?? 0n;
  let level = 0;
  for (let one = source.sponsor; one !== null && level < 3; one = one.sponsor) {
    const rate = isActive(one, plan) ? bonus.rates[rankId(one, plan)]?.[level] : undefined;
    if (rate === undefined) continue;
    pay(one, "match", (2n * earned * units(rate) + 10_000n) / 20_000n);
    level++;
  }
}

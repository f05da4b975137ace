import type { CloseInput } from "../src/period/input.ts";
import type { RankRequirement } from "../src/plan/ranks.ts";
import type { Plan } from "../src/plan/schema.ts";
import { keyRows as rateRows } from "../src/plan/tables.ts";

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
  const roots = people.filter((person) => person.sponsor === null);
  for (const root of roots) groupVolume(root);
  for (const root of roots) judge(root, input.plan);
  for (const person of people) payLevels(person, input.plan);
  for (const person of people) payDifference(person, input.plan);
  if (input.plan.bonuses.some((bonus) => bonus.kind === "binary")) {
    for (const person of people) payPairs(person, input.plan);
    for (const person of people) payMatch(person, input.plan);
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
  people.forEach((person, no) => {
    person.sponsor = people[network.sponsor[no] as number] ?? null;
    person.sponsor?.below.push(person);
    const up = people[binary?.parent[no] ?? -1];
    if (up) up.sides[(binary?.leg[no] ?? 0) as 0 | 1] = person;
  });
  orders.owner.forEach((no, row) => {
    const person = people[no] as Person;
    person.pv += BigInt(orders.pv[row] as number);
    person.own[orders.self[row] === 1 ? "self" : "customer"] += BigInt(orders.cv[row] as number);
  });
  return people;
}

function groupVolume(person: Person): bigint {
  person.gv = person.below.reduce((sum, below) => sum + groupVolume(below), person.pv);
  return person.gv;
}

const units = (text: string): bigint => BigInt(Math.round(Number(text) * 10_000));
const isActive = (person: Person, plan: Plan): boolean => person.pv >= units(plan.active.minimumPv);

function judge(person: Person, plan: Plan): void {
  for (const below of person.below) judge(below, plan);
  plan.ranks.forEach((rank, no) => {
    if (meets(person, rank.requires, plan)) person.rank = no;
  });
  person.highest = Math.max(person.rank, ...person.below.map((below) => below.highest));
}

function meets(person: Person, needs: RankRequirement, plan: Plan): boolean {
  if (person.pv < units(needs.pv ?? "0")) return false;
  if (person.below.filter((below) => isActive(below, plan)).length < (needs.activeLegs ?? 0)) return false;
  const rankNo = (id: string): number => plan.ranks.findIndex((rank) => rank.id === id);
  if (
    (needs.legsWithRank ?? []).some(
      (need) => person.below.filter((below) => below.highest >= rankNo(need.rank)).length < need.legs,
    )
  )
    return false;
  return needs.gv === undefined || counted(person, needs.gv) >= units(needs.gv.volume);
}

function counted(person: Person, gv: NonNullable<RankRequirement["gv"]>): bigint {
  if (gv.maxLeg === undefined) return person.gv;
  const legs = person.below.map((below) => below.gv);
  if (gv.maxLeg.mode === "cap-on-required") {
    const cap = (units(gv.volume) * units(gv.maxLeg.share)) / 10_000n;
    return legs.reduce((sum, leg) => sum + (leg < cap ? leg : cap), person.pv);
  }
  let low = 0n;
  let high = person.gv;
  while (low < high) {
    const total = (low + high + 1n) / 2n;
    const held = legs.reduce(
      (sum, leg) => sum + least(leg * 10_000n, units(gv.maxLeg?.share ?? "1") * total),
      person.pv * 10_000n,
    );
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

function pay(person: Person, bonus: string, amount: bigint): void {
  person.earned[bonus] = (person.earned[bonus] ?? 0n) + amount;
}

const rankId = (person: Person, plan: Plan): string => plan.ranks[person.rank]?.id ?? "none";

/** What somebody earns on a source is summed over own purchases and customers' orders, and rounded once. */
function payLevels(source: Person, plan: Plan): void {
  const exact = new Map<Person, bigint>();
  for (const kind of ["self", "customer"] as const) shareLevels(source, kind, plan, exact);
  for (const [person, millionths] of exact) pay(person, "levels", (2n * millionths + 1_000_000n) / 2_000_000n);
}

function shareLevels(source: Person, kind: "self" | "customer", plan: Plan, exact: Map<Person, bigint>): void {
  const bonus = plan.bonuses.find((bonus) => bonus.id === "levels");
  if (bonus?.kind !== "unilevel" || source.own[kind] === 0n) return;
  let person = kind === "self" ? source.sponsor : source;
  for (let level = 0; person !== null && level < 7; person = person.sponsor) {
    if (!isActive(person, plan)) continue;
    const rate = rateRows(bonus.rates)[rankId(person, plan)]?.[level];
    if (rate !== undefined) exact.set(person, (exact.get(person) ?? 0n) + source.own[kind] * units(rate));
    level++;
  }
}

function payDifference(source: Person, plan: Plan): void {
  const bonus = plan.bonuses.find((bonus) => bonus.id === "difference");
  if (bonus?.kind !== "differential" || bonus.percentage.by !== "rank") return;
  const volume = source.own.self + source.own.customer;
  let paid = 0n;
  let best = "0";
  for (let person: Person | null = source; person !== null; person = person.sponsor) {
    const rate = isActive(person, plan) ? (bonus.percentage.rates[rankId(person, plan)] ?? "0") : "0";
    if (Number(rate) <= Number(best)) continue;
    pay(person, "difference", share(volume, rate) - paid);
    paid = share(volume, rate);
    best = rate;
  }
}

function sideVolume(person: Person | null): bigint {
  if (person === null) return 0n;
  return person.pv + sideVolume(person.sides[0]) + sideVolume(person.sides[1]);
}

function payPairs(person: Person, plan: Plan): void {
  if (!isActive(person, plan)) return;
  const matched = least(sideVolume(person.sides[0]), sideVolume(person.sides[1]));
  pay(person, "pairs", least(share(matched, "0.10"), 500_000n));
}

function payMatch(source: Person, plan: Plan): void {
  const bonus = plan.bonuses.find((bonus) => bonus.id === "match");
  if (bonus?.kind !== "matching") return;
  const earned = source.earned.pairs ?? 0n;
  let level = 0;
  for (let person = source.sponsor; person !== null && level < 3; person = person.sponsor) {
    const rate = isActive(person, plan) ? rateRows(bonus.rates)[rankId(person, plan)]?.[level] : undefined;
    if (rate === undefined) continue;
    pay(person, "match", (2n * earned * units(rate) + 10_000n) / 20_000n);
    level++;
  }
}

import type { CloseInput } from "../src/period/input.ts";
import type { PlanCap } from "../src/plan/caps.ts";
import type { Payee } from "./due.ts";
import { Fraction, shareOut } from "./fraction.ts";
import { Standing } from "./standing.ts";
import { Terms } from "./terms.ts";
import { type Person, type World, worldOf } from "./world.ts";
import { companyWorth, minorOf, rowOf } from "./worth.ts";

/** Minor units by the distributor's number, for each bonus. */
export type Amounts = ReadonlyMap<string, Map<number, bigint>>;

/** What is left of the bonuses of a close after the plan's caps, in the order of the plan. Breakage is not capped. */
export function afterCaps(input: CloseInput, owed: ReadonlyMap<string, ReadonlyMap<Payee, bigint>>): Amounts {
  return leftOf(new Standing(worldOf(input)), owed);
}

/** The same of a close that has been worked out. */
export function leftOf(standing: Standing, owed: ReadonlyMap<string, ReadonlyMap<Payee, bigint>>): Amounts {
  const { world } = standing;
  const amounts: Amounts = new Map(
    [...owed].map(([id, minor]) => [
      id,
      new Map([...minor].flatMap(([payee, amount]): [number, bigint][] => (payee === "company" ? [] : [[payee.no, amount]]))),
    ]),
  );
  for (const cap of world.plan.caps ?? []) {
    const bonuses = [...owed.keys()].filter((id) => cap.bonuses === undefined || cap.bonuses.includes(id));
    if (cap.kind === "company") capCompany(world, cap, { amounts, bonuses });
    else if (cap.kind === "running-total") for (const person of world.people) capRunning(cap, { amounts, person, standing });
    else
      for (const person of world.people) {
        const most = new Terms(standing, {}).row(cap.atMost, { person, source: person });
        if (most === undefined || sum(amounts, bonuses, [person]) <= minorOf(most)) continue;
        const own = bonuses.map((id): Place => ({ id, person, key: id }));
        if (cap.enforcement === "pro-rata") scale(amounts, own, minorOf(most));
        else fill(amounts, own, minorOf(most));
      }
  }
  return amounts;
}

/** An amount that may be cut; `key` breaks ties. */
interface Place {
  readonly id: string;
  readonly person: Person;
  readonly key: string;
}

const at = (amounts: Amounts, { id, person }: Pick<Place, "id" | "person">): bigint => amounts.get(id)?.get(person.no) ?? 0n;

function sum(amounts: Amounts, bonuses: readonly string[], people: readonly Person[]): bigint {
  return people.reduce((all, person) => bonuses.reduce((own, id) => own + at(amounts, { id, person }), all), 0n);
}

/** Each bonus' cap less all that those before it have left. */
function capRunning(
  cap: PlanCap & { kind: "running-total" },
  { amounts, person, standing }: { amounts: Amounts; person: Person; standing: Standing },
): void {
  const { plan } = standing.world;
  cap.bonuses.forEach((id, place) => {
    const most = rowOf(plan, cap.atMost[id] ?? {}, standing.rank(person));
    if (most === undefined) return;
    const room = minorOf(most) - sum(amounts, cap.bonuses.slice(0, place), [person]);
    const least = room > 0n ? room : 0n;
    if (at(amounts, { id, person }) > least) amounts.get(id)?.set(person.no, least);
  });
}

function capCompany(
  world: World,
  cap: PlanCap & { kind: "company" },
  { amounts, bonuses }: { amounts: Amounts; bonuses: readonly string[] },
): void {
  const limit =
    cap.atMost.by === "amount"
      ? minorOf(cap.atMost.amount)
      : companyWorth(world, null).times(Fraction.read(cap.atMost.share)).floor();
  if (sum(amounts, bonuses, world.people) <= limit) return;
  const placesOf = (id: string): Place[] => world.people.map((person) => ({ id, person, key: `${id}:${person.key}` }));
  if (cap.enforcement === "pro-rata") scale(amounts, bonuses.flatMap(placesOf), limit);
  else if (cap.enforcement === "hard-stop") {
    const byKey = [...world.people].sort((a, b) => (a.key < b.key ? -1 : 1));
    fill(
      amounts,
      byKey.flatMap((person) => bonuses.map((id): Place => ({ id, person, key: "" }))),
      limit,
    );
  } else {
    // The bonuses listed first are paid whole, the next is scaled to what is left, the rest gets nothing.
    let left = limit;
    for (const id of bonuses) {
      const own = sum(amounts, [id], world.people);
      const paid = smaller(own, left);
      if (paid < own) scale(amounts, placesOf(id), paid);
      left -= paid;
    }
  }
}

/** In proportion, spare units to the largest rests. */
function scale(amounts: Amounts, places: readonly Place[], limit: bigint): void {
  const paying = places.filter((place) => at(amounts, place) > 0n);
  const shares = shareOut(limit, new Map(paying.map((place) => [place.key, Fraction.whole(at(amounts, place))])));
  for (const { id, person, key } of paying) amounts.get(id)?.set(person.no, shares.get(key) ?? 0n);
}

/** One after the other until the limit is used up. */
function fill(amounts: Amounts, places: readonly Place[], limit: bigint): void {
  let left = limit;
  for (const place of places) {
    const paid = smaller(at(amounts, place), left);
    amounts.get(place.id)?.set(place.person.no, paid);
    left -= paid;
  }
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

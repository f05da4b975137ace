import type { Base } from "../src/plan/base.ts";
import type { AppliesTo } from "../src/plan/bonus-parts.ts";
import type { FastStartBonus } from "../src/plan/fast-start.ts";
import type { PlanMoney } from "../src/plan/parts.ts";
import type { Plan } from "../src/plan/schema.ts";
import { keyRows, type Table } from "../src/plan/tables.ts";
import { Fraction, sumOf } from "./fraction.ts";
import { factorOf, type Person, type Sale, type World } from "./world.ts";

/** Cents in a dollar: two decimals are enough for an oracle. */
const MINOR = Fraction.whole(100);

export function minorOf(amount: PlanMoney): bigint {
  return Fraction.read(typeof amount === "string" ? amount : (amount.USD ?? "0"))
    .times(MINOR)
    .floor();
}

interface PaidOn {
  readonly id: string;
  readonly appliesTo?: AppliesTo | undefined;
  readonly base?: Base;
  readonly baseRate?: string | undefined;
}

/** Whether a bonus looks at a sale at all. */
export function takes(plan: Plan, bonus: PaidOn, sale: Sale): boolean {
  const listed = plan.commissionClasses.find(({ id }) => id === sale.commissionClass)?.bonuses;
  if (listed !== undefined && !listed.includes(bonus.id)) return false;
  if (sale.own && plan.ownPurchase === "pays-nobody") return false;
  if (running(plan, sale).some(({ replaces }) => replaces.includes(bonus.id))) return false;
  const { classes, markets, buyers, orders } = bonus.appliesTo ?? {};
  return (
    (orders === undefined || (orders === "subscription") === sale.subscription) &&
    (classes === undefined || classes.includes(sale.commissionClass)) &&
    (markets === undefined || markets.includes(sale.market)) &&
    (buyers === undefined || buyers.includes(sale.own ? "self" : "customer"))
  );
}

/** The fast starts that run on a sale: open, for its class, and not themselves replaced by one that runs. */
function running(plan: Plan, sale: Sale): FastStartBonus[] {
  const open = plan.bonuses.flatMap((bonus) => (bonus.kind === "fast-start" && sale.open.includes(bonus.id) ? [bonus] : []));
  const forClass = open.filter(({ id, appliesTo }) => {
    const listed = plan.commissionClasses.find((each) => each.id === sale.commissionClass)?.bonuses;
    return (listed?.includes(id) ?? true) && (appliesTo?.classes?.includes(sale.commissionClass) ?? true);
  });
  const runs = (bonus: FastStartBonus): boolean =>
    forClass.every((other) => other === bonus || !other.replaces.includes(bonus.id) || !runs(other));
  return forClass.filter(runs);
}

export function cvMoney(plan: Plan, market: string): Fraction {
  return Fraction.read(plan.cvRates[market] ?? plan.cvRates["*"] ?? "0").times(MINOR);
}

/** Minor units of a sale that a bonus is a share of. */
export function worthOf(plan: Plan, bonus: PaidOn, sale: Sale): Fraction {
  const { of, less, partOf }: Exclude<Base, string> = typeof bonus.base === "object" ? bonus.base : { of: bonus.base ?? "cv" };
  const whole =
    of === "net" || of === "retail" ? sale[of] : sale[of].times(factorOf(plan, sale, of)).times(cvMoney(plan, sale.market));
  const left = less === undefined ? whole : whole.minus(sale.deducted[bonus.id] ?? Fraction.ZERO);
  const runs = partOf !== undefined && running(plan, sale).some(({ id }) => id === partOf.window);
  const part = runs ? Fraction.read(partOf.share) : Fraction.ONE;
  return left.times(part).times(Fraction.read(bonus.baseRate ?? "1"));
}

/** CV of a person in volume, for pairs, which mix markets; cut to whole ten-thousandths. */
export function pairVolume(plan: Plan, bonus: PaidOn, person: Person, counts: (sale: Sale) => boolean = () => true): Fraction {
  const unit = Fraction.whole(10_000);
  const exact = sumOf(
    person.sold
      .filter((sale) => takes(plan, bonus, sale) && counts(sale))
      .map((sale) => sale.cv.times(factorOf(plan, sale, "cv"))),
  );
  return Fraction.whole(exact.times(unit).floor()).over(unit);
}

/** The company's CV of the period in minor units, or what a bonus takes of its own base. */
export function companyWorth(world: World, bonus: PaidOn | null): Fraction {
  const { plan } = world;
  const everything = { id: "", base: "cv" as const };
  return sumOf(
    world.people.flatMap((person) =>
      person.sold
        .filter((sale) => bonus === null || takes(plan, bonus, sale))
        .map((sale) => worthOf(plan, bonus ?? everything, sale)),
    ),
  );
}

/** A value by rank number: the rank's own row, else that of "*"; rank -1 has the row "none". */
export function rowOf<T>(plan: Plan, table: Table<T>, rank: number): T | undefined {
  const rows = keyRows(table);
  return rows[rank < 0 ? "none" : (plan.ranks[rank] as { id: string }).id] ?? rows["*"];
}

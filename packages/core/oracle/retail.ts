import type { RetailBonus } from "../src/plan/retail.ts";
import { isKeyed, type ShareTable, thresholdRows } from "../src/plan/tables.ts";
import type { Payee } from "./due.ts";
import { Fraction, lesser, sumOf } from "./fraction.ts";
import { measureOf } from "./terms.ts";
import type { Scene } from "./walks.ts";
import type { Person, Sale } from "./world.ts";
import { takes, worthOf } from "./worth.ts";

/** Profit on own sales: of every customer's order, and of own purchases where the plan says so. One amount of all that is given. */
export function payRetail(scene: Scene, bonus: RetailBonus): Map<Payee, bigint> {
  const { pays } = bonus;
  if (pays.mode !== "percent") throw new Error("the oracle does not know margins");
  const { plan, people } = scene.world;
  const paidOn = { ...bonus, base: pays.base };
  const counts = (sale: Sale): boolean =>
    (scene.only === undefined || sale === scene.only) && (!sale.own || bonus.ownPurchases === true) && takes(plan, paidOn, sale);
  const paid = new Map<Payee, bigint>();
  for (const seller of people) {
    const worth = sumOf(seller.sold.filter(counts).map((sale) => worthOf(plan, paidOn, sale)));
    if (worth.isZero) continue;
    const minor = worth.times(shareOf(scene, pays.rates, seller)).rounded(plan.rounding);
    const earns = scene.terms.qualifies(seller) && (!bonus.ownerMustBeActive || scene.standing.active(seller));
    const payee = earns ? seller : "company";
    if (earns || bonus.unqualifiedEarner === "company") paid.set(payee, (paid.get(payee) ?? 0n) + minor);
  }
  return paid;
}

function shareOf({ standing, terms }: Scene, table: ShareTable, seller: Person): Fraction {
  const reached = Fraction.read(terms.row(table, { person: seller, source: seller }) ?? "0");
  if (!isKeyed(table) || !("applies" in table) || table.applies === "whole") return reached;
  const id = measureOf(table);
  const value = standing.measure(id, seller);
  const part = standing.measuredAlone(id, seller);
  if (part.isZero) return reached;
  const before = value.minus(part);
  const rows = (thresholdRows<string>(table) ?? [])
    .map(([from, rate]) => ({ from: Fraction.read(from), rate: Fraction.read(rate) }))
    .sort((a, b) => (a.from.isMoreThan(b.from) ? 1 : -1));
  const above = (from: Fraction): Fraction => most(value, from).minus(most(before, from));
  if (table.applies === "above-first")
    return above(rows[1]?.from ?? Fraction.ZERO)
      .times(reached)
      .over(part);
  // What of the period's part falls between a threshold and the next one.
  const parts = rows.map(({ from, rate }, place) => {
    const next = rows[place + 1]?.from;
    return above(from)
      .minus(next === undefined ? Fraction.ZERO : above(next))
      .times(rate);
  });
  return sumOf(parts).over(part);
}

const most = (a: Fraction, b: Fraction): Fraction => a.plus(b).minus(lesser(a, b));

import type { CommissionableLine, CommissionInput, Computation } from "./order-facts.ts";
import { baseOf, isMoney } from "./plan/base.ts";
import { bonusBase } from "./plan/bonus-base.ts";
import { type CompiledBonus, compilePlan } from "./plan/compile.ts";
import { openFastStarts, replacedBonuses, windowIsOpen } from "./plan/fast-start-windows.ts";
import { OrderWalk } from "./plan/order-walk.ts";
import { promotedPlan, promotionsAt, promotionTouches } from "./plan/promoted.ts";
import type { Bonus } from "./plan/schema.ts";
import { takesOrder } from "./plan/takes.ts";

/**
 * Order-time commissions: a pure function of plan, order and the upline as of the order's time.
 * Same input, same bytes, forever: the hub stores this input in the order's calculation snapshot.
 */

/**
 * Every order-time commission of one order, with the walk that led to it.
 * Entries and steps come in the order of the plan's bonuses (each after those it takes off its base), then of the lines, then up
 * the upline.
 * Formulas: commission-plans sections 3 and 7. Never throws for a parsed plan; a line of a class the
 * plan does not know earns nothing and says so.
 */
export function computeCommissions(given: CommissionInput): Computation {
  const plan = promotedPlan(given.plan, "order-date", Date.parse(given.placedAt));
  const input = plan === given.plan ? given : { ...given, plan };
  const compiled = compilePlan(input.plan);
  const open = openFastStarts(input.plan, input);
  const order = new OrderWalk(input, compiled, open);
  const replacedOf = new Map(
    [...new Set(input.lines.map((line) => line.commissionClass))].map((commissionClass) => [
      commissionClass,
      replacedBonuses(input.plan, open, commissionClass),
    ]),
  );
  const promotions = promotionsAt(given.plan, "order-date", Date.parse(given.placedAt));
  for (const orderBonus of compiled.orderBonuses) {
    for (const { id, name } of promotions.filter((promotion) => promotionTouches(promotion, orderBonus.bonus)))
      order.step({ bonusId: orderBonus.bonus.id, lineId: "*", level: 0 }, null, "promotion", {
        facts: { promotion: name ?? id },
      });
    if (!takesOrder(orderBonus.bonus.appliesTo, input)) continue;
    if (orderBonus.bonus.kind === "fast-start" && !windowIsOpen(orderBonus.bonus, input)) continue;
    order.tellTree(orderBonus.bonus);
    if (input.buyer === "self" && input.plan.ownPurchase === "pays-nobody") {
      order.step({ bonusId: orderBonus.bonus.id, lineId: "*", level: 0 }, null, "own-purchase");
      continue;
    }
    for (const line of input.lines)
      computeLine(order, orderBonus, line, replacedOf.get(line.commissionClass)?.get(orderBonus.bonus.id));
  }
  order.settle();
  const computed = { planHash: compiled.hash, entries: order.entries, walk: order.steps };
  const { closeDeducts } = compiled;
  if (closeDeducts.length === 0) return computed;
  const deductions = closeDeducts.map((bonus) => [
    bonus.id,
    Object.fromEntries(input.lines.map((line) => [line.lineId, order.deductionOf(line, bonus.base)])),
  ]);
  return { ...computed, deductions: Object.fromEntries(deductions) };
}

/** One bonus of one line, where neither the line's class nor a fast start leaves it out. */
function computeLine(order: OrderWalk, compiledBonus: CompiledBonus, line: CommissionableLine, by: string | undefined): void {
  const place = { bonusId: compiledBonus.bonus.id, lineId: line.lineId, level: 0 };
  if (!compiledBonus.takesClass(line.commissionClass))
    order.step(place, null, "class-excluded", { facts: { class: line.commissionClass } });
  else if (by !== undefined) order.step(place, null, "replaced", { facts: { by } });
  else {
    const money = moneyPaidOn(compiledBonus.bonus);
    if (money !== null) order.tellExchange(compiledBonus.bonus.id, line, money);
    compiledBonus.run(order, line);
  }
}

/** The order's own money that a bonus pays on, which may have to be converted; a margin is told by the net it is part of. */
function moneyPaidOn(bonus: Bonus): "net" | "retail" | null {
  const base = bonusBase(bonus);
  if (base === null) return "net";
  const kind = baseOf(base);
  return isMoney(kind) ? kind : null;
}

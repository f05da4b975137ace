import type { CommissionableLine, CommissionInput, Computation } from "./order-facts.ts";
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
 * Entries and steps come in the order of the plan's bonuses, then of the lines, then up the upline.
 * Formulas: commission-plans sections 3 and 7. Never throws for a parsed plan; a line of a class the
 * plan does not know earns nothing and says so.
 */
export function computeCommissions(given: CommissionInput): Computation {
  const plan = promotedPlan(given.plan, "order-date", Date.parse(given.placedAt));
  const input = plan === given.plan ? given : { ...given, plan };
  const compiled = compilePlan(input.plan);
  const order = new OrderWalk(input, compiled);
  const open = openFastStarts(input.plan, input);
  const replacedOf = new Map(
    [...new Set(input.lines.map((line) => line.commissionClass))].map((commissionClass) => [
      commissionClass,
      replacedBonuses(input.plan, open, commissionClass),
    ]),
  );
  const promotions = promotionsAt(given.plan, "order-date", Date.parse(given.placedAt));
  for (const orderBonus of compiled.orderBonuses) {
    for (const { id, name } of promotions.filter((promotion) => promotionTouches(promotion, orderBonus.bonus)))
      order.step({ bonusId: orderBonus.bonus.id, lineId: "*", level: 0 }, null, "promotion", { promotion: name ?? id });
    if (!takesOrder(orderBonus.bonus.appliesTo, input)) continue;
    if (orderBonus.bonus.kind === "fast-start" && !windowIsOpen(orderBonus.bonus, input)) continue;
    order.tellTree(orderBonus.bonus);
    if (input.buyer === "self" && input.plan.ownPurchase === "pays-nobody") {
      order.step({ bonusId: orderBonus.bonus.id, lineId: "*", level: 0 }, null, "own-purchase", {});
      continue;
    }
    for (const line of input.lines)
      computeLine(order, orderBonus, line, replacedOf.get(line.commissionClass)?.get(orderBonus.bonus.id));
  }
  order.settle();
  return { planHash: compiled.hash, entries: order.entries, walk: order.steps };
}

/** One bonus of one line, where neither the line's class nor a fast start leaves it out. */
function computeLine(order: OrderWalk, compiledBonus: CompiledBonus, line: CommissionableLine, by: string | undefined): void {
  const place = { bonusId: compiledBonus.bonus.id, lineId: line.lineId, level: 0 };
  if (!compiledBonus.takesClass(line.commissionClass)) order.step(place, null, "class-excluded", { class: line.commissionClass });
  else if (by !== undefined) order.step(place, null, "replaced", { by });
  else {
    if (paysOnNet(compiledBonus.bonus)) order.tellExchange(compiledBonus.bonus.id, line);
    compiledBonus.run(order, line);
  }
}

/** Whether a bonus pays on an order's own money, which may have to be converted. */
function paysOnNet(bonus: Bonus): boolean {
  const base = bonus.kind === "retail" && bonus.pays.mode === "percent" ? bonus.pays.base : "base" in bonus ? bonus.base : "net";
  return base === "net";
}

import type { CommissionInput, Computation } from "./order-facts.ts";
import { compilePlan, replacedBonuses, takesOrder, windowIsOpen } from "./plan/compile.ts";
import { OrderWalk } from "./plan/order-walk.ts";

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
export function computeCommissions(input: CommissionInput): Computation {
  const compiled = compilePlan(input.plan);
  const order = new OrderWalk(input, compiled);
  const replaced = replacedBonuses(compiled, input);
  for (const one of compiled.orderBonuses) {
    if (!takesOrder(one.bonus.appliesTo, input)) continue;
    if (one.bonus.kind === "fast-start" && !windowIsOpen(one.bonus, input)) continue;
    const by = replaced.get(one.bonus.id);
    if (by !== undefined) {
      order.step({ bonusId: one.bonus.id, lineId: "*", level: 0 }, null, "replaced", { by });
      continue;
    }
    if (input.buyer === "self" && input.plan.ownPurchase === "pays-nobody") {
      order.step({ bonusId: one.bonus.id, lineId: "*", level: 0 }, null, "own-purchase", {});
      continue;
    }
    for (const line of input.lines) {
      if (one.takesClass(line.commissionClass)) one.run(order, line);
      else
        order.step({ bonusId: one.bonus.id, lineId: line.lineId, level: 0 }, null, "class-excluded", {
          class: line.commissionClass,
        });
    }
  }
  return { planHash: compiled.hash, entries: order.entries, walk: order.steps };
}

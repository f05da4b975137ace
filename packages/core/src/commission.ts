import type { Ratio } from "./money.ts";
import { compilePlan, replacedBonuses, takesOrder, windowIsOpen } from "./plan/compile.ts";
import { OrderWalk } from "./plan/order-walk.ts";
import type { Plan } from "./plan/schema.ts";

/**
 * Order-time commissions: a pure function of plan, order and the upline as of the order's time.
 * Same input, same bytes, forever: the hub stores this input in the order's calculation snapshot.
 */

/** Volumes are integers in ten-thousandths, so that PV 12.5 is 125000n. */
export const VOLUME_SCALE = 10_000n;

/** A mapped order line: what it sold, in which commission class, with its volumes (ten-thousandths, for the whole line). */
export interface CommissionableLine {
  readonly lineId: string;
  readonly commissionClass: string;
  readonly quantity: number;
  readonly netMinor: bigint;
  readonly pv: bigint;
  readonly qv: bigint;
  readonly cv: bigint;
  /** Retail less wholesale of the line, where the SKU map knows both. */
  readonly retailMarginMinor: bigint | null;
}

/** A distributor as of the order's time. */
export interface UplineDistributor {
  readonly distributorId: string;
  readonly status: string;
  /** Rank id of the plan, or null for none. */
  readonly rank: string | null;
  /** Personal volume of the last closed period, ten-thousandths; null where no period was closed yet. */
  readonly periodPv: bigint | null;
  readonly enrolledAt: string;
  readonly country: string | null;
  /** The how-manieth their sponsor enrolled, from 1; only pass-up bonuses ask for it. */
  readonly enrolmentNumber?: number | null;
}

export interface CommissionInput {
  readonly plan: Plan;
  readonly orderId: string;
  readonly placedAt: string;
  readonly currency: string;
  /** Of the buyer: decides market-dependent rates. */
  readonly market: string | null;
  readonly buyer: "customer" | "self";
  /** Whether this is the buyer's first order (fast start). */
  readonly firstOrder: boolean;
  readonly lines: readonly CommissionableLine[];
  /** The order's owner first, then upline nearest first, as of `placedAt`, up to the root or the plan's depth. */
  readonly upline: readonly UplineDistributor[];
  /** For bonuses on placement trees: by the tree's name the owner, then the upline in that tree, as of `placedAt`. */
  readonly placements?: Readonly<Record<string, readonly UplineDistributor[]>>;
}

/** One commission: rounded once, per order line, bonus and earner. */
export interface CommissionEntry {
  /** Stable within the order whatever happens to it later: `${bonusId}:${lineId}:${level}:${earner}`. */
  readonly entryKey: string;
  readonly bonusId: string;
  readonly lineId: string;
  readonly level: number;
  /** Null is the company: breakage. */
  readonly earner: string | null;
  readonly amountMinor: bigint;
  readonly rate: Ratio;
  /** What the rate was applied to, in money (minor units, exact). */
  readonly base: Ratio;
}

/** One step of the walk up: who was looked at, and why they were paid or passed over. */
export interface WalkStep {
  readonly bonusId: string;
  readonly lineId: string;
  readonly distributorId: string | null;
  readonly level: number;
  readonly outcome: string;
  /** The numbers of the outcome, for the sentence: needed and actual volume, rank, rate. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface Computation {
  readonly planHash: string;
  readonly entries: readonly CommissionEntry[];
  readonly walk: readonly WalkStep[];
}

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

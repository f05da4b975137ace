import { computeCommissions } from "../commission.ts";
import type { CommissionableLine, CommissionInput, UplineDistributor } from "../order-facts.ts";
import { type ExplainedStep, explainStep } from "../plan/explain.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import type { CloseResult } from "./close.ts";
import type { CloseInput } from "./input.ts";

/**
 * Why a close paid, or did not pay, somebody's upline on their volume: the walk of one bonus from one
 * source, in words. It is the order-time walk with the close's ranks and activity, which agrees with the
 * close by a property test; only rounding may differ, since a close rounds a source's volume once and
 * this tells it by commission class. Null for bonuses that are no walk from a source by rank.
 */
export function explainSource(
  input: CloseInput,
  result: CloseResult,
  about: { bonusId: string; source: number },
): ExplainedStep[] | null {
  const bonus = input.plan.bonuses.find((one) => one.id === about.bonusId);
  if (bonus === undefined || !isWalk(bonus)) return null;
  const plan = orderTimePlan(input.plan, bonus);
  const above = bonus.kind === "matrix" ? input.network.placements[bonus.tree]?.parent : input.network.sponsor;
  if (above === undefined) return null;
  const upline = uplineAtClose(input, result, above, about.source);
  return (["customer", "self"] as const).flatMap((buyer) => {
    const lines = linesOf(input, about.source, buyer);
    if (lines.length === 0) return [];
    const order: CommissionInput = {
      plan,
      orderId: input.periodId,
      placedAt: "1970-01-01T00:00:00Z",
      currency: input.currency,
      market: null,
      buyer,
      firstOrder: false,
      lines,
      upline,
      placements: bonus.kind === "matrix" ? { [bonus.tree]: upline } : {},
    };
    return computeCommissions(order).walk.map((step) => ({
      distributorId: step.distributorId,
      level: step.level,
      outcome: step.outcome,
      text: explainStep(step),
    }));
  });
}

/** The steps about one upline only: "why was I not paid on this distributor's volume?" */
export function explainUpline(
  input: CloseInput,
  result: CloseResult,
  about: { bonusId: string; source: number; upline: number },
): ExplainedStep[] | null {
  const id = nameOf(input, about.upline);
  return explainSource(input, result, about)?.filter((step) => step.distributorId === id) ?? null;
}

type WalkBonus = Bonus & { kind: "unilevel" | "matrix" | "differential" | "generation" | "infinity" };

function isWalk(bonus: Bonus): bonus is WalkBonus {
  if (bonus.kind === "differential") return bonus.snapshot === "close" && bonus.percentage.by === "rank";
  return (
    (bonus.kind === "unilevel" || bonus.kind === "matrix" || bonus.kind === "generation" || bonus.kind === "infinity") &&
    bonus.snapshot === "close"
  );
}

const plans = new WeakMap<Bonus, Plan>();

/** The plan with this bonus alone, decided at order time; kept, because compiling it is what costs. */
function orderTimePlan(plan: Plan, bonus: WalkBonus): Plan {
  let known = plans.get(bonus);
  if (known === undefined) {
    const { appliesTo, ...rest } = bonus;
    const classes = appliesTo?.classes === undefined ? {} : { appliesTo: { classes: appliesTo.classes } };
    known = { ...plan, bonuses: [{ ...rest, ...classes, snapshot: "order" } as Bonus] };
    plans.set(bonus, known);
  }
  return known;
}

const nameOf = (input: CloseInput, no: number): string => input.network.ids?.[no] ?? `#${no}`;

function uplineAtClose(input: CloseInput, result: CloseResult, above: Int32Array, source: number): UplineDistributor[] {
  const upline: UplineDistributor[] = [];
  for (let no = source; no >= 0; no = above[no] as number) {
    upline.push({
      distributorId: nameOf(input, no),
      status: input.network.earning[no] === 1 ? (input.plan.active.statuses[0] as string) : "not earning",
      rank: input.plan.ranks[result.ranks.paidAs[no] as number]?.id ?? null,
      periodPv: BigInt(result.facts.pv[no] as number),
      enrolledAt: "1970-01-01T00:00:00Z",
      country: null,
    });
  }
  return upline;
}

/** A source's volume of the period as one line per commission class. */
function linesOf(input: CloseInput, source: number, buyer: "customer" | "self"): CommissionableLine[] {
  const { orders, plan } = input;
  const sums = plan.commissionClasses.map((one) => ({ class: one.id, pv: 0n, qv: 0n, cv: 0n, netMinor: 0n, rows: 0 }));
  for (let row = 0; row < orders.owner.length; row++) {
    const sum = sums[orders.classNo[row] as number];
    if (orders.owner[row] !== source || sum === undefined || (orders.self[row] === 1) !== (buyer === "self")) continue;
    sum.pv += BigInt(orders.pv[row] as number);
    sum.qv += BigInt(orders.qv[row] as number);
    sum.cv += BigInt(orders.cv[row] as number);
    sum.netMinor += BigInt(orders.netMinor?.[row] ?? 0);
    sum.rows++;
  }
  const line = ({ class: commissionClass, rows: quantity, pv, qv, cv, netMinor }: (typeof sums)[number]): CommissionableLine => ({
    lineId: commissionClass,
    commissionClass,
    quantity,
    netMinor,
    pv,
    qv,
    cv,
    retailMarginMinor: null,
  });
  return sums.filter((sum) => sum.rows > 0).map(line);
}

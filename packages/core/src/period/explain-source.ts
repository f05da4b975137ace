import { computeCommissions } from "../commission.ts";
import type { Ratio } from "../money.ts";
import type { CommissionInput, UplineDistributor } from "../order-facts.ts";
import { bonusBase } from "../plan/bonus-base.ts";
import { type ExplainedStep, explainStep, reasonOfStep } from "../plan/explain.ts";
import { replacedBonuses } from "../plan/fast-start-windows.ts";
import { measureNeeds } from "../plan/measure-needs.ts";
import type { Bonus, Plan } from "../plan/schema.ts";
import { float64At, int16At, int32At, itemAt, uint16At } from "../typed.ts";
import type { CloseResult } from "./close.ts";
import { type CloseInput, underDates } from "./input.ts";
import { baseOfRow } from "./less.ts";

/** One step of a walk at the close: which bonus's, and on whose volume. */
export interface SourceStep extends ExplainedStep {
  readonly bonusId: string;
  readonly source: number;
}

/**
 * Why a close paid, or did not pay, the upline of some distributors on their volume: the walks of its bonuses from each
 * source, in words. They are the order-time walks with the close's ranks, activity and trees, which agree with the close by
 * a property test; only rounding may differ, since a close rounds all of a source's volume once and this tells it by kind of
 * volume. Bonuses that are no walk from a source by rank have no steps. In the order of `sources`, then of the rows.
 */
export function explainSources(given: CloseInput, result: CloseResult, sources: readonly number[]): SourceStep[] {
  const input = underDates(given);
  const plan = orderTimePlan(input.plan);
  if (plan.bonuses.length === 0) return [];
  const rows = rowsBySource(input, new Set(sources));
  return sources.flatMap((source) => {
    const shared = {
      plan,
      orderId: input.periodId,
      placedAt: NO_MOMENT,
      currency: input.currency,
      firstOrder: false,
      upline: uplineAtClose(input, result, { above: input.network.sponsor, source }),
      placements: Object.fromEntries(
        Object.entries(input.network.placements).map(([tree, { parent }]) => [
          tree,
          uplineAtClose(input, result, { above: parent, source }),
        ]),
      ),
    };
    const steps = (rows.get(source) ?? []).flatMap((row) => stepsOfRow(input, row, shared));
    return steps.map((step) => ({ ...step, source }));
  });
}

/** No walk of a close asks when an order was placed: windows were judged when the volume was booked. */
const NO_MOMENT = "1970-01-01T00:00:00Z";

type SharedFacts = Omit<CommissionInput, "lines" | "market" | "buyer">;

/** The walks of one row, as if it were an order with one line; a bonus that the row gives nothing to has no step. */
function stepsOfRow(input: CloseInput, row: number, shared: SharedFacts): Omit<SourceStep, "source">[] {
  const { orders, plan } = input;
  const commissionClass = plan.commissionClasses[uint16At(orders.classNo, row)]?.id ?? "";
  const open = orders.openSets?.[orders.openSet?.[row] ?? 0] ?? [];
  const replaced = replacedBonuses(plan, open, commissionClass);
  const bases = basesOfRow(input, row, shared.plan);
  const { walk } = computeCommissions({
    ...shared,
    market: orders.markets[uint16At(orders.marketNo, row)] ?? null,
    buyer: orders.self[row] === 1 ? "self" : "customer",
    subscription: orders.subscription?.[row] === 1,
    lines: [
      {
        lineId: String(row),
        commissionClass,
        quantity: 1,
        netMinor: BigInt(orders.netMinor?.[row] ?? 0),
        pv: BigInt(float64At(orders.pv, row)),
        qv: BigInt(float64At(orders.qv, row)),
        cv: BigInt(float64At(orders.cv, row)),
        retailMinor: BigInt(orders.retailMinor?.[row] ?? orders.netMinor?.[row] ?? 0),
        bases: Object.fromEntries(bases),
        retailMarginMinor: null,
      },
    ],
  });
  return walk
    .filter(({ bonusId }) => (bases.get(bonusId)?.num ?? 0n) > 0n && !replaced.has(bonusId))
    .map((step) => ({
      bonusId: step.bonusId,
      distributorId: step.distributorId,
      level: step.level,
      outcome: step.outcome,
      reason: reasonOfStep(step),
      text: explainStep(step),
    }));
}

/** What each bonus of the plan is computed on there. */
function basesOfRow(input: CloseInput, row: number, plan: Plan): Map<string, Ratio> {
  return new Map(
    plan.bonuses.flatMap((bonus) => {
      const base = bonusBase(bonus);
      return base === null ? [] : [[bonus.id, baseOfRow(input, { id: bonus.id, base }, row)] as const];
    }),
  );
}

/** Whether a walk at the close asks more of people than rank, volume and activity: numbers that take everyone below them. */
export function walksAskMeasures(plan: Plan): boolean {
  return measureNeeds(orderTimePlan(plan)).atOrders.length > 0;
}

const plans = new WeakMap<Plan, Plan>();

/** The close walks of a plan, decided at order time; kept, because compiling it is what costs. */
function orderTimePlan(plan: Plan): Plan {
  let known = plans.get(plan);
  if (known === undefined) {
    known = { ...plan, bonuses: plan.bonuses.filter(isWalk).map((bonus) => ({ ...bonus, snapshot: "order" }) as Bonus) };
    plans.set(plan, known);
  }
  return known;
}

function isWalk(bonus: Bonus): boolean {
  if (!("snapshot" in bonus) || bonus.snapshot !== "close") return false;
  if (bonus.kind === "differential") return bonus.percentage.by !== "group-volume";
  return bonus.kind === "unilevel" || bonus.kind === "matrix" || bonus.kind === "generation" || bonus.kind === "infinity";
}

function uplineAtClose(
  input: CloseInput,
  result: CloseResult,
  { above, source }: { above: Int32Array; source: number },
): UplineDistributor[] {
  const { network, plan } = input;
  const { people } = result;
  const asked = measureNeeds(orderTimePlan(plan)).atOrders;
  const upline: UplineDistributor[] = [];
  for (let no = source; no >= 0; no = int32At(above, no)) {
    const countedPv = float64At(input.lastClosed?.pv ?? result.judgedBy.pv, no);
    upline.push({
      distributorId: network.ids?.[no] ?? `#${no}`,
      status: network.earning[no] === 1 ? itemAt(plan.active.statuses, 0) : "not earning",
      rank: plan.ranks[int16At(result.ranks.paidAs, no)]?.id ?? null,
      periodPv: countedPv < 0 ? null : BigInt(countedPv),
      title: plan.ranks[people.titleNo(no)]?.id ?? null,
      measures: Object.fromEntries(asked.map((id) => [id, BigInt(people.measure(id, no))])),
      enrolledAt: network.enrolledAt === undefined ? NO_MOMENT : new Date(people.enrolledAt(no)).toISOString(),
      country: network.country === undefined ? null : people.country(no),
    });
  }
  return upline;
}

/** The rows of some sources, in one pass. */
function rowsBySource({ orders }: CloseInput, sources: ReadonlySet<number>): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  orders.owner.forEach((owner, row) => {
    if (!sources.has(owner)) return;
    const own = rows.get(owner);
    if (own) own.push(row);
    else rows.set(owner, [row]);
  });
  return rows;
}

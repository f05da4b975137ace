import type { MatchingBonus } from "../plan/matching.ts";
import { compileLevelRates, type RateTable } from "../plan/rates.ts";
import { generationRule } from "../plan/rules.ts";
import { walkGenerations } from "../plan/walks/generations.ts";
import { aboveOf } from "../plan/walks/ground.ts";
import { walkLevels } from "../plan/walks/levels.ts";
import type { RateRule } from "../plan/walks/rates.ts";
import { float64At, int16At, int32At } from "../typed.ts";
import type { CloseContext } from "./context.ts";
import { type BonusSum, CloseTill, type ShareRounding } from "./till.ts";

/** Earnings are minor units already. */
const MINOR = { groups: [{ minorPerUnit: { num: 1n, den: 1n } }], den: 1n };

/**
 * Matching on the tree that the bonus names: everyone's earnings from the matched bonuses, downline first, so that
 * with `cascade` what somebody earned by matching is complete before it is matched in turn. Section 7.
 */
export function closeMatching(bonus: MatchingBonus, context: CloseContext, sum: BonusSum): void {
  const { plan } = context.input;
  const table = compileLevelRates(bonus.rates, plan.ranks);
  const till = new MatchTill(sum, table, {
    ...context.shareRounding,
    rank: bonus.who === "rank-not-above" ? context.rank : null,
  });
  const matched = context.earnings(bonus.of, bonus.amounts);
  const { order } = context.trees.named(bonus.tree);
  const own = context.ownRates(bonus, bonus.rates, table, context.ground(bonus.tree));
  const walk = walkOf(bonus, context, { table, own }, till);
  const matchedIf = bonus.matchedIf === undefined ? null : context.people.holds(bonus.matchedIf);
  for (let index = order.length - 1; index >= 0; index--) {
    const no = int32At(order, index);
    const earned = counted(context, bonus.id, no, float64At(matched, no) + (bonus.cascade ? float64At(sum.amounts, no) : 0));
    if (earned === 0 || !(matchedIf?.(no) ?? true)) continue;
    own?.begin(no);
    till.begin(no, true);
    till.take(0, earned);
    walk(no);
    till.finish();
  }
}

/** Earnings below zero, after returned goods, are matched, wait or are forgotten as the plan's `negativeVolume` says. */
function counted(context: CloseContext, bonusId: string, no: number, earned: number): number {
  const { plan, carried, network } = context.input;
  if (plan.negativeVolume === "forgive") return Math.max(0, earned);
  const left = earned - (carried.deficits?.[bonusId]?.[no] ?? 0);
  if (left >= 0 || plan.negativeVolume !== "carry") return left;
  const { deficits } = context.volumes;
  deficits[bonusId] ??= new Float64Array(network.count);
  deficits[bonusId][no] = -left;
  return 0;
}

function walkOf(bonus: MatchingBonus, context: CloseContext, { table, own }: RateRule, till: MatchTill): (no: number) => void {
  const ground = context.ground(bonus.tree);
  if (bonus.by.kind === "generation") {
    const rule = { ...generationRule(bonus.by.boundary, table, context.input.plan), own };
    return (no) => walkGenerations(rule, ground, no, till);
  }
  const rule = { ...context.levels(table, bonus.by.compression), own };
  return (no) => walkLevels(rule, ground, aboveOf(ground, no), till);
}

/** Leaves out uplines whose rank is above that of the one who earned, where the bonus says so. */
class MatchTill extends CloseTill {
  readonly #rank: Int16Array | null;

  constructor(sum: BonusSum, table: RateTable, options: ShareRounding & { rank: Int16Array | null }) {
    super(sum, MINOR, [table.denominator], options);
    this.#rank = options.rank;
  }

  override pay(no: number, level: number, units: number): void {
    if (this.#rank !== null && int16At(this.#rank, no) > int16At(this.#rank, this.source)) return;
    super.pay(no, level, units);
  }
}

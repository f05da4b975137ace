import { aboveOf, type Ground, isActive, rankOf, type Till } from "./ground.ts";
import { type RateRule, unitsAt, whyNone } from "./rates.ts";

export interface GenerationRule extends RateRule {
  /** The rank that closes a generation, or null where it is each earner's own. */
  readonly boundaryRank: number | null;
  readonly inactiveLeaderBounds: boolean;
  readonly emptyGenerationCounts: boolean;
  readonly rankCount: number;
}

/**
 * Every upline with a rate for the generation the source lies in is paid: the generation is 1 + the
 * leaders strictly between source and earner, because a generation includes the leader who closes it.
 * Commission-plans section 7; both views, up from the source and down from the earner, give this count.
 */
export function walkGenerations(rule: GenerationRule, ground: Ground, source: number, till: Till): void {
  const passed = new Passed(rule);
  for (let no = aboveOf(ground, source); no >= 0; no = aboveOf(ground, no)) {
    const own = rankOf(ground, no);
    const generation = 1 + passed.leaders(rule.boundaryRank ?? own);
    if (generation > rule.table.levels && rule.boundaryRank !== null) return;
    const units = unitsAt(rule, ground, no, generation);
    if (units > 0) till.pay(no, generation, units, -1);
    else till.pass(no, generation, "skipped", whyNone(rule, ground, no, generation));
    passed.pass(own, isActive(ground, no));
  }
}

/** Leaders passed so far, for every rank that may be a boundary. */
class Passed {
  readonly #rule: GenerationRule;
  readonly #counted: Int32Array;
  /** The one passed last, whose generation is empty if the next is a leader or the earner. */
  #lastRank = -1;

  constructor(rule: GenerationRule) {
    this.#rule = rule;
    this.#counted = new Int32Array(rule.rankCount + 1);
  }

  leaders(boundary: number): number {
    if (boundary < 0) return 0;
    return this.#counted[boundary] as number;
  }

  pass(rank: number, active: boolean): void {
    const bounds = active || this.#rule.inactiveLeaderBounds ? rank : -1;
    if (this.#rule.emptyGenerationCounts) {
      for (let r = 0; r <= bounds; r++) this.#counted[r] = (this.#counted[r] as number) + 1;
      return;
    }
    for (let r = bounds + 1; r <= this.#lastRank; r++) this.#counted[r] = (this.#counted[r] as number) + 1;
    this.#lastRank = bounds;
  }
}

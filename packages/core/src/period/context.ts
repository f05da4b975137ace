import { divideHalfUp, multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import { compileOwnRates } from "../plan/own-rates.ts";
import type { RateTable } from "../plan/rates.ts";
import type { Table } from "../plan/tables.ts";
import { type Ground, groundOf } from "../plan/walks/ground.ts";
import { type LevelRule, NO_STOP } from "../plan/walks/levels.ts";
import type { OwnRates } from "../plan/walks/rates.ts";
import { type CloseTree, CloseTrees } from "./close-trees.ts";
import { NOTHING, sumRatios } from "./exact.ts";
import { factsOf, type RankFacts } from "./facts.ts";
import { groupVolume, personalGroups } from "./group-volume.ts";
import type { CloseInput } from "./input.ts";
import { CloseMeasures } from "./measures.ts";
import { judgeRanks, type RankOutcome } from "./ranks.ts";
import type { ShareRounding } from "./till.ts";
import { perVolumeUnit, type VolumeBonus, VolumeBook } from "./volumes.ts";

/** Everything the bonuses of one close share: volumes, activity, ranks, trees. */
export class CloseContext {
  readonly input: CloseInput;
  readonly trees: CloseTrees;
  readonly volumes: VolumeBook;
  /** Volumes of the period, and who is active. */
  readonly facts: RankFacts;
  /** What activity and ranks were judged by: the same, but for running ranks, which go by the rank calendar's figures so far. */
  readonly judgedBy: RankFacts;
  /** What conditions and tables ask about people. */
  readonly people: CloseMeasures;
  readonly ranks: RankOutcome;
  /** Paid-as rank numbers and activity of this close. */
  readonly rank: Int16Array;
  readonly active: Uint8Array;
  /** Amounts of the bonuses computed so far. */
  readonly earned = new Map<string, Float64Array>();
  readonly #grounds = new Map<CloseTree, Ground>();

  constructor(input: CloseInput) {
    this.input = input;
    this.trees = new CloseTrees(input);
    this.volumes = new VolumeBook(input);
    const judged = input.running === undefined ? input : { ...input, ...input.running };
    const { ofRanks } = this.trees;
    this.people = new CloseMeasures(judged, this.trees);
    this.judgedBy = factsOf(judged, ofRanks, this.people);
    this.people.setActive(this.judgedBy.active);
    this.ranks = judgeRanks(judged, this.judgedBy, this.trees, this.people);
    this.facts = this.judgedBy;
    if (input.running !== undefined) {
      this.facts = { ...factsOf(input, ofRanks, this.people), active: this.judgedBy.active };
      const personalGroupVolume = personalGroups({ input, facts: this.facts, ranks: this.ranks }, ofRanks);
      this.ranks = { ...this.ranks, personalGroupVolume };
    }
    for (const found of input.part?.above ?? []) {
      this.judgedBy.pv[found.no] = found.pv;
      this.facts.gv[found.no] = found.gv;
      this.facts.active[found.no] = found.active ? 1 : 0;
      this.ranks.paidAs[found.no] = found.rankNo;
      this.ranks.personalGroupVolume[found.no] = found.personalGroupVolume;
    }
    this.people.setEarned((bonusIds) => this.earnings(bonusIds, "after-caps"));
    this.rank = this.ranks.paidAs;
    this.active = this.facts.active;
  }

  /** The key that breaks ties for a distributor: their id, or their number in a sortable form. */
  key(no: number): string {
    return this.input.network.ids?.[no] ?? String(no).padStart(10, "0");
  }

  /** How the shares of one source become whole minor units. */
  get shareRounding(): ShareRounding {
    return { rounding: this.input.plan.rounding, keyOf: (no) => this.key(no) };
  }

  /** What walks on one of the plan's trees stand on; without a name that of who enrolled whom. */
  ground(tree: string | undefined): Ground {
    const named = this.trees.named(tree);
    let ground = this.#grounds.get(named);
    if (ground === undefined) {
      ground = groundOf(named.above, this.rank, this.active, this.input.network.count);
      this.#grounds.set(named, ground);
    }
    return ground;
  }

  groupVolume(tree: string | undefined, which: "whole" | "personal"): Float64Array {
    return groupVolume(this, { tree, which });
  }

  /** Rates of a bonus that do not go by the earner's rank alone; null where they do. */
  ownRates(
    bonus: Parameters<typeof compileOwnRates>[0],
    table: Table<unknown>,
    rates: RateTable,
    ground: Ground,
  ): OwnRates | null {
    return compileOwnRates(bonus, table, { rates, plan: this.input.plan })?.({ people: this.people, ground }) ?? null;
  }

  levels(table: RateTable, compression: LevelRule["compression"]): LevelRule {
    return { compression, unqualifiedEarner: "none", table, own: null, stopRank: NO_STOP };
  }

  /** Everyone's earnings from some bonuses, of this close and, where they are paid at order time, of the period. */
  earnings(bonusIds: readonly string[], amounts: "before-caps" | "after-caps"): Float64Array {
    const sum = new Float64Array(this.input.network.count);
    for (const id of bonusIds) {
      const cut = amounts === "before-caps" ? this.cutByOwner.get(id) : undefined;
      for (const column of [this.earned.get(id), this.input.carried.earned[id], cut]) {
        for (let no = 0; column !== undefined && no < sum.length; no++) sum[no] = (sum[no] as number) + (column[no] ?? 0);
      }
    }
    return sum;
  }

  /** What caps of the bonuses themselves took off, by bonus and distributor. */
  readonly cutByOwner = new Map<string, Float64Array>();

  /** The period's CV in minor units of the close's currency, exact, of all rows. Returned goods are off it. */
  companyCv(): Ratio {
    this.#companyCv ??= companyCv(this.input);
    return this.#companyCv;
  }

  /** What the rows that a bonus takes are worth in minor units, exact. */
  soldTo(bonus: VolumeBonus): Ratio {
    const { groups, exact } = this.volumes.raw(bonus);
    return sumRatios(
      groups.map(({ volume, minorPerUnit }, i) => ({
        num: (exact === null ? wholeSum(volume) : (exact[i] ?? []).reduce((sum, value) => sum + value, 0n)) * minorPerUnit.num,
        den: minorPerUnit.den,
      })),
    );
  }

  /** The same of all rows as a whole amount, for people. */
  cvMinor(): bigint {
    const { num, den } = this.companyCv();
    return divideHalfUp(num, den);
  }

  #companyCv: Ratio | null = null;
}

/** A sum of whole numbers that may pass 2^53 on the way. */
export function wholeSum(values: Float64Array): bigint {
  let total = 0n;
  let chunk = 0;
  for (const value of values) {
    if (Math.abs(chunk + value) > Number.MAX_SAFE_INTEGER) {
      total += BigInt(chunk);
      chunk = 0;
    }
    chunk += value;
  }
  return total + BigInt(chunk);
}

function companyCv(input: CloseInput): Ratio {
  const { orders, plan } = input;
  const markets = orders.markets.length;
  const chunks = new Float64Array(plan.commissionClasses.length * markets);
  const sums = new Array<bigint>(chunks.length).fill(0n);
  for (let row = 0; row < orders.owner.length; row++) {
    const cell = (orders.classNo[row] as number) * markets + (orders.marketNo[row] as number);
    const next = (chunks[cell] as number) + (orders.cv[row] as number);
    if (Math.abs(next) <= Number.MAX_SAFE_INTEGER) chunks[cell] = next;
    else {
      sums[cell] = (sums[cell] as bigint) + BigInt(chunks[cell] as number);
      chunks[cell] = orders.cv[row] as number;
    }
  }
  return sums.reduce((total: Ratio, sum, cell) => {
    const factor = parseDecimal(plan.commissionClasses[Math.floor(cell / markets)]?.factors?.cv ?? "1");
    const perUnit = multiplyRatio(perVolumeUnit(input, orders.markets[cell % markets] as string), factor);
    return sumRatios([total, { num: (sum + BigInt(chunks[cell] as number)) * perUnit.num, den: perUnit.den }]);
  }, NOTHING);
}

import { type AppliesTo, volumeOf } from "../plan/parts.ts";
import type { RateTable } from "../plan/rates.ts";
import { type Ground, groundOf } from "../plan/walks/ground.ts";
import { type LevelRule, NO_STOP } from "../plan/walks/levels.ts";
import { type CloseInput, CloseInputError, type PlacementColumns } from "./input.ts";
import { judgeRanks, type RankFacts, type RankOutcome } from "./ranks.ts";
import { sumUp, topDown } from "./tree.ts";
import { companyCvMinor, sumByOwner, VolumeBook } from "./volumes.ts";

/** Everything the bonuses of one close share: volumes, activity, ranks, trees. */
export class CloseContext {
  readonly input: CloseInput;
  readonly order: Int32Array;
  readonly volumes: VolumeBook;
  readonly facts: RankFacts;
  readonly ranks: RankOutcome;
  /** Paid-as rank numbers and activity of this close. */
  readonly rank: Int16Array;
  readonly active: Uint8Array;
  readonly ground: Ground;
  /** Amounts of the bonuses computed so far. */
  readonly earned = new Map<string, Float64Array>();
  readonly #placementOrders = new Map<string, Int32Array>();

  constructor(input: CloseInput) {
    const { network, plan } = input;
    this.input = input;
    this.order = topDown(network.sponsor, network.count);
    this.volumes = new VolumeBook(input);
    const pv = sumByOwner(input, "pv");
    const active = activeOf(input, pv);
    const own = plan.rankVolume === "qv" ? sumByOwner(input, "qv") : pv;
    const gv = sumUp(own, network.sponsor, this.order, null);
    const needsRetail = plan.ranks.some((rank) => rank.requires.retailVolume !== undefined);
    const retail = needsRetail ? sumByOwner(input, plan.rankVolume ?? "pv", true) : new Float64Array(network.count);
    this.facts = { pv, own, gv, retail, active };
    this.ranks = judgeRanks(input, this.facts, this.order);
    this.rank = this.ranks.paidAs;
    this.active = active;
    this.ground = groundOf(network.sponsor, this.rank, active, network.count);
  }

  /** The key that breaks ties for a distributor: their id, or their number in a sortable form. */
  key(no: number): string {
    return this.input.network.ids?.[no] ?? String(no).padStart(10, "0");
  }

  placement(tree: string): PlacementColumns {
    const columns = this.input.network.placements[tree];
    if (columns === undefined)
      throw new CloseInputError(`the plan pays on the placement tree "${tree}", which the input does not have`);
    return columns;
  }

  placementOrder(tree: string): Int32Array {
    let order = this.#placementOrders.get(tree);
    if (order === undefined) {
      order = topDown(this.placement(tree).parent, this.input.network.count);
      this.#placementOrders.set(tree, order);
    }
    return order;
  }

  placementGround(tree: string): Ground {
    return groundOf(this.placement(tree).parent, this.rank, this.active, this.input.network.count);
  }

  levels(table: RateTable, compression: LevelRule["compression"]): LevelRule {
    return { compression, unqualifiedEarner: "none", table, stopRank: NO_STOP };
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

  /** CV in minor units of the close's currency, of all rows or of those a bonus takes. */
  cvMinor(bonus: { id: string; appliesTo?: AppliesTo | undefined } | null): bigint {
    if (bonus === null) {
      this.#companyCvMinor ??= companyCvMinor(this.input);
      return this.#companyCvMinor;
    }
    let total = 0n;
    for (const group of this.volumes.groups({ ...bonus, base: "cv" })) {
      let sum = 0;
      for (const value of group.volume) sum += value;
      total += (BigInt(sum) * group.minorPerUnit.num) / group.minorPerUnit.den;
    }
    return total;
  }

  #companyCvMinor: bigint | null = null;
}

/** Active: an earning status and the plan's minimum of personal volume in this period. */
function activeOf(input: CloseInput, pv: Float64Array): Uint8Array {
  const minimum = Number(volumeOf(input.plan.active.minimumPv));
  const active = new Uint8Array(input.network.count);
  for (let no = 0; no < active.length; no++)
    active[no] = input.network.earning[no] === 1 && (pv[no] as number) >= minimum ? 1 : 0;
  return active;
}

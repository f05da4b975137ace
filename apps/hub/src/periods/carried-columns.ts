import { packedNumbers } from "../db/packed.ts";
import type { CarriedPage } from "./gather-queries.ts";
import type { Members } from "./members.ts";

/** What the run before left, by bonus. */
export class CarriedColumns {
  readonly binary: Record<string, { left: Float64Array[]; right: Float64Array[] }> = {};
  readonly pools: Record<string, number> = {};
  readonly completed: Record<string, Uint8Array> = {};
  readonly deficits: Record<string, Float64Array> = {};
  readonly rewards: Record<string, Float64Array[]> = {};
  readonly #members: Members;

  constructor(members: Members) {
    this.#members = members;
  }

  get #count(): number {
    return this.#members.count;
  }

  add(page: CarriedPage): void {
    const amounts = packedNumbers(page.amounts);
    if (page.kind === "pool") this.pools[page.bonusId] = amounts[0] as number;
    else {
      const column = this.#column(page);
      const completed = page.kind === "completed";
      for (const [index, no] of this.#members.places(page.distributorNos).entries())
        if (no >= 0) column[no] = completed ? 1 : (amounts[index] as number);
    }
  }

  #column({ bonusId, kind, age }: CarriedPage): Float64Array | Uint8Array {
    if (kind === "completed") {
      this.completed[bonusId] ??= new Uint8Array(this.#count);
      return this.completed[bonusId];
    }
    if (kind === "deficit") {
      this.deficits[bonusId] ??= new Float64Array(this.#count);
      return this.deficits[bonusId];
    }
    if (kind === "reward") {
      this.rewards[bonusId] ??= [];
      return this.#aged(this.rewards[bonusId], age);
    }
    this.binary[bonusId] ??= { left: [], right: [] };
    return this.#aged(this.binary[bonusId][kind === "left" ? "left" : "right"], age);
  }

  #aged(columns: Float64Array[], age: number): Float64Array {
    while (columns.length <= age) columns.push(new Float64Array(this.#count));
    return columns[age] as Float64Array;
  }
}

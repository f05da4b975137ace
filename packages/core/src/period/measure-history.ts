import { type MeasureNeeds, measureNeeds } from "../plan/measure-needs.ts";
import type { Plan } from "../plan/schema.ts";
import type { Measured } from "./input.ts";
import type { MeasureCounts } from "./measures.ts";

/** What closes in a row have counted, for the next one: of each measure as many as it looks back at, or their sum. */
export class MeasureHistory {
  readonly #needs: MeasureNeeds;
  readonly #kept = new Map<string, Float64Array[]>();

  constructor(plan: Plan) {
    this.#needs = measureNeeds(plan);
  }

  kept(): Measured["kept"] {
    return Object.fromEntries(this.#kept);
  }

  /** The close after the ones before. */
  add(counts: MeasureCounts): void {
    for (const [id, back] of this.#needs.kept) {
      const column = counts.kept[id];
      if (column === undefined) continue;
      const before = this.#kept.get(id) ?? [];
      this.#kept.set(id, back === "sum" ? [summed(column, before[0])] : [column, ...before].slice(0, back.periods));
    }
  }
}

function summed(column: Float64Array, before: Float64Array | undefined): Float64Array {
  return before === undefined ? column : column.map((value, no) => value + (before[no] ?? 0));
}

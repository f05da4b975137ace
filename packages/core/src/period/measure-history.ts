import { type MeasureNeeds, measureNeeds } from "../plan/measure-needs.ts";
import type { Plan } from "../plan/schema.ts";
import type { Measured } from "./input.ts";
import type { MeasureCounts } from "./measures.ts";

/** What closes in a row have counted, for the next one: of each measure as many as it looks back at, or their sum. */
export class MeasureHistory {
  readonly #needs: MeasureNeeds;
  #kept: Measured["kept"] = {};

  constructor(plan: Plan) {
    this.#needs = measureNeeds(plan);
  }

  kept(): Measured["kept"] {
    return this.#kept;
  }

  /** The close after the ones before. */
  add(counts: MeasureCounts): void {
    this.#kept = keptAfter(this.#needs, this.#kept, counts);
  }
}

/** What the close after one is given of its measures, from what that one was given and what it counted. */
export function keptAfter(
  needs: Pick<MeasureNeeds, "kept">,
  before: Measured["kept"],
  counts: Pick<MeasureCounts, "kept">,
): Measured["kept"] {
  return Object.fromEntries(
    [...needs.kept].map(([id, back]) => {
      const column = counts.kept[id] ?? new Float64Array(0);
      const earlier = before[id] ?? [];
      return [id, back === "sum" ? [summed(column, earlier[0])] : [column, ...earlier].slice(0, back.periods)];
    }),
  );
}

function summed(column: Float64Array, before: Float64Array | undefined): Float64Array {
  return before === undefined ? column : column.map((value, no) => value + (before[no] ?? 0));
}

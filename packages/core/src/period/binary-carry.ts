import type { BinaryBonus } from "../plan/binary.ts";
import type { BinaryCarry } from "./input.ts";
import { type Pairing, remainder, type Sides } from "./pairing.ts";

/** What one position has, used and may keep. */
export interface Paired {
  readonly no: number;
  readonly held: Sides;
  readonly pairing: Pairing;
  /** What becomes of the rest; whoever could not be paid keeps everything. */
  readonly mode: BinaryBonus["remainder"];
  /** The most that each side may carry. */
  readonly atMost: number;
}

/** What positions keep for the next close, by side and age. */
export class Carrying {
  readonly #bonus: BinaryBonus;
  readonly #before: BinaryCarry;
  readonly after: { readonly left: Float64Array[]; readonly right: Float64Array[] };

  constructor(bonus: BinaryBonus, before: BinaryCarry, count: number) {
    const ages = (): Float64Array[] => Array.from({ length: bonus.expiresAfterPeriods ?? 1 }, () => new Float64Array(count));
    this.#bonus = bonus;
    this.#before = before;
    this.after = { left: ages(), right: ages() };
  }

  keep({ no, held, pairing, mode, atMost }: Paired): void {
    const left = held.left + held.carriedLeft - pairing.usedLeft;
    const right = held.right + held.carriedRight - pairing.usedRight;
    const rest = remainder(mode, left, right);
    this.#file("left", no, held.left, Math.min(rest.left, atMost));
    this.#file("right", no, held.right, Math.min(rest.right, atMost));
  }

  /**
   * Files what is left of a side by age, newest first: what was used or returned was the oldest, and what is too
   * old or above the cap is lost. Below zero, more was returned than the side had: that waits without end.
   */
  #file(side: "left" | "right", no: number, fresh: number, rest: number): void {
    const after = this.after[side];
    const before = this.#before[side];
    let left = rest;
    if (this.#bonus.expiresAfterPeriods === undefined || left < 0) {
      (after[0] as Float64Array)[no] = left;
      return;
    }
    for (let age = 0; age < after.length && left > 0; age++) {
      const held = Math.max(0, age === 0 ? fresh : (before[age - 1]?.[no] ?? 0));
      (after[age] as Float64Array)[no] = Math.min(held, left);
      left -= Math.min(held, left);
    }
  }
}

import type { Condition } from "../src/plan/conditions.ts";
import type { Fraction } from "./fraction.ts";
import type { Person, World } from "./world.ts";

/** What measures and conditions ask of how everyone stands. */
export interface Figures {
  readonly world: World;
  /** A measure over its whole time, and what of it this period counts. */
  measure(id: string, person: Person): Fraction;
  measuredAlone(id: string, person: Person): Fraction;
  holds(condition: Condition, person: Person): boolean;
  active(person: Person): boolean;
  rank(person: Person): number;
  title(person: Person): number;
  breaksAway(person: Person): boolean;
  numberOf(rankId: string): number;
  paid(bonusId: string, person: Person): bigint;
}

/** A close of the past, as measures look back at it. */
export interface PastClose {
  readonly standing: Figures;
}

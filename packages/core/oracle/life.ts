import type { Bonus } from "../src/plan/schema.ts";
import type { Standing } from "./standing.ts";
import type { World } from "./world.ts";

/** A close with those before it, the latest first. */
export interface Life {
  readonly world: World;
  readonly standing: Standing;
  readonly past: readonly Life[];
  bonus(id: string): Bonus;
}

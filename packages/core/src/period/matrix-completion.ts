import type { MatrixBonus } from "../plan/matrix.ts";
import { int32At } from "../typed.ts";
import type { CloseContext } from "./context.ts";
import { amountIn } from "./input.ts";
import type { BonusSum } from "./till.ts";

/** Pays, once, whoever has every place of their matrix taken; answers who has been paid by now. Section 6. */
export function closeCompletion(bonus: MatrixBonus, context: CloseContext, sum: BonusSum): Uint8Array {
  const { network, currency, carried } = context.input;
  const completed = new Uint8Array(network.count);
  completed.set(carried.completed[bonus.id] ?? []);
  const { above: parent } = context.trees.named(bonus.tree);
  const taken = new Int32Array(network.count);
  for (let no = 0; no < network.count; no++) {
    let up = int32At(parent, no);
    for (let level = 1; level <= bonus.depth && up >= 0; level++, up = int32At(parent, up)) taken[up] = int32At(taken, up) + 1;
  }
  const places = placesOf(bonus);
  const amount = amountIn(bonus.completion ?? "0", currency);
  for (let no = 0; no < network.count; no++) {
    if (completed[no] === 1 || int32At(taken, no) < places || context.active[no] !== 1) continue;
    completed[no] = 1;
    sum.add(no, -1, bonus.depth, amount);
  }
  return completed;
}

/** width + width² + … + width^depth. */
export function placesOf(bonus: Pick<MatrixBonus, "width" | "depth">): number {
  let places = 0;
  for (let level = 1; level <= bonus.depth; level++) places += bonus.width ** level;
  return places;
}

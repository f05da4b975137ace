import { breakawayRankNo } from "../plan/rules.ts";
import type { CloseTree, CloseTrees } from "./close-trees.ts";
import type { RankFacts } from "./facts.ts";
import type { CloseInput } from "./input.ts";
import type { RankOutcome } from "./ranks.ts";
import { sumUp } from "./tree.ts";

/** What group volumes are made of. */
interface Judged {
  readonly input: CloseInput;
  readonly trees: CloseTrees;
  readonly facts: RankFacts;
  readonly ranks: RankOutcome;
}

/** Everyone's group volume by one of the plan's trees, ten-thousandths: of all below, or without groups that broke away. */
export function groupVolume(
  { input, trees, facts, ranks }: Judged,
  { tree, which }: { tree: string | undefined; which: "whole" | "personal" },
): Float64Array {
  const named = trees.named(tree);
  if (named === trees.ofRanks) return which === "whole" ? facts.gv : ranks.personalGroupVolume;
  return which === "whole" ? sumUp(facts.own, named.above, named.order, null) : personalGroups({ input, facts, ranks }, named);
}

/** Personal group volumes in a tree: without groups whose leaders broke away. */
export function personalGroups({ input, facts, ranks }: Omit<Judged, "trees">, { above, order }: CloseTree): Float64Array {
  const threshold = breakawayRankNo(input.plan);
  return sumUp(facts.own, above, order, (no) => (ranks.paidAs[no] as number) >= threshold);
}

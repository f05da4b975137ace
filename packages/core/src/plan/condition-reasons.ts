import { type Reason, reason } from "../reasons/reason.ts";
import type { Leaf } from "./condition-leaves.ts";
import { ACTIVE, type Comparison, type Condition } from "./conditions.ts";
import { formatVolume, volumeOf } from "./parts.ts";
import { compileCondition, type People } from "./people.ts";
import { rankNoOf } from "./rules.ts";
import type { Plan } from "./schema.ts";

/** What of a condition somebody does not meet, and what is short; null where it holds. */
export function shortOf(condition: Condition, plan: Plan, people: People, no: number): Reason | null {
  return compileCondition(condition, plan)(people, no) ? null : unmet(condition, plan, people, no);
}

/** The same of a condition that is known not to hold. */
function unmet(condition: Condition, plan: Plan, people: People, no: number): Reason {
  if (typeof condition === "object") {
    const short = (part: Condition): Reason[] => {
      const found = shortOf(part, plan, people, no);
      return found === null ? [] : [found];
    };
    if ("all" in condition) return one(condition.all.flatMap(short), "short-all");
    if ("any" in condition) return reason("short-any", {}, condition.any.flatMap(short));
    if ("not" in condition) return reason("short-not", {}, [conditionReason(condition.not, plan)]);
  }
  return leafShort(condition, plan, people, no);
}

function leafShort(leaf: Leaf, plan: Plan, people: People, no: number): Reason {
  if (leaf === ACTIVE) return reason("needs-active");
  if (typeof leaf === "string") return unmet(plan.conditions?.[leaf] ?? { any: [] }, plan, people, no);
  if ("measure" in leaf) return comparisonShort(leaf, people.measure(leaf.measure, no));
  const name = (rankNo: number): string | undefined => plan.ranks[rankNo]?.name;
  if ("rank" in leaf) return reason("needs-rank", { needed: name(rankNoOf(plan, leaf.rank)), had: name(people.rankNo(no)) });
  if ("title" in leaf) return reason("needs-title", { needed: name(rankNoOf(plan, leaf.title)), had: name(people.titleNo(no)) });
  return reason("needs-condition", {}, [conditionReason(leaf, plan)]);
}

function comparisonShort({ measure, atLeast, above, atMost, below }: Comparison, value: number): Reason {
  const had = formatVolume(BigInt(value));
  const least = atLeast ?? above;
  if (least !== undefined && (value < Number(volumeOf(least)) || (above !== undefined && value <= Number(volumeOf(above))))) {
    const missing = volumeOf(least) - BigInt(value);
    const asked = atLeast === undefined ? { above: least } : { atLeast: least };
    return reason("measure-short", { measure, ...asked, had, short: missing > 0n ? formatVolume(missing) : undefined });
  }
  return reason("measure-over", { measure, had, ...(atMost === undefined ? { below } : { atMost }) });
}

/** What a condition asks. What a named one says stands in its place, or its name where `keepsNames` asks for it. */
export function conditionReason(condition: Condition, plan: Plan, keepsNames = false): Reason {
  const told = (part: Condition): Reason => conditionReason(part, plan, keepsNames);
  if (condition === ACTIVE) return reason("is-active");
  if (typeof condition === "string")
    return keepsNames ? reason("is-named", { name: condition }) : told(plan.conditions?.[condition] ?? { any: [] });
  if ("all" in condition) return one(condition.all.map(told), "is-all");
  if ("any" in condition) return one(condition.any.map(told), "is-any");
  if ("not" in condition) return reason("is-not", {}, [told(condition.not)]);
  const name = (id: string): string => plan.ranks[rankNoOf(plan, id)]?.name ?? id;
  if ("rank" in condition) return reason("is-rank", { rank: name(condition.rank) });
  if ("title" in condition) return reason("is-title", { title: name(condition.title) });
  if ("country" in condition)
    return reason(
      "lives-in",
      {},
      condition.country.map((country) => reason("country", { country })),
    );
  if ("enrolled" in condition) return reason("is-enrolled", condition.enrolled);
  return reason("measure-is", condition);
}

/** What several reasons come to; one of them stands for itself. */
function one(reasons: readonly Reason[], kind: Reason["kind"]): Reason {
  const [first] = reasons;
  return reasons.length === 1 && first !== undefined ? first : reason(kind, {}, reasons);
}

import type { Leaf } from "./condition-leaves.ts";
import { ACTIVE, type Comparison, type Condition } from "./conditions.ts";
import { formatVolume, volumeOf } from "./parts.ts";
import { compileCondition, type People } from "./people.ts";
import { rankNoOf } from "./rules.ts";
import type { Plan } from "./schema.ts";

/** What of a condition somebody does not meet, in words and with what is short; empty where it holds. */
export function shortOf(condition: Condition, plan: Plan, people: People, no: number): string {
  if (compileCondition(condition, plan)(people, no)) return "";
  if (typeof condition === "object") {
    const short = (part: Condition): string => shortOf(part, plan, people, no);
    if ("all" in condition) return condition.all.map(short).filter(Boolean).join("; and ");
    if ("any" in condition) return `one of these: ${condition.any.map(short).join(", or ")}`;
    if ("not" in condition) return `must not be so: ${conditionText(condition.not, plan)}`;
  }
  return leafShort(condition, plan, people, no);
}

function leafShort(leaf: Leaf, plan: Plan, people: People, no: number): string {
  if (leaf === ACTIVE) return "needs to be active";
  if (typeof leaf === "string") return shortOf(plan.conditions?.[leaf] ?? { any: [] }, plan, people, no);
  if ("measure" in leaf) return comparisonShort(leaf, people.measure(leaf.measure, no));
  const name = (rankNo: number): string => plan.ranks[rankNo]?.name ?? "no rank";
  if ("rank" in leaf) return `needs ${name(rankNoOf(plan, leaf.rank))}, is ${name(people.rankNo(no))}`;
  if ("title" in leaf) return `needs the title ${name(rankNoOf(plan, leaf.title))}, has ${name(people.titleNo(no))}`;
  return `needs ${conditionText(leaf, plan)}`;
}

function comparisonShort({ measure, atLeast, above, atMost, below }: Comparison, value: number): string {
  const had = formatVolume(BigInt(value));
  const least = atLeast ?? above;
  if (least !== undefined && (value < Number(volumeOf(least)) || (above !== undefined && value <= Number(volumeOf(above))))) {
    const missing = volumeOf(least) - BigInt(value);
    const needs = atLeast === undefined ? `more than ${least}` : least;
    return `${measure} needs ${needs}, had ${had}${missing > 0n ? `: ${formatVolume(missing)} short` : ""}`;
  }
  return `${measure} may be ${atMost === undefined ? `less than ${below}` : `${atMost} at most`}, was ${had}`;
}

/** A condition in words. What a named one says stands in its place, or its name where `called` gives it. */
export function conditionText(condition: Condition, plan: Plan, called?: (name: string) => string): string {
  const text = (part: Condition): string => conditionText(part, plan, called);
  if (condition === ACTIVE) return "being active";
  if (typeof condition === "string") return called?.(condition) ?? text(plan.conditions?.[condition] ?? { any: [] });
  if ("all" in condition) return joined(condition.all.map(text), "and");
  if ("any" in condition) return joined(condition.any.map(text), "or");
  if ("not" in condition) return `not ${text(condition.not)}`;
  const name = (id: string): string => plan.ranks[rankNoOf(plan, id)]?.name ?? id;
  if ("rank" in condition) return `${name(condition.rank)} or higher`;
  if ("title" in condition) return `the title ${name(condition.title)} or higher`;
  if ("country" in condition) return `living in ${condition.country.join(" or ")}`;
  if ("enrolled" in condition) return enrolledText(condition.enrolled);
  const { measure, ...bounds } = condition;
  return `${measure} ${Object.entries(bounds)
    .map(([word, bound]) => `${BOUNDS[word as keyof typeof BOUNDS]} ${bound}`)
    .join(" and ")}`;
}

const BOUNDS = { atLeast: "at least", above: "above", atMost: "at most", below: "below" } as const;

function joined(texts: readonly string[], word: "and" | "or"): string {
  return texts.length === 1 ? (texts[0] as string) : `(${texts.join(` ${word} `)})`;
}

function enrolledText({ from, before }: { from?: string | undefined; before?: string | undefined }): string {
  const parts = [from === undefined ? [] : [`on ${from} or later`], before === undefined ? [] : [`before ${before}`]].flat();
  return `enrolled ${parts.join(" and ")}`;
}

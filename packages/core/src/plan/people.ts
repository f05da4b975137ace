import { startOfDay } from "../period/dates.ts";
import type { Leaf } from "./condition-leaves.ts";
import { ACTIVE, type Comparison, type Condition } from "./conditions.ts";
import { volumeOf } from "./parts.ts";
import { rankNoOf } from "./rules.ts";
import type { Plan } from "./schema.ts";

/**
 * What conditions and tables ask about people by number: at order time of one upline, as the last close stored it, and at
 * a close of everyone. One condition serves both, so they cannot disagree.
 */
export interface People {
  /** A measure in ten-thousandths, whatever it counts. */
  measure(id: string, no: number): number;
  rankNo(no: number): number;
  /** The highest rank of the closes before. */
  titleNo(no: number): number;
  isActive(no: number): boolean;
  country(no: number): string | null;
  /** Epoch milliseconds. */
  enrolledAt(no: number): number;
}

export type Holds = (people: People, no: number) => boolean;

/** A condition as a function; the plan has been checked, so that every name is there and none leads back to itself. */
export function compileCondition(condition: Condition, plan: Plan): Holds {
  if (typeof condition === "object") {
    if ("all" in condition) {
      const parts = condition.all.map((part) => compileCondition(part, plan));
      return (people, no) => parts.every((holds) => holds(people, no));
    }
    if ("any" in condition) {
      const parts = condition.any.map((part) => compileCondition(part, plan));
      return (people, no) => parts.some((holds) => holds(people, no));
    }
    if ("not" in condition) {
      const holds = compileCondition(condition.not, plan);
      return (people, no) => !holds(people, no);
    }
  }
  return compileLeaf(condition, plan);
}

function compileLeaf(leaf: Leaf, plan: Plan): Holds {
  if (leaf === ACTIVE) return (people, no) => people.isActive(no);
  if (typeof leaf === "string") return compileCondition(plan.conditions?.[leaf] ?? { any: [] }, plan);
  if ("rank" in leaf) {
    const least = rankNoOf(plan, leaf.rank);
    return (people, no) => people.rankNo(no) >= least;
  }
  if ("title" in leaf) {
    const least = rankNoOf(plan, leaf.title);
    return (people, no) => people.titleNo(no) >= least;
  }
  if ("country" in leaf) {
    const countries = new Set<string | null>(leaf.country);
    return (people, no) => countries.has(people.country(no));
  }
  if ("enrolled" in leaf) {
    const from = leaf.enrolled.from === undefined ? Number.NEGATIVE_INFINITY : startOfDay(leaf.enrolled.from, plan.timeZone);
    const before =
      leaf.enrolled.before === undefined ? Number.POSITIVE_INFINITY : startOfDay(leaf.enrolled.before, plan.timeZone);
    return (people, no) => people.enrolledAt(no) >= from && people.enrolledAt(no) < before;
  }
  return compileComparison(leaf);
}

function compileComparison({ measure, atLeast, above, atMost, below }: Comparison): Holds {
  const bound = (text: string | undefined, absent: number): number => (text === undefined ? absent : Number(volumeOf(text)));
  const [least, over] = [bound(atLeast, Number.NEGATIVE_INFINITY), bound(above, Number.NEGATIVE_INFINITY)];
  const [most, under] = [bound(atMost, Number.POSITIVE_INFINITY), bound(below, Number.POSITIVE_INFINITY)];
  return (people, no) => {
    const value = people.measure(measure, no);
    return value >= least && value > over && value <= most && value < under;
  };
}

import type { Condition } from "../src/plan/conditions.ts";
import type { Plan } from "../src/plan/schema.ts";
import type { Figures } from "./figures.ts";
import { Fraction } from "./fraction.ts";
import type { Person } from "./world.ts";

interface Asked {
  readonly plan: Plan;
  readonly standing: Figures;
  readonly person: Person;
}

/** The first instant of a day; stories are told in UTC. */
export const dayStart = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** Each form of a condition as the language page has it. */
export function conditionHolds(condition: Condition, asked: Asked): boolean {
  const { plan, standing, person } = asked;
  if (condition === "active") return standing.active(person);
  if (typeof condition === "string") return conditionHolds(plan.conditions?.[condition] as Condition, asked);
  if ("all" in condition) return condition.all.every((part) => conditionHolds(part, asked));
  if ("any" in condition) return condition.any.some((part) => conditionHolds(part, asked));
  if ("not" in condition) return !conditionHolds(condition.not, asked);
  if ("rank" in condition) return standing.rank(person) >= standing.numberOf(condition.rank);
  if ("title" in condition) return standing.title(person) >= standing.numberOf(condition.title);
  if ("country" in condition) return condition.country.includes(person.country ?? "");
  if ("enrolled" in condition) {
    const { from, before } = condition.enrolled;
    return (
      (from === undefined || person.enrolledAt >= dayStart(from)) &&
      (before === undefined || person.enrolledAt < dayStart(before))
    );
  }
  const { measure, atLeast, above, atMost, below } = condition;
  const value = standing.measure(measure, person);
  return (
    (atLeast === undefined || value.isAtLeast(Fraction.read(atLeast))) &&
    (above === undefined || value.isMoreThan(Fraction.read(above))) &&
    (atMost === undefined || Fraction.read(atMost).isAtLeast(value)) &&
    (below === undefined || Fraction.read(below).isMoreThan(value))
  );
}

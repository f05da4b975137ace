import type { PlanProblem } from "./problem.ts";
import type { Plan } from "./schema.ts";

/** The names a plan has, and what is wrong with names that point nowhere. */
export class KnownNames {
  readonly plan: Plan;
  readonly problems: PlanProblem[] = [];
  readonly #names: Readonly<Record<Named, ReadonlySet<string>>>;

  constructor(plan: Plan) {
    this.plan = plan;
    this.#names = {
      rank: new Set(plan.ranks.map(({ id }) => id)),
      "commission class": new Set(plan.commissionClasses.map(({ id }) => id)),
      bonus: new Set(plan.bonuses.map(({ id }) => id)),
      measure: new Set(Object.keys(plan.measures ?? {})),
      condition: new Set(Object.keys(plan.conditions ?? {})),
      calendar: new Set(Object.keys(plan.calendars ?? {})),
      tree: new Set(Object.keys(plan.trees ?? {})),
    };
  }

  add(path: string, wrong: string, right: string): void {
    this.problems.push({ path, wrong, right });
  }

  /** Whether the plan has this name; where it has not, that is a problem. */
  check(what: Named, id: string, path: string): boolean {
    const known = this.#names[what];
    if (known.has(id)) return true;
    const names = [...known].slice(0, 12).map((name) => `"${name}"`);
    const right = names.length > 0 ? `one of ${names.join(", ")}` : `to add that ${what} first`;
    this.add(path, `names the ${what} "${id}", which this plan does not have`, right);
    return false;
  }

  checkAll(what: Named, ids: readonly string[] | undefined, path: string): void {
    ids?.forEach((id, i) => {
      this.check(what, id, `${path}[${i}]`);
    });
  }
}

type Named = "rank" | "commission class" | "bonus" | "measure" | "condition" | "calendar" | "tree";

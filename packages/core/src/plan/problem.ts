/** One thing wrong in a plan document: where, what is there, and what would be right. */
export interface PlanProblem {
  readonly path: string;
  readonly wrong: string;
  readonly right: string;
}

/** A plan document that cannot be used, with everything that is wrong in it. */
export class PlanError extends Error {
  override name = "PlanError";
  readonly problems: readonly PlanProblem[];
  constructor(problems: readonly PlanProblem[]) {
    super(problems.map((p) => `${p.path}: ${p.wrong}; right would be ${p.right}`).join("\n"));
    this.problems = problems;
  }
}

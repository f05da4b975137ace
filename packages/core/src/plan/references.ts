import type { PlanProblem } from "./parse.ts";
import type { LevelRates, RankRates } from "./parts.ts";
import type { Bonus, Plan } from "./schema.ts";

/** Problems no single field shows: names that point nowhere, names used twice. */
export function referenceProblems(plan: Plan): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const ranks = plan.ranks.map((rank) => rank.id);
  const classes = plan.commissionClasses.map((one) => one.id);
  const bonuses = plan.bonuses.map((one) => one.id);
  duplicates(ranks, "ranks", problems);
  duplicates(classes, "commissionClasses", problems);
  duplicates(bonuses, "bonuses", problems);
  const known = { ranks: new Set(ranks), classes: new Set(classes), bonuses: new Set(bonuses) };
  if (plan.cvRates["*"] === undefined && Object.keys(plan.cvRates).length === 0) {
    problems.push({ path: "cvRates", wrong: "names no market", right: 'money for one CV, such as {"*": "1"}' });
  }
  plan.ranks.forEach((rank, i) => {
    const path = `ranks[${i}].requires`;
    rank.requires.legsWithRank?.forEach((leg, j) => {
      reference(leg.rank, known.ranks, `${path}.legsWithRank[${j}].rank`, "rank", problems);
    });
    if (rank.requires.heldBefore)
      reference(rank.requires.heldBefore.rank, known.ranks, `${path}.heldBefore.rank`, "rank", problems);
  });
  plan.commissionClasses.forEach((one, i) => {
    one.bonuses?.forEach((id, j) => {
      reference(id, known.bonuses, `commissionClasses[${i}].bonuses[${j}]`, "bonus", problems);
    });
  });
  plan.bonuses.forEach((one, i) => {
    bonusReferences(one, `bonuses[${i}]`, known, problems);
  });
  return problems;
}

interface Known {
  readonly ranks: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  readonly bonuses: ReadonlySet<string>;
}

function bonusReferences(bonus: Bonus, path: string, known: Known, problems: PlanProblem[]): void {
  bonus.appliesTo?.classes?.forEach((id, i) => {
    reference(id, known.classes, `${path}.appliesTo.classes[${i}]`, "commission class", problems);
  });
  if (bonus.kind === "unilevel") {
    rankKeys(bonus.rates, `${path}.rates`, known, problems);
    for (const [id, rates] of Object.entries(bonus.classRates ?? {})) {
      reference(id, known.classes, `${path}.classRates.${id}`, "commission class", problems);
      rankKeys(rates, `${path}.classRates.${id}`, known, problems);
    }
  }
  if (bonus.kind === "retail" && bonus.pays.mode === "percent") rankKeys(bonus.pays.rates, `${path}.pays.rates`, known, problems);
}

function rankKeys(rates: LevelRates | RankRates, path: string, known: Known, problems: PlanProblem[]): void {
  for (const key of Object.keys(rates)) {
    if (key !== "*" && key !== "none") reference(key, known.ranks, `${path}.${key}`, "rank", problems);
  }
}

function reference(id: string, known: ReadonlySet<string>, path: string, what: string, problems: PlanProblem[]): void {
  if (known.has(id)) return;
  const names = [...known].slice(0, 12).map((name) => `"${name}"`);
  problems.push({
    path,
    wrong: `names the ${what} "${id}", which this plan does not have`,
    right: names.length > 0 ? `one of ${names.join(", ")}` : `to add that ${what} first`,
  });
}

function duplicates(ids: readonly string[], path: string, problems: PlanProblem[]): void {
  ids.forEach((id, i) => {
    if (ids.indexOf(id) !== i)
      problems.push({
        path: `${path}[${i}].id`,
        wrong: `is "${id}", which is taken by ${path}[${ids.indexOf(id)}]`,
        right: "a name of its own",
      });
  });
}

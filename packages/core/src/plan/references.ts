import { findCircle, findRivals } from "./dependencies.ts";
import type { PlanProblem } from "./problem.ts";
import type { Bonus, Plan } from "./schema.ts";

/** Problems no single field shows: names that point nowhere, names used twice. */
export function referenceProblems(plan: Plan): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const ranks = plan.ranks.map((rank) => rank.id);
  const classes = plan.commissionClasses.map((commissionClass) => commissionClass.id);
  const bonuses = plan.bonuses.map((bonus) => bonus.id);
  duplicates(ranks, "ranks", problems);
  duplicates(classes, "commissionClasses", problems);
  duplicates(bonuses, "bonuses", problems);
  const known = { ranks: new Set(ranks), classes: new Set(classes), bonuses: new Set(bonuses) };
  rankReferences(plan, known, problems);
  listReferences(plan, known, problems);
  plan.bonuses.forEach((bonus, i) => {
    bonusReferences(bonus, `bonuses[${i}]`, known, problems);
  });
  if (Object.keys(plan.cvRates).length === 0) {
    problems.push({ path: "cvRates", wrong: "names no market", right: 'money for one CV, such as {"*": "1"}' });
  }
  if (!isTimeZone(plan.timeZone)) {
    const wrong = `is "${plan.timeZone}", which is no time zone`;
    problems.push({ path: "timeZone", wrong, right: 'an IANA name such as "Europe/Berlin"' });
  }
  const rivals = problems.length === 0 ? findRivals(plan) : null;
  if (rivals !== null) {
    const wrong = `take each other's place: ${rivals.join(" → ")}`;
    problems.push({ path: "bonuses", wrong, right: 'to take one of them out of another\'s "replaces"' });
  }
  const circle = problems.length === 0 ? findCircle(plan) : null;
  if (circle !== null) {
    const wrong = `pay on each other in a circle: ${circle.join(" → ")}`;
    problems.push({ path: "bonuses", wrong, right: 'to take one of them out of another\'s "of"' });
  }
  return problems;
}

function rankReferences(plan: Plan, known: Known, problems: PlanProblem[]): void {
  plan.ranks.forEach(({ requires }, i) => {
    const path = `ranks[${i}].requires`;
    requires.legsWithRank?.forEach((leg, j) => {
      reference(leg.rank, known.ranks, `${path}.legsWithRank[${j}].rank`, "rank", problems);
    });
    if (requires.heldBefore) reference(requires.heldBefore.rank, known.ranks, `${path}.heldBefore.rank`, "rank", problems);
  });
  if (plan.breakawayRank !== undefined) reference(plan.breakawayRank, known.ranks, "breakawayRank", "rank", problems);
  else if (plan.bonuses.some((bonus) => bonus.kind === "breakaway")) {
    const wrong = "is missing, but a bonus pays on broken-away groups";
    problems.push({ path: "breakawayRank", wrong, right: "the rank at which a group breaks away" });
  }
}

function listReferences(plan: Plan, known: Known, problems: PlanProblem[]): void {
  const lists = [
    ...(plan.caps ?? []).map((cap, i) => [`caps[${i}]`, cap.bonuses] as const),
    ...plan.commissionClasses.map((commissionClass, i) => [`commissionClasses[${i}]`, commissionClass.bonuses] as const),
  ];
  for (const [path, bonuses] of lists) {
    bonuses?.forEach((id, j) => {
      reference(id, known.bonuses, `${path}.bonuses[${j}]`, "bonus", problems);
    });
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

interface Known {
  readonly ranks: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  readonly bonuses: ReadonlySet<string>;
}

function bonusReferences(bonus: Bonus, path: string, known: Known, problems: PlanProblem[]): void {
  const bonusIds = (ids: readonly string[], field: string) => {
    ids.forEach((id, i) => {
      reference(id, known.bonuses, `${path}.${field}[${i}]`, "bonus", problems);
    });
  };
  bonus.appliesTo?.classes?.forEach((id, i) => {
    reference(id, known.classes, `${path}.appliesTo.classes[${i}]`, "commission class", problems);
  });
  for (const [field, keys] of rankTables(bonus)) rankKeys(keys, `${path}.${field}`, known, problems);
  if (bonus.kind === "unilevel")
    for (const id of Object.keys(bonus.classRates ?? {}))
      reference(id, known.classes, `${path}.classRates.${id}`, "commission class", problems);
  if (bonus.kind === "fast-start") bonusIds(bonus.replaces, "replaces");
  if (bonus.kind === "matching") bonusIds(bonus.of, "of");
  if (bonus.kind === "differential" && bonus.snapshot === "order" && bonus.percentage.by === "group-volume") {
    problems.push({
      path: `${path}.snapshot`,
      wrong: 'is "order", but the slabs need the period\'s group volume',
      right: '"close"',
    });
  }
  const boundary =
    bonus.kind === "generation"
      ? bonus.boundary
      : bonus.kind === "matching" && bonus.by.kind === "generation"
        ? bonus.by.boundary
        : null;
  if (boundary?.kind !== "fixed-rank") return;
  const at = bonus.kind === "matching" ? `${path}.by.boundary.rank` : `${path}.boundary.rank`;
  if (boundary.rank === undefined) problems.push({ path: at, wrong: "is missing", right: "the rank that closes a generation" });
  else reference(boundary.rank, known.ranks, at, "rank", problems);
}

/** Every table by rank of a bonus, with the field it stands in. */
function rankTables(bonus: Bonus): [field: string, table: Readonly<Record<string, unknown>>][] {
  switch (bonus.kind) {
    case "retail":
      return bonus.pays.mode === "percent" ? [["pays.rates", bonus.pays.rates]] : [];
    case "unilevel":
      return [
        ["rates", bonus.rates],
        ...Object.entries(bonus.classRates ?? {}).map(([id, rates]): [string, typeof rates] => [`classRates.${id}`, rates]),
      ];
    case "differential":
      return bonus.percentage.by === "rank" ? [["percentage.rates", bonus.percentage.rates]] : [];
    case "breakaway":
      return bonus.override.mode === "guaranteed-minimum" ? [] : [["override.rates", bonus.override.rates]];
    case "binary":
      return [
        bonus.pay.mode === "cycle"
          ? ["pay.pays", bonus.pay.pays]
          : bonus.pay.mode === "table"
            ? ["pay", {}]
            : ["pay.rates", bonus.pay.rates],
        ["positionCap", bonus.positionCap ?? {}],
        ["ownerCap", bonus.ownerCap ?? {}],
      ];
    case "pool":
      return bonus.units.by === "rank" ? [["units.units", bonus.units.units]] : [];
    case "rank-advancement":
      return [["amounts", bonus.amounts]];
    default:
      return [["rates", bonus.rates]];
  }
}

function rankKeys(rates: Readonly<Record<string, unknown>>, path: string, known: Known, problems: PlanProblem[]): void {
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

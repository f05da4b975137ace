import { baseReferences } from "./base-references.ts";
import { binaryReferences } from "./binary-references.ts";
import { lessOf } from "./bonus-base.ts";
import { poolUnits } from "./bonus-tables.ts";
import { calendarReferences } from "./calendar-references.ts";
import { passUpReferences } from "./coded-pass-up.ts";
import { currencyReferences } from "./currency-references.ts";
import { findCircle, findRivals } from "./dependencies.ts";
import { KnownNames } from "./known-names.ts";
import { measureReferences } from "./measure-references.ts";
import type { PlanProblem } from "./problem.ts";
import { promotionReferences } from "./promotion-references.ts";
import { runningTotalProblems } from "./running-totals.ts";
import type { Bonus, Plan } from "./schema.ts";
import { checkTable, tableReferences } from "./table-references.ts";
import { treeReferences } from "./tree-references.ts";

/** Problems no single field shows: names that point nowhere, names used twice. */
export function referenceProblems(plan: Plan): PlanProblem[] {
  const known = new KnownNames(plan);
  const { problems } = known;
  for (const list of ["ranks", "commissionClasses", "bonuses"] as const)
    duplicates(
      plan[list].map(({ id }) => id),
      list,
      problems,
    );
  rankReferences(known);
  listReferences(known);
  problems.push(...runningTotalProblems(plan));
  plan.bonuses.forEach((bonus, i) => {
    bonusReferences(known, bonus, `bonuses[${i}]`);
  });
  if (Object.keys(plan.cvRates).length === 0) known.add("cvRates", "names no market", 'money for one CV, such as {"*": "1"}');
  if (!isTimeZone(plan.timeZone))
    known.add("timeZone", `is "${plan.timeZone}", which is no time zone`, 'an IANA name such as "Europe/Berlin"');
  currencyReferences(known);
  measureReferences(known);
  calendarReferences(known);
  treeReferences(known);
  if (problems.length === 0) circles(known);
  promotionReferences(known, referenceProblems);
  return problems;
}

function circles(known: KnownNames): void {
  const rivals = findRivals(known.plan);
  if (rivals !== null)
    known.add("bonuses", `take each other's place: ${rivals.join(" → ")}`, 'to take one of them out of another\'s "replaces"');
  const circle = rivals === null ? findCircle(known.plan) : null;
  if (circle === null) return;
  const inLess = known.plan.bonuses.some((bonus) => circle.includes(bonus.id) && lessOf(bonus).length > 0);
  const right = `to take one of them out of another's ${inLess ? '"less"' : '"of"'}`;
  const paidBefore = known.plan.measures === undefined ? "" : ', or to count pay of the periods before by "over"';
  known.add("bonuses", `pay on each other in a circle: ${circle.join(" → ")}`, `${right}${paidBefore}`);
}

function rankReferences(known: KnownNames): void {
  const { plan } = known;
  plan.ranks.forEach(({ requires }, i) => {
    const path = `ranks[${i}].requires`;
    requires.legsWithRank?.forEach((leg, j) => {
      known.check("rank", leg.rank, `${path}.legsWithRank[${j}].rank`);
    });
    if (requires.heldBefore) known.check("rank", requires.heldBefore.rank, `${path}.heldBefore.rank`);
  });
  if (plan.breakawayRank !== undefined) known.check("rank", plan.breakawayRank, "breakawayRank");
  else if (plan.bonuses.some((bonus) => bonus.kind === "breakaway"))
    known.add("breakawayRank", "is missing, but a bonus pays on broken-away groups", "the rank at which a group breaks away");
}

function listReferences(known: KnownNames): void {
  const { plan } = known;
  plan.caps?.forEach((cap, i) => {
    known.checkAll("bonus", cap.bonuses, `caps[${i}].bonuses`);
    if (cap.kind === "distributor") checkTable(known, cap.atMost, `caps[${i}].atMost`);
    if (cap.kind === "running-total")
      for (const [id, table] of Object.entries(cap.atMost)) checkTable(known, table, `caps[${i}].atMost.${id}`);
  });
  plan.commissionClasses.forEach(({ bonuses }, i) => {
    known.checkAll("bonus", bonuses, `commissionClasses[${i}].bonuses`);
  });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function bonusReferences(known: KnownNames, bonus: Bonus, path: string): void {
  if (bonus.kind === "pass-up") passUpReferences(known, bonus, path);
  known.checkAll("commission class", bonus.appliesTo?.classes, `${path}.appliesTo.classes`);
  tableReferences(known, bonus, path);
  baseReferences(known, bonus, path);
  if (bonus.kind === "unilevel")
    for (const id of Object.keys(bonus.classRates ?? {})) known.check("commission class", id, `${path}.classRates.${id}`);
  if (bonus.kind === "fast-start") known.checkAll("bonus", bonus.replaces, `${path}.replaces`);
  if (bonus.kind === "matching") known.checkAll("bonus", bonus.of, `${path}.of`);
  if (bonus.kind === "differential" && bonus.snapshot === "order" && bonus.percentage.by === "group-volume")
    known.add(`${path}.snapshot`, 'is "order", but the slabs need the period\'s group volume', '"close"');
  if (bonus.kind === "breakaway" && bonus.override.mode === "guaranteed-minimum" && bonus.earnsIf !== undefined)
    known.add(
      `${path}.earnsIf`,
      "means nothing here: what is due goes to the next leader, whoever that is",
      '"keeps", which says what a leader needs',
    );
  if (bonus.kind === "retail" && bonus.snapshot === "close" && bonus.pays.mode === "margin")
    known.add(`${path}.snapshot`, 'is "close", but margins are known of single orders', '"order", or to leave it out');
  if (bonus.kind === "binary") binaryReferences(known, bonus, path);
  if (bonus.kind === "pool") poolReferences(known, bonus, path);
  if (bonus.kind === "reward") rewardReferences(known, bonus, path);
  boundaryReferences(known, bonus, path);
}

function poolReferences(known: KnownNames, bonus: Bonus & { kind: "pool" }, path: string): void {
  poolUnits(bonus).forEach((unit, i) => {
    const at = Array.isArray(bonus.units) ? `${path}.units[${i}]` : `${path}.units`;
    if (unit.by === "measure") known.check("measure", unit.measure, `${at}.measure`);
  });
  if (bonus.shareCap !== undefined && bonus.cutGoesTo === undefined)
    known.add(`${path}.cutGoesTo`, "is missing: what becomes of what shareCap cuts off", '"others", "company" or "roll-over"');
  if (bonus.shareCap === undefined && bonus.cutGoesTo !== undefined)
    known.add(`${path}.cutGoesTo`, "says what becomes of a cut, but nothing is cut", '"shareCap", or to leave it out');
}

function rewardReferences(known: KnownNames, bonus: Bonus & { kind: "reward" }, path: string): void {
  const perItem = bonus.for.kind === "per-item";
  if (perItem !== (bonus.snapshot === "order"))
    known.add(
      `${path}.snapshot`,
      `is "${bonus.snapshot}", but ${perItem ? "items are paid when their order comes" : "this is decided at the close"}`,
      perItem ? '"order"' : '"close"',
    );
  if (bonus.for.kind === "first-time") {
    const after = bonus.for.inParts?.after ?? [];
    if (after.some((period, i) => i > 0 && period <= (after[i - 1] as number)))
      known.add(
        `${path}.for.inParts.after`,
        "does not rise from part to part",
        "each part later than the one before, such as [3, 4, 5]",
      );
  }
  if (bonus.for.kind === "per-step") known.check("measure", bonus.for.measure, `${path}.for.measure`);
  if (bonus.for.kind === "per-step" && Number(bonus.for.step) === 0)
    known.add(`${path}.for.step`, "is 0, and a step of nothing is passed without end", 'more than 0, such as "1000"');
}

function boundaryReferences(known: KnownNames, bonus: Bonus, path: string): void {
  const boundary =
    bonus.kind === "generation"
      ? bonus.boundary
      : bonus.kind === "matching" && bonus.by.kind === "generation"
        ? bonus.by.boundary
        : null;
  if (boundary?.kind !== "fixed-rank") return;
  const at = bonus.kind === "matching" ? `${path}.by.boundary.rank` : `${path}.boundary.rank`;
  if (boundary.rank === undefined) known.add(at, "is missing", "the rank that closes a generation");
  else known.check("rank", boundary.rank, at);
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

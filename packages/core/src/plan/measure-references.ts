import { daysOf } from "./calendars.ts";
import { conditionPlaces, leavesOf, needsOf } from "./condition-leaves.ts";
import { ACTIVE, type Condition } from "./conditions.ts";
import { circleIn } from "./dependencies.ts";
import type { KnownNames } from "./known-names.ts";
import { endsBefore } from "./measure-needs.ts";
import type { Measure } from "./measures.ts";
import type { Plan } from "./schema.ts";

/** What measures and conditions say of the rest of the plan. */
export function measureReferences(known: KnownNames): void {
  const { plan } = known;
  if (plan.conditions?.[ACTIVE] !== undefined)
    known.add(
      `conditions.${ACTIVE}`,
      "is the name of a condition that every plan has",
      'a name of its own; "active" asks more by active.condition',
    );
  for (const [id, measure] of Object.entries(plan.measures ?? {})) checkMeasure(known, measure, `measures.${id}`);
  for (const [path, condition] of conditionPlaces(plan)) checkCondition(known, condition, path);
  const circle = findCountCircle(plan);
  if (circle !== null) {
    const path = circle[0]?.replace(/^(measure|condition) /, (word) => `${word.trim()}s.`) ?? "conditions";
    known.add(
      path,
      `is counted by itself: ${circle.join(" → ")}`,
      "to count people by a condition that does not lead back here, one name for each step",
    );
  }
  if (known.problems.length === 0) checkAskers(known);
}

function checkMeasure(known: KnownNames, measure: Measure, path: string): void {
  if ("classes" in measure) known.checkAll("commission class", measure.classes, `${path}.classes`);
  if (measure.what === "earned") known.checkAll("bonus", measure.bonuses, `${path}.bonuses`);
  if ("meeting" in measure && measure.meeting !== undefined) checkCondition(known, measure.meeting, `${path}.meeting`);
  if ("over" in measure && measure.over !== undefined && "calendar" in measure.over && measure.over.calendar !== undefined)
    checkCalendar(known, measure.over.calendar, `${path}.over.calendar`);
  checkShape(known, measure, path);
}

/** Closes of the rank calendar count people: a longer period is several of them, a shorter one is none. */
function checkCalendar(known: KnownNames, calendar: string, path: string): void {
  const { calendars, rankCalendar } = known.plan;
  if (!known.check("calendar", calendar, path) || calendar === rankCalendar) return;
  const [judged, named] = [calendars?.[rankCalendar ?? ""], calendars?.[calendar]];
  if (judged === undefined || named === undefined || daysOf(named) > daysOf(judged)) return;
  known.add(
    path,
    `is "${calendar}", which is no longer than "${rankCalendar}", whose closes count people`,
    "a longer calendar, or to leave it out",
  );
}

/** What one field of a measure asks of another. */
function checkShape(known: KnownNames, measure: Measure, path: string): void {
  if (measure.what === "leg-gv" && (measure.nth === undefined) === (measure.side === undefined))
    known.add(path, 'needs to say which leg: "nth" or "side", and not both', '"nth": 1 for the largest leg');
  if (measure.what === "count" && measure.of === "levels" && measure.levels === undefined)
    known.add(`${path}.levels`, "is missing: people are counted by level", '{"from": 1, "to": 3}');
  if (measure.what === "count" && measure.of !== "levels" && measure.of !== "legs" && measure.levels !== undefined)
    known.add(`${path}.levels`, `means nothing for ${measure.of}`, 'to leave it out, or "of": "levels"');
  if (measure.what === "pgv" && measure.levels !== undefined)
    known.add(`${path}.levels`, "means nothing for pgv, which ends where groups break away", 'to leave it out, or "what": "gv"');
  if (measure.what === "pgv" && measure.atMostFromOneLeg !== undefined)
    known.add(`${path}.atMostFromOneLeg`, "means nothing for pgv, whose legs end where groups break away", '"what": "gv"');
  if ("levels" in measure && measure.levels?.to !== undefined && measure.levels.to < measure.levels.from)
    known.add(
      `${path}.levels.to`,
      `is ${measure.levels.to}, above the first level ${measure.levels.from}`,
      "the last level, or to leave it out",
    );
  if (measure.what === "count" && measure.of === "levels" && measure.side !== undefined)
    known.add(
      `${path}.side`,
      "can be said of legs, of the frontline and of whom somebody enrolled",
      'to leave it out, or "of": "legs"',
    );
  if (measure.what === "periods" && (measure.over === undefined || !("periods" in measure.over)))
    known.add(`${path}.over`, "is missing: in how many periods the condition held", '{"periods": 12}');
  if (measure.what === "count" && measure.over !== undefined && measure.of !== "enrolled" && !isPeriods(measure))
    known.add(`${path}.over`, "can only be said of people whom somebody enrolled", '"of": "enrolled", or periods');
}

const isPeriods = (measure: Extract<Measure, { what: "count" }>): boolean =>
  measure.over !== undefined && "periods" in measure.over;

function checkCondition(known: KnownNames, condition: Condition, path: string): void {
  for (const [at, leaf] of leavesOf(condition, path)) {
    if (typeof leaf === "string") {
      if (leaf !== ACTIVE) known.check("condition", leaf, at);
    } else if ("rank" in leaf) known.check("rank", leaf.rank, `${at}.rank`);
    else if ("title" in leaf) known.check("rank", leaf.title, `${at}.title`);
    else if ("measure" in leaf) known.check("measure", leaf.measure, `${at}.measure`);
  }
}

/** The first circle of conditions and measures that each need the next, or null. */
function findCountCircle(plan: Plan): string[] | null {
  const needs = new Map<string, readonly string[]>();
  const namesIn = (condition: Condition | undefined): string[] =>
    condition === undefined
      ? []
      : leavesOf(condition, "").flatMap(([, leaf]) =>
          typeof leaf === "string" ? [`condition ${leaf}`] : "measure" in leaf ? [`measure ${leaf.measure}`] : [],
        );
  for (const [id, condition] of Object.entries(plan.conditions ?? {})) needs.set(`condition ${id}`, namesIn(condition));
  for (const [id, measure] of Object.entries(plan.measures ?? {}))
    needs.set(`measure ${id}`, namesIn("meeting" in measure ? measure.meeting : undefined));
  return circleIn(needs);
}

/** Activity is judged before ranks, and a rank before it is known: what is asked must be known by then. */
function checkAskers(known: KnownNames): void {
  const { plan } = known;
  for (const [path, condition, asker] of conditionPlaces(plan)) {
    if (asker !== "active" && asker !== "rank") continue;
    const needs = needsOf(plan, condition);
    if (asker === "active" && needs.active)
      known.add(path, "asks who is active to say who is active", 'a condition without "active"');
    if (asker === "active" && (needs.ownRank || needs.ranksBelow))
      known.add(
        path,
        "asks for ranks of this close, which are judged after activity",
        'measures, or {"title": …}, which is of the closes before',
      );
    if (asker === "rank" && needs.ownRank)
      known.add(path, "asks for the rank that it is to decide", '{"title": …}, the highest rank of the closes before');
    const earned = [...needs.measures].find((id) => plan.measures?.[id]?.what === "earned");
    if (earned !== undefined && !endsBefore(plan.measures?.[earned] as Measure))
      known.add(
        path,
        `asks for "${earned}", pay of this close, which comes after ranks`,
        '"over": {"periods": 1, "before": 1} in that measure',
      );
  }
}

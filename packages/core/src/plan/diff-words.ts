import { inEnglish } from "../reasons/in-english.ts";
import { percent } from "../reasons/percent.ts";
import { conditionReason } from "./condition-reasons.ts";
import type { Condition } from "./conditions.ts";
import type { Plan } from "./schema.ts";
import { isKeyed, rowsOf, type Table } from "./tables.ts";

/** Parts of a plan in the words of a diff: what a condition asks, what a table goes by and holds. */

export type Path = readonly string[];

const CONDITION_FIELDS: ReadonlySet<string> = new Set(["earnsIf", "matchedIf", "when", "since", "meeting", "condition"]);

/** Whether what stands at a path is said as a whole, because a part of it means nothing by itself. */
export function isSaidWhole(path: Path): boolean {
  return isCondition(path) || path.at(-1) === "over";
}

/** Whether a condition stands at a path. */
function isCondition(path: Path): boolean {
  return CONDITION_FIELDS.has(path.at(-1) ?? "") || (path.at(-2) === "conditions" && path.length === 2);
}

/** What tells forms of one field apart: another form is another thing, and not the same one with other fields. */
const FORMS = ["kind", "mode", "by", "what", "is", "every", "measure", "applies", "of"] as const;

/** Whether two values of a field differ in form, so that they are said as wholes. */
export function areOtherForms(before: Record<string, unknown>, after: Record<string, unknown>, path: Path): boolean {
  if (path.at(-1)?.startsWith("#") === true || path.length === 0) return false;
  if (isTable(before) || isTable(after)) return FORMS.some((form) => formOf(before, form) !== formOf(after, form));
  return FORMS.slice(0, -3).some((form) => formOf(before, form) !== formOf(after, form));
}

const formOf = (value: Record<string, unknown>, form: string): unknown =>
  typeof value[form] === "string" ? value[form] : undefined;

export function isTable(value: unknown): value is Table<unknown> {
  return isRecord(value) && isKeyed(value as Table<unknown>);
}

/** Rows of a table by measure or size by their threshold, so that a row put in between is one row more. */
export function rowsByThreshold(rows: readonly unknown[]): Record<string, unknown> | null {
  const all = rows.map((row) => (isRecord(row) && typeof row.from === "string" ? row : null));
  if (all.length === 0 || all.some((row) => row === null || !("row" in row))) return null;
  return Object.fromEntries(all.map((row) => [`${row?.from} or more`, row?.row]));
}

/** Fields whose texts are shares, which people read as percentages. */
export function isRate(path: Path): boolean {
  return (
    path[0] !== "currency" &&
    path.some((part) => ["rates", "kept", "classRates", "baseRate", "share", "budget", "floor", "rate"].includes(part))
  );
}

/** A value at a path in words. */
export function words(value: unknown, path: Path, plan: Plan): string {
  if (isCondition(path)) return inEnglish(conditionReason(value as Condition, plan, true));
  if (isTable(value)) return tableWords(value, path, plan);
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((one) => inList(one, path, plan)).join(", ");
  if (isRecord(value))
    return Object.entries(value)
      .map(([key, one]) => `${label(key, plan)} ${inList(one, [...path, key], plan)}`)
      .join(", ");
  if (typeof value !== "string") return JSON.stringify(value);
  return isRate(path) && /^[\d.]+$/.test(value) ? percent(value) : `"${value}"`;
}

const inList = (one: unknown, path: Path, plan: Plan): string => {
  const text = words(one, path, plan);
  return isRecord(one) && !isTable(one) && !isCondition(path) ? `(${text})` : text;
};

function tableWords(table: Table<unknown>, path: Path, plan: Plan): string {
  const { by, ...keyed } = table as { by: string; measure?: string; applies?: string; of?: string; rows: unknown };
  const goesBy = [
    keyed.measure === undefined ? by.replace("-", " ") : `the measure "${keyed.measure}"`,
    ...(keyed.of === undefined ? [] : [`in ${keyed.of}`]),
    ...(keyed.applies === undefined || keyed.applies === "whole" ? [] : [keyed.applies]),
  ].join(", ");
  const threshold = Array.isArray(keyed.rows);
  const rows = rowsOf<unknown>(table).map(
    ([key, row]) => `${threshold ? `from ${key}` : label(key, plan)} ${words(row, [...path, "row"], plan)}`,
  );
  return `by ${goesBy} (${rows.join("; ")})`;
}

export function isRecord(what: unknown): what is Record<string, unknown> {
  return typeof what === "object" && what !== null && !Array.isArray(what);
}

export const WORDS: Readonly<Record<string, string>> = {
  bonuses: "bonus",
  promotions: "promotion",
  set: "sets",
  decidedBy: "decided by",
  ranks: "rank",
  commissionClasses: "commission class",
  requires: "requirement",
  gv: "group volume",
  pv: "personal volume",
  minimumPv: "minimum PV",
  rates: "rate of",
  classRates: "rate of class",
  cvRates: "money for one CV in",
  baseRate: "share of the base",
  unqualifiedSource: "volume of an unqualified source",
  unqualifiedEarner: "share of an unqualified upline",
  ownPurchase: "own purchases",
  activeLegs: "active legs",
  legsWithRank: "legs with a rank",
  maxLeg: "max-leg rule",
  retailVolume: "volume of own customers",
  negativeVolume: "goods returned after a close",
  measures: "measure",
  conditions: "condition",
  earnsIf: "who earns",
  units: "units of",
  shareCap: "the most one person gets",
  cutGoesTo: "what is cut goes to",
  less: "less what is paid by",
  partOf: "only a part",
  matchedIf: "who is matched",
  opens: "levels opened by",
  rankCalendar: "the calendar of ranks",
  thenPays: "then pays",
  ownVolume: "where own purchases count for the position",
  customerVolume: "where own customers' orders count for the position",
  aboveOnly: "own volume that takes no side",
  cycleCap: "most cycles of a position",
  carryCap: "most that a side carries",
  unqualifiedPairs: "pairs of somebody who does not qualify",
  trees: "tree",
  is: "what it is",
  rankTree: "the tree of ranks",
  tree: "the tree it goes by",
  atLeast: "at least",
  caps: "cap",
  rounds: "rounded",
  atMost: "at most",
  counts: "what it counts",
  due: "what a group owes upward",
  atLeastVolume: "guaranteed volume",
  shortfallFrom: "what is short comes from",
  keeps: "what a leader keeps",
  orGroups: "or groups that pay",
};

function label(key: string, plan: Plan): string {
  if (key === "*") return "everyone else";
  return plan.ranks.find(({ id }) => id === key)?.name ?? WORDS[key] ?? spaced(key);
}

/** "minimumPv" as "minimum pv"; the code of a currency stays what it is. */
export function spaced(key: string): string {
  if (/^[A-Z]{3}$/.test(key)) return key;
  return key.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

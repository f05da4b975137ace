import { type Base, isLess } from "./base.ts";
import { percent } from "./explain.ts";
import type { Plan } from "./schema.ts";

/** One difference between two versions of a plan, in plain words. */
export interface PlanChange {
  readonly kind: "added" | "removed" | "changed";
  readonly path: string;
  readonly text: string;
}

/** What a newer plan changes, in the order of the newer document; empty where the documents are equal. */
export function diffPlans(before: Plan, after: Plan): PlanChange[] {
  return compare(before, after, [], new Names(before, after));
}

type Path = readonly string[];

function compare(before: unknown, after: unknown, path: Path, names: Names): PlanChange[] {
  if (before === undefined && after === undefined) return [];
  if (isRecord(before) && isRecord(after)) return compareRecords(before, after, path, names);
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path, names);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [change(before, after, path, names)];
}

function compareRecords(before: Record<string, unknown>, after: Record<string, unknown>, path: Path, names: Names): PlanChange[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return keys.flatMap((key) => compare(before[key], after[key], [...path, key], names));
}

/** Lists of things with ids are compared by id, and their order is a change of its own; other lists by position. */
function compareLists(before: readonly unknown[], after: readonly unknown[], path: Path, names: Names): PlanChange[] {
  const ids = (list: readonly unknown[]): string[] | null =>
    list.every((item) => isRecord(item) && typeof item.id === "string") ? list.map((item) => (item as { id: string }).id) : null;
  const [was, is] = [ids(before), ids(after)];
  if (was === null || is === null || before.length + after.length === 0) {
    if (![...before, ...after].some((item) => isRecord(item) || isRate(path)))
      return JSON.stringify(before) === JSON.stringify(after) ? [] : [change(before, after, path, names)];
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, i) => compare(before[i], after[i], [...path, String(i)], names)).flat();
  }
  const find = (list: readonly unknown[], id: string): unknown => list.find((item) => (item as { id: string }).id === id);
  const all = [...new Set([...is, ...was])].flatMap((id) =>
    compare(find(before, id), find(after, id), [...path, `#${id}`], names),
  );
  const kept = (list: readonly string[], other: readonly string[]): string => list.filter((id) => other.includes(id)).join(", ");
  if (kept(was, is) === kept(is, was)) return all;
  return [...all, { kind: "changed", path: path.join("."), text: `${names.of(path)}: the order is now ${kept(is, was)}` }];
}

function change(before: unknown, after: unknown, path: Path, names: Names): PlanChange {
  const what = names.of(path);
  const at = path.join(".").replaceAll(".#", "#");
  if (before === undefined) return { kind: "added", path: at, text: `${what}: new${describe(after, path)}` };
  if (after === undefined) return { kind: "removed", path: at, text: `${what}: removed${describe(before, path)}` };
  return { kind: "changed", path: at, text: `${what}: ${value(before, path)} becomes ${value(after, path)}` };
}

function describe(what: unknown, path: Path): string {
  if (isRecord(what)) return typeof what.kind === "string" ? `, of kind ${what.kind}` : "";
  return `, ${value(what, path)}`;
}

function value(what: unknown, path: Path): string {
  if (path.at(-1) === "base") return baseWords(what as Base);
  if (typeof what === "string" && isRate(path)) return percent(what);
  if (Array.isArray(what)) return what.length === 0 ? "none" : what.map((one) => value(one, path)).join(", ");
  return typeof what === "string" ? `"${what}"` : JSON.stringify(what);
}

/** A base as a sentence has it: "net less what "retail" paid". */
function baseWords(base: Base): string {
  if (typeof base === "string") return `"${base}"`;
  const less = isLess(base) ? ` less what ${base.less.map((id) => `"${id}"`).join(" and ")} paid` : "";
  const part = base.partOf === undefined ? "" : `, ${percent(base.partOf.share)} of it while "${base.partOf.window}" runs`;
  return `${base.of}${less}${part}`;
}

/** Fields whose texts are shares, which people read as percentages. */
function isRate(path: Path): boolean {
  return (
    path[0] !== "currency" &&
    path.some((part) => ["rates", "kept", "classRates", "baseRate", "share", "budget", "floor", "rate"].includes(part))
  );
}

function isRecord(what: unknown): what is Record<string, unknown> {
  return typeof what === "object" && what !== null && !Array.isArray(what);
}

const WORDS: Readonly<Record<string, string>> = {
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

/** Turns a path into words: ids become names, positions in a row of rates become levels. */
class Names {
  readonly #names = new Map<string, string>();

  constructor(...plans: readonly Plan[]) {
    for (const plan of plans) {
      for (const item of [...plan.ranks, ...plan.commissionClasses, ...(plan.promotions ?? [])])
        this.#names.set(item.id, item.name ?? `"${item.id}"`);
      for (const bonus of plan.bonuses) this.#names.set(bonus.id, bonus.name ?? `"${bonus.id}"`);
    }
  }

  of(path: Path): string {
    const words: string[] = [];
    path.forEach((part, i) => {
      const list = path[i + 1]?.startsWith("#") === true;
      if (part.startsWith("#"))
        words.push(`${WORDS[path[i - 1] ?? ""] ?? path[i - 1]} ${this.#names.get(part.slice(1)) ?? part.slice(1)}`);
      else if (/^\d+$/.test(part)) words.push(isRate(path.slice(0, i)) ? `level ${Number(part) + 1}` : `no. ${Number(part) + 1}`);
      else if (part === "*") words.push("everyone else");
      else if (!list) words.push(this.#names.get(part) ?? WORDS[part] ?? spaced(part));
    });
    return words.join(", ").replaceAll(" of, ", " of ").replaceAll(" in, ", " in ").replaceAll("class, ", "class ");
  }
}

/** "minimumPv" as "minimum pv"; the code of a currency stays what it is. */
function spaced(key: string): string {
  if (/^[A-Z]{3}$/.test(key)) return key;
  return key.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

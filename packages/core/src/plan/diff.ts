import { percent } from "../reasons/percent.ts";
import { type Base, isLess } from "./base.ts";
import { areOtherForms, isRate, isRecord, isSaidWhole, type Path, rowsByThreshold, spaced, WORDS, words } from "./diff-words.ts";
import type { Plan } from "./schema.ts";

/** One difference between two versions of a plan, in plain words. */
export interface PlanChange {
  readonly kind: "added" | "removed" | "changed";
  readonly path: string;
  readonly text: string;
  /** What stood there and what stands there now, as the documents have it; undefined where nothing did, or does. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a newer plan changes, in the order of the newer document; empty where the documents are equal. */
export function diffPlans(before: Plan, after: Plan): PlanChange[] {
  return compare(before, after, [], new Names(before, after));
}

function compare(before: unknown, after: unknown, path: Path, names: Names): PlanChange[] {
  if (before === undefined && after === undefined) return [];
  if (isSaidWhole(path) || (isRecord(before) && isRecord(after) && areOtherForms(before, after, path)))
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [change(before, after, path, names)];
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
  const [fewer, more] = [rowsByThreshold(before), rowsByThreshold(after)];
  if (fewer !== null && more !== null) return compareRecords(fewer, more, path, names);
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
  const order = { before: was, after: is };
  return [
    ...all,
    { kind: "changed", path: path.join("."), text: `${names.of(path)}: the order is now ${kept(is, was)}`, ...order },
  ];
}

function change(before: unknown, after: unknown, path: Path, names: Names): PlanChange {
  const what = names.of(path);
  const at = path.join(".").replaceAll(".#", "#");
  if (before === undefined) return { kind: "added", path: at, text: `${what}: new${describe(after, path, names.after)}`, after };
  if (after === undefined)
    return { kind: "removed", path: at, text: `${what}: removed${describe(before, path, names.before)}`, before };
  const [was, is] = [value(before, path, names.before), value(after, path, names.after)];
  return { kind: "changed", path: at, text: `${what}: ${was} becomes ${is}`, before, after };
}

/** Of a thing with an id, such as a bonus, the kind is said; everything else in full. */
function describe(what: unknown, path: Path, plan: Plan): string {
  if (isRecord(what) && "id" in what) return typeof what.kind === "string" ? `, of kind ${what.kind}` : "";
  return `, ${value(what, path, plan)}`;
}

function value(what: unknown, path: Path, plan: Plan): string {
  return path.at(-1) === "base" ? baseWords(what as Base) : words(what, path, plan);
}

/** A base as a sentence has it: "net less what "retail" paid". */
function baseWords(base: Base): string {
  if (typeof base === "string") return `"${base}"`;
  const less = isLess(base) ? ` less what ${base.less.map((id) => `"${id}"`).join(" and ")} paid` : "";
  const part = base.partOf === undefined ? "" : `, ${percent(base.partOf.share)} of it while "${base.partOf.window}" runs`;
  return `${base.of}${less}${part}`;
}

/** Turns a path into words: ids become names, positions in a row of rates become levels. */
class Names {
  readonly #names = new Map<string, string>();

  readonly before: Plan;
  readonly after: Plan;

  constructor(before: Plan, after: Plan) {
    this.before = before;
    this.after = after;
    for (const plan of [before, after]) {
      for (const item of [...plan.ranks, ...plan.commissionClasses, ...(plan.promotions ?? [])])
        this.#names.set(item.id, item.name ?? `"${item.id}"`);
      for (const bonus of plan.bonuses) this.#names.set(bonus.id, bonus.name ?? `"${bonus.id}"`);
    }
  }

  of(path: Path): string {
    const said: string[] = [];
    path.forEach((part, i) => {
      const list = path[i + 1]?.startsWith("#") === true;
      if (part.startsWith("#"))
        said.push(`${WORDS[path[i - 1] ?? ""] ?? path[i - 1]} ${this.#names.get(part.slice(1)) ?? part.slice(1)}`);
      else if (/^\d+$/.test(part)) said.push(isRate(path.slice(0, i)) ? `level ${Number(part) + 1}` : `no. ${Number(part) + 1}`);
      else if (part === "rows") return;
      else if (part === "*") said.push("everyone else");
      else if (!list) said.push(this.#names.get(part) ?? WORDS[part] ?? spaced(part));
    });
    return said
      .join(", ")
      .replaceAll(" of, ", " of ")
      .replaceAll(" in, ", " in ")
      .replaceAll("class, ", "class ")
      .replace(/ (of|by)$/, "");
  }
}

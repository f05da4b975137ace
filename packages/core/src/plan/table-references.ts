import { bonusTables } from "./bonus-tables.ts";
import type { KnownNames } from "./known-names.ts";
import type { Bonus } from "./schema.ts";
import { isKeyed, keyRows, type Table, thresholdRows } from "./tables.ts";

/** What tables and `opens` of a bonus say of the rest of the plan. */
export function tableReferences(known: KnownNames, bonus: Bonus, path: string): void {
  for (const { field, table, limits } of bonusTables(bonus)) {
    checkTable(known, table, `${path}.${field}`);
    if (isKeyed(table)) checkPlace(known, { bonus, table, limits, path: `${path}.${field}` });
  }
  if ("opens" in bonus && bonus.opens !== undefined) {
    known.check("measure", bonus.opens.measure, `${path}.opens.measure`);
    checkThresholds(known, bonus.opens.levels, `${path}.opens.levels`);
  }
}

/** Keys of a table: ranks, classes, or a measure. */
export function checkTable(known: KnownNames, table: Table<unknown>, path: string): void {
  if (isKeyed(table) && table.by === "measure" && "measure" in table)
    known.check("measure", String(table.measure), `${path}.measure`);
  checkThresholds(
    known,
    (thresholdRows(table) ?? []).map(([from]) => ({ from })),
    `${path}.rows`,
  );
  const byClass = isKeyed(table) && table.by === "class";
  const at = isKeyed(table) ? `${path}.rows` : path;
  for (const key of Object.keys(keyRows(table)))
    if (key !== "*" && (byClass || key !== "none")) known.check(byClass ? "commission class" : "rank", key, `${at}.${key}`);
}

function checkThresholds(known: KnownNames, rows: readonly { readonly from: string }[], path: string): void {
  if (new Set(rows.map(({ from }) => Number(from))).size < rows.length)
    known.add(path, "begin twice at the same value", "a value of its own for each row");
}

interface TablePlace {
  readonly bonus: Bonus;
  readonly table: { readonly by: string } & object;
  readonly limits: boolean;
  readonly path: string;
}

/** Some keys mean something in some places only. */
function checkPlace(known: KnownNames, { bonus, table, limits, path }: TablePlace): void {
  const atClose = bonus.snapshot === "close";
  if ("applies" in table && table.applies !== "whole" && !(bonus.kind === "retail" && atClose))
    known.add(
      `${path}.applies`,
      `is "${String(table.applies)}", which divides a seller's own volume, and this bonus pays on other people's`,
      '"whole", or a retail bonus with "snapshot": "close"',
    );
  if ("applies" in table && table.applies !== "whole") checkDivided(known, table, path);
  if (table.by === "order-size" && atClose)
    known.add(
      `${path}.by`,
      'is "order-size", but a close knows volumes and no single orders',
      '"measure", or "snapshot": "order"',
    );
  if (table.by === "class" && !(bonus.kind === "reward" && bonus.for.kind === "per-item"))
    known.add(`${path}.by`, 'is "class", which only items sold have', "classRates, or a bonus for each class by appliesTo");
  const ownOnly = limits || ["retail", "pool", "binary", "rank-advancement"].includes(bonus.kind);
  if ((table.by === "source-rank" || table.by === "leg-rank") && ownOnly)
    known.add(`${path}.by`, `is "${table.by}", but nobody below is looked at here`, '"rank", "title" or "measure"');
}

/** Slabs that divide a seller's volume go by a measure of that volume, to be filled period by period. */
function checkDivided(known: KnownNames, table: object, path: string): void {
  const id = "measure" in table ? String(table.measure) : "";
  const measure = known.plan.measures?.[id];
  if (measure === undefined) return;
  const own = measure.what === "pv" || measure.what === "qv" || measure.what === "cv";
  if (!own || (measure.over !== undefined && "daysAfterEnrolment" in measure.over))
    known.add(`${path}.measure`, `is "${id}", which is no own volume that fills up by periods`, "a measure that is pv, qv or cv");
  else if (measure.subscription !== undefined && measure.over !== undefined)
    known.add(
      `${path}.measure`,
      `is "${id}", which counts subscription orders apart over several periods, so that nobody knows what of it came in this one`,
      `a measure without "subscription", or of this period only`,
    );
}

import type { CastReturnObject } from "csv-stringify";
import { stringify } from "csv-stringify/sync";

/** What a spreadsheet would run as a formula begins with one of these, in their full-width forms too. */
const FORMULA_START = "[=+\\-@\\t\\r\\uff1d\\uff0b\\uff0d\\uff20]";

/** A plain negative amount is no formula, and marked as text it could not be added up. */
const NEGATIVE_NUMBER = /^-\d+(\.\d+)?$/;

const MARKED = new RegExp(`^'(?=${FORMULA_START})`);

/**
 * A table as CSV with a header line. Cells that a spreadsheet would take for a formula are marked as
 * text with an apostrophe, which `unmarked` takes off again; negative numbers stay numbers.
 */
export function csvText<Column extends string>(
  columns: readonly Column[],
  rows: Iterable<Readonly<Record<Column, string>>>,
): string {
  return stringify([...rows], { header: true, columns: [...columns], escape_formulas: true, cast: { string: cellOf } });
}

function cellOf(text: string): string | CastReturnObject {
  if (!NEGATIVE_NUMBER.test(text)) return text;
  const plain = { value: text, escape_formulas: false };
  return plain;
}

/** A cell as it was before it was marked: what the hub wrote, the hub reads back unchanged. */
export function unmarked(cell: string): string {
  return cell.replace(MARKED, "");
}

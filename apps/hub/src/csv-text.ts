import type { CastReturnObject } from "csv-stringify";
import { stringify } from "csv-stringify/sync";

/** What a spreadsheet would run as a formula begins with one of these, in their full-width forms too. */
const FORMULA_START = "[=+\\-@\\t\\r\\uff1d\\uff0b\\uff0d\\uff20]";

/** A plain negative amount is no formula, and marked as text it could not be added up. */
const NEGATIVE_NUMBER = /^-\d+(\.\d+)?$/;

/** A cell that looks marked by itself is marked once more, so that it keeps the apostrophe that is its own. */
const MARKED = new RegExp(`^'(?='*${FORMULA_START})`);

/**
 * A table as CSV with a header line, which `header: false` leaves out of what follows a part before. Cells that a spreadsheet
 * would take for a formula are marked as text with an apostrophe, which `unmarked` takes off again; negative numbers stay numbers.
 */
export function csvText<Column extends string>(
  columns: readonly Column[],
  rows: Iterable<Readonly<Record<Column, string>>>,
  { header = true, lineEnd = "\n" }: { readonly header?: boolean; readonly lineEnd?: "\n" | "\r\n" } = {},
): string {
  // The library quotes what holds the line end chosen here; readers take either half of it for one (RFC 4180).
  const quoting = { quoted_match: /[\r\n]/, escape_formulas: true, cast: { string: cellOf } };
  return stringify([...rows], { header, record_delimiter: lineEnd, ...quoting, columns: [...columns] });
}

function cellOf(text: string): string | CastReturnObject {
  if (MARKED.test(text)) return `'${text}`;
  if (!NEGATIVE_NUMBER.test(text)) return text;
  const plain = { value: text, escape_formulas: false };
  return plain;
}

/** A cell as it was before it was marked: what the hub wrote, the hub reads back unchanged. */
export function unmarked(cell: string): string {
  return cell.replace(MARKED, "");
}

import { isUtf8 } from "node:buffer";
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { unmarked } from "./csv-text.ts";
import { shown } from "./row-errors.ts";

/** One record of a file: cells by column name. */
export interface CsvRecord {
  readonly line: number;
  /** Undefined where the file has no such column. */
  readonly cell: (column: string) => string | undefined;
  /** Undefined where the cell is empty, too. */
  readonly filled: (column: string) => string | undefined;
}

export interface CsvShape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Other names of columns, such as those of an export. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** A file that cannot be read as a table, with a sentence that names it, the line and the fix. */
export class BadCsv extends Error {}

/**
 * Reads CSV whose first line names the columns: commas, or semicolons or tabs as some
 * spreadsheets write them; quotes; a byte order mark; headers in any case ("Sponsor ID"
 * is `sponsor_id`). The apostrophe that marks a cell as no formula is taken off. Throws with a sentence that names the file and the line.
 */
export async function parseCsv(
  bytes: Buffer,
  shape: CsvShape,
  { name, onIgnored }: { readonly name: string; readonly onIgnored: (columns: readonly string[]) => void },
): Promise<CsvRecord[]> {
  demandPlainUtf8(name, bytes);
  const parser = Readable.from(slices(bytes)).pipe(
    parse({ bom: true, trim: true, info: true, skip_empty_lines: true, delimiter: delimiterOf(bytes) }),
  );
  let columns: ReadonlyMap<string, number> | null = null;
  const records: CsvRecord[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (columns === null) columns = readHeader(record, shape, { name, onIgnored });
      else records.push(recordOf(record, info.lines, columns));
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new BadCsv(`${name} cannot be read: ${error.message}.`, { cause: error });
  }
  if (columns === null) throw new BadCsv(`${name} is empty: its first line names the columns, ${shape.required.join(", ")}.`);
  return records;
}

function readHeader(
  record: readonly string[],
  shape: CsvShape,
  { name: file, onIgnored }: { name: string; onIgnored: (columns: readonly string[]) => void },
): ReadonlyMap<string, number> {
  const known = [...shape.required, ...shape.optional];
  const columns = new Map<string, number>();
  const ignored: string[] = [];
  record.forEach((header, index) => {
    const folded = header
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, "_");
    const name = shape.aliases?.[folded] ?? folded;
    // A spreadsheet writes columns behind the last one that were emptied: they have no name.
    if (!known.includes(name)) ignored.push(...(name === "" ? [] : [header]));
    else if (columns.has(name)) throw new BadCsv(`${file}, line 1: the column ${name} comes twice; remove one of the two.`);
    else columns.set(name, index);
  });
  const missing = shape.required.filter((name) => !columns.has(name));
  if (missing.length > 0)
    throw new BadCsv(`${file}, line 1: the column ${missing.join(", ")} is missing; known are ${known.join(", ")}.`);
  if (ignored.length > 0) onIgnored(ignored);
  return columns;
}

function recordOf(record: readonly string[], line: number, columns: ReadonlyMap<string, number>): CsvRecord {
  const cell = (column: string) => {
    const index = columns.get(column);
    return index === undefined ? undefined : unmarked(record[index] ?? "");
  };
  return { line, cell, filled: (column) => cell(column) || undefined };
}

/** What separates the cells of the first line: a comma where it has one, else semicolons or tabs. */
function delimiterOf(bytes: Buffer): "," | ";" | "\t" {
  const header = bytes.subarray(0, 16_384).toString("utf8").split("\n", 1)[0] ?? "";
  if (header.includes(",")) return ",";
  if (header.includes(";")) return ";";
  return header.includes("\t") ? "\t" : ",";
}

const SAVE_AS = "save it as “CSV UTF-8” and import it again";

/** Broken text must not be stored: whoever wrote the file in another encoding is told in which line that shows. */
function demandPlainUtf8(name: string, bytes: Buffer): void {
  const start = bytes.subarray(0, 2).toString("hex");
  if (start === "fffe" || start === "feff") throw new BadCsv(`${name}, line 1: the file is UTF-16: ${SAVE_AS}.`);
  const noNul = !bytes.includes(0);
  if (noNul && isUtf8(bytes)) return;
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end;
    const text = bytes.subarray(from, to);
    if (text.includes(0)) throw new BadCsv(`${name}, line ${line}: holds a NUL character: remove it, or ${SAVE_AS}.`);
    if (!isUtf8(text))
      throw new BadCsv(`${name}, line ${line}: ${shown(new TextDecoder("windows-1252").decode(text))} is not UTF-8: ${SAVE_AS}.`);
    from = to + 1;
  }
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { CsvError, parse } from "csv-parse";
import { unmarked } from "../csv-text.ts";
import { shown } from "../row-errors.ts";
import type { Terminal } from "./terminal.ts";

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

/**
 * Reads a CSV file whose first line names the columns, as a stream: commas, or semicolons as
 * spreadsheets of some countries write them; quotes; a byte order mark; headers in any case ("Sponsor ID"
 * is `sponsor_id`). The apostrophe that marks a cell as no formula is taken off. Throws with a sentence that names the file and the line.
 */
export async function readCsv(path: string, shape: CsvShape, terminal: Terminal): Promise<CsvRecord[]> {
  const delimiter = await delimiterOf(path);
  const parser = parse({ bom: true, trim: true, info: true, skip_empty_lines: true, delimiter });
  const input = createReadStream(path);
  input.on("error", (error) => parser.destroy(error));
  input.pipe(parser);
  let columns: ReadonlyMap<string, number> | null = null;
  const records: CsvRecord[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (columns === null) columns = readHeader(record, shape, { path, terminal });
      else records.push(recordOf(record, info.lines, columns));
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`${path} cannot be read: ${error.message}.`, { cause: error });
  }
  if (columns === null) throw new Error(`${path} is empty: its first line names the columns, ${shape.required.join(", ")}.`);
  return records;
}

function readHeader(
  record: readonly string[],
  shape: CsvShape,
  { path, terminal }: { path: string; terminal: Terminal },
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
    if (!known.includes(name)) ignored.push(header);
    else if (columns.has(name)) throw new Error(`${path}, line 1: the column ${name} comes twice; remove one of the two.`);
    else columns.set(name, index);
  });
  const missing = shape.required.filter((name) => !columns.has(name));
  if (missing.length > 0)
    throw new Error(`${path}, line 1: the column ${missing.join(", ")} is missing; known are ${known.join(", ")}.`);
  if (ignored.length > 0) terminal.err(`Ignored columns: ${ignored.map(shown).join(", ")}\n`);
  return columns;
}

function recordOf(record: readonly string[], line: number, columns: ReadonlyMap<string, number>): CsvRecord {
  const cell = (column: string) => {
    const index = columns.get(column);
    return index === undefined ? undefined : unmarked(record[index] ?? "");
  };
  return { line, cell, filled: (column) => cell(column) || undefined };
}

/** A comma, unless the first line has semicolons only. */
async function delimiterOf(path: string): Promise<"," | ";"> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16_384), 0, 16_384, 0);
      const header = buffer.subarray(0, bytesRead).toString("utf8").split("\n", 1)[0] ?? "";
      return header.includes(";") && !header.includes(",") ? ";" : ",";
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(`${path} cannot be read${code === "ENOENT" ? ": there is no such file" : ` (${code})`}.`, { cause: error });
  }
}

import { readFile } from "node:fs/promises";
import { type CsvRecord, type CsvShape, parseCsv } from "../csv-read.ts";
import { shown } from "../row-errors.ts";
import type { Terminal } from "./terminal.ts";

/** Reads a CSV file; columns that are not known are told of and ignored. Throws with a sentence that names the file and the line. */
export async function readCsv(path: string, shape: CsvShape, terminal: Terminal): Promise<CsvRecord[]> {
  const onIgnored = (columns: readonly string[]) => void terminal.err(`Ignored columns: ${columns.map(shown).join(", ")}\n`);
  return parseCsv(await readBytes(path), shape, { name: path, onIgnored });
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(`${path} cannot be read${code === "ENOENT" ? ": there is no such file" : ` (${code})`}.`, { cause: error });
  }
}

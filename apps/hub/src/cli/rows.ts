import type { RowError } from "../row-errors.ts";
import type { Terminal } from "./terminal.ts";

/** Prints every wrong line of a file and ends the command: nothing of the file was imported. */
export function refuseFile(terminal: Terminal, file: string, result: { errors: readonly RowError[]; errorCount: number }): void {
  if (result.errorCount === 0) return;
  for (const { line, field, message } of result.errors) terminal.err(`${file}, line ${line}, ${field}: ${message}\n`);
  const more = result.errorCount - result.errors.length;
  if (more > 0) terminal.err(`… and ${more} more\n`);
  throw new Error(`Nothing was imported: ${result.errorCount} ${result.errorCount === 1 ? "error" : "errors"} in ${file}.`);
}

import type { RowError } from "../row-errors.ts";
import type { Terminal } from "./terminal.ts";

/** Prints every wrong line of a file and ends the command: nothing of the file was imported. */
export function refuseFile(terminal: Terminal, file: string, result: { errors: readonly RowError[]; errorCount: number }): void {
  if (result.errorCount === 0) return;
  for (const { line, field, message, more = 0 } of result.errors) {
    const lines = more === 0 ? `line ${line}` : `line ${line} and ${more} more`;
    terminal.err(`${file}, ${lines}, ${field}: ${message}\n`);
  }
  const rest = result.errorCount - result.errors.reduce((sum, { more = 0 }) => sum + 1 + more, 0);
  if (rest > 0) terminal.err(`… and ${rest} more\n`);
  throw new Error(`Nothing was imported: ${result.errorCount} ${result.errorCount === 1 ? "error" : "errors"} in ${file}.`);
}

import type { Command } from "commander";

/** Where a command reads its settings and writes its answers. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Answers, for people or pipes. */
  readonly out: (text: string) => void;
  /** Progress and errors. */
  readonly err: (text: string) => void;
  readonly isTerminal: boolean;
}

type Cell = string | number | bigint | boolean | Date | null | readonly string[];
export type Row = Readonly<Record<string, Cell>>;

/** Prints rows as a table, or as JSON for machines. An empty list says what to do next. */
export function printList(
  terminal: Terminal,
  rows: readonly Row[],
  options: { json?: boolean | undefined; empty: string },
): void {
  if (options.json) {
    const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
    terminal.out(`${JSON.stringify(rows, plain, 2)}\n`);
    return;
  }
  const [first] = rows;
  if (first === undefined) {
    terminal.out(`${options.empty}\n`);
    return;
  }
  const columns = Object.keys(first);
  const cells = [columns, ...rows.map((row) => columns.map((column) => cellText(row[column] ?? null)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? "").length)));
  for (const line of cells)
    terminal.out(
      `${line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
}

function cellText(cell: Cell): string {
  if (cell === null) return "–";
  if (cell instanceof Date) return cell.toISOString().replace(/\.\d{3}Z$/, "Z");
  return Array.isArray(cell) ? cell.join(",") : String(cell);
}

/** Shows how far a long command is: in place on a terminal, one line for each tenth elsewhere. */
export function progressOn(terminal: Terminal, what: string): (progress: { done: number; total: number }) => void {
  let lastTenth = -1;
  return ({ done, total }) => {
    const tenth = total === 0 ? 10 : Math.floor((done * 10) / total);
    if (!terminal.isTerminal && tenth === lastTenth) return;
    lastTenth = tenth;
    const text = `${what}: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    terminal.err(terminal.isTerminal ? `\r${text}${done === total ? "\n" : ""}` : `${text}\n`);
  };
}

/** Adds the example that every command's help ends with. */
export function example(command: Command, ...lines: string[]): Command {
  return command.addHelpText("after", `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
}

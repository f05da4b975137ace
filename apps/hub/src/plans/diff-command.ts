import { diffPlans } from "@upline/core";
import type { Command } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { readPlanFile } from "./plan-file.ts";

const SIGNS = { added: "+", removed: "−", changed: "~" } as const;

/** `plan diff <old> <new>`: what a newer plan changes, in plain words. Needs no database. */
export function diffCommand(plan: Command, terminal: Terminal): void {
  const diff = plan
    .command("diff <old> <new>")
    .description("What a newer plan document changes, in plain words")
    .option("--json", "as JSON")
    .action(async (before: string, after: string, options: { json?: boolean }) => {
      const changes = diffPlans(await readPlanFile(before), await readPlanFile(after));
      if (options.json) terminal.out(`${JSON.stringify(changes, null, 2)}\n`);
      else if (changes.length === 0) terminal.out("The two plans say the same.\n");
      else for (const { kind, text } of changes) terminal.out(`${SIGNS[kind]} ${text}\n`);
    });
  example(diff, "pnpm upline plan diff plan-1.json plan-2.json");
}

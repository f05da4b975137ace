import type { Plan } from "@upline/core";
import { type Finding, isPublishable, payoutCeiling, shareText } from "@upline/core/engine";
import type { Command } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { planFindings } from "./findings.ts";
import { readPlanFile } from "./plan-file.ts";

/** `plan lint <file>`: whether a plan could be published, and what in it deserves a second look. Needs no database. */
export function lintCommand(plan: Command, terminal: Terminal): void {
  const lint = plan
    .command("lint <file>")
    .description("Check a plan document (.json or .ts) without publishing it: errors refuse, warnings ask for a second look")
    .option("--json", "as JSON")
    .action(async (file: string, options: { json?: boolean }) => {
      const document = await readPlanFile(file);
      const findings = planFindings(document);
      if (options.json) terminal.out(`${JSON.stringify({ publishable: isPublishable(findings), findings }, null, 2)}\n`);
      else printFindings(terminal, document, findings);
      const errors = findings.filter(({ severity }) => severity === "error").length;
      if (errors > 0) throw new Error(`${file} cannot be published: ${errors} ${errors === 1 ? "error" : "errors"}.`);
    });
  example(lint, "pnpm upline plan lint plan.json");
}

function printFindings(terminal: Terminal, plan: Plan, findings: readonly Finding[]): void {
  for (const finding of findings) terminal.out(`${findingText(finding)}\n`);
  if (isPublishable(findings)) terminal.out(`"${plan.id}" version ${plan.version} can be published.\n`);
}

/** One finding as a line: how serious, where, what is wrong and what would be right. */
export function findingText({ severity, path, wrong, right }: Finding): string {
  return `${severity.padEnd(7)}  ${path}: ${wrong}; right would be ${right}`;
}

/** `plan ceiling <file>`: the largest share of a sale that the plan can pay out, bonus by bonus. Needs no database. */
export function ceilingCommand(plan: Command, terminal: Terminal): void {
  const ceiling = plan
    .command("ceiling <file>")
    .description("The proven payout ceiling of a plan document: the largest share of CV it can pay out")
    .option("--json", "as JSON")
    .action(async (file: string, options: { json?: boolean }) => {
      const { ofCv, ofNet, bonuses } = payoutCeiling(await readPlanFile(file));
      const text = (share: typeof ofCv) => (share === null ? null : shareText(share));
      const rows = bonuses.map(({ bonusId, of, share, why }) => ({ bonus: bonusId, of, share: text(share), why }));
      if (options.json) {
        terminal.out(`${JSON.stringify({ ofCv: text(ofCv), ofNet: text(ofNet), bonuses: rows }, null, 2)}\n`);
        return;
      }
      for (const { bonus, of, share, why } of rows)
        terminal.out(
          `${bonus}: ${of === "fixed" ? "no share of a sale" : share === null ? "no bound" : `${share} of ${of}`} (${why})\n`,
        );
      terminal.out(`Of CV: ${text(ofCv) ?? "no proven ceiling"}. Of net: ${text(ofNet) ?? "no proven ceiling"}.\n`);
      if (ofCv === null) terminal.out('A company cap by share in "caps" gives the plan a ceiling.\n');
    });
  example(ceiling, "pnpm upline plan ceiling plan.json");
}

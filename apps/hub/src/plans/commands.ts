import type { Command } from "commander";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { dateCommands, dateOf } from "./date-commands.ts";
import { diffCommand } from "./diff-command.ts";
import { goldenCommand } from "./golden-command.ts";
import { ceilingCommand, findingText, lintCommand } from "./lint-command.ts";
import { readPlanDocument } from "./plan-file.ts";
import { publishPlan } from "./publish.ts";
import { listPlans } from "./queries.ts";

export function planCommands(program: Command, terminal: Terminal): Command {
  const plan = program.command("plan").description("Compensation plans: versions that never change once published");

  const publish = plan
    .command("publish <file.json>")
    .description("Publish a plan document; orders placed from its date on are judged by it")
    .option("--from <date>", "from when on it is in force; now unless given")
    .option("--company <slug>", "needed where there are several companies")
    .action((file: string, options: CompanyOption & { from?: string }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const effectiveFrom = options.from === undefined ? undefined : dateOf(options.from);
        const document = await readPlanDocument(file);
        const done = await publishPlan(parts, { companyId, document, effectiveFrom, actor: OPERATOR });
        const what = `Plan ${done.planId} version ${done.version} (${done.planHash.slice(0, 12)})`;
        const since = `in force from ${done.effectiveFrom.toISOString()}`;
        for (const finding of done.findings) if (finding.severity === "warning") terminal.err(`${findingText(finding)}\n`);
        terminal.out(`${what} is ${done.published ? "published," : "published already,"} ${since}.\n`);
      }),
    );
  example(publish, "pnpm upline plan publish plan.json --from 2026-01-01");

  const list = plan
    .command("list")
    .description("List published versions, the one that counts last first")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: CompanyOption & { json?: boolean }) =>
      withCompany(terminal, options, async ({ db }, { companyId }) => {
        const plans = await asCompany(db, companyId, (tx) => listPlans(tx, companyId));
        const rows = plans.map(({ planId, version, name, effectiveFrom, planHash }) => {
          return { planId, version, name, effectiveFrom: effectiveFrom ?? "withdrawn", planHash };
        });
        printList(terminal, rows, { ...options, empty: "No plan is published yet: pnpm upline plan publish <file.json>" });
      }),
    );
  example(list, "pnpm upline plan list --json");

  dateCommands(plan, terminal);
  lintCommand(plan, terminal);
  ceilingCommand(plan, terminal);
  diffCommand(plan, terminal);
  goldenCommand(plan, terminal);
  return plan;
}

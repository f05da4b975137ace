import { type Command, InvalidArgumentError } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { DATE_HINT, readDate } from "../row-errors.ts";
import { redatePlan } from "./redate.ts";

/** `plan redate` and `plan withdraw`: a published version that nothing was decided by yet. */
export function dateCommands(plan: Command, terminal: Terminal): void {
  const redate = plan
    .command("redate <plan-id>")
    .argument("<version>", "its number", versionOf)
    .description("Give a published version another date, before any order was judged by it")
    .requiredOption("--from <date>", "from when on it is in force")
    .option("--company <slug>", "needed where there are several companies")
    .action((planId: string, version: number, options: CompanyOption & { from: string }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const effectiveFrom = dateOf(options.from);
        await redatePlan(parts, { companyId, which: { planId, version }, effectiveFrom, actor: OPERATOR });
        terminal.out(`Plan ${planId} version ${version} is in force from ${effectiveFrom.toISOString()}.\n`);
      }),
    );
  example(redate, "pnpm upline plan redate acme-unilevel 2 --from 2026-07-01");

  const withdraw = plan
    .command("withdraw <plan-id>")
    .argument("<version>", "its number", versionOf)
    .description("Take a published version back, before any order was judged by it")
    .option("--company <slug>", "needed where there are several companies")
    .action((planId: string, version: number, options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        await redatePlan(parts, { companyId, which: { planId, version }, effectiveFrom: null, actor: OPERATOR });
        terminal.out(`Plan ${planId} version ${version} is withdrawn.\n`);
      }),
    );
  example(withdraw, "pnpm upline plan withdraw acme-unilevel 2");
}

/** The moment that `--from` names. */
export function dateOf(text: string): Date {
  const date = readDate(text);
  if (date === null) throw new Error(`--from "${text}" is no date: ${DATE_HINT}.`);
  return date;
}

function versionOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Write the version's number, such as 2.");
  return Number(text);
}

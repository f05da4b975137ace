import type { Command } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { addCode } from "./codes.ts";

export function codeCommands(program: Command, terminal: Terminal): void {
  const code = program.command("code").description("Referral codes; a distributor's own id always works as one too");

  const add = code
    .command("add <code> <distributor-id>")
    .description("Give a distributor one more referral code")
    .option("--company <slug>", "needed where there are several companies")
    .action((text: string, distributorId: string, options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { added } = await addCode(parts, { companyId, distributorId, code: text, actor: OPERATOR });
        terminal.out(`Code ${text} is ${added ? "now" : "already"} distributor ${distributorId}'s.\n`);
      }),
    );
  example(add, "pnpm upline code add ANNA77 1042");
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { decide } from "./claims.ts";
import { openPipeline } from "./pipeline.ts";
import { listClaims } from "./told-evidence.ts";

interface DecideOptions extends CompanyOption {
  readonly reason: string;
}

export function claimCommands(program: Command, terminal: Terminal): void {
  const claim = program.command("claim").description("Whom buyers named after the purchase, for a person to decide");

  const list = claim
    .command("list")
    .description("List claims, the newest first")
    .addOption(new Option("--status <status>", "only these").choices(["open", "accepted", "refused"]).default("open"))
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: CompanyOption & { status: "open" | "accepted" | "refused"; json?: boolean }) =>
      withCompany(terminal, options, async ({ db }, { companyId }) => {
        const found = await asCompany(db, companyId, (tx) => listClaims(tx, { companyId, status: options.status, limit: 1000 }));
        const rows = found.map(({ evidenceNo, storeId, platformOrderId, code, status, toldAt, decidedBy, reason }) => ({
          ...{ claim: evidenceNo, store: storeId, order: platformOrderId, code, status, toldAt, decidedBy, reason },
        }));
        printList(terminal, rows, { ...options, empty: "There is no such claim." });
      }),
    );
  example(list, "pnpm upline claim list --status open");

  for (const verb of ["accept", "refuse"] as const) {
    const command = claim
      .command(`${verb} <number>`)
      .description(verb === "accept" ? "Give the order to the distributor whom the buyer named" : "Leave the order as it is")
      .requiredOption("--reason <words>", "why; it is kept in the audit log")
      .option("--company <slug>", "needed where there are several companies")
      .action((number: string, options: DecideOptions) =>
        withCompany(terminal, options, async (parts, { companyId }) => {
          const claimNo = readNumber(number);
          const decision = { companyId, claimNo, accept: verb === "accept", reason: options.reason.trim(), actor: OPERATOR };
          const transfers = await decide(openPipeline(parts), decision);
          terminal.out(verb === "accept" ? `The claim is accepted: ${transfers} transfers.\n` : "The claim is refused.\n");
        }),
      );
    example(command, `pnpm upline claim ${verb} 7 --reason 'The buyer showed the card'`);
  }
}

function readNumber(text: string): bigint {
  if (!/^\d{1,18}$/.test(text))
    throw new InvalidArgumentError("A claim's number is written in digits: see `pnpm upline claim list`.");
  return BigInt(text);
}

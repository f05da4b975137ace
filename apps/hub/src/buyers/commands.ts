import type { Command } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { eraseBuyer } from "./erase.ts";

interface EraseOptions extends CompanyOption {
  readonly email?: string;
  readonly phone?: string;
  readonly customer?: string;
}

export function buyerCommands(program: Command, terminal: Terminal): void {
  const buyer = program.command("buyer").description("Whoever placed orders");
  const erase = buyer
    .command("erase")
    .description("Erase what shops sent of a buyer; orders, hashes and the ledger stay")
    .option("--email <address>", "the buyer's e-mail address")
    .option("--phone <number>", "the buyer's telephone number")
    .option("--customer <number>", "the buyer's account in the shop")
    .option("--company <slug>", "needed where there are several companies")
    .action(({ email, phone, customer, ...options }: EraseOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const named = { email, phone, customerId: customer };
        const { orders, bodies, waiting } = await eraseBuyer(parts, { companyId, buyer: named, actor: OPERATOR });
        terminal.out(`Orders of this buyer: ${orders}. Bodies erased: ${bodies}.\n`);
        if (waiting > 0)
          terminal.out(`Deliveries that name them and wait to be processed: ${waiting}. Run this again once they are.\n`);
      }),
    );
  example(erase, "pnpm upline buyer erase --email jane@example.com");
}

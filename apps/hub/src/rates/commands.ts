import type { Command } from "commander";
import type { CliParts } from "../cli/open.ts";
import { example, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { listRates } from "./queries.ts";
import { momentOf } from "./routes.ts";
import { setRate } from "./set.ts";

/** Computes the orders of a company again that wait for a rate or a mapping. */
export type Release = (parts: CliParts, companyId: number) => Promise<{ orders: number }>;

export function rateCommands(program: Command, terminal: Terminal, release: Release): void {
  const rates = program.command("rate").description("Exchange rates of orders in other currencies than their plan's");
  const set = rates
    .command("set <from> <to> <rate>")
    .description("Set how much of <to> one <from> is, from a day on, and compute the orders that wait for it")
    .requiredOption("--from-day <day>", "the first day, such as 2026-06-01")
    .option("--company <slug>", "needed where there are several companies")
    .action((from: string, to: string, rate: string, options: CompanyOption & { fromDay: string }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        await setRate(parts, { companyId, from, to, rate, validFrom: momentOf(options.fromDay), actor: OPERATOR });
        const { orders } = await release(parts, companyId);
        terminal.out(`Set: 1 ${from} is ${rate} ${to} from ${options.fromDay} on.\n`);
        if (orders > 0)
          terminal.out(`${orders} ${orders === 1 ? "order that waited is" : "orders that waited are"} computed now.\n`);
      }),
    );
  example(set, "pnpm upline rate set EUR USD 1.27151 --from-day 2026-06-01");
  const list = rates
    .command("list")
    .description("The rates, the one set last first")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const rows = await asCompany(parts.db, companyId, (tx) => listRates(tx, { companyId, limit: 500 }));
        if (rows.length === 0) terminal.out("No rates yet: `pnpm upline rate set EUR USD 1.27151 --from-day 2026-06-01`.\n");
        for (const row of rows)
          terminal.out(
            `${row.validFrom.toISOString().slice(0, 10)}  1 ${row.fromCurrency} = ${row.rate} ${row.toCurrency}  set by ${row.setBy}\n`,
          );
      }),
    );
  example(list, "pnpm upline rate list");
}

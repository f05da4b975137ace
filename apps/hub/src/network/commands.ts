import type { Command } from "commander";
import { readCsv } from "../cli/csv.ts";
import type { CliParts } from "../cli/open.ts";
import { refuseFile } from "../cli/rows.ts";
import { example, progressOn, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { DATE_HINT, readDate } from "../row-errors.ts";
import { importDistributors } from "./import.ts";
import { DISTRIBUTOR_COLUMNS, rowOfRecord } from "./import-file.ts";

interface ImportOptions extends CompanyOption {
  readonly from?: string;
  readonly dryRun?: boolean;
}

/** Decides open orders of a company again whose buyer is known as a distributor by now. */
export type RebindAll = (parts: CliParts, companyId: number) => Promise<{ orders: number }>;

export function distributorCommands(program: Command, terminal: Terminal, rebind: RebindAll): void {
  const distributor = program.command("distributor").description("The network: who enrolled whom, ranks and codes");

  const bring = distributor
    .command("import <file.csv>")
    .description("Enrol and correct distributors from a CSV file: all of it, or nothing if any line is wrong")
    .option("--dry-run", "check everything, write nothing")
    .option("--from <date>", "from when on changed sponsors, ranks and statuses count; now unless given")
    .option("--company <slug>", "needed where there are several companies")
    .action((file: string, options: ImportOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const from = options.from === undefined ? new Date() : readDate(options.from);
        if (from === null) throw new Error(`--from "${options.from}" is no date: ${DATE_HINT}.`);
        const rows = (await readCsv(file, DISTRIBUTOR_COLUMNS, terminal)).map(rowOfRecord);
        terminal.err(`Read ${rows.length.toLocaleString("en")} ${rows.length === 1 ? "line" : "lines"} of ${file}\n`);
        const onProgress = progressOn(terminal, "Written");
        const { dryRun = false } = options;
        const result = await importDistributors(parts, { companyId, rows, from, dryRun, onProgress, actor: OPERATOR });
        refuseFile(terminal, file, result);
        terminal.out(
          `${dryRun ? "Would enrol" : "Enrolled"} ${result.enrolled}, ${dryRun ? "update" : "updated"} ${result.updated}.\n`,
        );
        if (dryRun) return;
        const { orders } = await rebind(parts, companyId);
        if (orders > 0) terminal.out(`Decided ${orders} orders again whose buyer is known as a distributor now.\n`);
      }),
    );
  example(
    bring,
    "pnpm upline distributor import network.csv --dry-run",
    "pnpm upline distributor import network.csv --company acme",
  );
}

import type { Command } from "commander";
import { readCsv } from "../cli/csv.ts";
import type { CliParts } from "../cli/open.ts";
import { refuseFile } from "../cli/rows.ts";
import { example, progressOn, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { importSkus } from "./import.ts";
import { rowOfRecord, SKU_COLUMNS } from "./import-file.ts";

/** Computes the orders of a company again whose lines waited for a mapping. */
export type Remap = (parts: CliParts, companyId: number) => Promise<{ orders: number }>;

export function skuCommands(program: Command, terminal: Terminal, remap: Remap): void {
  const sku = program.command("sku").description("The SKU map: what each shop's products are for the plan");

  const bring = sku
    .command("import <file.csv>")
    .description("Map SKUs from a CSV file, all of it or nothing, and compute orders again that waited for a mapping")
    .option("--dry-run", "check everything, write nothing")
    .option("--company <slug>", "needed where there are several companies")
    .action((file: string, options: CompanyOption & { dryRun?: boolean }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const rows = (await readCsv(file, SKU_COLUMNS, terminal)).map(rowOfRecord);
        terminal.err(`Read ${rows.length.toLocaleString("en")} ${rows.length === 1 ? "line" : "lines"} of ${file}\n`);
        const { dryRun = false } = options;
        const onProgress = progressOn(terminal, "Written");
        const result = await importSkus(parts, { companyId, rows, dryRun, onProgress, actor: OPERATOR });
        refuseFile(terminal, file, result);
        terminal.out(`${dryRun ? "Would add" : "Added"} ${result.added}, unchanged ${result.unchanged}.\n`);
        if (dryRun) return;
        const { orders } = await remap(parts, companyId);
        if (orders > 0)
          terminal.out(`${orders} ${orders === 1 ? "order that waited is" : "orders that waited are"} computed again.\n`);
      }),
    );
  example(bring, "pnpm upline sku import skus.csv --dry-run", "pnpm upline sku import skus.csv --company acme");
}

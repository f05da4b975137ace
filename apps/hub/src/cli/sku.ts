import type { Command } from "commander";
import { remapQuarantined } from "../pipeline/remap.ts";
import { OPERATOR } from "../setup/company.ts";
import type { SkuImport } from "../setup/sku-rows.ts";
import { importSkus } from "../setup/skus.ts";
import { type CsvRecord, readCsv } from "./csv.ts";
import { type CompanyOption, withCompany } from "./open.ts";
import { refuseFile } from "./rejected.ts";
import { example, progressOn, type Terminal } from "./terminal.ts";

const SHAPE = {
  required: ["sku_id", "platform", "name", "commission_class", "pv", "qv", "cv"],
  optional: ["platform_sku", "variant_id", "category", "retail_margin", "valid_from"],
  aliases: { sku: "sku_id", class: "commission_class", margin: "retail_margin" },
};

export function skuCommands(program: Command, terminal: Terminal): void {
  const sku = program.command("sku").description("The SKU map: what each shop's products are for the plan");

  const bring = sku
    .command("import <file.csv>")
    .description("Map SKUs from a CSV file, all of it or nothing, and compute orders again that waited for a mapping")
    .option("--dry-run", "check everything, write nothing")
    .option("--company <slug>", "needed where there are several companies")
    .action((file: string, options: CompanyOption & { dryRun?: boolean }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const rows = (await readCsv(file, SHAPE, terminal)).map(rowOf);
        terminal.err(`Read ${rows.length.toLocaleString("en")} lines of ${file}\n`);
        const { dryRun = false } = options;
        const onProgress = progressOn(terminal, "Written");
        const result = await importSkus(parts, { companyId, rows, dryRun, onProgress, actor: OPERATOR });
        refuseFile(terminal, file, result);
        terminal.out(`${dryRun ? "Would add" : "Added"} ${result.added}, unchanged ${result.unchanged}.\n`);
        if (dryRun) return;
        const { orders } = await remapQuarantined(parts.pipeline, companyId);
        if (orders > 0)
          terminal.out(`${orders} ${orders === 1 ? "order that waited is" : "orders that waited are"} computed again.\n`);
      }),
    );
  example(bring, "pnpm upline sku import skus.csv --dry-run", "pnpm upline sku import skus.csv --company acme");
}

function rowOf({ line, cell, filled }: CsvRecord): SkuImport {
  return {
    line,
    skuId: cell("sku_id") ?? "",
    platform: cell("platform") ?? "",
    platformSku: cell("platform_sku") ?? "",
    variantId: filled("variant_id"),
    name: cell("name") ?? "",
    category: filled("category"),
    commissionClass: cell("commission_class") ?? "",
    pv: cell("pv") ?? "",
    qv: cell("qv") ?? "",
    cv: cell("cv") ?? "",
    retailMargin: filled("retail_margin"),
    validFrom: filled("valid_from"),
  };
}

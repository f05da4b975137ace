import type { CsvRecord } from "../csv-read.ts";
import type { SkuImport } from "./rows.ts";

/** A file of the SKU map: its columns, which are those that the map's own export has, and a line of it as the import takes it. */

export const SKU_COLUMNS = {
  required: ["sku_id", "platform", "name", "commission_class", "pv", "qv", "cv"],
  optional: ["platform_sku", "variant_id", "category", "retail_margin", "valid_from"],
  aliases: { sku: "sku_id", class: "commission_class", margin: "retail_margin" },
};

export function rowOfRecord({ line, cell, filled }: CsvRecord): SkuImport {
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

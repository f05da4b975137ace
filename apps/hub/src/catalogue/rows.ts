import { amountProblem, idProblem, type PlatformName, textProblem, volumeRuleProblem } from "@upline/core";
import { DATE_HINT, type RowErrors, readDate, shown } from "../row-errors.ts";
import type { Mapping } from "./queries.ts";

const PLATFORMS: readonly string[] = ["shopify", "woocommerce", "magento"] satisfies PlatformName[];

/** One mapping as a file or the API tells it. */
export interface SkuImport {
  readonly line: number;
  readonly skuId: string;
  readonly platform: string;
  /** May be empty where the variant id is given. */
  readonly platformSku: string;
  readonly variantId?: string;
  readonly name: string;
  readonly category?: string;
  readonly commissionClass: string;
  /** Volume rules: "25" for each unit, "80%" of the line's net. */
  readonly pv: string;
  readonly qv: string;
  readonly cv: string;
  readonly retailMargin?: string;
  readonly validFrom?: string;
}

export interface CheckedSku extends Omit<Mapping, "validFrom"> {
  readonly line: number;
  readonly validFrom: Date | undefined;
}

/** A row's texts as they are kept, whether they are right or not. */
export type PlainSku = Omit<Mapping, "platform" | "validFrom"> & { readonly platform: string };

export function plainSku(row: SkuImport): PlainSku {
  return {
    skuId: row.skuId.trim(),
    platform: row.platform.trim().toLowerCase(),
    platformSku: row.platformSku.trim(),
    variantId: row.variantId?.trim() || null,
    name: row.name.trim(),
    category: row.category?.trim() ?? "",
    commissionClass: row.commissionClass.trim(),
    pv: row.pv.trim(),
    qv: row.qv.trim(),
    cv: row.cv.trim(),
    retailMargin: row.retailMargin?.trim() || null,
  };
}

/** Checks every row by itself. Pure. `classes` are those of the plan in force, null where there is none. */
export function checkSkuRows(
  rows: readonly SkuImport[],
  args: { readonly classes: readonly string[] | null; readonly errors: RowErrors },
): CheckedSku[] {
  return rows.map((row) => checkRow(row, args.classes, args.errors));
}

function checkRow(row: SkuImport, classes: readonly string[] | null, errors: RowErrors): CheckedSku {
  const wrong = (field: string, message: string) => errors.add(row.line, field, message);
  const plain = plainSku(row);
  const { skuId, platform, platformSku, variantId, name, category, commissionClass } = plain;
  const checkId = (field: string, id: string) => {
    const problem = idProblem(id);
    if (problem !== null) wrong(field, `${shown(id)} ${problem}`);
  };
  const checkText = (field: string, text: string) => {
    const problem = textProblem(text);
    if (problem !== null) wrong(field, `${shown(text)} ${problem}`);
  };
  if (skuId === "") wrong("sku_id", "is empty: name the product as the company does");
  else checkId("sku_id", skuId);
  if (platformSku !== "") checkId("platform_sku", platformSku);
  if (variantId !== null) checkId("variant_id", variantId);
  checkText("name", name);
  checkText("category", category);
  if (!PLATFORMS.includes(platform)) wrong("platform", `${shown(platform)} is none of ${PLATFORMS.join(", ")}`);
  if (platformSku === "" && variantId === null)
    wrong("platform_sku", "is empty, and variant_id is too: one of them must say which product it is");
  if (name === "") wrong("name", "is empty: write what people call the product");
  if (classes === null ? commissionClass === "" : !classes.includes(commissionClass)) {
    const choice =
      classes === null ? "name a class of the plan, such as standard" : `the plan in force has ${classes.join(", ")}`;
    wrong(
      "commission_class",
      `${commissionClass === "" ? "is empty" : `${shown(commissionClass)} is no commission class`}: ${choice}`,
    );
  }
  if (classes === null) checkText("commission_class", commissionClass);
  checkVolumes(plain, wrong);
  const validFrom = row.validFrom === undefined ? undefined : readDate(row.validFrom);
  if (validFrom === null) wrong("valid_from", `${shown(row.validFrom ?? "")} is no date: ${DATE_HINT}`);
  return { ...plain, line: row.line, platform: platform as PlatformName, validFrom: validFrom ?? undefined };
}

function checkVolumes(row: PlainSku, wrong: (field: string, message: string) => void): void {
  for (const field of ["pv", "qv", "cv"] as const) {
    const problem = volumeRuleProblem(row[field]);
    if (problem !== null) wrong(field, `${shown(row[field])} ${problem}`);
  }
  const margin = row.retailMargin;
  const problem = margin === null ? null : amountProblem(margin);
  if (problem !== null) wrong("retail_margin", `${shown(margin ?? "")} ${problem}; it is retail less wholesale of one piece`);
}

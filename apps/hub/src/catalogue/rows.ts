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

/** Checks every row by itself. Pure. `classes` are those of the plan in force, null where there is none. */
export function checkSkuRows(
  rows: readonly SkuImport[],
  args: { readonly classes: readonly string[] | null; readonly errors: RowErrors },
): CheckedSku[] {
  return rows.map((row) => checkRow(row, args.classes, args.errors));
}

function checkRow(row: SkuImport, classes: readonly string[] | null, errors: RowErrors): CheckedSku {
  const wrong = (field: string, message: string) => errors.add(row.line, field, message);
  const skuId = row.skuId.trim();
  const platform = row.platform.trim().toLowerCase();
  const platformSku = row.platformSku.trim();
  const variantId = row.variantId?.trim() || null;
  const name = row.name.trim();
  const commissionClass = row.commissionClass.trim();
  const category = row.category?.trim() ?? "";
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
  const volume = (field: string, text: string) => checkVolume(text, (message) => wrong(field, message));
  const validFrom = row.validFrom === undefined ? undefined : readDate(row.validFrom);
  if (validFrom === null) wrong("valid_from", `${shown(row.validFrom ?? "")} is no date: ${DATE_HINT}`);
  return {
    line: row.line,
    skuId,
    platform: platform as PlatformName,
    platformSku,
    variantId,
    name,
    category,
    commissionClass,
    pv: volume("pv", row.pv),
    qv: volume("qv", row.qv),
    cv: volume("cv", row.cv),
    retailMargin: checkMargin(row.retailMargin?.trim() || null, (message) => wrong("retail_margin", message)),
    validFrom: validFrom ?? undefined,
  };
}

function checkVolume(text: string, wrong: (message: string) => void): string {
  const trimmed = text.trim();
  const problem = volumeRuleProblem(trimmed);
  if (problem !== null) wrong(`${shown(trimmed)} ${problem}`);
  return trimmed;
}

function checkMargin(text: string | null, wrong: (message: string) => void): string | null {
  const problem = text === null ? null : amountProblem(text);
  if (problem !== null) wrong(`${shown(text ?? "")} ${problem}; it is retail less wholesale of one piece`);
  return text;
}

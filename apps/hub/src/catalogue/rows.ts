import { MoneyError, type PlatformName, parseDecimal, parseVolumeRule } from "@upline/core";
import { DATE_HINT, isPlainText, type RowErrors, readDate, shown } from "../row-errors.ts";
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
  if (!isPlainText(skuId, 200))
    wrong("sku_id", skuId === "" ? "is empty: name the product as the company does" : "1 to 200 characters");
  if (!PLATFORMS.includes(platform)) wrong("platform", `${shown(platform)} is none of ${PLATFORMS.join(", ")}`);
  if (platformSku === "" && variantId === null)
    wrong("platform_sku", "is empty, and variant_id is too: one of them must say which product it is");
  if (name === "") wrong("name", "is empty");
  if (classes === null ? commissionClass === "" : !classes.includes(commissionClass)) {
    const choice =
      classes === null ? "name a class of the plan, such as standard" : `the plan in force has ${classes.join(", ")}`;
    wrong(
      "commission_class",
      `${commissionClass === "" ? "is empty" : `${shown(commissionClass)} is no commission class`}: ${choice}`,
    );
  }
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
    category: row.category?.trim() ?? "",
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
  try {
    parseVolumeRule(trimmed);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    wrong(`${shown(trimmed)} is no volume: write 25 for each unit sold, or 80% of the line's net; never less than 0`);
  }
  return trimmed;
}

function checkMargin(text: string | null, wrong: (message: string) => void): string | null {
  if (text === null) return null;
  try {
    if (parseDecimal(text).num < 0n) wrong(`${shown(text)} is less than 0: retail less wholesale of one unit`);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    wrong(`${shown(text)} is no amount: write retail less wholesale of one unit, such as 12.50`);
  }
  return text;
}

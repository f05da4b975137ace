import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit, OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import type { ImportProgress } from "../network/import.ts";
import type { HubParts } from "../parts.ts";
import { planInForce } from "../plans/publish.ts";
import { type RowError, RowErrors, shown } from "../row-errors.ts";
import { othersThanTold, type RowOutcome, toldOf } from "../row-outcomes.ts";
import { contentOf, MappingHistory, productKey } from "./history.ts";
import { insertMappings, type Mapping, readMappings } from "./queries.ts";
import { type CheckedSku, checkSkuRows, type SkuImport } from "./rows.ts";

/** A product that nobody mapped before was the same product all along: orders that wait for it are older than its mapping. */
const BEGINNING = new Date(0);

/** A mapping that a row adds, and what counts at its date until then. */
export interface Addition extends Mapping {
  readonly line: number;
  /** Whether the product had a mapping of any date before. */
  readonly isChange: boolean;
  readonly was: Mapping | null;
}

export interface SkuImportResult {
  readonly added: number;
  readonly unchanged: number;
  /** What is new or counts otherwise, as it would be or was stored; the oldest date first. */
  readonly additions: readonly Addition[];
  /** Of a dry run what each line would do, for whoever carries it out later: see `told`. */
  readonly told?: string;
  /** At most 100, by line. With any error nothing was written. */
  readonly errors: readonly RowError[];
  readonly errorCount: number;
}

/**
 * Maps platforms' SKUs and variants: the whole list or, if any row is wrong, nothing. A first mapping counts
 * from the beginning of time, a changed one from now on, unless a row is dated. Orders that were seen keep the
 * mapping they were locked to; those with lines in quarantine are for `remapQuarantined` afterwards.
 * A row that repeats what is recorded, date and all, is history: an export of the map is read again and changes nothing,
 * whatever the plan in force calls its classes by now.
 */
export async function importSkus(
  parts: Pick<HubParts, "db">,
  args: {
    readonly companyId: number;
    readonly rows: readonly SkuImport[];
    readonly actor?: string;
    /** Checks everything and writes nothing. */
    readonly dryRun?: boolean;
    /** What an earlier look told: a line that does something else by now is refused. */
    readonly told?: string | undefined;
    readonly onProgress?: (progress: ImportProgress) => void;
  },
): Promise<SkuImportResult> {
  const { companyId, actor = OPERATOR } = args;
  const errors = new RowErrors();
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    // Of two who change one product at once the second begins to count behind the first, whoever of them asked first.
    const now = new Date();
    const plan = await planInForce(tx, { companyId, at: now });
    const classes = plan === null ? null : plan.commissionClasses.map((commissionClass) => commissionClass.id);
    const history = new MappingHistory(await readMappings(tx, companyId));
    const rows = checkSkuRows(history.newsOf(args.rows), { classes, errors });
    checkTwice(rows, errors);
    const additions = errors.count > 0 ? [] : additionsOf(history, rows, now);
    const dates = new Map(rows.map(({ line, validFrom }) => [line, validFrom]));
    const outcomes = additions.map((one) => outcomeOf(one, dates.get(one.line)));
    if (errors.count === 0 && args.told !== undefined) refuseOthers(args.told, outcomes, errors);
    if (errors.count > 0) return { added: 0, unchanged: 0, additions: [], errors: errors.listed, errorCount: errors.count };
    const unchanged = args.rows.length - additions.length;
    const result = { added: additions.length, unchanged, additions, errors: [], errorCount: 0 };
    if (args.dryRun) return { ...result, told: toldOf(outcomes) };
    if (additions.length === 0) return result;
    await raiseDirectoryVersion(tx, companyId);
    await insertMappings(tx, companyId, additions);
    await insertAudit(tx, { companyId, actor, act: "sku-map.import", subject: "sku-map", details: { added: additions.length } });
    args.onProgress?.({ done: rows.length, total: rows.length });
    return result;
  });
}

/** What a line says, and by what of the map it does what it does; of an undated change its moment is now, whenever that is. */
const outcomeOf = (addition: Addition, date: CheckedSku["validFrom"]): RowOutcome => ({
  ...{ line: addition.line, kind: addition.isChange ? "changed" : "new" },
  by: [productKey(addition), contentOf(addition), date, addition.was && contentOf(addition.was)],
});

function refuseOthers(told: string, outcomes: readonly RowOutcome[], errors: RowErrors): void {
  for (const { line, was, is } of othersThanTold(told, outcomes)) {
    const what = was !== "new" ? "counts otherwise" : is === "new" ? "is mapped otherwise" : "was mapped by somebody";
    errors.add(line, "platform_sku", `${what} since the preview: look at the file again before it is imported`);
  }
}

function checkTwice(rows: readonly CheckedSku[], errors: RowErrors): void {
  const lines = new Map<string, number>();
  for (const row of rows) {
    const key = `${productKey(row)} ${row.validFrom?.toISOString() ?? ""}`;
    const before = lines.get(key);
    const field = row.platformSku === "" ? "variant_id" : "platform_sku";
    const what = shown(row.platformSku === "" ? (row.variantId ?? "") : row.platformSku);
    if (before !== undefined)
      errors.add(
        row.line,
        field,
        `${what} of ${row.platform} is mapped in line ${before} already: keep one of the two lines, or date them`,
      );
    else lines.set(key, row.line);
  }
}

/** The rows that say something new, dated. */
function additionsOf(history: MappingHistory, rows: readonly CheckedSku[], now: Date): Addition[] {
  const additions: Addition[] = [];
  const changed = new Set(rows.filter((row) => history.has(row)).map(productKey));
  // The oldest first, so that each is compared with what is in force at its date; undated ones are of now.
  const byDate = rows.toSorted((a, b) => (a.validFrom ?? now).getTime() - (b.validFrom ?? now).getTime());
  for (const { line, ...row } of byDate) {
    const validFrom = row.validFrom ?? (history.has(row) ? now : BEGINNING);
    const was = history.inForce(row, validFrom);
    if (was && contentOf(was) === contentOf(row)) continue;
    const mapping = { ...row, validFrom };
    additions.push({ ...mapping, line, was, isChange: changed.has(productKey(row)) });
    history.add(mapping);
  }
  return additions;
}

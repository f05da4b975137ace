import type { Plan } from "@upline/core";
import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { analyzeFilled } from "../db/analyze.ts";
import { insertAudit, OPERATOR } from "../db/audit.ts";
import { batches } from "../db/batches.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { sealerOf } from "../db/sealing.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { planInForce } from "../plans/publish.ts";
import { type RowError, RowErrors, shown } from "../row-errors.ts";
import { toldOf } from "../row-outcomes.ts";
import { decideChanges, type NetworkPlan, type PlannedMove, readNetwork } from "./changes.ts";
import { outcomesOf, refuseOtherThanTold } from "./import-outcomes.ts";
import { NOTHING, writeNetwork } from "./import-queries.ts";
import { type CheckedDistributor, checkDistributorRows, type DistributorImport } from "./rows.ts";

const WRITE_BATCH = 2_500;
/** From so many rows on, PostgreSQL is to look at what it plans by. */
const MANY = 200;

export interface ImportProgress {
  readonly done: number;
  readonly total: number;
}

export interface DistributorImportResult {
  readonly enrolled: number;
  readonly updated: number;
  /** Who of those enrolled before gets another sponsor. */
  readonly moves: readonly PlannedMove[];
  /** Of a dry run what each line would do, for whoever carries it out later: see `told`. */
  readonly told?: string;
  /** At most 100, by line. With any error nothing was written. */
  readonly errors: readonly RowError[];
  readonly errorCount: number;
}

interface Import {
  readonly companyId: number;
  readonly rows: readonly DistributorImport[];
  readonly actor?: string;
  readonly from?: Date;
  /** Checks everything and writes nothing. */
  readonly dryRun?: boolean;
  /** Refuses whoever is enrolled already, instead of correcting them. */
  readonly newOnly?: boolean;
  /** What an earlier look told: a line that does something else by now is refused. */
  readonly told?: string | undefined;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/**
 * Enrols and corrects distributors: the whole list or, if any row is wrong, nothing. Sponsors may come
 * after those they sponsor. What a row does not say stays; a changed sponsor, status or rank counts from
 * `from` on (now, unless given), and orders placed before are judged as before.
 */
export async function importDistributors(parts: Pick<HubParts, "db" | "box">, args: Import): Promise<DistributorImportResult> {
  const { companyId } = args;
  const done = await asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    return importWithin(parts, tx, args);
  });
  if (done.enrolled + done.updated >= MANY) await analyzeFilled(parts.db, companyId);
  return done;
}

/** The same within a transaction that holds the company's lock: for whoever writes something besides. */
export async function importWithin(parts: Pick<HubParts, "box">, tx: Tx, args: Import): Promise<DistributorImportResult> {
  const { companyId, actor = OPERATOR, from = new Date() } = args;
  const errors = new RowErrors();
  const rows = checkDistributorRows(args.rows, errors);
  checkRanks(rows, await planInForce(tx, { companyId, at: from }), errors);
  const network = await readNetwork(parts, tx, { companyId, rows, at: from });
  if (args.newOnly) refuseKnown(rows, network.known);
  const changes = await decideChanges(network, { rows, from, errors, seal: await sealerOf(tx, parts.box) });
  if (args.told !== undefined) refuseOtherThanTold(args.told, { network, rows, errors });
  if (errors.count > 0) return { enrolled: 0, updated: 0, moves: [], errors: errors.listed, errorCount: errors.count };
  const { enrolled, updated, moves } = changes;
  const result = { enrolled: enrolled.length, updated, moves, errors: [], errorCount: 0 };
  if (args.dryRun) return { ...result, told: toldOf(outcomesOf(network, rows)) };
  if (result.enrolled + result.updated === 0) return result;
  // From here on there are only writes.
  const version = await raiseDirectoryVersion(tx, companyId);
  await writeAll(tx, { companyId, version }, changes, args.onProgress ?? (() => {}));
  const details = { enrolled: result.enrolled, updated: result.updated, from: from.toISOString() };
  await insertAudit(tx, { companyId, actor, act: "network.import", subject: "distributors", details });
  return result;
}

/** Asked under the company's lock, so that of two enrolments of one id at once one is refused. */
function refuseKnown(rows: readonly CheckedDistributor[], known: ReadonlyMap<string, unknown>): void {
  if (!rows.some((row) => known.has(row.distributorId))) return;
  const detail = "A distributor with this id is enrolled already. Their details are not changed by enrolling again.";
  throw new HubError("conflict", detail, { fields: [{ path: "distributor_id", message: "is enrolled already" }] });
}

/** A rank that the plan does not know earns by nobody's rule: better told now. */
function checkRanks(rows: readonly CheckedDistributor[], plan: Plan | null, errors: RowErrors): void {
  if (plan === null) return;
  const ranks = new Set(plan.ranks.map((rank) => rank.id));
  for (const row of rows) {
    if (row.rank == null || ranks.has(row.rank)) continue;
    const choice = ranks.size === 0 ? "the plan in force has none" : `the plan in force has ${[...ranks].join(", ")}`;
    errors.add(row.line, "rank", `${shown(row.rank)} is no rank: ${choice}; "none" takes a rank away`);
  }
}

async function writeAll(
  tx: Tx,
  to: { companyId: number; version: bigint },
  changes: NetworkPlan,
  onProgress: (progress: ImportProgress) => void,
): Promise<void> {
  const total = changes.enrolled.length + changes.updated;
  const { enrolled, corrected, edges, standings, codes, buyers } = changes;
  const columns = { enrolled, corrected, edges, standings, codes, buyers };
  // A line may be a row of several tables: as many lines count as written as the part of all rows that is.
  const rows = Object.values(columns).reduce((sum, column) => sum + column.length, 0);
  let written = 0;
  for (const [name, column] of Object.entries(columns))
    for (const batch of batches<(typeof column)[number]>(column, WRITE_BATCH)) {
      await writeNetwork(tx, to, { ...NOTHING, [name]: batch });
      written += batch.length;
      onProgress({ done: Math.floor((total * written) / rows), total });
    }
}

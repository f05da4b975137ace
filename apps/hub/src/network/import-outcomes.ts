import { createHash } from "node:crypto";
import { foldCode } from "@upline/core";
import { type RowErrors, shown } from "../row-errors.ts";
import { othersThanTold, type RowOutcome } from "../row-outcomes.ts";
import type { StoredNetwork } from "./changes.ts";
import { storeOf } from "./changes.ts";
import type { CheckedDistributor } from "./rows.ts";

/** What each row of an import would do, what it says, and by what of the network it does so. */
export function outcomesOf(network: StoredNetwork, rows: readonly CheckedDistributor[]): RowOutcome[] {
  return rows.flatMap((row): RowOutcome[] => {
    const { line, ...says } = row;
    const { distributorId } = row;
    const known = network.known.get(distributorId);
    const codes = [...row.codes.map(({ foldedCode }) => foldedCode), ...(known ? [] : [foldCode(distributorId)])];
    const free = codes.filter((code) => network.codeOwners.get(code) !== distributorId);
    const unknown = row.identities.filter((written) => {
      const storeId = storeOf(network.stores, written);
      return storeId !== null && network.buyerOwners.get(network.hashOf(written.identity, storeId)) !== distributorId;
    }).length;
    if (known === undefined) return [{ line, kind: "new", by: [says, row.sponsorId ?? null, free, unknown] }];
    const { taxIdCiphertext: sealed } = known;
    const differs = <Value>(said: Value | undefined, stored: Value) => said !== undefined && said !== stored;
    const by = [
      ...(differs(row.sponsorId, known.sponsorId) ? [["sponsor", known.sponsorId]] : []),
      ...(differs(row.status, known.status as typeof row.status) ? [["status", known.status]] : []),
      ...(differs(row.rank, known.rank) ? [["rank", known.rank]] : []),
      ...(differs(row.name, known.name) ? [["name", known.name]] : []),
      ...(differs(row.country, known.country ?? undefined) ? [["country", known.country]] : []),
      ...(row.taxId !== undefined && (sealed === null || network.open(sealed) !== row.taxId) ? [["tax", hashOf(sealed)]] : []),
      ...(free.length > 0 ? [["codes", free]] : []),
      ...(unknown > 0 ? [["buyers", unknown]] : []),
    ];
    return by.length === 0 ? [] : [{ line, kind: "changed", by: [says, ...by] }];
  });
}

const hashOf = (sealed: Buffer | null): string | null => sealed && createHash("sha256").update(sealed).digest("hex");

/** Says of each row that does something else than a preview told what has become of it since. */
export function refuseOtherThanTold(
  told: string,
  { network, rows, errors }: { network: StoredNetwork; rows: readonly CheckedDistributor[]; errors: RowErrors },
): void {
  const byLine = new Map(rows.map((row) => [row.line, row]));
  for (const { line, was, is } of othersThanTold(told, outcomesOf(network, rows))) {
    const row = byLine.get(line);
    const who = row === undefined ? "this line" : shown(row.distributorId);
    const since = `since the preview: look at the file again before it is imported`;
    if (row === undefined) errors.add(line, "distributor_id", `is not the line that was looked at: look at the file again`);
    else if (was === "new" && is === "new")
      errors.add(line, "distributor_id", `${who} would be enrolled otherwise than was told: look at the file again`);
    else if (was === "new") errors.add(line, "distributor_id", `${who} was enrolled ${since}`);
    else if (is === "new")
      errors.add(line, "distributor_id", `${who} would be enrolled, which was not told: look at the file again`);
    else errors.add(line, fieldOf(network, row), `of ${who} was changed ${since}`);
  }
}

/** What of somebody a row changes now, or else their id. */
function fieldOf(network: StoredNetwork, row: CheckedDistributor): string {
  const known = network.known.get(row.distributorId);
  if (known === undefined) return "distributor_id";
  if (row.sponsorId !== undefined && row.sponsorId !== known.sponsorId) return "sponsor_id";
  if (row.status !== undefined && row.status !== known.status) return "status";
  if (row.rank !== undefined && row.rank !== known.rank) return "rank";
  if (row.name !== undefined && row.name !== known.name) return "name";
  return "distributor_id";
}

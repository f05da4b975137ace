import type { Fragment } from "postgres";
import type { Sql, Tx } from "../db/connect.ts";
import { TRANSFER_KINDS, type Transfer } from "../db/schema/ledger.ts";
import { kindNo } from "./numbers.ts";

export type TransferKind = Transfer["kind"];

/** The one rule of signs: amounts are stored without one, and the kind says whether a transfer adds to its entry or takes from it. */
export const SIGNS = {
  commission: 1n,
  clawback: -1n,
  breakage: 1n,
  "breakage-clawback": -1n,
} as const satisfies Record<TransferKind, 1n | -1n>;

export type Direction = "adds" | "subtracts";

const LISTS: Readonly<Record<Direction, string>> = { adds: listOf(1n), subtracts: listOf(-1n) };

function listOf(sign: 1n | -1n): string {
  return TRANSFER_KINDS.filter((kind) => SIGNS[kind] === sign)
    .map(kindNo)
    .join(", ");
}

/** A condition of hand-written SQL over `transfer_rows t` or `transfers t`. */
export function direction(tx: Sql | Tx, which: Direction): Fragment {
  return tx.unsafe(`t.kind_no in (${LISTS[which]})`);
}

/** A transfer's amount with its sign, in hand-written SQL over `transfer_rows t` or `transfers t`. */
export function signedAmount(tx: Sql | Tx): Fragment {
  return tx.unsafe(`case when t.kind_no in (${LISTS.adds}) then t.amount else -t.amount end`);
}

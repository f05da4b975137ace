import type postgres from "postgres";
import type { Tx } from "./connect.ts";

/** A statement that is written down and not begun: it begins once somebody waits for it, or as a part of another. */
export type Write = postgres.PendingQuery<postgres.Row[]>;

/**
 * Writes that do not look at each other's rows, as one statement: of a small batch more goes by for the statements than
 * for the rows. All see what was committed when it begins. Null where there is nothing to write.
 */
export function together(tx: Tx, writes: readonly (Write | null)[]): Write | null {
  const [last, ...others] = writes.filter((write) => write !== null).reverse();
  if (last === undefined || others.length === 0) return last ?? null;
  const [first, ...rest] = others.reverse();
  const named = rest.reduce(
    (list, write, index) => tx`${list}, ${tx.unsafe(`w${index + 1}`)} as (${write})`,
    tx`w0 as (${first as Write})`,
  );
  return tx`with ${named} ${last}`;
}

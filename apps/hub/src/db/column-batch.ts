import { setImmediate as turn } from "node:timers/promises";
import type { Tx } from "./connect.ts";
import { type ColumnArrays, type ColumnType, PackedColumns } from "./packed-column.ts";

/**
 * Rows written column by column: an array travels as one value, so that a million rows cost a few statements. The database
 * carries out one while the next is made.
 */

/** Of so many rows PostgreSQL keeps what a statement needs in memory; of more it writes it to disk and reads it again. */
const BATCH = 20_000;

/** A statement that is under way, or to be made. */
type Statement = PromiseLike<unknown>;

export interface Batches {
  readonly types: readonly ColumnType[];
  readonly rows: Iterable<readonly number[]>;
  readonly write: (column: ColumnArrays) => Statement;
  /** Makes and answers what else is to be sent, a statement at a time, while the database is busy; null is nothing more. */
  readonly beside?: (() => Statement | null) | undefined;
}

/** Writes rows of whole numbers as they are generated, a batch at a time; answers their count. */
export async function writeColumns(tx: Tx, { types, rows, write, beside }: Batches): Promise<number> {
  const columns = new PackedColumns(types);
  const pipe = new Pipe();
  let count = 0;
  const flush = async (): Promise<void> => {
    await pipe.send(write(columns.take(tx)));
    const more = beside?.() ?? null;
    if (more !== null) await pipe.send(more);
  };
  for (const row of rows) {
    columns.add(row);
    count++;
    if (columns.rows >= BATCH) await flush();
  }
  if (columns.rows > 0) await flush();
  await pipe.end();
  return count;
}

/** Statements of one transaction on their way: a few ahead of the database, so that it never waits, and no more. */
export class Pipe {
  readonly #ahead: number;
  readonly #underWay: Promise<unknown>[] = [];

  constructor(ahead = 2) {
    this.#ahead = ahead;
  }

  /** Starts a statement, once few enough are before it. Throws what one of them failed with. */
  async send(statement: Statement): Promise<void> {
    const sent = Promise.resolve(statement);
    // Whoever waits for the ones before must not miss that this failed.
    sent.catch(() => {});
    this.#underWay.push(sent);
    // The driver writes at the end of its turn; what is made next would keep it from that.
    await turn();
    await turn();
    while (this.#underWay.length > this.#ahead) await this.#underWay.shift();
  }

  async end(): Promise<void> {
    await Promise.all(this.#underWay.splice(0));
  }
}

import { Pipe } from "../db/column-batch.ts";
import type { Tx } from "../db/connect.ts";
import { type ColumnArrays, type ColumnType, PackedColumns } from "../db/packed-column.ts";
import { PAGE_OF_RESULTS } from "../db/schema/close-runs.ts";

/** The page of a distributor's results; page 0 holds the company's too. */
export const pageOfResult = (distributorNo: number): number => Math.floor(distributorNo / PAGE_OF_RESULTS);

/** So many pages travel together, while the next ones are made. */
const TOGETHER = 32;

export interface Pages {
  /** Of the rows' columns; the first is the distributor's number. */
  readonly types: readonly ColumnType[];
  /** Their distributors' numbers never fall. */
  readonly rows: Iterable<readonly number[]>;
  readonly write: (page: number, column: ColumnArrays) => PromiseLike<unknown>;
}

/** Writes rows of whole numbers page by page; answers how many rows there were. */
export async function writePages(tx: Tx, { types, rows, write }: Pages): Promise<number> {
  const columns = new PackedColumns(types);
  const pipe = new Pipe(1);
  let together: PromiseLike<unknown>[] = [];
  const send = (): Promise<void> => {
    const sent = Promise.all(together);
    together = [];
    return pipe.send(sent);
  };
  let page = -1;
  let count = 0;
  for (const row of rows) {
    const next = pageOfResult(row[0] as number);
    if (next !== page) {
      if (page >= 0) together.push(write(page, columns.take(tx)));
      if (together.length >= TOGETHER) await send();
      page = next;
    }
    columns.add(row);
    count++;
  }
  if (page >= 0) together.push(write(page, columns.take(tx)));
  await send();
  await pipe.end();
  return count;
}

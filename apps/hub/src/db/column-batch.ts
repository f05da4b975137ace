/**
 * Rows written column by column: an array travels as one text, so that a million rows cost a few statements.
 */

const BATCH = 50_000;

type Cell = number | string;

/** A batch to write: the text of each column's array, by the column's index in its rows. */
export type ColumnTexts = (index: number) => string;

/** Writes rows of plain numbers, or of texts without special characters, as they are generated, a batch at a time; answers their count. */
export async function writeColumns(
  rows: Iterable<readonly Cell[]>,
  write: (column: ColumnTexts) => PromiseLike<unknown>,
): Promise<number> {
  const columns: Cell[][] = [];
  let waiting = 0;
  let count = 0;
  const flush = async () => {
    if (waiting === 0) return;
    const texts = columns.map((column) => `{${column.join(",")}}`);
    for (const column of columns) column.length = 0;
    waiting = 0;
    await write((index) => texts[index] ?? "{}");
  };
  for (const row of rows) {
    for (let index = 0; index < row.length; index++) {
      columns[index] ??= [];
      (columns[index] as Cell[]).push(row[index] as Cell);
    }
    count++;
    if (++waiting >= BATCH) await flush();
  }
  await flush();
  return count;
}

import { ArrayText } from "./array-text.ts";

/**
 * Rows written column by column: an array travels as one text, so that a million rows cost a few statements.
 */

const BATCH = 50_000;

/** A batch to write: the text of each column's array, by the column's index in its rows. */
export type ColumnTexts = (index: number) => string;

/** Writes rows of whole numbers as they are generated, a batch at a time; answers their count. */
export async function writeColumns(
  rows: Iterable<readonly number[]>,
  write: (column: ColumnTexts) => PromiseLike<unknown>,
): Promise<number> {
  const columns: ArrayText[] = [];
  let waiting = 0;
  let count = 0;
  const flush = async () => {
    if (waiting === 0) return;
    const texts = columns.map((column) => column.take());
    waiting = 0;
    await write((index) => texts[index] ?? "{}");
  };
  for (const row of rows) {
    for (let index = 0; index < row.length; index++) {
      columns[index] ??= new ArrayText();
      (columns[index] as ArrayText).add(row[index] as number);
    }
    count++;
    if (++waiting >= BATCH) await flush();
  }
  await flush();
  return count;
}

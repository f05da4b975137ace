import { ArrayText } from "../db/array-text.ts";
import type { ColumnTexts } from "../db/column-batch.ts";
import { PAGE_OF_RESULTS } from "../db/schema/close-runs.ts";

/** The page of a distributor's results; page 0 holds the company's too. */
export const pageOfResult = (distributorNo: number): number => Math.floor(distributorNo / PAGE_OF_RESULTS);

/** So many pages travel together, while the next ones are made. */
const TOGETHER = 32;

/**
 * Writes rows of whole numbers, the first of them a distributor's number that never falls, page by page; answers
 * how many rows there were.
 */
export async function writePages(
  rows: Iterable<readonly number[]>,
  write: (page: number, column: ColumnTexts) => PromiseLike<unknown>,
): Promise<number> {
  const columns: ArrayText[] = [];
  let underway: Promise<unknown> = Promise.resolve();
  let waiting: PromiseLike<unknown>[] = [];
  const send = async (): Promise<void> => {
    const sent = Promise.all(waiting);
    waiting = [];
    // Whoever waits for the ones before must not miss that these failed.
    sent.catch(() => {});
    await underway;
    underway = sent;
  };
  const finish = (page: number): void => {
    const texts = columns.map((column) => column.take());
    waiting.push(write(page, (index) => texts[index] ?? "{}"));
  };
  let page = -1;
  let count = 0;
  for (const row of rows) {
    const next = pageOfResult(row[0] as number);
    if (next !== page) {
      if (page >= 0) finish(page);
      if (waiting.length >= TOGETHER) await send();
      page = next;
    }
    for (let index = 0; index < row.length; index++) {
      columns[index] ??= new ArrayText();
      (columns[index] as ArrayText).add(row[index] as number);
    }
    count++;
  }
  if (page >= 0) finish(page);
  await send();
  await underway;
  return count;
}

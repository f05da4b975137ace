/**
 * Arrays as PostgreSQL reads them, for statements on an order's path. Given a list the driver looks for its type,
 * serialises and escapes each element by itself: that costs more than everything else it does for a batch. And it
 * takes the type from the first element, and mistakes booleans and bigints for scalars.
 */

/** `{1,2,NULL}`. */
export function numbersText<Row>(rows: readonly Row[], of: (row: Row) => number | bigint | null): string {
  let text = "{";
  for (let index = 0; index < rows.length; index++) text += `${index === 0 ? "" : ","}${of(rows[index] as Row) ?? "NULL"}`;
  return `${text}}`;
}

/** Nothing of it is escaped between quotes. */
const PLAIN = /^[^"\\]*$/;

/** `{"a","b",NULL}`. */
export function textsText<Row>(rows: readonly Row[], of: (row: Row) => string | null): string {
  let text = "{";
  for (let index = 0; index < rows.length; index++) {
    const value = of(rows[index] as Row);
    text += index === 0 ? "" : ",";
    text += value === null ? "NULL" : PLAIN.test(value) ? `"${value}"` : `"${value.replace(/["\\]/g, "\\$&")}"`;
  }
  return `${text}}`;
}

/** `{t,f}`. */
export function flagsText<Row>(rows: readonly Row[], of: (row: Row) => boolean): string {
  return `{${rows.map((row) => (of(row) ? "t" : "f")).join()}}`;
}

/** Moments to the millisecond. */
export function momentsText<Row>(rows: readonly Row[], of: (row: Row) => Date): string {
  return `{${rows.map((row) => `"${of(row).toISOString()}"`).join()}}`;
}

/**
 * Elements of columns and lists that have to be there: an index beyond the end is a bug of ours, and ends the computation
 * instead of turning into NaN. There is one function for each kind of column, because V8 keeps its fast path by function: one
 * for all kinds would be slow for all of them.
 *
 * The innermost loops of a close do without (till, ground, rates, tree, ranks, facts, volumes, walks): measured in pairs, these
 * calls cost them a tenth of their time. What they index is checked once, by `assertCloseInput`.
 */

export function int32At(column: Int32Array, index: number): number {
  return column[index] ?? outside(column, index);
}

export function float64At(column: Float64Array, index: number): number {
  return column[index] ?? outside(column, index);
}

export function uint8At(column: Uint8Array, index: number): number {
  return column[index] ?? outside(column, index);
}

export function int16At(column: Int16Array, index: number): number {
  return column[index] ?? outside(column, index);
}

export function uint16At(column: Uint16Array, index: number): number {
  return column[index] ?? outside(column, index);
}

/** An element of a list without holes. */
export function itemAt<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  return item === undefined ? outside(list, index) : item;
}

function outside(column: ArrayLike<unknown>, index: number): never {
  throw new RangeError(`there is no element ${index}: the column has ${column.length}`);
}

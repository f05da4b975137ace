import { CloseInputError } from "./input.ts";

/** Numbers ordered so that nobody comes before who stands above them. Throws for a cycle. */
export function topDown(above: Int32Array, count: number): Int32Array {
  const order = new Int32Array(count);
  if (isNumberedDown(above, count)) {
    for (let no = 0; no < count; no++) order[no] = no;
    return order;
  }
  const below = childrenOf(above, count);
  let filled = 0;
  for (let no = 0; no < count; no++) if ((above[no] as number) < 0) order[filled++] = no;
  for (let index = 0; index < filled; index++) {
    const no = order[index] as number;
    for (let i = below.start[no] as number; i < (below.start[no + 1] as number); i++) order[filled++] = below.list[i] as number;
  }
  if (filled < count) throw new CloseInputError(`the tree has a cycle: ${count - filled} distributors hang below themselves`);
  return order;
}

function isNumberedDown(above: Int32Array, count: number): boolean {
  for (let no = 0; no < count; no++) if ((above[no] as number) >= no) return false;
  return true;
}

/** Everyone directly below each number: `list[start[no] .. start[no + 1])`, ascending. */
export interface Below {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

export function childrenOf(above: Int32Array, count: number): Below {
  const start = new Int32Array(count + 1);
  for (let no = 0; no < count; no++) {
    const up = above[no] as number;
    if (up >= 0) start[up + 1] = (start[up + 1] as number) + 1;
  }
  for (let no = 0; no < count; no++) start[no + 1] = (start[no + 1] as number) + (start[no] as number);
  const next = start.slice(0, count);
  const list = new Int32Array(start[count] as number);
  for (let no = 0; no < count; no++) {
    const up = above[no] as number;
    if (up < 0) continue;
    list[next[up] as number] = no;
    next[up] = (next[up] as number) + 1;
  }
  return { start, list };
}

/** Sums a column up the tree: everyone's own value and that of all below, except what `leaves` cuts off. */
export function sumUp(
  own: Float64Array,
  above: Int32Array,
  order: Int32Array,
  leaves: ((no: number) => boolean) | null,
): Float64Array {
  const sum = own.slice();
  for (let index = order.length - 1; index >= 0; index--) {
    const no = order[index] as number;
    const up = above[no] as number;
    if (up >= 0 && (leaves === null || !leaves(no))) sum[up] = (sum[up] as number) + (sum[no] as number);
  }
  return sum;
}

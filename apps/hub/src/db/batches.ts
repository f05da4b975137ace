/** Slices of a long list: one statement takes so many rows. */
export function* batches<Item>(all: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}
